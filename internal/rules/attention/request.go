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
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Ask stores a wish of the viewer. The same id with the same content returns what is stored and false.
func (s *Service) Ask(ctx context.Context, v access.Viewer, r ChangeRequest) (ChangeRequest, bool, error) {
	ask := v.AsksOwn(access.RequestChange).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (ChangeRequest, bool, error) {
		patient, err := people.ByID(tx, v.Patient)
		if err != nil {
			return ChangeRequest{}, false, err
		}
		r.LocalDate, r.ReceivedAt = patient.Today(tx.Now()), tx.Now()
		created, err := insertRequest(tx, v.Patient, r)
		if err != nil {
			return ChangeRequest{}, false, err
		}
		stored, err := findRequest(tx, v.Patient, r.ID)
		if err != nil || !created {
			return stored, false, err
		}
		return stored, true, requestChanged(tx, v.Patient)
	})
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
	return s.list(ctx, v.AsksOwn(access.ListMyChangeRequests), v.Patient)
}

// Requests returns a patient's wishes, latest first.
func (s *Service) Requests(ctx context.Context, v access.Viewer, patient id.Patient) ([]ChangeRequest, error) {
	return s.list(ctx, v.Asks(access.ListChangeRequests, patient), patient)
}

func (s *Service) list(ctx context.Context, ask access.Request, patient id.Patient) ([]ChangeRequest, error) {
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]ChangeRequest, error) {
		return RequestsOf(tx, patient)
	})
}

// RequestsOf finds the latest wishes of a patient for another program, latest first.
func RequestsOf(tx *database.Tx, patient id.Patient) ([]ChangeRequest, error) {
	return requests(tx, patient, "ORDER BY received_at DESC, id DESC LIMIT 100")
}

// Close ends a wish: the program was changed, or kept as it is. The same outcome again changes nothing.
func (s *Service) Close(
	ctx context.Context, v access.Viewer, patient id.Patient, request id.ChangeRequest, outcome string,
) (ChangeRequest, error) {
	ask := v.Asks(access.CloseChangeRequest, patient).Alone()
	return access.Write(ctx, s.guard, ask, func(tx *database.Tx) (ChangeRequest, error) {
		r, err := findRequest(tx, patient, request)
		switch {
		case err != nil:
			return ChangeRequest{}, err
		case r.ClosedAt != nil && r.Outcome != outcome:
			return ChangeRequest{}, ErrClosed
		case r.ClosedAt != nil:
			return r, nil
		}
		if err := closeRequest(tx, patient, request, v.Member, outcome); err != nil {
			return ChangeRequest{}, err
		}
		if err := requestChanged(tx, patient); err != nil {
			return ChangeRequest{}, err
		}
		return findRequest(tx, patient, request)
	})
}
