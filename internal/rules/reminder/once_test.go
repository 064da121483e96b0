package reminder_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/push"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// Once: several processes send from one database, through the real SDK to a stand-in for FCM, and are killed again and
// again. What FCM cannot promise (it knows no idempotency key) is bounded: nothing is missing, nothing goes out more
// than twice, and what goes out twice has the same tag, so that a phone shows it once.

const (
	workers = 3
	speed   = 20 // of the workers' clock: a lease of a minute passes in three seconds
	began   = "2026-03-03T09:00:00+01:00"
)

// The environment of a worker.
const (
	workerDatabase = "CADANS_TEST_DATABASE"
	workerPush     = "CADANS_TEST_PUSH"
	workerBase     = "CADANS_TEST_BASE"
)

// work sweeps until it is killed.
func work() error {
	base, err := strconv.ParseInt(os.Getenv(workerBase), 10, 64)
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, began)
	if err != nil {
		return err
	}
	c := clock.NewScaled(start.Add(speed*time.Since(time.Unix(0, base))), speed)
	ctx := context.Background()
	db, err := database.Open(ctx, database.Options{URL: os.Getenv(workerDatabase), Clock: c})
	if err != nil {
		return err
	}
	sender, err := push.NewFCMAt(ctx, os.Getenv(workerPush), c)
	if err != nil {
		return err
	}
	sweeper := reminder.NewSweeper(reminder.Parts{
		DB:             db,
		Clock:          c,
		Sender:         sender,
		SeedOf:         reminder.HashSeed,
		Questionnaires: questionnaire.Pending{},
		Log:            slog.New(slog.DiscardHandler),
		Observer:       deaf{},
	})
	for {
		if err := sweeper.Sweep(ctx); err != nil {
			return err
		}
		<-clock.System{}.After(20 * time.Millisecond)
	}
}

// standIn counts what FCM accepted, by slot, and can be in trouble.
type standIn struct {
	mu       sync.Mutex
	accepted map[string]int
	tags     map[string]string // what a phone shows: one message for each tag
	troubled bool
}

// ServeHTTP implements http.Handler.
func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Message struct {
			Data    struct{ Slot string }
			Android struct{ Notification struct{ Tag string } }
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	trouble := 100
	if s.troubled {
		trouble = rand.IntN(100)
	}
	switch {
	case trouble < 5:
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case trouble < 8:
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	s.mu.Lock()
	s.accepted[sent.Message.Data.Slot]++
	s.tags[sent.Message.Android.Notification.Tag] = sent.Message.Data.Slot
	s.mu.Unlock()
	if trouble < 10 { // accepted, but the answer is lost
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
		return
	}
	_, _ = w.Write([]byte(`{"name":"projects/demo-cadans/messages/1"}`))
}

func (s *standIn) sum() (slots, sends, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.accepted {
		sends += n
		most = max(most, n)
	}
	return len(s.accepted), sends, most
}

// fleet is the processes.
type fleet struct {
	t        *testing.T
	env      []string
	commands []*exec.Cmd
}

func (f *fleet) start(i int) {
	f.commands[i] = exec.Command(os.Args[0])
	f.commands[i].Env = append(os.Environ(), f.env...)
	f.commands[i].Stderr = os.Stderr
	require.NoError(f.t, f.commands[i].Start())
}

func (f *fleet) kill(i int) {
	require.NoError(f.t, f.commands[i].Process.Kill())
	_ = f.commands[i].Wait()
}

var onceSlots = flag.Int("slots", 2000, "how many slots the processes share")

func TestEachSlotOnce(t *testing.T) {
	t.Parallel()
	slots := *onceSlots
	if testing.Short() {
		slots = 600
	}
	least := max(5, slots/200) // kills
	t.Run("nothing goes wrong", func(t *testing.T) {
		fcm, sys := once(t, slots, 0, false)
		reached, sends, _ := fcm.sum()
		require.Equal(t, []int{slots, slots}, []int{reached, sends}, "each slot once")
		require.Equal(t, map[string]int{"sent": slots}, states(t, sys))
	})
	t.Run("processes are killed and the service is in trouble", func(t *testing.T) {
		fcm, sys := once(t, slots, least, true)
		reached, sends, most := fcm.sum()
		t.Logf("%d slots, %d sends, %d of them again; %v", reached, sends, sends-reached, states(t, sys))
		require.Equal(t, slots, reached, "a slot is missing")
		require.LessOrEqual(t, most, 2)
		require.Len(t, fcm.tags, reached, "a phone shows each once")
		for tag, slot := range fcm.tags {
			require.Equal(t, slot, tag)
		}
	})
}

// once lets a fleet send so many slots, killing one of it every 150 to 350 ms until there were
// enough kills and nothing is left to send.
func once(t *testing.T, slots, kills int, troubled bool) (*standIn, *testkit.System) {
	t.Helper()
	url := testdb.Postgres(t)
	sys := testkit.Start(t, testkit.AsReplica(url, 1), testkit.At(began))
	due(t, sys, slots)
	fcm := &standIn{accepted: map[string]int{}, tags: map[string]string{}, troubled: troubled}
	server := httptest.NewServer(fcm)
	t.Cleanup(server.Close)
	f := &fleet{t: t, commands: make([]*exec.Cmd, workers), env: []string{
		workerDatabase + "=" + url, workerPush + "=" + server.URL + "/v1",
		fmt.Sprintf("%s=%d", workerBase, time.Now().UnixNano()),
	}}
	for i := range workers {
		f.start(i)
	}
	t.Cleanup(func() {
		for i := range workers {
			f.kill(i)
		}
	})
	killed := 0
	for deadline := time.Now().Add(5 * time.Minute); killed < kills || open(t, sys, slots) > 0; {
		require.True(t, time.Now().Before(deadline), "%v", states(t, sys))
		<-clock.System{}.After(time.Duration(150+rand.IntN(200)) * time.Millisecond)
		if killed < kills {
			i := killed % workers
			f.kill(i)
			f.start(i)
			killed++
		}
	}
	return fcm, sys
}

// open counts the slots that are not decided yet, and those that are not sent.
func open(t *testing.T, sys *testkit.System, slots int) int {
	t.Helper()
	s := states(t, sys)
	decided := 0
	for _, n := range s {
		decided += n
	}
	return slots - decided + s["due"] + s["sending"]
}

func states(t *testing.T, sys *testkit.System) map[string]int {
	t.Helper()
	found := map[string]int{}
	require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		list, err := database.Column[string](tx, "SELECT state FROM reminder_slots")
		for _, s := range list {
			found[s]++
		}
		return err
	}))
	return found
}

