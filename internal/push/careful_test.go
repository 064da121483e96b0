package push_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/circuit"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/delivery"
	"cadans/internal/push"
	"cadans/internal/record/people"
	"cadans/internal/rules/reminder"
)

// scripted answers as it is told, by how many it was asked before.
type scripted struct {
	asked  int
	answer func(n int) *delivery.Failure
}

// Send implements reminder.Sender.
func (s *scripted) Send(context.Context, reminder.Message) error {
	s.asked++
	if f := s.answer(s.asked); f != nil {
		return f
	}
	return nil
}

type carefully struct {
	*push.Careful
	t       *testing.T
	clock   *clock.Manual
	service *scripted
}

func newCarefully(t *testing.T, answer func(n int) *delivery.Failure) *carefully {
	t.Helper()
	c, s := clock.NewManual(now), &scripted{answer: answer}
	return &carefully{Careful: push.NewCareful(s, c), t: t, clock: c, service: s}
}

// sends hands so many messages over, where there is room, and returns how many reached the service.
func (c *carefully) sends(n int) int {
	before := c.service.asked
	for range n {
		if c.Room() > 0 {
			_ = c.Send(context.Background(), message())
		}
	}
	return c.service.asked - before
}

func always(f delivery.Failure) func(int) *delivery.Failure {
	return func(int) *delivery.Failure { return &f }
}

// every lets each so-manieth message fail.
func every(n int, f delivery.Failure) func(int) *delivery.Failure {
	return func(asked int) *delivery.Failure {
		if asked%n == 0 {
			return &f
		}
		return nil
	}
}

var (
	down    = delivery.Failure{Kind: delivery.NeverLeft, Cause: "dial"}
	lost    = delivery.Failure{Kind: delivery.MayHaveLeft, Cause: "connection"}
	dead    = delivery.Failure{Kind: delivery.RefusedHere, Cause: "404 UNREGISTERED"}
	refused = delivery.Failure{Kind: delivery.RefusedForAll, Cause: "403 SENDER_ID_MISMATCH"}
	ofPhone = delivery.Failure{Kind: delivery.NeverLeft, Cause: "429", Local: true, Wait: time.Minute}
)

// Some trouble is no reason to stop, nor is anything that is about one message.
func TestSomeTroubleStopsNobody(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(int) *delivery.Failure{
		"1 %":                     every(100, down),
		"10 %":                    every(10, lost),
		"a third":                 every(3, down),
		"dead addresses":          always(dead),
		"phones over their quota": always(ofPhone),
		"a phone of another project, now and then": every(2, refused),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCarefully(t, answer)
			require.Equal(t, 1000, c.sends(1000))
			require.Equal(t, circuit.Unlimited, c.Room())
			require.Equal(t, reminder.Well, c.Status().Condition)
		})
	}
}

// An outage is seen after five, so also where a practice sends few; the pauses grow to a quarter of a minute.
func TestAnOutageIsLeftAlone(t *testing.T) {
	t.Parallel()
	well := false
	c := newCarefully(t, func(int) *delivery.Failure {
		if well {
			return nil
		}
		return &down
	})
	require.Equal(t, 5, c.sends(100))
	require.Equal(t, reminder.Status{Condition: reminder.Troubled, Since: now, Code: "dial"}, c.Status())
	require.Equal(t, &delivery.Failure{Kind: delivery.NeverLeft, Cause: "circuit", Local: true},
		delivery.Of(c.Send(context.Background(), message())))
	for range 4 {
		c.clock.Advance(30 * time.Second)
		require.Equal(t, 1, c.sends(100), "one that fails is enough")
	}
	well = true
	require.Zero(t, c.sends(100))
	c.clock.Advance(15 * time.Second)
	require.Equal(t, 3, c.Room())
	require.Equal(t, 100, c.sends(100))
	require.Equal(t, reminder.Status{Since: c.clock.Now()}, c.Status())
}

