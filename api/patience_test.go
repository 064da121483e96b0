package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/api/door"
	"cadans/internal/run/testkit"
)

// hurried is long enough for a busy machine and short enough for a test.
var hurried = door.Timeouts{
	Read: time.Second, Write: time.Second, Idle: time.Second, Media: time.Second, Stream: time.Second,
}

// lasts reads heartbeats for as long as a stream has to live.
func (s *stream) lasts(long time.Duration) {
	s.t.Helper()
	for opened := time.Now(); time.Since(opened) < long; {
		require.Equal(s.t, "comment", <-s.events, "after %s", time.Since(opened))
	}
}

func outlives(t *testing.T, long time.Duration, with ...testkit.Option) {
	t.Helper()
	sys := testkit.Start(t, with...)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	token := therapist.Token()
	s := listens(t, sys, token, "")
	s.lasts(long)
	anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
	s.hears("session", anna)

	for range 7 {
		listens(t, sys, token, "")
	}
	require.Equal(t, http.StatusTooManyRequests, sys.Call("GET", "/v1/events", token, nil).Status)
	s.cancel()
	require.Eventually(t, func() bool { return sys.Call("GET", "/v1/events", token, nil).Status == http.StatusOK },
		patience, 50*time.Millisecond, "who hangs up makes room")
}

// An event stream lives on when every time-out of the server has passed, and one that is left makes room.
func TestAStreamOutlivesEveryTimeout(t *testing.T) {
	t.Parallel()
	outlives(t, 3*time.Second, testkit.Hurried(hurried))
}

// The same with the time-outs as they are.
func TestAStreamOutlivesTheUsualTimeouts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes 35 seconds")
	}
	outlives(t, 35*time.Second)
}
