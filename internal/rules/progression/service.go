package progression

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
)

// Errors of this package.
var (
	ErrNotFound  = fault.New(fault.NotFound, "not-found", "no such progression")
	ErrDecided   = fault.New(fault.Conflict, "already-decided", "the change was decided already")
	ErrPain      = fault.New(fault.Conflict, "pain-alert-open", "nothing gets harder while an alert about pain is open")
	ErrOvertaken = fault.New(fault.Conflict, "overtaken", "the item has changed since")
	// ErrLightened means that less than usual is asked for a while, which a step would make the usual.
	ErrLightened = fault.New(fault.Conflict, "program-lightened", "the program is lighter for a while")
	// ErrTooMuch means that something else has risen since the step was proposed.
	ErrTooMuch = fault.New(fault.Conflict, "too-much-at-once", "too much rises in one week")
)

// State is the state of a change; see the package comment.
type State string

// The states.
const (
	Open       State = "open"
	Applied    State = "applied"
	Accepted   State = "accepted"
	Refused    State = "refused"
	Undone     State = "undone"
	Superseded State = "superseded"
)

// Change is a change of an exercise by a rule.
type Change struct {
	ID        id.Progression
	Patient   id.Patient
	Rule      Rule
	State     State
	Before    program.Item
	After     program.Item
	Because   []words.Pair
	Session   id.Session
	MadeAt    time.Time
	DecidedAt *time.Time
	Reason    string
}

// settledAt is when a change was decided, or made where nobody has to decide.
func (c Change) settledAt() time.Time {
	if c.DecidedAt != nil {
		return *c.DecidedAt
	}
	return c.MadeAt
}

// Service is the use cases of this package.
type Service struct {
	guard    *access.Guard
	library  *exercise.Library
	programs *program.Service
}

// NewService returns the service.
func NewService(guard *access.Guard, library *exercise.Library, programs *program.Service) *Service {
	return &Service{guard: guard, library: library, programs: programs}
}

// Overview is what rules have changed or would change in a patient's program, latest first, and how each exercise of
// today stands.
type Overview struct {
	Changes   []Change
	Standings []Standing
}

// List returns the overview of a patient.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient) (Overview, error) {
	ask := v.Asks(access.ListProgressions, patient)
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) (o Overview, err error) {
		if o.Changes, err = ChangesOf(tx, patient); err != nil {
			return o, err
		}
		o.Standings, err = StandingsOf(tx, s.library, patient)
		return o, err
	})
}

// Mine returns the viewer's changes, latest first, without those that wait for the therapist.
func (s *Service) Mine(ctx context.Context, v access.Viewer) ([]Change, error) {
	ask := v.AsksOwn(access.ListMyProgressions)
	changes, err := access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]Change, error) {
		return ChangesOf(tx, v.Patient)
	})
	return slices.DeleteFunc(
		changes, func(c Change) bool { return c.State != Applied && c.State != Accepted && c.State != Undone },
	), err
}

// ChangesOf returns the changes that rules made or propose in a patient's program, latest first.
func ChangesOf(tx *database.Tx, patient id.Patient) ([]Change, error) {
	changes, err := newStore(tx).all(patient)
	if err != nil {
		return nil, err
	}
	inPain, err := hurts(tx, patient)
	if inPain { // proposals are withdrawn at the next session, and hidden until then
		changes = slices.DeleteFunc(changes, Change.waitsToGetHarder)
	}
	return changes, err
}

// Decide accepts or refuses an open change. Repeating the decision changes nothing.
func (s *Service) Decide(
	ctx context.Context, v access.Viewer, patient id.Patient, change id.Progression, outcome State, reason string,
) (Change, error) {
	d := decision{from: Open, to: outcome, by: v.Member, reason: reason}
	return s.settle(ctx, v.Asks(access.DecideProgression, patient), patient, change, d)
}

