package barrier

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// Observer is notified of each new report, in the same transaction.
type Observer interface {
	BarrierReported(tx *database.Tx, patient id.Patient) error
}

// Service implements the use cases of this package.
type Service struct {
	guard     *access.Guard
	observers []Observer
}

// NewService returns the service. It notifies observers in the given order.
func NewService(guard *access.Guard, observers ...Observer) *Service {
	return &Service{guard: guard, observers: observers}
}

// Report stores why a session of the viewer did not happen. Repeating it with the same id and content returns the
// stored report and false; the same id with other content returns database.ErrIDReused.
func (s *Service) Report(ctx context.Context, v access.Viewer, r Report) (Report, bool, error) {
	return access.Create(ctx, s.guard, v.AsksOwn(access.ReportBarrier).Alone(),
		func(tx *database.Tx) (Report, bool, error) {
			patient, err := people.ByID(tx, v.Patient)
			if err != nil {
				return Report{}, false, err
			}
			store := newStore(tx)
			if stored, err := store.repeated(v.Patient, r); err != nil || stored.ID != "" {
				return stored, false, err
			}
			if err := r.check(patient.Today(tx.Now())); err != nil {
				return Report{}, false, err
			}
			r.ReceivedAt = tx.Now()
			if err := store.insert(v.Patient, r); err != nil {
				return Report{}, false, err
			}
			return r, true, s.notify(tx, v.Patient)
		})
}

func (s *Service) notify(tx *database.Tx, patient id.Patient) error {
	for _, observer := range s.observers {
		if err := observer.BarrierReported(tx, patient); err != nil {
			return err
		}
	}
	return nil
}
