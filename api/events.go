package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/internal/access"
	"cadans/internal/clock"
	"cadans/internal/id"
	"cadans/internal/live"
)

// streamWrite is how long a listener may take for one write; a stalled one is let go.
const streamWrite = 15 * time.Second

// StreamEvents implements StrictServerInterface.
func (s *Server) StreamEvents(ctx context.Context, r StreamEventsRequestObject) (StreamEventsResponseObject, error) {
	stream := &eventStream{server: s, viewer: viewerOf(ctx)}
	stream.topics(r.Params.Topic)
	sees, err := stream.watched(ctx)
	if err != nil {
		return nil, err
	}
	stream.sees = sees
	stream.listener, err = s.parts.Live.Listen(stream.viewer.Member, sees, value(r.Params.LastEventID))
	return stream, err
}

// eventStream is one listener's answer. It outlives its request, so it looks again by itself whether the token still
// holds and whom it may tell about.
type eventStream struct {
	server   *Server
	viewer   access.Viewer
	token    string
	caseload bool
	single   []id.Patient
	sees     map[id.Patient]bool
	listener *live.Listener
	conn     net.Conn
	out      *bufio.Writer
}

func (e *eventStream) topics(asked []string) {
	e.caseload = len(asked) == 0
	for _, topic := range asked {
		if patient, single := strings.CutPrefix(topic, "patient:"); single {
			e.single = append(e.single, id.Patient(patient))
			continue
		}
		e.caseload = true
	}
}

func (e *eventStream) watched(ctx context.Context) (map[id.Patient]bool, error) {
	return e.server.parts.People.Watched(ctx, e.viewer, e.caseload, e.single)
}

// VisitStreamEventsResponse implements StreamEventsResponseObject.
func (e *eventStream) VisitStreamEventsResponse(c *fiber.Ctx) error {
	_, e.token, _ = strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	e.conn = c.Context().Conn()
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set("X-Accel-Buffering", "no") // or a proxy collects what should be told at once
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer e.listener.Close()
		e.out = w
		e.run()
	})
	return nil
}

// run tells until the listener, the token or the program goes. The heartbeat comes in its own time, however much there is
// to tell: the token is looked at then.
func (e *eventStream) run() {
	if !e.write("retry: 3000\n\n") {
		return
	}
	heartbeat := clock.System{}.After(e.server.parts.Heartbeat)
	for {
		select {
		case event, open := <-e.listener.Events:
			if !open || !e.tell(event) {
				return
			}
		case <-heartbeat:
			if !e.holds() || !e.write(": still here\n\n") {
				return
			}
			heartbeat = clock.System{}.After(e.server.parts.Heartbeat)
		}
	}
}

// holds asks again for the token, which may have run out or been revoked, and for whom the member sees.
func (e *eventStream) holds() bool {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	if _, err := e.server.parts.Auth.Authenticate(ctx, e.token); err != nil {
		return false
	}
	return e.look(ctx)
}

func (e *eventStream) look(ctx context.Context) bool {
	sees, err := e.watched(ctx)
	if err != nil {
		return false
	}
	e.sees = sees
	e.listener.Sees(sees)
	return true
}

// tell writes an event, if it is about somebody the member sees. Who that is may just have changed.
func (e *eventStream) tell(event live.Event) bool {
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

func (e *eventStream) write(text string) bool {
	if err := e.conn.SetWriteDeadline(clock.System{}.Now().Add(streamWrite)); err != nil {
		return false
	}
	if _, err := e.out.WriteString(text); err != nil {
		return false
	}
	return e.out.Flush() == nil
}