// Undo undoes an applied change for the viewer.
func (s *Service) Undo(ctx context.Context, v access.Viewer, change id.Progression) (Change, error) {
	return s.settle(ctx, v.AsksOwn(access.UndoProgression), v.Patient, change, decision{from: Applied, to: Undone})
}

// decision moves a change from one state to another. By is empty for the patient.
type decision struct {
	from, to State
	by       id.Member
	reason   string
}

func (s *Service) settle(
	ctx context.Context, ask access.Request, patient id.Patient, change id.Progression, d decision,
) (Change, error) {
	return access.Write(ctx, s.guard, ask.Alone(), func(tx *database.Tx) (Change, error) {
		store := newStore(tx)
		c, err := store.find(patient, change)
		switch {
		case err != nil:
			return Change{}, err
		case c.State == d.to && c.Reason == d.reason:
			return c, nil
		case c.State != d.from:
			return Change{}, ErrDecided
		}
		if err := s.mayHappen(tx, c, d.to); err != nil {
			return Change{}, err
		}
		if err := s.act(tx, c, d); err != nil {
			return Change{}, err
		}
		if err := store.decide(patient, change, d.to, d.by, d.reason); err != nil {
			return Change{}, err
		}
		if err := settleAlert(tx, c, d.by); err != nil {
			return Change{}, err
		}
		return store.find(patient, change)
	})
}

// mayHappen refuses a step up while an alert about pain is open.
func (s *Service) mayHappen(tx *database.Tx, c Change, to State) error {
	if to != Accepted || !c.waitsToGetHarder() {
		return nil
	}
	inPain, err := hurts(tx, c.Patient)
	if err == nil && inPain {
		err = ErrPain
	}
	return err
}

// settleAlert closes the alert about a rule's changes when none of them is open. One alert covers all exercises of a
// patient.
func settleAlert(tx *database.Tx, decided Change, by id.Member) error {
	changes, err := newStore(tx).all(decided.Patient)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(changes, func(c Change) bool { return c.State == Open && c.Rule == decided.Rule }) {
		return nil
	}
	return alert.Settle(tx, decided.Patient, ChangeKind, string(decided.Rule), by, "decided")
}

// act applies a decision to the program.
func (s *Service) act(tx *database.Tx, c Change, d decision) error {
	if d.to == Refused {
		return nil
	}
	p, err := people.ByID(tx, c.Patient)
	if err != nil {
		return err
	}
	history, err := program.HistoryOf(tx, c.Patient)
	if err != nil {
		return err
	}
	today := p.Today(tx.Now())
	version, err := history.Current(today)
	if err != nil {
		return err
	}
	if history.IsLightened(today) {
		return ErrLightened
	}
	expected, wanted := c.Before, c.After
	if d.to == Undone {
		expected, wanted = c.After, c.Before
	}
	now, _ := version.Item(expected.ID) // a removed item has no exercise
	if now.Exercise != expected.Exercise || now.Dose != expected.Dose {
		return ErrOvertaken
	}
	wanted.Schedule = now.Schedule
	if d.to == Accepted && c.Rule == Progress && !mayRise(history.Rises(s.library, today), s.library, now, wanted) {
		return ErrTooMuch
	}
	return s.programs.Plan(tx, c.Patient, d.by, c.asVersion(today, version, wanted))
}

// Auto reports whether changes are applied without approval.
func (s *Service) Auto(ctx context.Context, v access.Viewer, patient id.Patient) (bool, error) {
	return access.Read(ctx, s.guard, v.Asks(access.GetProgressionSettings, patient),
		func(tx *database.Tx) (bool, error) {
			return newStore(tx).auto(patient)
		})
}

// SetAuto allows or forbids changes of one step without approval.
func (s *Service) SetAuto(ctx context.Context, v access.Viewer, patient id.Patient, auto bool) error {
	return access.Change(ctx, s.guard, v.Asks(access.SetProgressionSettings, patient), func(tx *database.Tx) error {
		return newStore(tx).setAuto(patient, auto, v.Member)
	})
}
