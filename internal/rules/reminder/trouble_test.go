package reminder_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/delivery"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
)

// troubled is a push service that answers as it is told, one answer after the other; the last goes on.
type troubled struct {
	mu      sync.Mutex
	sys     *testkit.System
	answers []error
	sent    []time.Time
	slots   []string
	backlog []int
}

// Send implements reminder.Sender.
func (s *troubled) Send(_ context.Context, m reminder.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.answers[min(len(s.sent), len(s.answers)-1)]
	s.sent, s.slots = append(s.sent, s.sys.Clock.Now()), append(s.slots, string(m.Slot))
	return answer
}

func (s *troubled) Decided(reminder.Kind, string, reminder.Reason) {}
func (s *troubled) Sent(reminder.Kind, time.Duration)              {}
func (s *troubled) Failed(*delivery.Failure)                       {}
func (s *troubled) Service(reminder.Status)                        {}

// Backlog implements reminder.Observer.
func (s *troubled) Backlog(slots int, _ time.Duration) { s.backlog = append(s.backlog, slots) }

// sweeper is a process that has just started.
func (s *troubled) sweeper() *reminder.Sweeper {
	return reminder.NewSweeper(reminder.Parts{
		DB: s.sys.App.DB, Clock: s.sys.Clock, Sender: s, SeedOf: reminder.HashSeed,
		Questionnaires: questionnaire.Pending{}, Log: slog.New(slog.DiscardHandler), Observer: s,
	})
}

// How often a slot is tried, by what the service answers, while it lasts two hours from ten to nine.
func TestWhatTroubleLeadsTo(t *testing.T) {
	failed := func(kind delivery.Kind, wait time.Duration) error {
		return &delivery.Failure{Kind: kind, Cause: "x", Wait: wait}
	}
	never, maybe, here, all := delivery.NeverLeft, delivery.MayHaveLeft, delivery.RefusedHere, delivery.RefusedForAll
	for _, tc := range []struct {
		name    string
		answers []error
		tries   []int // at least and at most
		gap     time.Duration
		ends    string
	}{
		{"never left: while it helps", []error{failed(never, 0)}, []int{60, 125}, time.Minute, "expired"},
		{"never left, then it is well", []error{failed(never, 0), failed(never, 0), nil}, []int{3, 3},
			time.Minute, "sent"},
		{"never left: not before it asked", []error{failed(never, 17*time.Minute), nil}, []int{2, 2},
			17 * time.Minute, "sent"},
		{"may have left: once more", []error{failed(maybe, 0)}, []int{2, 2}, time.Minute, "dead"},
		{"may have left, then yes", []error{failed(maybe, 0), nil}, []int{2, 2}, time.Minute, "sent"},
		{"may have left, then never: that was no second",
			[]error{failed(maybe, 0), failed(never, 0), failed(never, 0), nil}, []int{4, 4}, time.Minute, "sent"},
		{"the service says it failed: five times, each later", []error{&delivery.Failure{Kind: maybe, Answered: true}},
			[]int{5, 5}, time.Minute, "dead"},
		{"refused for all: while it helps", []error{failed(all, 0)}, []int{60, 125}, time.Minute, "expired"},
		{"refused for all: not before it asked", []error{failed(all, 17*time.Minute), nil}, []int{2, 2},
			17 * time.Minute, "sent"},
		{"a dead address: no more", []error{failed(here, 0)}, []int{1, 1}, 0, "dead"},
		{"an error that says nothing: once more", []error{errors.New("x")}, []int{2, 2}, time.Minute, "dead"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
				service := &troubled{sys: sys, answers: tc.answers}
				sweeper := service.sweeper()
				for range 5 * 60 {
					sys.Clock.Advance(time.Minute)
					require.NoError(t, sweeper.Sweep(context.Background()))
				}
				require.GreaterOrEqual(t, len(service.sent), tc.tries[0])
				require.LessOrEqual(t, len(service.sent), tc.tries[1])
				require.Len(t, slices.Compact(service.slots), 1, "always under the same tag")
				for i := 1; i < len(service.sent); i++ {
					require.GreaterOrEqual(t, service.sent[i].Sub(service.sent[i-1]), tc.gap)
				}
				require.Equal(t, map[string]int{tc.ends: 1}, states(t, sys))
				if len(service.sent) > 1 {
					require.Contains(t, service.backlog, 1)
				}
				require.Zero(t, service.backlog[len(service.backlog)-1])
			}, testkit.Alone)
		})
	}
}

// The second and last send of a slot is kept for a process that has shown that it lives: one that
// dies again and again does not burn it.
func TestNothingIsSentAgainByAProcessThatKeepsDying(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, _ *testkit.Patient) {
		service := &troubled{
			sys:     sys,
			answers: []error{&delivery.Failure{Kind: delivery.MayHaveLeft, Cause: "cut"}, nil},
		}
		sys.Clock.Advance(61 * time.Minute)
		sweep := func(s *reminder.Sweeper) { require.NoError(t, s.Sweep(context.Background())) }
		sweep(service.sweeper())
		require.Len(t, service.sent, 1, "a first send needs no proof")
		for range 20 {
			dies := service.sweeper()
			sys.Clock.Advance(50 * time.Second)
			sweep(dies)
		}
		require.Len(t, service.sent, 1)
		lives := service.sweeper()
		sys.Clock.Advance(time.Minute)
		sweep(lives)
		require.Len(t, service.sent, 2)
		require.Equal(t, map[string]int{"sent": 1}, states(t, sys))
	}, testkit.Alone)
}

// A phone that was silent for sixty days is no longer sent to, and its address is forgotten.
func TestIdleRegistrationsAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.PassDays(59)
		require.True(t, hasAddress(t, sys, anna))
		sys.PassDays(2)
		require.False(t, hasAddress(t, sys, anna))
		anna.Pushes()
	})
}

func hasAddress(t *testing.T, sys *testkit.System, p *testkit.Patient) bool {
	t.Helper()
	n := 0
	require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		return tx.Value(&n, "SELECT count(*) FROM devices WHERE patient_id = ? AND push_address IS NOT NULL", p.ID)
	}))
	return n == 1
}
