package attention

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// ChangeReason says why a patient asks for another exercise or dose.
type ChangeReason string

// In names the reason for a therapist.
func (r ChangeReason) In(l people.Language) string {
	if key := "wish.reason." + string(r); l.Has(key) {
		return l.Say(key)
	}
	return l.Say("wish.reason.no_equipment")
}

// ChangeRequest is a patient's wish for another exercise or dose. It is open until a therapist
// closes it, or changes the program after it.
type ChangeRequest struct {
	ID         id.ChangeRequest
	LocalDate  localtime.Date
	Reason     ChangeReason
	Item       id.ProgramItem // of the program; empty for all of it
	Note       string
	ReceivedAt time.Time
	Open       bool
	ClosedAt   *time.Time
	Outcome    string // changed or kept, when a therapist closed it
}

func (r ChangeRequest) hash() string {
	return database.BodyHash([]string{string(r.Reason), string(r.Item), r.Note})
}

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such request")
	ErrClosed   = fault.New(fault.Conflict, "already-closed", "the request was closed already")
)

// Service is the use cases of this package.
type Service struct {
	db     *database.DB
	policy *access.Policy
}

// NewService returns the service.
func NewService(db *database.DB, policy *access.Policy) *Service {
	return &Service{db: db, policy: policy}
}

// Ask stores a wish of the viewer. The same id with the same content returns what is stored and false.
func (s *Service) Ask(
	ctx context.Context, v access.Viewer, r ChangeRequest,
) (stored ChangeRequest, created bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.RequestChange, v.Patient); err != nil {
			return err
		}
		if err := tx.LockPatient(string(v.Patient)); err != nil {
			return err
		}
		patient, err := people.ByID(tx, v.Patient)
		if err != nil {
			return err
		}
		r.LocalDate, r.ReceivedAt = patient.Today(tx.Now()), tx.Now()
		if created, err = insertRequest(tx, v.Patient, r); err != nil {
			return err
		}
		if stored, err = findRequest(tx, v.Patient, r.ID); err != nil || !created {
			return err
		}
		return requestChanged(tx, v.Patient)
	})
	return stored, created, err
}

// requestChanged lets the rules look again, and tells who is looking.
func requestChanged(tx *database.Tx, patient id.Patient) error {
	if err := adherence.Touch(tx, patient); err != nil {
		return err
	}
	live.Announce(tx, live.Request, patient)
	return nil
}

// Mine returns the viewer's own wishes, latest first.
func (s *Service) Mine(ctx context.Context, v access.Viewer) ([]ChangeRequest, error) {
	return s.list(ctx, v, access.ListMyChangeRequests, v.Patient)
}

// Requests returns a patient's wishes, latest first.
func (s *Service) Requests(ctx context.Context, v access.Viewer, patient id.Patient) ([]ChangeRequest, error) {
	return s.list(ctx, v, access.ListChangeRequests, patient)
}

func (s *Service) list(
	ctx context.Context, v access.Viewer, op access.Operation, patient id.Patient,
) (found []ChangeRequest, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, op, patient); err != nil {
			return err
		}
		found, err = requests(tx, patient, "ORDER BY received_at DESC, id DESC LIMIT 100")
		return err
	})
	return found, err
}

// Close ends a wish: the program was changed, or kept as it is. The same outcome again changes nothing.
func (s *Service) Close(
	ctx context.Context, v access.Viewer, patient id.Patient, request id.ChangeRequest, outcome string,
) (r ChangeRequest, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.CloseChangeRequest, patient); err != nil {
			return err
		}
		if err := tx.LockPatient(string(patient)); err != nil {
			return err
		}
		if r, err = findRequest(tx, patient, request); err != nil {
			return err
		}
		if r.ClosedAt != nil && r.Outcome != outcome {
			return ErrClosed
		}
		if r.ClosedAt != nil {
			return nil
		}
		if err := closeRequest(tx, patient, request, v.Member, outcome); err != nil {
			return err
		}
		if r, err = findRequest(tx, patient, request); err != nil {
			return err
		}
		return requestChanged(tx, patient)
	})
	return r, err
}
