package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/run/testdb"
	"cadans/pkg/client"
)

const (
	usualKills  = 50
	shortKills  = 10 // with -short
	phones      = 8
	password    = "een-lang-geheim-woord"
	patientYear = 1971
)

// The server is killed over and over while phones log sessions and retry until they are answered. Every session that
// was acknowledged is there afterwards, once, and its day counts it.
func TestKillNineLosesNothing(t *testing.T) {
	t.Parallel()
	s := newVictim(t)
	s.run(t, "create-admin", "--practice", "Praktijk", "--name", "A. Beheer", "--email", "admin@praktijk.example")
	s.start(t)
	therapist := s.therapist(t)
	fleet := make([]*phone, phones)
	for i := range fleet {
		fleet[i] = s.pair(t, therapist)
	}

	kills := usualKills
	if testing.Short() {
		kills = shortKills
	}
	var stop atomic.Bool
	var wait sync.WaitGroup
	for _, p := range fleet {
		wait.Go(func() { p.logUntil(&stop) })
	}
	for range kills {
		<-clock.System{}.After(time.Duration(20+rand.IntN(200)) * time.Millisecond)
		s.kill(t)
		s.start(t)
	}
	stop.Store(true)
	wait.Wait()

	acknowledged := 0
	for _, p := range fleet {
		stored := p.stored(t)
		for id := range p.acked {
			require.Equal(t, 1, stored[id], "session %s was acknowledged and is there %d times", id, stored[id])
		}
		require.Len(t, stored, len(p.acked), "a session is there that was never acknowledged")
		acknowledged += len(p.acked)
	}
	t.Logf("%d kills, %d sessions acknowledged, %d retries", kills, acknowledged, retries(fleet))
	require.Greater(t, acknowledged, 5*kills)
	s.kill(t)
	audited, err := s.command("doctor", "--ledger").CombinedOutput()
	require.NoError(t, err, string(audited))
	require.Equal(t, fmt.Sprintf("ledger: %d patients, 0 differences\n", phones), string(audited))
}

// victim is the real binary on a real file.
type victim struct {
	binary, dir, address string
	settings             []string // more of the environment
	program              *running
}

// built is where TestMain puts the binary.
var built string

func TestMain(m *testing.M) { os.Exit(withBinary(m)) }

