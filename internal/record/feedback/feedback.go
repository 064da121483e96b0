// Package feedback carries what a therapist writes back to a patient, and when it arrived and was opened.
//
// It promises that the text reaches only the patient it was written to, and that the push about it says no more than
// that there is a message.
package feedback

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/session"
)

// ErrNotFound means that the viewer has no such feedback.
var ErrNotFound = fault.New(fault.NotFound, "not-found", "no such feedback")

// About is what a feedback is about.
type About string

// What feedback can be about.
const (
	AboutProgram About = "program"
	AboutSession About = "session"
)

// Feedback is a text of at most 600 characters with its receipts.
type Feedback struct {
	ID          id.Feedback
	Patient     id.Patient
	WrittenBy   string // the member's name
	About       About
	Session     id.Session // when it is about one
	Text        string
	SentAt      time.Time
	DeliveredAt *time.Time
	OpenedAt    *time.Time
}

// New is feedback to be sent.
type New struct {
	ID      id.Feedback
	About   About
	Session id.Session
	Text    string
}

// Event is what happened to a feedback on the phone.
type Event string

// The events; opened implies delivered.
const (
	Delivered Event = "delivered"
	Opened    Event = "opened"
)

// Observer asks for the push, inside the same transaction.
type Observer interface {
	FeedbackSent(tx *database.Tx, patient id.Patient) error
}

// Service is the use cases of this package.
type Service struct {
	guard    *access.Guard
	observer Observer
}

// NewService returns the service.
func NewService(guard *access.Guard, observer Observer) *Service {
	return &Service{guard: guard, observer: observer}
}

// Send stores feedback of the viewer to a patient. The same id with the same text returns what is stored and false.
func (s *Service) Send(ctx context.Context, v access.Viewer, patient id.Patient, n New) (Feedback, bool, error) {
	ask := v.Asks(access.SendFeedback, patient)
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Feedback, bool, error) {
		if err := n.check(tx, patient); err != nil {
			return Feedback{}, false, err
		}
		store := newStore(tx)
		created, err := store.insert(patient, v.Member, n)
		if err != nil {
			return Feedback{}, false, err
		}
		if created {
			if err := s.observer.FeedbackSent(tx, patient); err != nil {
				return Feedback{}, false, err
			}
		}
		sent, err := store.find(patient, n.ID)
		return sent, created, err
	})
}

func (n New) check(tx *database.Tx, patient id.Patient) error {
	switch {
	case n.About == AboutSession && n.Session == "":
		return fault.Input(fault.Violation{Pointer: "/session_id", Code: "required"})
	case n.About != AboutSession && n.Session != "":
		return fault.Input(fault.Violation{Pointer: "/session_id", Code: "only-about-session"})
	case n.Session == "":
		return nil
	}
	exists, err := session.Exists(tx, patient, n.Session)
	if err == nil && !exists {
		err = fault.Input(fault.Violation{Pointer: "/session_id", Code: "unknown-session"})
	}
	return err
}

// Page narrows a list: Before continues after the last row of a page.
type Page struct {
	Before Position
	Limit  int
}

// Position is where a page ended.
type Position struct {
	SentAt   database.Instant
	Feedback id.Feedback
}

// At returns the position of a feedback in the list.
func (f Feedback) At() Position { return Position{SentAt: database.At(f.SentAt), Feedback: f.ID} }

// Mine returns what was written to the viewer, latest first.
func (s *Service) Mine(ctx context.Context, v access.Viewer, p Page) ([]Feedback, error) {
	return s.list(ctx, v.AsksOwn(access.ListMyFeedback), v.Patient, p)
}

// List returns what was written to a patient, latest first.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient, p Page) ([]Feedback, error) {
	return s.list(ctx, v.Asks(access.ListPatientFeedback, patient), patient, p)
}

func (s *Service) list(ctx context.Context, ask access.Request, patient id.Patient, p Page) ([]Feedback, error) {
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]Feedback, error) { return Of(tx, patient, p) })
}

// Of finds a page of the feedback that a patient got, latest first.
func Of(tx *database.Tx, patient id.Patient, p Page) ([]Feedback, error) {
	return newStore(tx).list(patient, p)
}

// Receipt records that feedback arrived or was opened. The first moment counts; a phone's clock that runs ahead is
// taken as now.
func (s *Service) Receipt(
	ctx context.Context, v access.Viewer, feedback id.Feedback, event Event, at time.Time,
) (Feedback, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(access.RecordFeedbackReceipt), func(tx *database.Tx) (Feedback, error) {
		store := newStore(tx)
		f, err := store.find(v.Patient, feedback)
		if err != nil {
			return Feedback{}, err
		}
		received := at
		if received.After(tx.Now()) {
			received = tx.Now()
		}
		if received.Before(f.SentAt) {
			received = f.SentAt
		}
		if err := store.receipt(v.Patient, feedback, event, received); err != nil {
			return Feedback{}, err
		}
		return store.find(v.Patient, feedback)
	})
}
