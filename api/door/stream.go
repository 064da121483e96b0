package door

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/internal/record/people"
)

// hangUpEvery is how often a stream looks whether somebody still listens: who leafs through pages opens one after
// another, and a member has only so many.
const hangUpEvery = 250 * time.Millisecond

// Streams tells members what changes, as server-sent events.
type Streams struct {
	People    *people.Service
	Live      *live.Hub
	Heartbeat time.Duration
	Timeouts  Timeouts // a stalled listener is let go
}

// Stream is one listener's answer. It outlives its request, so it looks again by itself whether its holder is
// still known and whom it may tell about.
type Stream struct {
	streams  Streams
	viewer   access.Viewer
	known    func(context.Context) error
	caseload bool
	single   []id.Patient
	sees     map[id.Patient]bool
	listener *live.Listener
	conn     net.Conn
	out      *bufio.Writer
}

// Open begins to listen to topics: the caseload when there are none. After is the last event that was seen, or empty.
func (s Streams) Open(ctx context.Context, v access.Viewer, topics []string, after string) (*Stream, error) {
	stream := &Stream{streams: s, viewer: v}
	stream.topics(topics)
	sees, err := stream.watched(ctx)
	if err != nil {
		return nil, err
	}
	stream.sees = sees
	stream.listener, err = s.Live.Listen(v.Member, sees, after)
	return stream, err
}

func (e *Stream) topics(asked []string) {
	e.caseload = len(asked) == 0
	for _, topic := range asked {
		if patient, single := strings.CutPrefix(topic, "patient:"); single {
			e.single = append(e.single, id.Patient(patient))
			continue
		}
		e.caseload = true
	}
}

func (e *Stream) watched(ctx context.Context) (map[id.Patient]bool, error) {
	return e.streams.People.Watched(ctx, e.viewer, e.caseload, e.single)
}

// Answer tells until the listener goes, or is no longer known.
func (e *Stream) Answer(c *fiber.Ctx, known func(context.Context) error) error {
	e.conn, e.known = c.Context().Conn(), known
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no") // or a proxy collects what should be told at once
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer e.listener.Close()
		e.out = w
		e.run()
	})
	return nil
}

// run tells until the listener, the token or the program goes. The heartbeat comes in its own time, however much there
// is to tell: the token is looked at then.
func (e *Stream) run() {
	if !e.write("retry: 3000\n\n") {
		return
	}
	heartbeat, look := clock.System{}.After(e.streams.Heartbeat), clock.System{}.After(hangUpEvery)
	for {
		select {
		case <-look:
			if hungUp(e.conn) {
				return
			}
			look = clock.System{}.After(hangUpEvery)
		case event, open := <-e.listener.Events:
			if !open || !e.tell(event) {
				return
			}
		case <-heartbeat:
			if !e.holds() || !e.write(": still here\n\n") {
				return
			}
			heartbeat = clock.System{}.After(e.streams.Heartbeat)
		}
	}
}

// holds asks again whether the listener is still known, and for whom the member sees.
func (e *Stream) holds() bool {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	if e.known(ctx) != nil {
		return false
	}
	return e.look(ctx)
}

func (e *Stream) look(ctx context.Context) bool {
	sees, err := e.watched(ctx)
	if err != nil {
		return false
	}
	e.sees = sees
	e.listener.Sees(sees)
	return true
}

// tell writes an event, if it is about somebody the member sees. Who that is may just have changed.
func (e *Stream) tell(event live.Event) bool {
	seen := event.Type == live.Reset || e.sees[event.Patient]
	if event.Type == live.Person {
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		defer cancel()
		if !e.look(ctx) {
			return false
		}
		seen = seen || e.sees[event.Patient]
	}
	if !seen {
		return true
	}
	data, err := json.Marshal(eventBody{Type: string(event.Type), ID: event.ID, PatientID: string(event.Patient)})
	if err != nil {
		return false
	}
	if event.ID == "" {
		return e.write(fmt.Sprintf("event: %s\ndata: %s\n\n", event.Type, data))
	}
	return e.write(fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", event.ID, event.Type, data))
}

type eventBody struct {
	Type      string `json:"type"`
	ID        string `json:"id,omitempty"`
	PatientID string `json:"patient_id,omitempty"`
}

func (e *Stream) write(text string) bool {
	if err := e.conn.SetWriteDeadline(clock.System{}.Now().Add(e.streams.Timeouts.orUsual().Stream)); err != nil {
		return false
	}
	if _, err := e.out.WriteString(text); err != nil {
		return false
	}
	return e.out.Flush() == nil
}
