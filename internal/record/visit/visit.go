// Package visit keeps when a therapist saw or spoke to a patient, and when the next visit is: "since the last visit"
// starts from it. Repeating a visit changes nothing. The package keeps no notes about visits.
package visit

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Kind is the form of the contact.
type Kind string

// Visit is one contact. Next is the day of the next one, or zero if none was agreed.
type Visit struct {
	ID         id.Visit
	Kind       Kind
	LocalDate  localtime.Date
	Next       localtime.Date
	RecordedBy id.Member
	RecordedAt time.Time
}

func (v Visit) hash() string {
	return database.BodyHash([]string{string(v.Kind), v.LocalDate.String(), v.Next.String()})
}

// Limits in days.
const (
	oldest = 90
	ahead  = 365
)

func (v Visit) check(today localtime.Date) error {
	var wrong []fault.Violation
	switch {
	case v.LocalDate.After(today):
		wrong = append(wrong, fault.Violation{Pointer: "/local_date", Code: "in-the-future"})
	case today.DaysSince(v.LocalDate) > oldest:
		wrong = append(wrong, fault.Violation{Pointer: "/local_date", Code: "too-long-ago"})
	}
	switch {
	case v.Next.IsZero():
	case v.Next.Before(v.LocalDate):
		wrong = append(wrong, fault.Violation{Pointer: "/next_on", Code: "before-start"})
	case v.Next.DaysSince(today) > ahead:
		wrong = append(wrong, fault.Violation{Pointer: "/next_on", Code: "too-far-ahead"})
	}
	return fault.Input(wrong...)
}

// Service implements the use cases of this package.
type Service struct {
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Record stores a visit. Repeating it with the same id and content returns the stored visit and false.
func (s *Service) Record(ctx context.Context, v access.Viewer, patient id.Patient, n Visit) (Visit, bool, error) {
	return access.Create(ctx, s.guard, v.Asks(access.RecordVisit, patient), func(tx *database.Tx) (Visit, bool, error) {
		known, err := visits(tx, selectVisits+" WHERE patient_id = ? AND id = ?", patient, n.ID)
		switch {
		case err != nil:
			return Visit{}, false, err
		case len(known) == 1 && known[0].hash() != n.hash():
			return Visit{}, false, database.ErrIDReused
		case len(known) == 1:
			return known[0], false, nil
		}
		p, err := people.ByID(tx, patient)
		if err != nil {
			return Visit{}, false, err
		}
		if err := n.check(p.Today(tx.Now())); err != nil {
			return Visit{}, false, err
		}
		n.RecordedBy, n.RecordedAt = v.Member, tx.Now()
		live.Announce(tx, live.Visit, patient)
		return n, true, insert(tx, patient, n)
	})
}

// List returns a patient's visits, latest first, at most 100.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient) ([]Visit, error) {
	return access.Read(ctx, s.guard, v.Asks(access.ListVisits, patient), func(tx *database.Tx) ([]Visit, error) {
		return visits(
			tx, selectVisits+" WHERE patient_id = ? ORDER BY local_date DESC, recorded_at DESC LIMIT 100", patient,
		)
	})
}