func withBinary(m *testing.M) int {
	dir, err := os.MkdirTemp("", "cadans-cli-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	built = filepath.Join(dir, "cadans")
	build := exec.Command("go", "build", "-o", built, ".")
	build.Dir = testdb.Root()
	if out, err := build.CombinedOutput(); err != nil {
		panic(string(out))
	}
	return m.Run()
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return &victim{binary: built, dir: t.TempDir(), address: listener.Addr().String()}
}

func (v *victim) command(args ...string) *exec.Cmd {
	cmd := exec.Command(v.binary, args...)
	cmd.Env = append(os.Environ(), "CADANS_ADDR="+v.address, "CADANS_SECOND_FACTOR=optional", "CADANS_METRICS_ADDR=off",
		"CADANS_DATABASE_PATH="+filepath.Join(v.dir, "cadans.db"))
	cmd.Env = append(cmd.Env, v.settings...)
	return cmd
}

func (v *victim) run(t *testing.T, args ...string) {
	t.Helper()
	cmd := v.command(args...)
	cmd.Stdin = strings.NewReader(password + "\n")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func (v *victim) start(t *testing.T) {
	t.Helper()
	cmd := v.command("serve", "--push=console")
	cmd.Stderr = v.log(t)
	v.program = launch(t, cmd)
	v.program.until(t, v, func() bool { return v.answers("/readyz", http.StatusOK) })
}

// log is a file, so that the test may read it while the program writes.
func (v *victim) log(t *testing.T) *os.File {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(v.dir, "stderr.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func (v *victim) logged() string {
	text, _ := os.ReadFile(filepath.Join(v.dir, "stderr.log"))
	return string(text)
}

func (v *victim) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, v.program.cmd.Process.Kill())
	require.Error(t, v.program.wait())
}

// call sends JSON and decodes the answer; it returns 0 when the server is gone.
func (v *victim) call(method, path, token string, body, into any, headers ...string) int {
	encoded, _ := json.Marshal(body)
	r, _ := http.NewRequestWithContext(context.Background(), method, "http://"+v.address+path, bytes.NewReader(encoded))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if into != nil && json.NewDecoder(response.Body).Decode(into) != nil {
		return 0
	}
	return response.StatusCode
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (v *victim) therapist(t *testing.T) string {
	t.Helper()
	var admin, therapist client.Tokens
	require.Equal(t, 201, v.call(
		"POST", "/v1/auth/sessions", "", client.LogIn{Email: "admin@praktijk.example", Password: password}, &admin,
	))
	require.Equal(t, 201, v.call("POST", "/v1/practice/members", admin.AccessToken, client.NewMember{
		ID:       newID(),
		Name:     "T.",
		Email:    "t@praktijk.example",
		Password: password,
		Role:     client.NewMemberRoleTherapist,
	}, nil))
	require.Equal(t, 201, v.call(
		"POST", "/v1/auth/sessions", "", client.LogIn{Email: "t@praktijk.example", Password: password}, &therapist,
	))
	return therapist.AccessToken
}

// phone is one patient's outbox.
type phone struct {
	server  *victim
	token   string
	version client.ProgramVersion
	acked   map[string]bool
	retries int
}

func (v *victim) pair(t *testing.T, therapist string) *phone {
	t.Helper()
	patient := newID()
	require.Equal(t, 201,
		v.call("POST", "/v1/patients", therapist, client.NewPatient{ID: patient, Name: "P.", BirthYear: patientYear,
			Language: client.Nl, TimeZone: "UTC", Complaint: client.ComplaintNeck}, nil))
	p := &phone{server: v, acked: map[string]bool{}}
	sets, reps, quota := 3, 10, 5
	request, _ := http.NewRequestWithContext(
		context.Background(), http.MethodGet, "http://"+v.address+"/v1/patients/"+patient+"/program-versions", nil,
	)
	request.Header.Set("Authorization", "Bearer "+therapist)
	listed, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, listed.Body.Close())
	n := client.NewProgramVersion{
		ID:            newID(),
		EffectiveFrom: time.Now().UTC().Format("2006-01-02"),
		Items: []client.NewProgramItem{{
			ID: newID(), Exercise: "bridge", Dose: client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota}}},
	}
	require.Equal(t, 201, v.call(
		"POST", "/v1/patients/"+patient+"/program-versions", therapist, n, &p.version, "If-Match",
		listed.Header.Get("ETag"),
	))
	var invite client.PairingWithCode
	require.Equal(
		t, 201, v.call("POST", "/v1/pairings", therapist, client.NewPairing{ID: newID(), PatientID: patient}, &invite),
	)
	var tokens client.PatientTokens
	require.Equal(t, 201, v.call("POST", "/v1/auth/pairing-redemptions", "", client.PairingRedemption{
		Code:      invite.Code,
		BirthYear: patientYear,
		Device:    client.NewDevice{Name: "x", Platform: client.NewDevicePlatformOther},
	}, &tokens))
	p.token = tokens.AccessToken
	return p
}

// logUntil logs sessions one after another; each is sent until the server has said yes.
func (p *phone) logUntil(stop *atomic.Bool) {
	sets := 3
	for !stop.Load() {
		at := time.Now().UTC().Truncate(time.Second)
		n := client.NewSession{ID: newID(), PerformedAt: at, TimeZone: "UTC", LocalDate: at.Format("2006-01-02"),
			ProgramVersionID: p.version.ID, Status: client.SessionStatusCompleted,
			Items: []client.SessionItem{{ItemID: p.version.Items[0].ID, Sets: &sets}}}
		for {
			status := p.server.call("POST", "/v1/me/sessions", p.token, n, &client.Session{})
			if status == http.StatusOK || status == http.StatusCreated {
				p.acked[n.ID] = true
				break
			}
			p.retries++
			<-clock.System{}.After(2 * time.Millisecond)
		}
	}
}

// stored counts each session the server has.
func (p *phone) stored(t *testing.T) map[string]int {
	t.Helper()
	counts, cursor := map[string]int{}, ""
	for {
		var page client.SessionPage
		require.Equal(
			t, 200, p.server.call("GET", fmt.Sprintf("/v1/me/sessions?limit=200%s", cursor), p.token, nil, &page),
		)
		for _, s := range page.Data {
			counts[s.ID]++
		}
		if page.NextCursor == nil {
			return counts
		}
		cursor = "&cursor=" + *page.NextCursor
	}
}

func retries(fleet []*phone) (n int) {
	for _, p := range fleet {
		n += p.retries
	}
	return n
}
