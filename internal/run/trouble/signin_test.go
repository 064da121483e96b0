package trouble_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// PostgreSQL falls silent while members sign in: a password is being checked, and what comes of it is stored
// afterwards. Nobody waits longer than any other request may. A browser that was refused a page asks again by itself.
func TestWhoSignsInWhileTheServerFallsSilent(t *testing.T) {
	t.Parallel()
	wire := testdb.NewWire(t, testdb.Postgres(t))
	sys := testkit.Start(t, testkit.AsReplica(wire.URL, 1), testkit.Unanswered)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	var all sync.WaitGroup
	tries, signedIn := make([]attempt, 4), atomic.Int64{} // fewer at once than may be wrong
	for i := range tries {
		all.Go(func() {
			tries[i] = signsIn(sys, therapist)
			for tries[i].answer.Status == http.StatusCreated {
				signedIn.Add(1)
				tries[i] = signsIn(sys, therapist)
			}
		})
	}
	require.Eventually(t, func() bool { return signedIn.Load() > 50 }, time.Minute, time.Millisecond)
	wire.Breaks(testdb.Silence)
	all.Wait()
	for _, last := range tries {
		require.NoError(t, last.err)
		require.Equal(t, http.StatusServiceUnavailable, last.answer.Status, string(last.answer.Body))
		require.Contains(t, []string{"database-unavailable", "perhaps-stored"}, last.answer.Problem().Code)
		require.NotEmpty(t, last.answer.Header.Get("Retry-After"))
		require.Less(t, last.took, 8*time.Second)
	}
	page := get(t, sys.URL+"/caseload")
	require.Equal(t, http.StatusServiceUnavailable, page.StatusCode)
	require.NotEmpty(t, page.Header.Get("Retry-After"))
	require.Equal(t, page.Header.Get("Retry-After"), page.Header.Get("Refresh"))
	sys.ExpectedErrors()
}

// attempt is one try to sign in.
type attempt struct {
	answer testkit.Answer
	err    error
	took   time.Duration
}

func signsIn(sys *testkit.System, m *testkit.Member) (a attempt) {
	began := time.Now()
	a.answer, a.err = sys.Send(
		"POST", "/v1/auth/sessions", "", client.LogIn{Email: m.Email, Password: testkit.Password},
	)
	a.took = time.Since(began)
	return a
}

// get asks for a page with a cookie that somebody may have.
func get(t *testing.T, url string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	r.Header.Set("Accept", "text/html")
	r.AddCookie(&http.Cookie{Name: "__Host-session", Value: "0123456789abcdef0123456789abcdef"})
	answer, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer
}
