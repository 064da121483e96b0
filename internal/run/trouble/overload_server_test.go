package trouble_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/run/testdb"
	"cadans/pkg/client"
)

const (
	password   = "een-lang-geheim-woord"
	signingKey = "CADANS_SIGNING_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)

// server is the real binary in a process of its own, on a processor of its own where there are two.
type server struct {
	t                 *testing.T
	binary, dir       string
	address, operator string
	settings          []string
	cmd               *exec.Cmd
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

// build returns the program, or the one that the flag names.
func build(t *testing.T) string {
	t.Helper()
	if *otherBinary != "" {
		return *otherBinary
	}
	to := filepath.Join(t.TempDir(), "cadans")
	cmd := exec.Command("go", "build", "-o", to, ".")
	cmd.Dir = testdb.Root()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return to
}

func startServer(t *testing.T, settings ...string) *server {
	t.Helper()
	return startProgram(t, build(t), settings...)
}

func startProgram(t *testing.T, binary string, settings ...string) *server {
	t.Helper()
	s := &server{
		t: t, binary: binary, dir: t.TempDir(), address: freeAddress(t), operator: freeAddress(t), settings: settings,
	}
	create := s.command(
		"create-admin", "--practice", "Praktijk", "--name", "A. Beheer", "--email", "admin@praktijk.example",
	)
	create.Stdin = strings.NewReader(password + "\n")
	out, err := create.CombinedOutput()
	require.NoError(t, err, string(out))
	s.run()
	return s
}

// beside is another replica of the same program on the same database.
func (s *server) beside() *server {
	other := *s
	other.dir, other.address, other.operator = s.t.TempDir(), freeAddress(s.t), freeAddress(s.t)
	other.run()
	return &other
}

// run starts the program and waits until it is ready.
func (s *server) run() {
	s.t.Helper()
	s.cmd = pinned(0, s.command("serve", "--push=console"))
	s.cmd.Stderr = s.logFile()
	require.NoError(s.t, s.cmd.Start())
	cmd := s.cmd
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	require.Eventually(s.t, s.isReady, time.Minute, 20*time.Millisecond)
}

// isReady asks where every version answers: old ones had no listener of the operator's own.
func (s *server) isReady() bool {
	answer, err := http.Get("http://" + s.address + "/readyz")
	return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// restart ends the program as an orchestrator does, and starts it again.
func (s *server) restart() {
	s.t.Helper()
	require.NoError(s.t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(s.t, s.cmd.Wait(), s.logged())
	s.run()
}

// replace ends the program, and starts another one in its place.
func (s *server) replace(binary string) {
	s.t.Helper()
	s.binary = binary
	s.restart()
}

func (s *server) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.binary, args...)
	cmd.Env = append(
		os.Environ(), "CADANS_ADDR="+s.address, "CADANS_METRICS_ADDR="+s.operator, "CADANS_SECOND_FACTOR=optional",
		"CADANS_DRAIN_WAIT=0s", "CADANS_DATABASE_PATH="+filepath.Join(s.dir, "cadans.db"),
	)
	cmd.Env = append(cmd.Env, s.settings...)
	return cmd
}

func (s *server) logFile() *os.File {
	file, err := os.Create(filepath.Join(s.dir, "log"))
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = file.Close() })
	return file
}

func (s *server) logged() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	require.NoError(s.t, err)
	return string(text)
}

// pinned keeps a command to one processor, where there is another for the load and taskset to do it.
func pinned(processor int, cmd *exec.Cmd) *exec.Cmd {
	taskset, err := exec.LookPath("taskset")
	if err != nil || runtime.NumCPU() < 2 {
		return cmd
	}
	cmd.Args = append([]string{taskset, "-c", strconv.Itoa(processor), cmd.Path}, cmd.Args[1:]...)
	cmd.Path = taskset
	return cmd
}

// stayOn keeps this process to one processor until the test ends.
func stayOn(t *testing.T, processor int) {
	t.Helper()
	taskset, err := exec.LookPath("taskset")
	if err != nil || runtime.NumCPU() < 2 {
		return
	}
	move := func(to string) {
		out, err := exec.Command(taskset, "-acp", to, strconv.Itoa(os.Getpid())).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	move(strconv.Itoa(processor))
	t.Cleanup(func() { move("0-" + strconv.Itoa(runtime.NumCPU()-1)) })
}

// peakMemory is the most that the server has held in memory, in MiB.
func (s *server) peakMemory() int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	require.NoError(s.t, err)
	_, rest, found := strings.Cut(string(status), "VmHWM:")
	require.True(s.t, found)
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	require.NoError(s.t, err)
	return kib / 1024
}

