package app

import (
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/internal/record/barrier"
	"cadans/internal/record/feedback"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/record/wish"
	"cadans/pkg/localtime"
)

// announcer turns what the services tell their observers into live events.
type announcer struct{}

var (
	_ session.Observer  = announcer{}
	_ barrier.Observer  = announcer{}
	_ wish.Observer     = announcer{}
	_ program.Observer  = announcer{}
	_ people.Observer   = announcer{}
	_ feedback.Observer = announcer{}
	_ intake.Observer   = announcer{}
)

// SessionChanged implements session.Observer.
func (announcer) SessionChanged(tx *database.Tx, c session.Change) error {
	live.Announce(tx, live.Session, c.Patient)
	return nil
}

// BarrierReported implements barrier.Observer.
func (announcer) BarrierReported(tx *database.Tx, patient id.Patient) error {
	live.Announce(tx, live.Session, patient)
	return nil
}

// WishChanged implements wish.Observer.
func (announcer) WishChanged(tx *database.Tx, patient id.Patient) error {
	live.Announce(tx, live.Request, patient)
	return nil
}

// ExpectationChanged implements program.Observer.
func (announcer) ExpectationChanged(tx *database.Tx, patient id.Patient, _, _ localtime.Date) error {
	live.Announce(tx, live.Program, patient)
	return nil
}

// PatientChanged implements people.Observer.
func (announcer) PatientChanged(tx *database.Tx, patient id.Patient) error {
	live.Announce(tx, live.Person, patient)
	return nil
}

// CheckedIn implements intake.Observer.
func (announcer) CheckedIn(tx *database.Tx, patient id.Patient, _ localtime.Date) error {
	live.Announce(tx, live.Session, patient)
	return nil
}

// FeedbackSent implements feedback.Observer.
func (announcer) FeedbackSent(tx *database.Tx, patient id.Patient) error {
	live.Announce(tx, live.Feedback, patient)
	return nil
}

// feedbackObservers notifies several observers in order.
type feedbackObservers []feedback.Observer

// FeedbackSent implements feedback.Observer.
func (o feedbackObservers) FeedbackSent(tx *database.Tx, patient id.Patient) error {
	for _, observer := range o {
		if err := observer.FeedbackSent(tx, patient); err != nil {
			return err
		}
	}
	return nil
}
