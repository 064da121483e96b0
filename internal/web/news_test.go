package web_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/api/door"
	"cadans/internal/run/testkit"
)

// A page that stays open goes on hearing what changes when every time-out of the server has passed.
func TestAPageHearsOn(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t, testkit.Hurried(door.Timeouts{Read: time.Second, Write: time.Second, Idle: time.Second}))
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	b := newBrowser(t, sys)
	b.signIn(therapist.Email)
	lines := b.listen("/live?topic=caseload")
	for opened := time.Now(); time.Since(opened) < 3*time.Second; {
		require.True(t, lines.Scan(), "the stream ended after %s", time.Since(opened))
	}
	anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
	for !strings.Contains(lines.Text(), `"type":"session"`) {
		require.True(t, lines.Scan(), "the stream ended before the event")
	}
	require.Contains(t, lines.Text(), string(anna.ID))
}

// listen opens an event stream as a page does.
func (b *browser) listen(path string) *bufio.Scanner {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, b.sys.URL+path, nil)
	require.NoError(b.t, err)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusOK, response.StatusCode)
	b.t.Cleanup(func() { _ = response.Body.Close() })
	return bufio.NewScanner(response.Body)
}