// processorTime is what the server has used, in seconds. It says the same on a machine that does other things.
func (s *server) processorTime() float64 {
	const ticksPerSecond = 100
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	require.NoError(s.t, err)
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	user, err := strconv.Atoi(fields[11])
	require.NoError(s.t, err)
	system, err := strconv.Atoi(fields[12])
	require.NoError(s.t, err)
	return float64(user+system) / ticksPerSecond
}

// metric sums the series of a metric, by the value of a label.
func (s *server) metric(name, label string) map[string]float64 {
	answer, err := http.Get("http://" + s.operator + "/metrics")
	require.NoError(s.t, err)
	defer answer.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(answer.Body)
	require.NoError(s.t, err)
	found := map[string]float64{}
	for line := range strings.Lines(text.String()) {
		series, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if labels, ok := strings.CutPrefix(series, name); ok {
			_, after, _ := strings.Cut(labels, label+`="`)
			of, _, _ := strings.Cut(after, `"`)
			n, err := strconv.ParseFloat(value, 64)
			require.NoError(s.t, err)
			found[of] += n
		}
	}
	return found
}

// call sends JSON, and decodes the answer where somebody wants it.
func (s *server) call(method, path, token string, body, into any, headers ...string) *http.Response {
	s.t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(s.t, err)
	r, err := http.NewRequest(method, "http://"+s.address+path, bytes.NewReader(encoded))
	require.NoError(s.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer answer.Body.Close()
	require.Less(s.t, answer.StatusCode, 300, "%s %s", method, path)
	if into != nil {
		require.NoError(s.t, json.NewDecoder(answer.Body).Decode(into))
	}
	return answer
}

// paired is a phone that is.
type paired struct{ token, version, item string }

func (s *server) signIn(email string) string {
	var tokens client.Tokens
	s.call("POST", "/v1/auth/sessions", "", client.LogIn{Email: email, Password: password}, &tokens)
	return tokens.AccessToken
}

// people makes a therapist with patients whose phones are paired.
func (s *server) people(patients int) (therapist string, phones []paired) {
	admin := s.signIn("admin@praktijk.example")
	s.call("POST", "/v1/practice/members", admin, client.NewMember{
		ID:       newID(),
		Name:     "T.",
		Email:    "t@praktijk.example",
		Password: password,
		Role:     client.NewMemberRoleTherapist,
	}, nil)
	therapist = s.signIn("t@praktijk.example")
	for range patients {
		phones = append(phones, s.pair(therapist))
	}
	return therapist, phones
}

func (s *server) pair(therapist string) paired {
	const born = 1971
	patient := newID()
	s.call("POST", "/v1/patients", therapist, client.NewPatient{ID: patient, Name: "P.", BirthYear: born,
		Language: client.Nl, TimeZone: "UTC", Complaint: client.ComplaintNeck}, nil)
	path := "/v1/patients/" + patient + "/program-versions"
	sets, reps, quota := 3, 10, 5
	n := client.NewProgramVersion{ID: newID(), EffectiveFrom: clock.System{}.Now().UTC().Format(time.DateOnly),
		Items: []client.NewProgramItem{{ID: newID(), Exercise: "bridge", Dose: client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota}}}}
	var version client.ProgramVersion
	listed := s.call("GET", path, therapist, nil, nil)
	s.call("POST", path, therapist, n, &version, "If-Match", listed.Header.Get("ETag"))
	var invite client.PairingWithCode
	s.call("POST", "/v1/pairings", therapist, client.NewPairing{ID: newID(), PatientID: patient}, &invite)
	var tokens client.PatientTokens
	s.call("POST", "/v1/auth/pairing-redemptions", "", client.PairingRedemption{Code: invite.Code, BirthYear: born,
		Device: client.NewDevice{Name: "x", Platform: client.NewDevicePlatformOther}}, &tokens)
	return paired{token: tokens.AccessToken, version: version.ID, item: version.Items[0].ID}
}

// stored lists the sessions that the server has of a phone.
func (s *server) stored(p paired) map[string]bool {
	ids, cursor := map[string]bool{}, ""
	for {
		var page client.SessionPage
		s.call("GET", "/v1/me/sessions?limit=200"+cursor, p.token, nil, &page)
		for _, session := range page.Data {
			ids[session.ID] = true
		}
		if page.NextCursor == nil {
			return ids
		}
		cursor = "&cursor=" + *page.NextCursor
	}
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
