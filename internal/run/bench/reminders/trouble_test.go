package reminders

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/push"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
)

// BenchmarkTrouble sends what is due to a service that answers after a moment and fails now and then: how much of the
// throughput is left.
//
//	go test ./internal/run/bench/reminders -run - -bench Trouble -patients 10000 -due 10000
func BenchmarkTrouble(b *testing.B) {
	sys := testkit.Start(b, testkit.At(began), testkit.Unsynced)
	fill(b, sys)
	fmt.Printf("\n%d slots, answers after %v\n%-10s %10s %8s %10s %8s %8s %8s\n",
		*due, moment, "trouble", "slots/s", "ratio", "all after", "failed", "opened", "given up")
	whole := 0.0
	for _, permille := range []int{0, 10, 100} {
		run := newTroubled(b, sys, permille)
		speed, all := run.send()
		if permille == 0 {
			whole = speed
		}
		fmt.Printf("%8.1f %% %10.0f %8.2f %10s %8d %8d %8d\n",
			float64(permille)/10, speed, speed/whole, all.Round(100*time.Millisecond), run.failed.Load(), run.opened,
			run.count("dead"))
	}
}

// moment is what a service far away takes at least.
const moment = 20 * time.Millisecond

// troubled is a service that fails so many times in a thousand: a third each fails, is unavailable, and breaks off.
type troubled struct {
	phone
	b        *testing.B
	sys      *testkit.System
	sweeper  *reminder.Sweeper
	permille int
	accepted atomic.Int64
	nearly   atomic.Int64 // nanoseconds until 99 in 100 were accepted
	start    time.Time
	failed   atomic.Int64
	opened   int
	was      reminder.Condition
}

func newTroubled(b *testing.B, sys *testkit.System, permille int) *troubled {
	b.Helper()
	t := &troubled{b: b, sys: sys, permille: permille}
	server := httptest.NewServer(t)
	b.Cleanup(server.Close)
	fcm, err := push.NewFCMAt(context.Background(), server.URL+"/v1", sys.Clock)
	require.NoError(b, err)
	t.sweeper = reminder.NewSweeper(reminder.Parts{
		DB:             sys.App.DB,
		Clock:          sys.Clock,
		Sender:         push.NewCareful(fcm, sys.Clock),
		SeedOf:         reminder.HashSeed,
		Questionnaires: questionnaire.Pending{},
		Log:            slog.New(slog.DiscardHandler),
		Observer:       t,
	})
	sys.Clock.Advance(2 * time.Minute) // it has lived
	write(b, sys, "DELETE FROM reminder_slots")
	write(b, sys, "UPDATE reminder_due SET due_at = 4102444800000")
	now := sys.Clock.Now()
	write(b, sys, `INSERT INTO reminder_slots (id, patient_id, local_date, kind, state, reason, policy,
		decided_at, due_at, expires_at)
		SELECT 's' || patient_id, patient_id, '2026-03-03', 'cue', 'due', 'due', 2, ?, ?, ? FROM reminder_due
		WHERE patient_id IN (SELECT patient_id FROM devices) LIMIT ?`,
		database.At(now), database.At(now), database.At(now.Add(2*time.Hour)), *due)
	return t
}

// Service implements reminder.Observer.
func (t *troubled) Service(s reminder.Status) {
	if s.Condition != t.was && s.Condition != reminder.Well {
		t.opened++
	}
	t.was = s.Condition
}

// ServeHTTP implements http.Handler.
func (t *troubled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-clock.System{}.After(moment)
	w.Header().Set("Content-Type", "application/json")
	if rand.IntN(1000) >= t.permille {
		if t.accepted.Add(1) == int64(*due*99/100) {
			t.nearly.Store(int64(time.Since(t.start)))
		}
		_, _ = w.Write([]byte(`{"name":"projects/demo-cadans/messages/1"}`))
		return
	}
	switch t.failed.Add(1) % 3 {
	case 0:
		w.WriteHeader(http.StatusInternalServerError)
	case 1:
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		panic(http.ErrAbortHandler)
	}
}

// send sweeps again and again, while the clock runs as the machine's does, and returns how many slots a second went
// out until 99 in 100 had, and when all had.
func (t *troubled) send() (speed float64, all time.Duration) {
	began := t.sys.Clock.Now()
	t.start = time.Now()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-clock.System{}.After(10 * time.Millisecond):
				t.sys.Clock.Set(began.Add(time.Since(t.start)))
			}
		}
	}()
	for t.count("due")+t.count("sending") > 0 {
		require.NoError(t.b, t.sweeper.Sweep(context.Background()))
		<-clock.System{}.After(100 * time.Millisecond)
	}
	all = time.Since(t.start)
	return rate(*due*99/100, time.Duration(t.nearly.Load())), all
}

func (t *troubled) count(state string) (n int) {
	require.NoError(t.b, t.sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		return tx.Value(&n, "SELECT count(*) FROM reminder_slots WHERE state = ?", state)
	}))
	return n
}
