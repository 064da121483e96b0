package safety

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
)

// Service is the use cases of this package.
type Service struct {
	db     *database.DB
	policy *access.Policy
	guard  Guard
}

// NewService returns the service.
func NewService(db *database.DB, policy *access.Policy, guard Guard) *Service {
	return &Service{db: db, policy: policy, guard: guard}
}

// Reports returns everything the gate ever found about a patient, latest first.
func (s *Service) Reports(ctx context.Context, v access.Viewer, patient id.Patient) (reports []Report, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.ListSafetyReports, patient); err != nil {
			return err
		}
		reports, err = newStore(tx).reports(patient)
		return err
	})
	return reports, err
}

// Decide records what the viewer decided about a report. Clearing the last stop lets the program go on. The same
// decision again changes nothing.
func (s *Service) Decide(
	ctx context.Context, v access.Viewer, patient id.Patient, report id.SafetyReport, d Decision,
) (r Report, created bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.DecideSafetyReport, patient); err != nil {
			return err
		}
		if err := d.check(); err != nil {
			return err
		}
		if err := tx.LockPatient(string(patient)); err != nil {
			return err
		}
		store := newStore(tx)
		if _, err := store.report(patient, report); err != nil {
			return err
		}
		d.DecidedBy, d.DecidedAt = v.Member, tx.Now()
		if created, err = store.insertDecision(patient, report, d); err != nil {
			return err
		}
		if created {
			if err := s.follow(tx, patient, report, d); err != nil {
				return err
			}
		}
		r, err = store.report(patient, report)
		return err
	})
	return r, created, err
}

// follow acts on a new decision.
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
		return s.guard.Stop(tx, patient, p.Today(tx.Now()))
	}
	return s.guard.Reopen(tx, patient, p.Today(tx.Now()))
}
