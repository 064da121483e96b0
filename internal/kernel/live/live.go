// Package live tells open screens that something has changed, so that they need not poll.
//
// An event is thin: what changed and about whom, never a name or a number. The client reads the record through the
// API, where the access rules apply. The package promises that an event follows its commit, on every replica; that a
// listener that was disconnected gets what it missed, or a reset that says that something was missed; and that a
// listener gets no event about a patient it may not see. If a replica dies between a commit and its announcement, all
// listeners get a reset when it starts again. Nothing is stored on disk: losing an event costs a reload, and a reset
// asks for one.
package live

import (
	"slices"
	"strings"
	"sync"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// Type says what changed.
type Type string

// The types.
const (
	Session  Type = "session"   // logged, corrected, deleted, or a barrier
	Program  Type = "program"   // a version, or a pause
	Person   Type = "person"    // settings, phase, or who treats them
	Alert    Type = "alert"     // raised, seen, put off, or ended
	AlertNow Type = "alert_now" // one that cannot wait for the digest
	Feedback Type = "feedback"  // sent, or opened
	Request  Type = "request"   // for a change
	Visit    Type = "visit"
	Reset    Type = "reset" // something was missed: read again what is shown
)

// Event is one change. Its ID is a UUIDv7.
type Event struct {
	ID      string
	Type    Type
	Patient id.Patient
}

// Announce sends an event once the transaction is on disk.
func Announce(tx *database.Tx, t Type, patient id.Patient) {
	tx.Announce(id.New() + " " + string(t) + " " + string(patient))
}

func parse(payload string) (Event, bool) {
	parts := strings.Split(payload, " ")
	if len(parts) != 3 {
		return Event{}, false
	}
	return Event{ID: parts[0], Type: Type(parts[1]), Patient: id.Patient(parts[2])}, true
}

// Limits.
const (
	remembered = 4096 // events that a listener can have missed and still get
	waiting    = 256  // events on their way to one listener
	most       = 512  // listeners
	mostOfOne  = 8    // of one member
)

// ErrTooMany means that there are too many listeners.
var ErrTooMany = fault.New(fault.TooMany, "too-many-streams", "too many open event streams")

// Hub distributes events to listeners.
type Hub struct {
	mu        sync.Mutex
	recent    []Event
	listeners map[*Listener]struct{}
	closed    bool
}

// NewHub returns a hub for the announcements of the database.
func NewHub(db *database.DB) *Hub {
	h := &Hub{listeners: map[*Listener]struct{}{}}
	db.Listen(h.heard, h.lost)
	return h
}

func (h *Hub) heard(payload string) {
	e, ok := parse(payload)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.recent) >= 2*remembered { // half is dropped at once, not one by one
		h.recent = slices.Clone(h.recent[remembered:])
	}
	h.recent = append(h.recent, e)
	for l := range h.listeners {
		l.offer(e)
	}
}

// lost drops the remembered events, because some may be missing, and sends a reset.
func (h *Hub) lost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent = nil
	for l := range h.listeners {
		l.missed()
	}
}

// Listener is one open stream. Events is closed when the hub closes.
type Listener struct {
	Events chan Event
	hub    *Hub
	member id.Member
	sees   map[id.Patient]bool
}

// Listen subscribes a member to events about the patients it sees. It starts with the events after the given one. If
// that event is no longer remembered, the first event is a reset. With an empty id it starts with new events.
func (h *Hub) Listen(member id.Member, sees map[id.Patient]bool, after string) (*Listener, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	of := 0
	for l := range h.listeners {
		if l.member == member {
			of++
		}
	}
	if h.closed || len(h.listeners) >= most || of >= mostOfOne {
		return nil, ErrTooMany
	}
	l := &Listener{Events: make(chan Event, waiting), hub: h, member: member, sees: sees}
	h.listeners[l] = struct{}{}
	if after == "" {
		return l, nil
	}
	at := slices.IndexFunc(h.recent, func(e Event) bool { return e.ID == after })
	if at < 0 {
		l.missed()
		return l, nil
	}
	for _, e := range h.recent[at+1:] {
		l.offer(e)
	}
	return l, nil
}

// offer passes on an event about a patient the listener sees. An event about a person may change who treats whom, so
// every listener gets it and looks its patients up again.
func (l *Listener) offer(e Event) {
	if !l.sees[e.Patient] && e.Type != Person {
		return
	}
	select {
	case l.Events <- e:
	default:
		l.missed()
	}
}

// missed drops the queued events and sends a reset instead.
func (l *Listener) missed() {
	for drained := false; !drained; {
		select {
		case <-l.Events:
		default:
			drained = true
		}
	}
	l.Events <- Event{Type: Reset} // there is room: only this hub writes, one at a time
}

// Sees sets the patients whom the listener sees.
func (l *Listener) Sees(patients map[id.Patient]bool) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.sees = patients
}

// Close ends the subscription.
func (l *Listener) Close() {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	delete(l.hub.listeners, l)
}

// Close ends every subscription when the program stops. Closing twice is allowed.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for l := range h.listeners {
		close(l.Events)
		delete(h.listeners, l)
	}
}
