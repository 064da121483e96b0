package trouble_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/run/testdb"
)

// Two replicas behind a balancer are restarted one after the other, as a new version is rolled out. Phones, which try
// nothing twice here, notice nothing.
func TestRollingRestart(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some restarts")
	}
	drain := 5 * time.Second // a busy machine may ask late
	if *figures {
		drain = time.Second
	}
	first := startServer(t, "CADANS_DATABASE_URL="+testdb.Postgres(t), "CADANS_DRAIN_WAIT="+drain.String(), signingKey)
	_, phones := first.people(16)
	second := first.beside()
	c, end := visiting(t, newBalancer(t, first, second), phones)
	for i := range rounds(30) {
		c.goesOn()
		[]*server{first, second}[i%2].restart()
	}
	c.goesOn()
	end()
}

// balancer sends requests to replicas that say they are ready.
type balancer struct {
	server *httptest.Server
	ready  []atomic.Bool
	next   atomic.Int64
	all    []*server
}

// probedEvery is how often replicas are asked: a tenth of the time for which one that is stopped goes on answering.
const probedEvery = 100 * time.Millisecond

func newBalancer(t *testing.T, all ...*server) *balancer {
	b := &balancer{all: all, ready: make([]atomic.Bool, len(all))}
	stop := make(chan struct{})
	var group sync.WaitGroup
	for i := range all {
		b.ready[i].Store(true)
		group.Go(func() { b.probe(i, stop) })
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	b.server = httptest.NewServer(&httputil.ReverseProxy{Transport: transport, Rewrite: b.rewrite})
	t.Cleanup(func() {
		close(stop)
		group.Wait()
		b.server.Close()
		transport.CloseIdleConnections()
	})
	return b
}

func (b *balancer) probe(i int, stop chan struct{}) {
	at, prober := b.all[i].address, http.Client{Timeout: 5 * probedEvery}
	for {
		select {
		case <-stop:
			return
		case <-clock.System{}.After(probedEvery):
			answer, err := prober.Get("http://" + at + "/readyz")
			b.ready[i].Store(err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK)
		}
	}
}

func (b *balancer) rewrite(r *httputil.ProxyRequest) {
	n := int(b.next.Add(1))
	for i := range b.all {
		if at := (n + i) % len(b.all); b.ready[at].Load() {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", b.all[at].address
			return
		}
	}
	r.Out.URL.Scheme, r.Out.URL.Host = "http", "nobody.invalid"
}

// customers read and write through the balancer, and note what fails.
type customers struct {
	t        *testing.T
	url      string
	client   http.Client // it keeps connections open
	answered atomic.Int64
	mu       sync.Mutex
	failures []string
}

// visiting lets phones ask through a balancer until end, which expects that nobody was refused.
func visiting(t *testing.T, through *balancer, phones []paired) (c *customers, end func()) {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: len(phones)}
	c = &customers{t: t, url: through.server.URL, client: http.Client{Transport: transport}}
	var group sync.WaitGroup
	stop := make(chan struct{})
	stopped := sync.OnceFunc(func() { close(stop); group.Wait() })
	t.Cleanup(stopped)
	for _, p := range phones {
		group.Go(func() { c.visit(p, stop) })
	}
	return c, func() {
		t.Helper()
		stopped()
		t.Logf("%d requests, %d failed", c.answered.Load()+int64(len(c.failures)), len(c.failures))
		require.Empty(t, c.failures)
	}
}

// visit asks until stop, or until something failed.
func (c *customers) visit(p paired, stop chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
			if !c.ask(p, n%2 == 0) {
				return
			}
		}
	}
}

func (c *customers) ask(p paired, writes bool) (answered bool) {
	method, path, body := "GET", "/v1/me/today", ""
	if writes {
		now := clock.System{}.Now().UTC()
		method, path = "POST", "/v1/me/sessions"
		body = fmt.Sprintf(`{"id":"%s","performed_at":"%s","local_date":"%s","time_zone":"UTC","status":"completed",`+
			`"program_version_id":"%s","items":[{"item_id":"%s","sets":3}]}`, newID(), now.Format(time.RFC3339),
			now.Format(time.DateOnly), p.version, p.item)
	}
	r, err := http.NewRequest(method, c.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		panic(err) // only for an address that is none
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.token)
	status, text, err := c.do(r)
	if err == nil && status < 300 {
		c.answered.Add(1)
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, fmt.Sprint(method, " ", path, ": ", status, " ", text, " ", err))
	return false
}

func (c *customers) do(r *http.Request) (status int, text string, err error) {
	answer, err := c.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(read), err
}

// goesOn waits until some more requests were answered.
func (c *customers) goesOn() {
	c.t.Helper()
	before := c.answered.Load()
	require.Eventually(
		c.t, func() bool { return c.answered.Load() >= before+300 || c.failed() }, time.Minute, 10*time.Millisecond,
	)
	require.False(c.t, c.failed(), "a phone noticed")
}

func (c *customers) failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, failure := range c.failures {
		c.t.Log(failure)
	}
	return len(c.failures) > 0
}
