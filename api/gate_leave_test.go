package api

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"cadans/internal/admission"
	"cadans/internal/clock"
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
		"an answer":            {path: "/v1/me/sessions", answer: answers(http.StatusOK), measured: true},
		"a time-out":           {path: "/v1/me/sessions", answer: answers(http.StatusServiceUnavailable), measured: true},
		"a form":               {path: "/caseload", answer: answers(http.StatusSeeOther), measured: true},
		"a body at its bound":  {path: "/v1/me/sessions", upload: bodyLimit, answer: answers(http.StatusOK), measured: true},
		"wrong from the start": {path: "/v1/me/sessions", answer: answers(http.StatusBadRequest)},
		"too many tries":       {path: "/v1/me/sessions", answer: answers(http.StatusTooManyRequests)},
		"an upload":            {path: "/v1/media", upload: bodyLimit + 1, answer: answers(http.StatusCreated)},
		"a film":               {path: "/v1/me/today", answer: func(c *fasthttp.RequestCtx) { c.SetBody(make([]byte, 1<<20)) }},
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

// idle is a gate at which nobody waits.
func idle(t *testing.T) (*gate, *clock.Manual) {
	t.Helper()
	c := contract(t)
	now := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	p := Parts{Contract: c, Limiter: admission.New(now, KindsOf(c)), Clock: now, Log: slog.New(slog.DiscardHandler)}
	return newGate(p, nil), now
}
