// Package feedback is what a therapist writes back to a patient. What the patient does with it is in inbox.
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

// List returns what was written to a patient, latest first.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient, p Page) ([]Feedback, error) {
	ask := v.Asks(access.ListPatientFeedback, patient)
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]Feedback, error) { return Of(tx, patient, p) })
}

// Of finds a page of the feedback that a patient got, latest first.
func Of(tx *database.Tx, patient id.Patient, p Page) ([]Feedback, error) {
	return newStore(tx).list(patient, p)
}

// ByID finds feedback to a patient.
func ByID(tx *database.Tx, patient id.Patient, feedback id.Feedback) (Feedback, error) {
	return newStore(tx).find(patient, feedback)
}

// LastSent returns when a patient was last written to; the zero time when never.
func LastSent(tx *database.Tx, patient id.Patient) (time.Time, error) {
	return newStore(tx).lastSent(patient)
}
