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

// hangUpInterval is how often a stream checks whether the client is still connected. Clients open a new stream for each
// page, and a member may only have a few.
const hangUpInterval = 250 * time.Millisecond

// Streams sends members server-sent events about changes.
type Streams struct {
	People    *people.Service
	Live      *live.Hub
	Heartbeat time.Duration
	Timeouts  Timeouts // ends the stream of a stalled client
}

// Stream is the answer to one client. It outlives its request, so it checks by itself whether its holder is still
// signed in and about whom it may send events.
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

// Open subscribes to topics, or to the caseload if there are none. After is the last event that the client received, or
// empty.
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

// Answer sends events until the client disconnects or is no longer signed in.
func (e *Stream) Answer(c *fiber.Ctx, known func(context.Context) error) error {
	e.conn, e.known = c.Context().Conn(), known
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no") // otherwise a proxy buffers events
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer e.listener.Close()
		e.out = w
		e.run()
	})
	return nil
}

// run sends events until the client disconnects, the token ends or the program stops. The heartbeat keeps its interval
// however many events there are, because it also checks the token.
func (e *Stream) run() {
	if !e.write("retry: 3000\n\n") {
		return
	}
	heartbeat, look := clock.System{}.After(e.streams.Heartbeat), clock.System{}.After(hangUpInterval)
	for {
		select {
		case <-look:
			if hungUp(e.conn) {
				return
			}
			look = clock.System{}.After(hangUpInterval)
		case event, open := <-e.listener.Events:
			if !open || !e.send(event) {
				return
			}
		case <-heartbeat:
			if !e.stillHolds() || !e.write(": still here\n\n") {
				return
			}
			heartbeat = clock.System{}.After(e.streams.Heartbeat)
		}
	}
}

// stillHolds checks again whether the client is still signed in, and about whom it may receive events.
func (e *Stream) stillHolds() bool {
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

// send sends an event if the member may see its patient, which may just have changed.
func (e *Stream) send(event live.Event) bool {
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
