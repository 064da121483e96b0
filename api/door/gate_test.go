package door

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"cadans/api/wire"
	"cadans/internal/kernel/admission"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/id"
)

func contract(t *testing.T) *Contract {
	t.Helper()
	source, err := os.ReadFile("../../openapi.yaml")
	require.NoError(t, err)
	c, err := ReadContract(source)
	require.NoError(t, err)
	return c
}

// Every operation of the contract is found by its path, whatever stands for its parameters.
func TestKinds_finds_every_operation(t *testing.T) {
	t.Parallel()
	c := contract(t)
	k := kindsOf(c)
	for i, o := range c.operations {
		path := pathWith(o.path, id.New())
		require.Equal(t, firstOperation+i, k.of([]byte(o.method), []byte(path)).number, "%s %s", o.method, path)
		if o.isGet() {
			require.Equal(t, firstOperation+i, k.of([]byte(http.MethodHead), []byte(path)).number)
		}
	}
}

func pathWith(path, value string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") {
			parts[i] = value
		}
	}
	return strings.Join(parts, "/")
}

func TestKinds_classes(t *testing.T) {
	t.Parallel()
	k := kindsOf(contract(t))
	for asked, class := range map[string]admission.Class{
		"POST /v1/me/sessions":                     admission.Writes,
		"POST /v1/auth/token-refreshes":            admission.Writes,
		"POST /v1/auth/pairing-redemptions":        admission.Writes,
		"GET /v1/me/today":                         admission.Reads,
		"HEAD /v1/me/today":                        admission.Reads,
		"GET /v1/me/sessions":                      admission.Reads,
		"POST /v1/patients":                        admission.Reads,
		"POST /caseload":                           admission.Reads,
		"GET /v1/caseload":                         admission.Rest,
		"POST /v1/auth/sessions":                   admission.Rest,
		"POST /sign-in":                            admission.Rest,
		"POST /sign-in/code":                       admission.Rest,
		"GET /caseload":                            admission.Rest,
		"GET /docs":                                admission.Rest,
		"GET ":                                     admission.Rest,
		"GET /v1/me/today/":                        admission.Rest,
		"GET /v1/patients/x/nowhere":               admission.Rest,
		"PATCH /v1/me/sessions":                    admission.Rest,
		"GET " + strings.Repeat("/v1/patients", 9): admission.Rest,
	} {
		method, path, _ := strings.Cut(asked, " ")
		got := k.of([]byte(method), []byte(path))
		require.Equal(t, class, got.class, asked)
		require.False(t, got.probe, asked)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		require.True(t, k.of([]byte("GET"), []byte(path)).probe)
		require.True(t, k.of([]byte("HEAD"), []byte(path)).probe)
	}
}

func TestKinds_costs_no_memory(t *testing.T) {
	k := kindsOf(contract(t))
	method, path := []byte("GET"), []byte("/v1/patients/"+id.New()+"/summary")
	require.Zero(t, testing.AllocsPerRun(100, func() { k.of(method, path) }))
}

// full is a gate at which as many wait as may.
func full(t *testing.T, log *strings.Builder) (*gate, *clock.Manual) {
	t.Helper()
	c := contract(t)
	now := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	l := admission.New(now, KindsOf(c))
	for {
		if _, ok := l.Enter(admission.Writes); !ok {
			break
		}
	}
	p := Parts{Contract: c, Limiter: l, Clock: now, Log: slog.New(slog.NewJSONHandler(log, nil))}
	return newGate(p, func(c *fasthttp.RequestCtx) { c.SetBodyString("let in") }), now
}

func asked(g *gate, method, path string, headers ...string) *fasthttp.RequestCtx {
	c := &fasthttp.RequestCtx{}
	c.Request.Header.SetMethod(method)
	c.Request.SetRequestURI(path)
	for i := 0; i+1 < len(headers); i += 2 {
		c.Request.Header.Set(headers[i], headers[i+1])
	}
	g.handle(c)
	return c
}

func TestGate_refuses_in_words(t *testing.T) {
	t.Parallel()
	g, _ := full(t, &strings.Builder{})
	for language, title := range map[string]string{"nl": "Even geduld", "en": "Busy"} {
		c := asked(g, "POST", "/v1/me/sessions", "Accept-Language", language)
		require.Equal(t, http.StatusServiceUnavailable, c.Response.StatusCode())
		require.Regexp(t, "^[123]$", string(c.Response.Header.Peek("Retry-After")))
		require.Equal(t, "application/problem+json", string(c.Response.Header.ContentType()))
		require.Equal(t, "no-store", string(c.Response.Header.Peek("Cache-Control")))
		require.Equal(t, language, string(c.Response.Header.Peek("Content-Language")))
		var p wire.Problem
		require.NoError(t, json.Unmarshal(c.Response.Body(), &p))
		require.Equal(t, "overloaded", p.Code)
		require.Equal(t, title, p.Title)
		require.Equal(t, string(c.Response.Header.Peek("X-Request-ID")), p.RequestID)
		require.NoError(t, uuid.Validate(p.RequestID))
	}
}

func TestGate_lets_probes_in_whatever_there_is_to_do(t *testing.T) {
	t.Parallel()
	g, _ := full(t, &strings.Builder{})
	for _, path := range []string{"/healthz", "/readyz"} {
		require.Equal(t, "let in", string(asked(g, "GET", path).Response.Body()))
	}
}

// The router takes a path as it was sent. Were it decoded here, "..%2F" would make any request a probe.
func TestGate_takes_a_path_as_it_was_sent(t *testing.T) {
	t.Parallel()
	g, _ := full(t, &strings.Builder{})
	for _, path := range []string{
		"/patients/..%2Fhealthz", "/patients/../healthz", "/patients/%2e%2e/healthz", "/./healthz", "//healthz",
		"/%68ealthz", "healthz",
	} {
		require.Equal(t, http.StatusServiceUnavailable, asked(g, "GET", path).Response.StatusCode(), path)
	}
	k := kindsOf(contract(t))
	for _, path := range []string{
		"/x/..%2Fv1/me/sessions", "/x/../v1/me/sessions", "/v1/me/%73essions", "v1/me/sessions",
	} {
		require.Equal(t, outside([]byte("POST")), k.of([]byte("POST"), []byte(path)), path)
	}
}

// Many refusals are one line a minute.
func TestGate_says_it_once_a_minute(t *testing.T) {
	t.Parallel()
	log := &strings.Builder{}
	g, now := full(t, log)
	for range 3 {
		for range 100 {
			asked(g, "GET", "/v1/me/today")
		}
		now.Advance(refusalLogInterval)
	}
	require.Equal(t, 3, strings.Count(log.String(), "\n"), log.String())
	require.Contains(t, log.String(), `"reads":201`)
}

// What it costs to refuse, beside reading the request and sending the answer.
func BenchmarkRefuse(b *testing.B) {
	source, err := os.ReadFile("../../openapi.yaml")
	require.NoError(b, err)
	parsed, err := ReadContract(source)
	require.NoError(b, err)
	l := admission.New(clock.System{}, KindsOf(parsed))
	for range 1000 {
		l.Enter(admission.Writes)
	}
	g := newGate(Parts{Contract: parsed, Limiter: l, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)}, nil)
	c := &fasthttp.RequestCtx{}
	c.Request.Header.SetMethod("GET")
	c.Request.Header.Set("Accept-Language", "nl-NL,nl;q=0.9")
	c.Request.SetRequestURI("/v1/me/today")
	for b.Loop() {
		c.Response.Reset()
		g.handle(c)
	}
}
