// Package dossier reads all that the page of one patient shows to members. It promises that everything comes
// from one snapshot of the database, so that no number on the page contradicts another. It refuses to decide or to keep
// anything.
package dossier

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/feedback"
	"cadans/internal/record/people"
	"cadans/internal/screens/caseload"
	"cadans/internal/screens/progress"
)

// messagesShown is how many messages a dossier has at most.
const messagesShown = 5

// Dossier is one patient at one moment.
type Dossier struct {
	Patient  people.Patient // with those who treat them
	At       time.Time
	Summary  caseload.Summary
	Waiting  Waiting
	Messages []feedback.Feedback // latest first
	Course   progress.Days       // whole weeks, from a Monday to today; none before a program
}

// Wanted is what the reader chose.
type Wanted struct {
	Language people.Language
	Weeks    int // of the course, with the current one: 1 to 52
}

// Service opens dossiers.
type Service struct{ guard *access.Guard }

// NewService returns the service.
func NewService(guard *access.Guard) *Service { return &Service{guard: guard} }

// Open returns the dossier of a patient whom the viewer treats or whose practice they administer.
func (s *Service) Open(ctx context.Context, v access.Viewer, patient id.Patient, w Wanted) (Dossier, error) {
	return access.Read(ctx, s.guard, v.Asks(access.GetPatientSummary, patient),
		func(tx *database.Tx) (Dossier, error) { return open(tx, patient, w) })
}

func open(tx *database.Tx, patient id.Patient, w Wanted) (d Dossier, err error) {
	d.At = tx.Now()
	if d.Patient, err = people.WithTherapists(tx, patient); err != nil {
		return d, err
	}
	if d.Summary, err = caseload.SummaryOf(tx, d.Patient, w.Language); err != nil {
		return d, err
	}
	if d.Waiting, err = waitingOf(tx, patient); err != nil {
		return d, err
	}
	if d.Messages, err = feedback.Of(tx, patient, feedback.Page{Limit: messagesShown}); err != nil {
		return d, err
	}
	today := d.Summary.Row.Date
	d.Course, err = progress.DaysOf(tx, d.Patient, today.Monday().AddDays(-7*(w.Weeks-1)), today)
	return d, err
}
