package trouble_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// phone does what the documentation asks of an app: it keeps what was acknowledged, and the epoch.
type phone struct {
	*testkit.Patient
	t   *testing.T
	sys *testkit.System

	mu    sync.Mutex
	epoch string
	kept  []fact
}

// fact is something a patient told.
type fact struct {
	path string
	body any
}

func newPhone(t *testing.T, sys *testkit.System, p *testkit.Patient) *phone {
	return &phone{Patient: p, t: t, sys: sys}
}

// tries sends until the answer is another than "later", as an app does. A phone whose tokens cannot be renewed for
// the time being is told 401 and tries on; one that is signed out never gets further.
func (p *phone) tries(method, path string, body any) (answer testkit.Answer) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		var err error
		answer, err = p.Send(method, path, body)
		return err == nil && answer.Status != http.StatusServiceUnavailable && answer.Status != http.StatusUnauthorized
	}, 20*time.Second, 10*time.Millisecond, "%s %s: %d %s", method, path, answer.Status, answer.Body)
	return answer
}

// tells sends a fact and keeps it once it is acknowledged.
func (p *phone) tells(path string, body any) {
	p.t.Helper()
	answer := p.tries("POST", path, body)
	require.Contains(p.t, []int{http.StatusOK, http.StatusCreated}, answer.Status, string(answer.Body))
	p.keeps(fact{path, body})
}

func (p *phone) keeps(f fact) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = append(p.kept, f)
}

// tellsOfEverything sends one of each kind of fact.
func (p *phone) tellsOfEverything() {
	p.t.Helper()
	day := p.Today()
	p.tells("/v1/me/sessions", p.FullSession(p.sys.Clock.Now(), 3, 2))
	p.tells(
		"/v1/me/barrier-reports", map[string]any{"id": p.sys.NewID(), "local_date": day.String(), "barrier": "time"},
	)
	p.tells("/v1/me/check-ins", map[string]any{"id": p.sys.NewID(), "local_date": day.String(),
		"new_signs": []any{}, "nprs_avg24": 4})
	p.tells("/v1/me/activity-batches", map[string]any{"items": []any{map[string]any{
		"kind": "steps", "source": "manual", "external_id": p.sys.NewID(), "version": 1, "count": 1000,
		"start_at": day.AddDays(-1).String() + "T09:00:00Z", "end_at": day.AddDays(-1).String() + "T10:00:00Z",
	}}})
}

// looks reads the day, and reports whether the epoch is another than the one that was kept.
func (p *phone) looks() (changed bool) {
	p.t.Helper()
	answer := p.tries("GET", "/v1/me/today", nil)
	require.Equal(p.t, http.StatusOK, answer.Status, string(answer.Body))
	epoch := answer.Header.Get("Database-Epoch")
	require.NotEmpty(p.t, epoch)
	changed = p.epoch != "" && p.epoch != epoch
	p.epoch = epoch
	return changed
}

// sendsAgain sends everything that was acknowledged, and returns how many records were made.
func (p *phone) sendsAgain() (made int) {
	p.t.Helper()
	for _, f := range p.kept {
		answer := p.tries("POST", f.path, f.body)
		require.Contains(p.t, []int{http.StatusOK, http.StatusCreated}, answer.Status, string(answer.Body))
		if answer.Status == http.StatusCreated {
			made++
		}
	}
	return made
}
