package trouble_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// PostgreSQL falls silent while members sign in: a password is being checked, and what comes of it is stored afterwards. Nobody
// waits longer than any other request may. A browser that was refused a page asks again by itself.
func TestWhoSignsInWhileTheServerFallsSilent(t *testing.T) {
	t.Parallel()
	wire := testkit.NewWire(t, testkit.Postgres(t))
	sys := testkit.Start(t, testkit.AsReplica(wire.URL, 1), testkit.Unanswered)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	var all sync.WaitGroup
	longest := make([]time.Duration, 8)
	for i := range longest {
		all.Go(func() {
			for status := http.StatusCreated; status < http.StatusInternalServerError; {
				began := time.Now()
				status = sys.Call("POST", "/v1/auth/sessions", "", client.LogIn{Email: therapist.Email, Password: testkit.Password}).Status
				longest[i] = max(longest[i], time.Since(began))
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	wire.Breaks(testkit.Silence)
	all.Wait()
	for _, took := range longest {
		require.Less(t, took, 8*time.Second)
	}
	page := get(t, sys.URL+"/caseload")
	require.Equal(t, http.StatusServiceUnavailable, page.StatusCode)
	require.NotEmpty(t, page.Header.Get("Retry-After"))
	require.Equal(t, page.Header.Get("Retry-After"), page.Header.Get("Refresh"))
	sys.ExpectedErrors()
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
