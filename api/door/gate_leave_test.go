package door

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"cadans/internal/kernel/admission"
	"cadans/internal/kernel/clock"
)

// long is a time that lowers the limit wherever it is measured.
const long = 3 * time.Second

// Every request hands its place back. Only what says how busy the server is moves the limit.
func TestGate_measures_what_says_something(t *testing.T) {
	t.Parallel()
	answers := func(status int) fasthttp.RequestHandler {
		return func(c *fasthttp.RequestCtx) { c.SetStatusCode(status) }
	}
	for name, is := range map[string]struct {
		path     string
		upload   int
		answer   fasthttp.RequestHandler
		measured bool
	}{
		"an answer": {path: "/v1/me/sessions", answer: answers(http.StatusOK), measured: true},
		"a time-out": {path: "/v1/me/sessions",
			answer: answers(http.StatusServiceUnavailable), measured: true},
		"a form": {path: "/caseload", answer: answers(http.StatusSeeOther), measured: true},
		"a body at its bound": {path: "/v1/me/sessions", upload: bodyLimit,
			answer: answers(http.StatusOK), measured: true},
		"wrong from the start": {path: "/v1/me/sessions", answer: answers(http.StatusBadRequest)},
		"too many tries":       {path: "/v1/me/sessions", answer: answers(http.StatusTooManyRequests)},
		"an upload":            {path: "/v1/media", upload: bodyLimit + 1, answer: answers(http.StatusCreated)},
		"a film": {path: "/v1/me/today",
			answer: func(c *fasthttp.RequestCtx) { c.SetBody(make([]byte, 1<<20)) }},
		"a stream": {path: "/v1/me/today", answer: func(c *fasthttp.RequestCtx) {
			c.SetBodyStream(strings.NewReader("event"), -1)
		}},
		"signing in":                {path: "/v1/auth/sessions", answer: answers(http.StatusServiceUnavailable)},
		"signing in at the pages":   {path: "/sign-in", answer: answers(http.StatusServiceUnavailable)},
		"the code after a password": {path: "/sign-in/code", answer: answers(http.StatusSeeOther)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, now := idle(t)
			before := g.limiter.Limit()
			g.next = func(c *fasthttp.RequestCtx) {
				require.Equal(t, 1, g.limiter.InFlight())
				now.Advance(long)
				is.answer(c)
			}
			for range 20 {
				c := &fasthttp.RequestCtx{}
				c.Request.Header.SetMethod("POST")
				c.Request.SetRequestURI(is.path)
				c.Request.SetBody(make([]byte, is.upload))
				g.handle(c)
				require.Zero(t, g.limiter.InFlight())
			}
			require.Equal(t, is.measured, g.limiter.Limit() < before, g.limiter.Limit())
		})
	}
}

// A handler that panics hands its place back as well.
func TestGate_a_panic_hands_its_place_back(t *testing.T) {
	t.Parallel()
	g, _ := idle(t)
	g.next = func(*fasthttp.RequestCtx) { panic("in a handler") }
	require.Panics(t, func() { asked(g, "GET", "/v1/me/today") })
	require.Zero(t, g.limiter.InFlight())
}

// Whoever looks at pages reads a page, which comes back by itself. A form does not: what was typed would be lost.
func TestGate_refuses_people_with_a_page(t *testing.T) {
	t.Parallel()
	g, _ := full(t, &strings.Builder{})
	for language, title := range map[string]string{"nl": "<h1>Even geduld</h1>", "en": "<h1>Busy</h1>"} {
		read := asked(g, "GET", "/caseload", "Accept", "text/html,*/*;q=0.8", "Accept-Language", language)
		require.Equal(t, http.StatusServiceUnavailable, read.Response.StatusCode())
		require.Equal(t, "text/html; charset=utf-8", string(read.Response.Header.ContentType()))
		require.Contains(t, string(read.Response.Body()), `<html lang="`+language+`">`)
		require.Contains(t, string(read.Response.Body()), title)
		require.Contains(t, string(read.Response.Body()), string(read.Response.Header.Peek("X-Request-ID")))
		require.Equal(t, read.Response.Header.Peek("Retry-After"), read.Response.Header.Peek("Refresh"))
		written := asked(g, "POST", "/caseload", "Accept", "text/html", "Accept-Language", language)
		require.Contains(t, string(written.Response.Body()), title)
		require.Empty(t, written.Response.Header.Peek("Refresh"))
	}
	for _, program := range []*fasthttp.RequestCtx{
		asked(g, "GET", "/v1/me/today", "Accept", "text/html"), asked(g, "GET", "/live", "Accept", "text/event-stream"),
	} {
		require.Equal(t, "application/problem+json", string(program.Response.Header.ContentType()))
	}
	planted := asked(g, "GET", "/caseload", "Accept", "text/html", "X-Request-ID", "<script>")
	require.NotContains(t, string(planted.Response.Body()), "<script>")
}

// idle is a gate at which nobody waits.
func idle(t *testing.T) (*gate, *clock.Manual) {
	t.Helper()
	c := contract(t)
	now := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	p := Parts{Contract: c, Limiter: admission.New(now, KindsOf(c)), Clock: now, Log: slog.New(slog.DiscardHandler)}
	return newGate(p, nil), now
}
