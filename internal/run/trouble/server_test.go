package trouble_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// senders are phones that log one session after another. Each session is sent until it is acknowledged.
type senders struct {
	t       *testing.T
	sys     *testkit.System
	stopped chan struct{}
	group   sync.WaitGroup

	mu           sync.Mutex
	acknowledged int
	again        int           // sessions that were sent more than once
	thrice       int           // of them those that a client which tries again once gives up
	later        int           // answers that told a phone to come later
	odd          []string      // answers that a phone cannot make sense of
	stall        time.Duration // the longest that a session took, with every try
	slowest      time.Duration // the longest that an answer took
}

// sending lets phones send until end.
func sending(t *testing.T, sys *testkit.System, phones int) *senders {
	t.Helper()
	s := &senders{t: t, sys: sys, stopped: make(chan struct{})}
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	for i := range phones {
		p := therapist.NewPatient(fmt.Sprintf("P. %d", i), "Europe/Amsterdam")
		therapist.Publishes(p, 7)
		p.Token() // it is paired before the trouble begins
		s.group.Go(func() { s.run(p) })
	}
	return s
}

func (s *senders) run(p *testkit.Patient) {
	for {
		select {
		case <-s.stopped:
			return
		default:
			s.log(p)
		}
	}
}

// log sends one session until it is acknowledged.
func (s *senders) log(p *testkit.Patient) {
	body := p.FullSession(s.sys.Clock.Now(), 3, 2)
	began := time.Now()
	for tries := 1; ; tries++ {
		asked := time.Now()
		answer, err := p.Send("POST", "/v1/me/sessions", body)
		s.took(time.Since(asked))
		if err == nil && (answer.Status == http.StatusCreated || answer.Status == http.StatusOK) {
			s.note(tries, time.Since(began))
			return
		}
		if err != nil || answer.Status != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
			s.oddly(fmt.Sprintf("%d %s %v", answer.Status, answer.Body, err))
			return
		}
		s.comesLater()
		<-clock.System{}.After(20 * time.Millisecond)
	}
}

func (s *senders) note(tries int, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acknowledged++
	s.stall = max(s.stall, took)
	if tries > 1 {
		s.again++
	}
	if tries > 2 {
		s.thrice++
	}
}

func (s *senders) oddly(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.odd = append(s.odd, what)
}

func (s *senders) took(long time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowest = max(s.slowest, long)
}

func (s *senders) comesLater() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.later++
}

// refused counts the answers that told a phone to come later.
func (s *senders) refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.later
}

func (s *senders) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.acknowledged
}

// goesOn waits until so many more sessions are acknowledged, and returns how long the first took.
func (s *senders) goesOn(more int) (first time.Duration) {
	s.t.Helper()
	before, began := s.count(), time.Now()
	require.Eventually(s.t, func() bool {
		if first == 0 && s.count() > before {
			first = time.Since(began)
		}
		return s.count() >= before+more
	}, 20*time.Second, 5*time.Millisecond)
	return first
}

// end stops the phones, and expects every acknowledged session once and no answer but success and "later".
func (s *senders) end() {
	s.t.Helper()
	close(s.stopped)
	s.group.Wait()
	s.t.Logf(
		"%d sessions acknowledged, %d sent again, %d more than once; the longest took %v", s.acknowledged, s.again,
		s.thrice, s.stall.Round(time.Millisecond),
	)
	require.Empty(s.t, s.odd)
	require.Equal(s.t, s.acknowledged, counted(s.sys)["sessions"])
	s.sys.ExpectedErrors()
}

// An administrator, a pooler or a balancer ends every connection again and again. No phone has to try more than twice.
func TestConnectionsAreEnded(t *testing.T) {
	t.Parallel()
	url := testdb.Postgres(t)
	sys := testkit.Start(t, testkit.AsReplica(url, 1), testkit.Unanswered)
	s := sending(t, sys, 8)
	for range rounds(50) {
		<-clock.System{}.After(time.Duration(100+rand.IntN(200)) * time.Millisecond)
		testdb.ExecPostgres(t, url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "+
			"WHERE datname = current_database() AND pid <> pg_backend_pid()")
	}
	s.goesOn(8)
	s.end()
	require.Zero(t, s.thrice, "sessions that were refused twice")
	figure(t, "longest stall", s.stall, time.Second)
}

// PostgreSQL is killed and started again: meanwhile phones are told to come later,
// and soon after it is there they go on.
func TestTheServerIsKilledAndStarted(t *testing.T) {
	t.Parallel()
	server := testdb.NewCluster(t)
	server.Exec("postgres", "CREATE DATABASE cadans")
	sys := testkit.Start(t, testkit.AsReplica(server.URL("cadans"), 1), testkit.Unanswered)
	s := sending(t, sys, 8)
	slowest := time.Duration(0)
	for range rounds(20) {
		s.goesOn(16)
		server.Kill()
		server.Start()
		slowest = max(slowest, s.goesOn(1))
	}
	s.end()
	figure(t, "first session after the server is back", slowest, 2*time.Second)
}

// The connection is cut in commits, before the server hears of one and after it has stored it. A phone is never told
// that nothing was stored where something may be, sends again, and everything is there once.
func TestCommitsThatAreCutOff(t *testing.T) {
	t.Parallel()
	for name, where := range map[string]testdb.Cut{"before": testdb.BeforeCommit, "after": testdb.AfterCommit} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire := testdb.NewWire(t, testdb.Postgres(t))
			sys := testkit.Start(t, testkit.AsReplica(wire.URL, 1), testkit.Unanswered)
			s := sending(t, sys, 4)
			for range rounds(100) {
				again := s.refused()
				wire.BreaksOnce(where)
				require.Eventually(t, func() bool { return s.refused() > again }, 20*time.Second, time.Millisecond)
			}
			wire.Breaks(testdb.Nowhere)
			s.goesOn(8)
			s.end()
		})
	}
}

// PostgreSQL says nothing, and hangs nobody up. Each request ends within the time it has.
func TestASilentServer(t *testing.T) {
	t.Parallel()
	wire := testdb.NewWire(t, testdb.Postgres(t))
	sys := testkit.Start(t, testkit.AsReplica(wire.URL, 1), testkit.Unanswered)
	s := sending(t, sys, 4)
	s.goesOn(8)
	wire.Breaks(testdb.Silence)
	again := s.refused()
	require.Eventually(
		t, func() bool { return s.refused() >= again+4 }, 20*time.Second, 10*time.Millisecond,
		"each phone is told to come later",
	)
	wire.Breaks(testdb.Nowhere)
	wire.CutAll()
	s.goesOn(8)
	s.end()
	figure(t, "longest answer", s.slowest, 6*time.Second)
}
