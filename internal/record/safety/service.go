package safety

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
)

// Service implements the use cases of this package.
type Service struct {
	guard    *access.Guard
	programs Guard
}

// NewService returns the service.
func NewService(guard *access.Guard, programs Guard) *Service {
	return &Service{guard: guard, programs: programs}
}

// Reports returns all findings of the gate about a patient, latest first.
func (s *Service) Reports(ctx context.Context, v access.Viewer, patient id.Patient) ([]Report, error) {
	return access.Read(ctx, s.guard, v.Asks(access.ListSafetyReports, patient),
		func(tx *database.Tx) ([]Report, error) { return ReportsOf(tx, patient) })
}

// ReportsOf returns the reports of a patient, latest first.
func ReportsOf(tx *database.Tx, patient id.Patient) ([]Report, error) {
	return newStore(tx).reports(patient)
}

// Decide records the viewer's decision about a report. Clearing the last stop reopens the program. Repeating the
// decision changes nothing.
func (s *Service) Decide(
	ctx context.Context, v access.Viewer, patient id.Patient, report id.SafetyReport, d Decision,
) (Report, bool, error) {
	ask := v.Asks(access.DecideSafetyReport, patient).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Report, bool, error) {
		if err := d.check(); err != nil {
			return Report{}, false, err
		}
		store := newStore(tx)
		if _, err := store.report(patient, report); err != nil {
			return Report{}, false, err
		}
		d.DecidedBy, d.DecidedAt = v.Member, tx.Now()
		created, err := store.insertDecision(patient, report, d)
		if err != nil {
			return Report{}, false, err
		}
		if created {
			if err := s.follow(tx, patient, report, d); err != nil {
				return Report{}, false, err
			}
		}
		r, err := store.report(patient, report)
		return r, created, err
	})
}

// follow carries out a new decision.
func (s *Service) follow(tx *database.Tx, patient id.Patient, report id.SafetyReport, d Decision) error {
	if err := alert.Settle(tx, patient, AlertKind, string(report), d.DecidedBy, string(d.Outcome)); err != nil {
		return err
	}
	_, blocked, err := BlockOf(tx, patient)
	if err != nil {
		return err
	}
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	if blocked {
		return s.programs.Stop(tx, patient, p.Today(tx.Now()))
	}
	return s.programs.Reopen(tx, patient, p.Today(tx.Now()))
}
