package access

import (
	"context"
	"fmt"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// Guard begins transactions for viewers, each with its check first. A service that holds a guard and no database cannot
// read or write for somebody and forget whether they may.
type Guard struct {
	db   *database.DB
	care CareLookup
}

// NewGuard returns a guard of the database that looks relations up in care.
func NewGuard(db *database.DB, care CareLookup) *Guard { return &Guard{db: db, care: care} }

// Request is what a viewer asks: an operation, and the patient it concerns.
type Request struct {
	viewer    Viewer
	operation Operation
	patient   func(*database.Tx) (id.Patient, error) // nil when it concerns no single patient
	narrowed  bool                                   // the work itself keeps to related patients
	alone     bool
}

// Asks is a request about a patient.
func (v Viewer) Asks(operation Operation, patient id.Patient) Request {
	return v.AsksAbout(operation, func(*database.Tx) (id.Patient, error) { return patient, nil })
}

// AsksOwn is a request of patients about themselves.
func (v Viewer) AsksOwn(operation Operation) Request { return v.Asks(operation, v.Patient) }

// AsksAbout is a request about a record; find says of which patient it is.
func (v Viewer) AsksAbout(operation Operation, find func(*database.Tx) (id.Patient, error)) Request {
	return Request{viewer: v, operation: operation, patient: find}
}

// Enters is a request about no patient: the role decides, and the work keeps to the viewer's own practice. Admit
// refuses it for an operation that asks a relation to a patient.
func (v Viewer) Enters(operation Operation) Request { return Request{viewer: v, operation: operation} }

// InScope is a request about all patients that the viewer may see: the role decides, and the work reads no others, or
// admits each. Admit refuses it for an operation that the table does not name as such.
func (v Viewer) InScope(operation Operation) Request {
	return Request{viewer: v, operation: operation, narrowed: true}
}

// Alone lets no other write that is alone with the same patient run at the same time.
func (r Request) Alone() Request {
	r.alone = true
	return r
}

// Operations is one use case under two names: that of patients about themselves, and that of members about a patient.
type Operations struct{ Own, Others Operation }

// For returns the operation that the viewer's role asks for.
func (o Operations) For(v Viewer) Operation {
	if v.Role == Patient {
		return o.Own
	}
	return o.Others
}

// Read returns what work found in a transaction that only reads, or the zero value and an error. Work may run again, so
// it has no effect but its result.
func Read[T any](ctx context.Context, g *Guard, r Request, work func(*database.Tx) (T, error)) (T, error) {
	return guarded(ctx, g, r, g.db.Read, work)
}

// Write returns what work made of the database, or the zero value and an error. Work may run again, so it has no effect
// but its result and what it writes.
func Write[T any](ctx context.Context, g *Guard, r Request, work func(*database.Tx) (T, error)) (T, error) {
	return guarded(ctx, g, r, g.db.Write, work)
}

// Create is Write for what may be there already: work also says whether it is new.
func Create[T any](
	ctx context.Context, g *Guard, r Request, work func(*database.Tx) (T, bool, error),
) (T, bool, error) {
	type made struct {
		record T
		isNew  bool
	}
	m, err := Write(ctx, g, r, func(tx *database.Tx) (made, error) {
		record, isNew, err := work(tx)
		return made{record, isNew}, err
	})
	return m.record, m.isNew, err
}

// Change is Write for what returns nothing.
func Change(ctx context.Context, g *Guard, r Request, work func(*database.Tx) error) error {
	_, err := Write(ctx, g, r, func(tx *database.Tx) (struct{}, error) { return struct{}{}, work(tx) })
	return err
}

type begin func(context.Context, func(*database.Tx) error) error

func guarded[T any](
	ctx context.Context, g *Guard, r Request, begin begin, work func(*database.Tx) (T, error),
) (T, error) {
	var result, none T
	err := begin(ctx, func(tx *database.Tx) error {
		err := g.Admit(tx, r)
		if err == nil {
			result, err = work(tx)
		}
		return err
	})
	if err != nil {
		return none, err
	}
	return result, nil
}

// Admit refuses a request that the viewer may not make. Every guarded transaction begins with it; work that comes to
// further patients calls it for each.
func (g *Guard) Admit(tx *database.Tx, r Request) error {
	if r.patient == nil {
		return r.enter()
	}
	patient, err := r.patient(tx)
	if err != nil {
		return err
	}
	if err := g.check(tx, r, patient); err != nil || !r.alone {
		return err
	}
	return tx.LockPatient(string(patient))
}

// enter refuses a role, and a request that forgot to say which patient it is about.
func (r Request) enter() error {
	if err := Enter(r.viewer, r.operation); err != nil {
		return err
	}
	switch scoped := rules[r.operation].scoped; {
	case r.narrowed && !scoped:
		return fmt.Errorf("access: %s is not about all patients in scope", r.operation)
	case !r.narrowed && RelationFor(r.viewer, r.operation) > Anybody:
		return fmt.Errorf("access: %s names no patient", r.operation)
	}
	return nil
}

// check refuses a patient the viewer has not the relation to, and tells the trail of both answers.
func (g *Guard) check(tx *database.Tx, r Request, patient id.Patient) error {
	if err := Enter(r.viewer, r.operation); err != nil {
		return err
	}
	related, err := g.related(tx, r.viewer, RelationFor(r.viewer, r.operation), patient)
	if err != nil {
		return err
	}
	if r.viewer.Trail != nil {
		if err := r.viewer.Trail.Asked(tx, patient, related); err != nil {
			return err
		}
	}
	if !related {
		return ErrNotFound
	}
	return nil
}

func (g *Guard) related(tx *database.Tx, viewer Viewer, relation Relation, patient id.Patient) (bool, error) {
	switch relation {
	case Self:
		return patient != "" && viewer.Patient == patient, nil
	case Assigned:
		return g.care.Treats(tx, viewer.Member, patient)
	case SamePractice:
		practice, err := g.care.PracticeOf(tx, patient)
		return practice != "" && practice == viewer.Practice, err
	default:
		return false, nil
	}
}
