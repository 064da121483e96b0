// Package reminders measures the cost of reminders. It measures finding the due patients among many and deciding
// about each, compared with one SQL statement that writes the same rows without deciding anything. It also measures
// sending messages to a stand-in for FCM, compared with a bare HTTP client. All measurements run together, so that
// ratios are meaningful on a noisy machine:
//
//	make bench-reminders PATIENTS=1000000 DUE=50000
package reminders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	firebase "firebase.google.com/go/v4"
	"firebase.google.com/go/v4/messaging"
	"github.com/stretchr/testify/require"
	"google.golang.org/api/option"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/delivery"
	"cadans/internal/kernel/id"
	"cadans/internal/push"
	"cadans/internal/record/people"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

var (
	patients = flag.Int("patients", 1_000_000, "patients in the database")
	due      = flag.Int("due", 50_000, "of them due at once")
	messages = flag.Int("messages", 40_000, "pushes to hand over")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(testdb.Suite{M: m}.Run())
}

// began is a Tuesday, 09:00 in Amsterdam: ten minutes after everybody's cue.
const began = "2026-03-03T09:00:00+01:00"

func BenchmarkSweep(b *testing.B) {
	sys := testkit.Start(b, testkit.At(began))
	fill(b, sys)
	limit := rate(*due, oneStatement(b, sys))
	fmt.Printf("\n%d patients, %d due\n%-44s %12s %8s %14s\n", *patients, *due, "", "slots/s", "ratio", "longest wait")
	fmt.Printf("%-44s %12.0f %8s %14s\n", "one statement, nothing decided", limit, "1.00", "")
	for _, run := range []struct {
		name string
		seed uint64 // of a thousand; the policy sends 800 in this week
	}{{"decided in Go, all left out by chance", 999}, {"decided in Go, and handed to a phone", 0}} {
		reset(b, sys)
		took, longest := sweep(b, sys, run.seed)
		fmt.Printf(
			"%-44s %12.0f %8.2f %14s\n", run.name, rate(*due, took), rate(*due, took)/limit,
			longest.Round(time.Millisecond),
		)
	}
}

func rate(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

func write(b *testing.B, sys *testkit.System, query string, args ...any) {
	b.Helper()
	require.NoError(b, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}))
}

// fill makes the patients: those who are due have a phone, a program that began
// eight weeks ago and a ledger of 28 days.
func fill(b *testing.B, sys *testkit.System) {
	b.Helper()
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	model := therapist.NewPatient("M.", "Europe/Amsterdam")
	therapist.Publishes(model, 5)
	const step = 10_000
	for first := 0; first < *patients; first += step {
		for _, query := range statements {
			write(b, sys, numbers+query, step-1, first, *due, model.ID)
		}
	}
	write(b, sys, "DELETE FROM reminder_due WHERE patient_id = ?", model.ID)
	require.NoError(b, sys.App.Statuses.Sweep(context.Background())) // as after every midnight
}

// numbers are n(i), the numbers of the patients of a step, and template, the patient they are like.
const numbers = `WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k
	WHERE i < ?1), n(i, due) AS (SELECT i + ?2, i + ?2 < ?3 FROM k),
	d(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM d WHERE j < 28) `

var statements = []string{
	`INSERT INTO patients (id, practice_id, name, birth_year, complaint, phase, language, time_zone, push_consent,
		anchor_time, quiet_from, quiet_until,
		max_per_day, max_per_week, body_hash, created_at)
		SELECT 'b' || n.i, p.practice_id, 'F.', 1971, 'neck', 'treatment', 'nl', 'Europe/Amsterdam', true,
		'09:00', '21:00', '08:00', 1, 5, 'x', 0 FROM n JOIN patients p ON p.id = ?4`,
	`INSERT INTO program_versions (id, patient_id, number, effective_from, items, published_at, published_by, body_hash)
		SELECT 'v' || n.i, 'b' || n.i, 1, '2026-01-06',
		v.items, 0, v.published_by, 'x' FROM n JOIN program_versions v ON v.patient_id = ?4 WHERE n.due`,
	`INSERT INTO devices (id, patient_id, name, platform, paired_at, last_seen_at, push_kind, push_address)
		SELECT 'd' || n.i, 'b' || n.i, 'x', 'other', 0,
		o.last_seen_at - 7200000, 'fcm', 'phone-' || n.i FROM n JOIN devices o ON o.patient_id = ?4 WHERE n.due`,
	`INSERT INTO adherence_days (patient_id, local_date, active, paused, expected7, dose7000, done, complete, credit,
		extra, pause_done, pause_credit, sessions, late,
		uncounted, pain_sum, pain_count, rises, stopped_pain)
		SELECT 'b' || n.i, date('2026-03-03', '-' || d.j || ' days'), true, false, 5, 5000, 1, 1, 1000, 0, 0,
		0, 1, 0, 0, 3, 1, 0, 0
		FROM n CROSS JOIN d WHERE n.due AND d.j % 3 > 0 AND ?4 <> ''`,
	`INSERT INTO patient_status (patient_id, holds_until, changes, form, content) SELECT 'b' || n.i, 0, 1, 0, '' FROM n
		WHERE n.due AND ?4 <> ''`,
	`INSERT INTO reminder_due (patient_id, due_at) SELECT 'b' || n.i, CASE WHEN n.due THEN 1 ELSE 4102444800000 END
		FROM n WHERE ?4 <> ''`,
}