// due makes so many patients like one, each with a phone, a program and a cue that is due.
func due(t *testing.T, sys *testkit.System, patients int) {
	t.Helper()
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	model := therapist.NewPatient("M. Model", "Europe/Amsterdam")
	therapist.Publishes(model, 5)
	clones(t, sys, model.ID, patients)
}

func clones(t *testing.T, sys *testkit.System, model id.Patient, patients int) {
	t.Helper()
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		now := database.At(tx.Now())
		for _, statement := range []string{
			`INSERT INTO patients (id, practice_id, name, birth_year, complaint, phase, language, time_zone, next_zone,
				next_zone_on, push_consent,
				anchor_time, quiet_from, quiet_until, max_per_day, max_per_week, body_hash, created_at)
				SELECT gen_random_uuid()::text, practice_id, 'Kloon', birth_year, complaint, phase, language, time_zone,
				next_zone, next_zone_on, push_consent,
				anchor_time, quiet_from, quiet_until, max_per_day, max_per_week, body_hash, created_at
				FROM patients, generate_series(1, ?) WHERE id = ?`,
			`INSERT INTO program_versions (id, patient_id, number, effective_from, items, published_at, published_by,
				body_hash, origin, reason_nl, reason_en)
				SELECT gen_random_uuid()::text, p.id, v.number, v.effective_from, v.items, v.published_at,
				v.published_by, v.body_hash, v.origin, v.reason_nl, v.reason_en
				FROM patients p, program_versions v WHERE p.name = 'Kloon' AND v.number = ? AND v.patient_id = ?`,
			`INSERT INTO devices (id, patient_id, name, platform, paired_at, last_seen_at, push_kind, push_address)
				SELECT gen_random_uuid()::text, p.id, d.name, d.platform, d.paired_at,
				d.last_seen_at - 7200000 * ?::bigint, 'fcm', 'phone-' || p.id
				FROM patients p, devices d WHERE p.name = 'Kloon' AND d.patient_id = ?`,
		} {
			n := 1
			if statement[:20] == "INSERT INTO patients" {
				n = patients
			}
			if _, err := tx.Exec(statement, n, model); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`INSERT INTO reminder_slots (id, patient_id, local_date, kind, state, reason, policy,
			decided_at, due_at, expires_at)
			SELECT gen_random_uuid()::text, id, '2026-03-03', 'cue', 'due', 'due', 2, ?, ?, ? FROM patients
			WHERE name = 'Kloon'`,
			now, now, database.At(tx.Now().Add(8*time.Hour)))
		return err
	}))
}
