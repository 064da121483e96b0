// Package dossier reads everything that members see on the page of one patient. All of it comes from one snapshot of
// the database, so no number on the page contradicts another. The package decides and stores nothing.
package dossier

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/feedback"
	"cadans/internal/record/people"
	"cadans/internal/rules/progression"
	"cadans/internal/screens/caseload"
	"cadans/internal/screens/progress"
)

// messagesShown is the maximum number of messages in a dossier.
const messagesShown = 5

// Dossier is one patient at one moment.
type Dossier struct {
	Patient people.Patient // including who treats them
	At      time.Time
	Summary caseload.Summary
	Waiting Waiting
	// Standings are what the rules make of each exercise now.
	Standings []progression.Standing
	Messages  []feedback.Feedback // latest first
	Course    progress.Days       // whole weeks, from a Monday to today; empty before a program
}

// Wanted holds the reader's choices.
type Wanted struct {
	Language people.Language
	Weeks    int // of the course, including the current one: 1 to 52
}

// Service reads dossiers.
type Service struct {
	guard   *access.Guard
	library *exercise.Library
}

// NewService returns the service.
func NewService(guard *access.Guard, library *exercise.Library) *Service {
	return &Service{guard, library}
}

// Open returns the dossier of a patient whom the viewer treats or whose practice they administer.
func (s *Service) Open(ctx context.Context, v access.Viewer, patient id.Patient, w Wanted) (Dossier, error) {
	return access.Read(ctx, s.guard, v.Asks(access.GetPatientSummary, patient),
		func(tx *database.Tx) (Dossier, error) { return s.open(tx, patient, w) })
}

func (s *Service) open(tx *database.Tx, patient id.Patient, w Wanted) (d Dossier, err error) {
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
	if d.Standings, err = progression.StandingsOf(tx, s.library, patient); err != nil {
		return d, err
	}
	if d.Messages, err = feedback.Of(tx, patient, feedback.Page{Limit: messagesShown}); err != nil {
		return d, err
	}
	today := d.Summary.Row.Date
	d.Course, err = progress.DaysOf(tx, d.Patient, today.Monday().AddDays(-7*(w.Weeks-1)), today)
	return d, err
}
