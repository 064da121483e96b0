// Package inbox is what waits for a patient to be opened: the messages of therapists, which reminders, the patient's
// screen and the therapist's list count.
//
// It promises that a patient finds only messages written to that patient, that opening one opens no other, and that the
// first moment counts.
package inbox

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
)

// Event is what happened to a message on the phone.
type Event string

// The events; opened implies delivered.
const (
	Delivered Event = "delivered"
	Opened    Event = "opened"
)

// Service is the use cases of this package.
type Service struct{ guard *access.Guard }

// NewService returns the service.
func NewService(guard *access.Guard) *Service { return &Service{guard: guard} }

// Mine returns what was written to the viewer, latest first.
func (s *Service) Mine(ctx context.Context, v access.Viewer, p feedback.Page) ([]feedback.Feedback, error) {
	ask := v.AsksOwn(access.ListMyFeedback)
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]feedback.Feedback, error) {
		return feedback.Of(tx, v.Patient, p)
	})
}

// Receipt records that a message to the viewer arrived or was opened. The first moment counts; a phone's clock that
// runs ahead is taken as now.
func (s *Service) Receipt(
	ctx context.Context, v access.Viewer, message id.Feedback, event Event, at time.Time,
) (feedback.Feedback, error) {
	ask := v.AsksOwn(access.RecordFeedbackReceipt)
	return access.Write(ctx, s.guard, ask, func(tx *database.Tx) (feedback.Feedback, error) {
		f, err := feedback.ByID(tx, v.Patient, message)
		if err != nil {
			return feedback.Feedback{}, err
		}
		received := at
		if received.After(tx.Now()) {
			received = tx.Now()
		}
		if received.Before(f.SentAt) {
			received = f.SentAt
		}
		if err := newStore(tx).receipt(v.Patient, message, event, received); err != nil {
			return feedback.Feedback{}, err
		}
		return feedback.ByID(tx, v.Patient, message)
	})
}

// Unopened counts the messages that a patient has not opened.
func Unopened(tx *database.Tx, patient id.Patient) (int, error) {
	return newStore(tx).unopened(patient)
}
