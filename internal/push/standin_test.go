package push_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/api/option"

	"cadans/internal/kernel/clock"
	"cadans/internal/push"
)

// google stands for Google: it hands out tokens and takes messages, over TLS and HTTP/2, and misbehaves as it is told.
type google struct {
	*httptest.Server
	key   *rsa.PrivateKey
	clock *clock.Manual

	mu       sync.Mutex
	token    http.HandlerFunc // nil hands out a token
	send     http.HandlerFunc // nil accepts
	requests int
	protocol string
	slots    []string // accepted
}

// keyPair is made once: it is what takes long about a stand-in.
var keyPair = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newGoogle(t *testing.T) *google {
	t.Helper()
	key, err := keyPair()
	require.NoError(t, err)
	g := &google{key: key, clock: clock.NewManual(now)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", g.handOut)
	mux.HandleFunc("POST /v1/projects/clinic/messages:send", g.take)
	g.Server = httptest.NewUnstartedServer(mux)
	g.EnableHTTP2 = true
	g.StartTLS()
	t.Cleanup(g.Close)
	return g
}

func (g *google) behave(token, send http.HandlerFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.token, g.send = token, send
}

func (g *google) handOut(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil { // only with the body read does a server see that its client has gone
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	misbehave := g.token
	g.mu.Unlock()
	if misbehave != nil {
		misbehave(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"access_token":"lent","token_type":"Bearer","expires_in":3600}`))
}

func (g *google) take(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Message struct{ Data struct{ Slot string } }
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	g.mu.Lock()
	g.requests++
	g.protocol = r.Proto
	misbehave := g.send
	if misbehave == nil {
		g.slots = append(g.slots, body.Message.Data.Slot)
	}
	g.mu.Unlock()
	if misbehave != nil {
		misbehave(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"name":"projects/clinic/messages/1"}`))
}

func (g *google) seen() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requests
}

// trusting is a transport that knows the stand-in's certificate.
func (g *google) trusting() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	pool := x509.NewCertPool()
	pool.AddCert(g.Certificate())
	t.TLSClientConfig = &tls.Config{RootCAs: pool}
	return t
}

// fcm signs in at the stand-in and sends through it.
func (g *google) fcm(t *testing.T) *push.FCM { return g.fcmOver(t, g.trusting(), g.URL) }

func (g *google) fcmOver(t *testing.T, transport *http.Transport, endpoint string) *push.FCM {
	t.Helper()
	// the credentials library trusts the system's certificates alone
	tokens := httptest.NewServer(http.HandlerFunc(g.handOut))
	t.Cleanup(tokens.Close)
	file := serviceAccount(t, g.key, tokens.URL+"/token")
	f, err := push.NewFCMOver(transport, file, g.clock, option.WithEndpoint(endpoint+"/v1"))
	require.NoError(t, err)
	t.Cleanup(transport.CloseIdleConnections)
	return f
}

// answering is an answer with a status, an error of FCM and a header.
func answering(status int, body, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func fcmError(status, code string) string {
	return `{"error":{"status":"` + status +
		`","message":"about token","details":[
		{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"` + code + `"}]}}`
}

func violation(field string) string {
	return `{"error":{"status":"INVALID_ARGUMENT","details":[
		{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"INVALID_ARGUMENT"},
		{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"` + field +
		`","description":"Invalid"}]}]}}`
}

// hanging answers when the request is given up.
func hanging(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// cutting breaks the connection off: before an answer, or within one.
func cutting(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if status > 0 {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(strings.Repeat("{", 100)))
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

func within(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}