// Five spread over an hour are no outage; five of a small practice within some minutes are.
func TestASmallPracticeSeesAnOutage(t *testing.T) {
	t.Parallel()
	c := newCarefully(t, always(down))
	for range 5 {
		c.clock.Advance(12 * time.Minute)
		require.Equal(t, 1, c.sends(1))
	}
	require.Equal(t, reminder.Well, c.Status().Condition)
	for range 4 {
		c.clock.Advance(time.Minute)
		c.sends(1)
	}
	require.Equal(t, reminder.Troubled, c.Status().Condition)
}

// What refuses us is tried once a minute, and is well as soon as one gets through.
func TestARefusalOfAllIsTriedOnceAMinute(t *testing.T) {
	t.Parallel()
	right := false
	c := newCarefully(t, func(int) *delivery.Failure {
		if right {
			return nil
		}
		return &refused
	})
	require.Equal(t, 2, c.sends(100))
	require.Equal(
		t, reminder.Status{Condition: reminder.Refused, Since: now, Code: "403 SENDER_ID_MISMATCH"}, c.Status(),
	)
	tried := 0
	for range 30 { // ten minutes of sweeps
		c.clock.Advance(20 * time.Second)
		tried += c.sends(100)
	}
	require.Equal(t, 10, tried)
	right = true
	c.clock.Advance(time.Minute)
	require.Equal(t, 1, c.Room())
	require.Equal(t, 100, c.sends(100))
	require.Equal(t, reminder.Well, c.Status().Condition)
}

// A quota is of the project: whatever else is due waits as long as was asked.
func TestAQuotaHoldsTheWholeProject(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, header string
		wait         time.Duration
	}{
		{"seconds", "120", 2 * time.Minute},
		{"date", now.Add(3 * time.Minute).Format("Mon, 02 Jan 2006 15:04:05 GMT"), 3 * time.Minute},
		{"nothing", "", time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := newGoogle(t)
			g.behave(nil, answering(429, `{"error":{"status":"RESOURCE_EXHAUSTED"}}`, tc.header))
			c := push.NewCareful(g.fcm(t), g.clock)
			require.Error(t, c.Send(context.Background(), message()))
			other := message()
			other.Target = people.PushTarget{Device: "e", Kind: "fcm", Address: "other"}
			g.behave(nil, nil)
			require.Error(t, c.Send(context.Background(), other))
			g.clock.Advance(tc.wait - time.Second)
			require.Zero(t, c.Room())
			require.Error(t, c.Send(context.Background(), other))
			require.Equal(t, 1, g.seen())
			g.clock.Advance(time.Second)
			require.NoError(t, c.Send(context.Background(), other))
		})
	}
}

// A last send is kept while the service fails: three times in a row, or once after a silence. After five minutes that
// is forgotten.
func TestIsWell(t *testing.T) {
	t.Parallel()
	fails := true
	c := newCarefully(t, func(int) *delivery.Failure {
		if fails {
			return &lost
		}
		return nil
	})
	require.True(t, c.IsWell(), "nothing is known")
	c.sends(1)
	require.False(t, c.IsWell(), "nothing else is known")
	fails = false
	c.sends(1)
	require.True(t, c.IsWell())
	fails = true
	c.sends(2)
	require.True(t, c.IsWell(), "two right after an answer")
	c.sends(1)
	require.False(t, c.IsWell())
	fails = false
	c.sends(1)
	require.True(t, c.IsWell())
	c.clock.Advance(61 * time.Second)
	require.True(t, c.IsWell())
	fails = true
	c.sends(1)
	require.False(t, c.IsWell(), "after a silence")
	c.clock.Advance(5 * time.Minute)
	require.True(t, c.IsWell())
	ill := newCarefully(t, always(lost))
	ill.sends(10)
	ill.clock.Advance(4 * time.Minute)
	require.False(t, ill.IsWell())
	ill.clock.Advance(time.Minute)
	require.True(t, ill.IsWell(), "or one that is alone would never be sent")
}