// reset makes the same patients due again.
func reset(b *testing.B, sys *testkit.System) {
	b.Helper()
	for _, table := range []string{"reminder_decisions", "reminder_slots"} {
		write(b, sys, "DELETE FROM "+table)
	}
	write(b, sys, "UPDATE reminder_due SET due_at = 1 WHERE due_at < 4000000000000")
}

var errBack = errors.New("roll back")

// oneStatement writes a slot for everybody who is due and moves them on, and takes it back.
func oneStatement(b *testing.B, sys *testkit.System) (took time.Duration) {
	b.Helper()
	err := sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		start, now := time.Now(), database.At(tx.Now())
		_, err := tx.Exec(`INSERT INTO reminder_slots (id, patient_id, local_date, kind, state, reason, policy,
			decided_at, due_at, expires_at)
			SELECT 's' || patient_id, patient_id, '2026-03-03', 'cue', 'due', 'due', 2, ?, ?, ?
			FROM reminder_due WHERE due_at <= ?`, now, now, now, now)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE reminder_due SET due_at = due_at + 86400000 WHERE due_at <= ?", now); err != nil {
			return err
		}
		took = time.Since(start)
		return errBack
	})
	require.ErrorIs(b, err, errBack)
	return took
}

// phone takes every message.
type phone struct{}

// Send implements reminder.Sender.
func (phone) Send(context.Context, reminder.Message) error { return nil }

// Decided, Sent, Backlog, Failed and Service implement reminder.Observer.
func (phone) Decided(reminder.Kind, string, reminder.Reason) {}
func (phone) Sent(reminder.Kind, time.Duration)              {}
func (phone) Backlog(int, time.Duration)                     {}
func (phone) Failed(*delivery.Failure)                       {}
func (phone) Service(reminder.Status)                        {}

// sweep decides about everybody, while somebody else writes now and then and waits for its turn.
func sweep(b *testing.B, sys *testkit.System, seed uint64) (took, longest time.Duration) {
	b.Helper()
	sweeper := reminder.NewSweeper(reminder.Parts{
		DB:             sys.App.DB,
		Clock:          sys.Clock,
		Sender:         phone{},
		SeedOf:         func(id.Slot) uint64 { return seed },
		Questionnaires: questionnaire.Pending{},
		Log:            slog.New(slog.DiscardHandler),
		Observer:       phone{},
	})
	done, waited := make(chan struct{}), make(chan time.Duration)
	go func() {
		var longest time.Duration
		for {
			select {
			case <-done:
				waited <- longest
				return
			case <-clock.System{}.After(5 * time.Millisecond):
				start := time.Now()
				if sys.App.DB.Write(context.Background(), func(*database.Tx) error { return nil }) == nil {
					longest = max(longest, time.Since(start))
				}
			}
		}
	}()
	start := time.Now()
	require.NoError(b, sweeper.Sweep(context.Background()))
	took = time.Since(start)
	close(done)
	return took, <-waited
}

// BenchmarkPush hands messages over, so many at once.
func BenchmarkPush(b *testing.B) {
	const atOnce = 64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"name":"projects/demo-cadans/messages/1"}`))
	}))
	defer server.Close()
	now := clock.System{}.Now()
	m := reminder.Message{
		Slot:    "019aa0c4-7d00-7000-8000-000000000001",
		Kind:    reminder.Cue,
		Title:   "Cadans",
		Body:    "Uw plan voor vandaag staat klaar.",
		Target:  people.PushTarget{Device: "d", Kind: "fcm", Address: "token"},
		Expires: now.Add(2 * time.Hour),
	}
	ctx := context.Background()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = atOnce
	bare := &http.Client{Transport: transport}
	payload, err := json.Marshal(map[string]any{"message": push.Payload(m, now)})
	require.NoError(b, err)
	sdk := sdkAlone(b, server.URL, bare)
	ours, err := push.NewFCMAt(ctx, server.URL+"/v1", clock.System{})
	require.NoError(b, err)

	fmt.Printf(
		"\n%d messages, %d at once, stand-in in the same process\n%-32s %12s\n", *messages, atOnce, "", "messages/s",
	)
	for _, way := range []struct {
		name string
		send func() error
	}{
		{"bare HTTP client", func() error {
			response, err := bare.Post(
				server.URL+"/v1/projects/demo-cadans/messages:send", "application/json", bytes.NewReader(payload),
			)
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, response.Body)
			return errors.Join(err, response.Body.Close())
		}},
		{"the SDK alone", func() error { _, err := sdk.Send(ctx, push.Payload(m, now)); return err }},
		{"the SDK as we use it", func() error { return ours.Send(ctx, m) }},
	} {
		fmt.Printf("%-32s %12.0f\n", way.name, handOver(b, atOnce, way.send))
	}
}

func sdkAlone(b *testing.B, url string, c *http.Client) *messaging.Client {
	b.Helper()
	ctx := context.Background()
	app, err := firebase.NewApp(
		ctx, &firebase.Config{ProjectID: "demo-cadans"}, option.WithEndpoint(url+"/v1"), option.WithHTTPClient(c),
	)
	require.NoError(b, err)
	client, err := app.Messaging(ctx)
	require.NoError(b, err)
	return client
}

func handOver(b *testing.B, atOnce int, send func() error) float64 {
	b.Helper()
	var wait sync.WaitGroup
	var next atomic.Int64
	failures := make(chan error, atOnce)
	start := time.Now()
	for range atOnce {
		wait.Go(func() {
			for next.Add(1) <= int64(*messages) {
				if err := send(); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	wait.Wait()
	took := time.Since(start)
	select {
	case err := <-failures:
		require.NoError(b, err)
	default:
	}
	return rate(*messages, took)
}
