package push

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"firebase.google.com/go/v4/messaging"

	"cadans/internal/kernel/clock"
	"cadans/internal/rules/reminder"
)

// Console prints each push instead of sending it.
type Console struct {
	mu    sync.Mutex
	out   io.Writer
	clock clock.Clock
}

// NewConsole returns a sender that prints to out.
func NewConsole(out io.Writer, c clock.Clock) *Console { return &Console{out: out, clock: c} }

// Send implements reminder.Sender.
func (s *Console) Send(_ context.Context, m reminder.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := fmt.Fprintf(s.out, "push %s  %s  slot %s\n", s.clock.Now().UTC().Format(time.RFC3339), m.Body, m.Slot)
	return err
}

// Log writes each push as a JSON line, with the exact payload that would be sent.
type Log struct {
	mu    sync.Mutex
	out   *json.Encoder
	clock clock.Clock
}

// NewLog returns a sender that writes to out.
func NewLog(out io.Writer, c clock.Clock) *Log { return &Log{out: json.NewEncoder(out), clock: c} }

// LogLine is one line of the log.
type LogLine struct {
	At      time.Time          `json:"at"`
	Slot    string             `json:"slot"`
	Payload *messaging.Message `json:"payload"`
}

// Send implements reminder.Sender.
func (s *Log) Send(_ context.Context, m reminder.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now().UTC()
	return s.out.Encode(LogLine{At: now, Slot: string(m.Slot), Payload: Payload(m, now)})
}

// Both sends to two senders; the first determines the outcome of the message.
type Both struct{ First, Second reminder.Sender }

// Send implements reminder.Sender.
func (b Both) Send(ctx context.Context, m reminder.Message) error {
	if err := b.Second.Send(ctx, m); err != nil {
		return err
	}
	return b.First.Send(ctx, m)
}
