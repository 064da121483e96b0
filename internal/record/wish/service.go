package wish

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
)

// Observer is notified when a wish is made or closed, in the same transaction.
type Observer interface {
	WishChanged(tx *database.Tx, patient id.Patient) error
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

// Ask stores a wish of the viewer. Repeating it with the same id and content returns the stored wish and false.
func (s *Service) Ask(ctx context.Context, v access.Viewer, r Wish) (Wish, bool, error) {
	ask := v.AsksOwn(access.RequestChange).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Wish, bool, error) {
		patient, err := people.ByID(tx, v.Patient)
		if err != nil {
			return Wish{}, false, err
		}
		r.LocalDate, r.ReceivedAt = patient.Today(tx.Now()), tx.Now()
		created, err := newStore(tx).insert(v.Patient, r)
		if err != nil {
			return Wish{}, false, err
		}
		if created {
			err = r.checkItem(tx, v.Patient)
		}
		if err != nil {
			return Wish{}, false, err
		}
		stored, err := newStore(tx).find(v.Patient, r.ID)
		if err != nil || !created {
			return stored, false, err
		}
		return stored, true, s.notify(tx, v.Patient)
	})
}

// checkItem refuses an item that no version of the patient's program ever had. A
// phone may name one of an older version.
func (r Wish) checkItem(tx *database.Tx, patient id.Patient) error {
	if r.Item == "" {
		return nil
	}
	h, err := program.HistoryOf(tx, patient)
	if err != nil || h.HadItem(r.Item) {
		return err
	}
	return fault.Input(fault.Violation{Pointer: "/item_id", Code: "item-of-no-version"})
}

func (s *Service) notify(tx *database.Tx, patient id.Patient) error {
	for _, observer := range s.observers {
		if err := observer.WishChanged(tx, patient); err != nil {
			return err
		}
	}
	return nil
}

// Mine returns the viewer's own wishes, latest first.
func (s *Service) Mine(ctx context.Context, v access.Viewer) ([]Wish, error) {
	return s.list(ctx, v.AsksOwn(access.ListMyChangeRequests), v.Patient)
}

// List returns a patient's wishes, latest first.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient) ([]Wish, error) {
	return s.list(ctx, v.Asks(access.ListChangeRequests, patient), patient)
}

func (s *Service) list(ctx context.Context, ask access.Request, patient id.Patient) ([]Wish, error) {
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]Wish, error) {
		return Latest(tx, patient)
	})
}

// Latest returns the latest wishes of a patient, latest first, at most 100.
func Latest(tx *database.Tx, patient id.Patient) ([]Wish, error) {
	return newStore(tx).wishes(
		selectWishes+" WHERE patient_id = ? ORDER BY received_at DESC, id DESC LIMIT 100", patient,
	)
}

// Close ends a wish: the program was changed, or stays as it is. Repeating it with the same outcome changes nothing.
func (s *Service) Close(
	ctx context.Context, v access.Viewer, patient id.Patient, request id.ChangeRequest, outcome string,
) (Wish, error) {
	ask := v.Asks(access.CloseChangeRequest, patient).Alone()
	return access.Write(ctx, s.guard, ask, func(tx *database.Tx) (Wish, error) {
		r, err := newStore(tx).find(patient, request)
		switch {
		case err != nil:
			return Wish{}, err
		case r.ClosedAt != nil && r.Outcome != outcome:
			return Wish{}, ErrClosed
		case r.ClosedAt != nil:
			return r, nil
		}
		if err := newStore(tx).close(patient, request, v.Member, outcome); err != nil {
			return Wish{}, err
		}
		if err := s.notify(tx, patient); err != nil {
			return Wish{}, err
		}
		return newStore(tx).find(patient, request)
	})
}
