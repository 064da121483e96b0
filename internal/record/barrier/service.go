package barrier

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// Observer hears of each new report, inside the same transaction.
type Observer interface {
	BarrierReported(tx *database.Tx, patient id.Patient) error
}

// Service is the use cases of this package.
type Service struct {
	guard     *access.Guard
	observers []Observer
}

// NewService returns the service; observers are told in this order.
func NewService(guard *access.Guard, observers ...Observer) *Service {
	return &Service{guard: guard, observers: observers}
}

// Report stores why a session of the viewer did not happen. The same id with the same content returns what is stored
// and false; with another content database.ErrIDReused.
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
