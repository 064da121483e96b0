package trouble_test

import (
	"flag"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/admission"
	"cadans/internal/run/testdb"
)

var (
	figures = flag.Bool(
		"figures", false, "run in full length, and hold times against their bars, on a machine that does nothing else",
	)
	otherBinary = flag.String("binary", "", "measure this program instead of the one that is built here")
)

const (
	patients    = 32
	busy        = 32 // connections of a server that is used well
	connections = 1000
	times       = 10 // as much as can be answered
)

// More is asked than can be answered, ten times: what is let in is answered soon and kept, the rest is told to come
// back, and whoever watches the server hears that it lives.
func TestOverload(t *testing.T) {
	if !*figures && testing.Short() {
		t.Skip("takes a minute")
	}
	t.Run("SQLite", func(t *testing.T) { overload(t, startServer(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		overload(t, startServer(t, "CADANS_DATABASE_URL="+testdb.Postgres(t), signingKey))
	})
}

func overload(t *testing.T, s *server) {
	therapist, phones := s.people(patients)
	stayOn(t, 1)
	l := &load{server: s, therapist: therapist, phones: phones}
	alone, cost := map[admission.Class]float64{}, map[admission.Class]float64{}
	kept := newOutcome()
	length := time.Second
	if *figures {
		length = 3 * time.Second
	}
	for _, class := range admission.Classes {
		spent := s.processorTime()
		found := l.closed(busy, length, only(class)).all()
		kept.add(found)
		cost[class] = (s.processorTime() - spent) / float64(found.accepted)
		alone[class] = float64(found.accepted) / length.Seconds()
	}
	before := l.closed(busy, length, mixed).all()
	kept.add(before)
	capacity := together(alone)
	watch := watchHealth(t, s)
	began, spent := time.Now(), s.processorTime()
	found := l.open(t, connections, times*capacity, 3*length)
	length, spent = time.Since(began), s.processorTime()-spent // until the last was answered
	health, dead := watch()
	after := l.recovers()
	kept.add(found.all())
	kept.add(after)

	used, work := 0.0, 0.0
	for _, class := range admission.Classes {
		used += float64(found[class].accepted) / length.Seconds() / alone[class]
		work += float64(found[class].accepted) * cost[class] / spent
		t.Logf("%-6s alone %6.0f/s, offered %7.0f/s, accepted %6.0f/s, refused %7d, p50 %v, p99 %v", class,
			alone[class], float64(found[class].offered)/length.Seconds(),
			float64(found[class].accepted)/length.Seconds(), found[class].refused,
			at(found[class].times, .5).Round(time.Millisecond), at(found[class].times, .99).Round(time.Millisecond))
	}
	all := found.all()
	t.Logf(
		"capacity %.0f/s, goodput %.0f %% of it (%.0f %% of the processor's time went into answers), p99 %v; "+
			"before %v, within 5 s after %v; health p99 %v, longest %v; memory %d MiB",
		capacity, 100*used, 100*work, at(all.times, .99).Round(time.Millisecond),
		at(before.times, .99).Round(time.Millisecond),
		at(after.times, .99).Round(time.Millisecond),
		at(health, .99).Round(time.Millisecond), at(health, 1).Round(time.Millisecond),
		s.peakMemory(),
	)

	require.Empty(t, dead, "the server lives")
	require.Empty(t, kept.wrong, "answered, or told to come back")
	require.Positive(t, all.refused)
	if *otherBinary == "" {
		shed := s.metric("cadans_requests_shed_total", "class")
		for _, class := range admission.Classes {
			require.InDelta(
				t, found[class].refused, shed[class.String()], float64(kept.refused-all.refused),
				"the metrics count them",
			)
		}
	}
	s.keeps(l, kept)
	require.NotContains(t, s.logged(), `"level":"ERROR"`)
	require.Less(t, strings.Count(s.logged(), "\n"), 1000, "a refusal is not a line in the log")
	if *figures {
		require.GreaterOrEqual(t, used, 0.8)
		require.LessOrEqual(t, at(all.times, .99), 1500*time.Millisecond)
		require.Less(t, at(health, 1), 100*time.Millisecond)
		require.LessOrEqual(t, s.peakMemory(), 256)
		require.LessOrEqual(t, at(after.times, .99), 2*max(at(before.times, .99), 20*time.Millisecond))
	}
}

// together is the capacity for a mixture, from what is done of each class alone.
func together(alone map[admission.Class]float64) float64 {
	cost := 0.0
	for class, share := range shares {
		cost += share / alone[class]
	}
	return 1 / cost
}

// recovers waits until what is asked is normal again, and measures that in the fifth second.
func (l *load) recovers() *outcome {
	const second = time.Second
	early := l.closed(busy, 4*second, mixed).all()
	late := l.closed(busy, second, mixed).all()
	early.times = nil
	late.add(early)
	return late
}

// watchHealth asks every 50 ms, each time on a new connection, as orchestrators do. The function it returns ends that.
func watchHealth(t *testing.T, s *server) func() (took []time.Duration, wrong []string) {
	t.Helper()
	address := s.operator
	if *otherBinary != "" {
		address = s.address // where a program of before answers
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	stop, done := make(chan struct{}), make(chan struct{})
	var took []time.Duration
	var wrong []string
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
			began := time.Now()
			status := "no answer"
			if answer, err := client.Get("http://" + address + "/healthz"); err == nil {
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
				status = answer.Status
			}
			took = append(took, time.Since(began))
			if status != "200 OK" {
				wrong = append(wrong, status)
			}
		}
	}()
	return func() ([]time.Duration, []string) {
		close(stop)
		<-done
		return took, wrong
	}
}

// keeps compares what was acknowledged with what is there.
func (s *server) keeps(l *load, kept *outcome) {
	acknowledged := 0
	for of, ids := range kept.acknowledged {
		stored := s.stored(l.phones[of])
		for _, id := range ids {
			require.True(s.t, stored[id], "a session was acknowledged and is not there")
		}
		acknowledged += len(ids)
	}
	s.t.Logf("%d sessions acknowledged, all there", acknowledged)
}
