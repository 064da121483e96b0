package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/push"
	"cadans/internal/rules/reminder"
)

// phones replaces the push service: it records every message by address.
type phones struct {
	mu       sync.Mutex
	received map[string][]reminder.Message
	fail     map[string]error
	payloads []string
	status   reminder.Status
}

func newPhones() *phones {
	return &phones{received: map[string][]reminder.Message{}, fail: map[string]error{}}
}

// Send implements reminder.Sender.
func (p *phones) Send(_ context.Context, m reminder.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.fail[m.Target.Address]; err != nil {
		return err
	}
	payload, err := json.Marshal(push.Payload(m, time.Unix(0, 0)))
	if err != nil {
		return err
	}
	p.payloads = append(p.payloads, string(payload))
	p.received[m.Target.Address] = append(p.received[m.Target.Address], m)
	return nil
}

// Room implements reminder.Health.
func (p *phones) Room() int { return math.MaxInt }

// IsWell implements reminder.Health.
func (p *phones) IsWell() bool { return true }

// Status implements reminder.Health.
func (p *phones) Status() reminder.Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// PushService sets the status of the push service.
func (s *System) PushService(status reminder.Status) {
	s.phones.mu.Lock()
	defer s.phones.mu.Unlock()
	s.phones.status = status
}

func (p *phones) take(address string) []reminder.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	messages := p.received[address]
	delete(p.received, address)
	return messages
}

func (p *phones) expectNothingMore(t testing.TB) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for address, messages := range p.received {
		require.Empty(t, describe(messages), "%s got pushes that the test did not expect", address)
	}
}

func describe(messages []reminder.Message) (texts []string) {
	for _, m := range messages {
		texts = append(texts, fmt.Sprintf("%s: %s", m.Kind, m.Body))
	}
	return texts
}

// ForgetPushes clears the pushes of every phone, in tests that are not about pushes.
func (s *System) ForgetPushes() {
	s.phones.mu.Lock()
	defer s.phones.mu.Unlock()
	clear(s.phones.received)
	s.phones.payloads = nil
}

// Payloads returns every payload as it would go to the push service.
func (s *System) Payloads() []string {
	s.phones.mu.Lock()
	defer s.phones.mu.Unlock()
	return s.phones.payloads
}

// FailPushes makes every message to the patient's phone fail with an error; nil ends that.
func (s *System) FailPushes(p *Patient, err error) {
	s.phones.mu.Lock()
	defer s.phones.mu.Unlock()
	s.phones.fail[p.address] = err
}

// Send sends a raw request, as Call does, and renews the phone's tokens when needed.
func (p *Patient) Send(method, path string, body any) (Answer, error) {
	r, err := http.NewRequestWithContext(
		context.Background(), method, p.sys.URL+path, bytes.NewReader(p.sys.encode(body)),
	)
	if err != nil {
		return Answer{}, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := (&phoneClient{sys: p.sys, tokens: p.token, check: p.sys.checker()}).Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	return Answer{Status: response.StatusCode, Header: response.Header, Body: read}, err
}
