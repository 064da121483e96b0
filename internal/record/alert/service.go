package alert

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// Service is the use cases of this package.
type Service struct {
	db      *database.DB
	policy  *access.Policy
	guarded []Kind
}

// NewService returns the service. Guarded kinds are resolved, and put off, only where their decision is recorded.
func NewService(db *database.DB, policy *access.Policy, guarded ...Kind) *Service {
	return &Service{db: db, policy: policy, guarded: guarded}
}

// Filter narrows a list. No states means all; the zero patient means everybody.
type Filter struct {
	States  []State
	Patient id.Patient
}

// Page is a list as of a moment.
type Page struct {
	Alerts []Alert
	AsOf   time.Time
}

// List returns the alerts of the viewer's patients: the most urgent first, then the oldest.
func (s *Service) List(ctx context.Context, v access.Viewer, f Filter) (p Page, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		p = Page{AsOf: tx.Now()}
		patients, err := s.patients(tx, v, f)
		if err != nil {
			return err
		}
		p.Alerts, err = f.read(tx, patients)
		p.Alerts = slices.DeleteFunc(
			p.Alerts, func(a Alert) bool { return len(f.States) > 0 && !slices.Contains(f.States, a.State(tx.Now())) },
		)
		slices.SortStableFunc(p.Alerts, byUrgency)
		return err
	})
	return p, err
}

// listedFor is how many days a list of all patients goes back to what was resolved; that of one patient has everything.
const listedFor = 90

func (f Filter) read(tx *database.Tx, patients []id.Patient) ([]Alert, error) {
	switch {
	case len(f.States) > 0 && !slices.Contains(f.States, Resolved):
		return unresolved(tx, patients)
	case f.Patient != "":
		return since(tx, patients, time.Time{})
	default:
		return since(tx, patients, tx.Now().AddDate(0, 0, -listedFor))
	}
}

func (s *Service) patients(tx *database.Tx, v access.Viewer, f Filter) ([]id.Patient, error) {
	if f.Patient != "" {
		return []id.Patient{f.Patient}, s.policy.Check(tx, v, access.ListAlerts, f.Patient)
	}
	patients, err := people.InScope(tx, v, access.ListAlerts)
	return people.IDs(patients), err
}

// OpenOf returns what is open of patients and not put off, the most urgent first, then the oldest. Whether the viewer
// may see them is the caller's question.
func OpenOf(tx *database.Tx, patients []id.Patient) (map[id.Patient][]Alert, error) {
	alerts, err := unresolved(tx, patients)
	slices.SortStableFunc(alerts, byUrgency)
	open := make(map[id.Patient][]Alert, len(patients))
	for _, a := range alerts {
		if a.State(tx.Now()) == Open {
			open[a.Patient] = append(open[a.Patient], a)
		}
	}
	return open, err
}

// Get returns an alert of one of the viewer's patients and what happened to it.
func (s *Service) Get(
	ctx context.Context, v access.Viewer, alert id.Alert,
) (a Alert, happened []Event, now time.Time, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		now = tx.Now()
		if a, err = find(tx, alert); err != nil {
			return err
		}
		if err := s.policy.Check(tx, v, access.GetAlert, a.Patient); err != nil {
			return err
		}
		happened, err = events(tx, alert)
		return err
	})
	return a, happened, now, err
}

// change finds an alert that is not resolved, lets fn change it, and returns it as it is then.
func (s *Service) change(
	ctx context.Context, v access.Viewer, op access.Operation, alert id.Alert, fn func(*database.Tx, Alert) error,
) (a Alert, now time.Time, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		now = tx.Now()
		a, err = s.changeIn(tx, v, op, alert, fn)
		return err
	})
	return a, now, err
}

func (s *Service) changeIn(
	tx *database.Tx, v access.Viewer, op access.Operation, alert id.Alert, fn func(*database.Tx, Alert) error,
) (Alert, error) {
	a, err := find(tx, alert)
	if err != nil {
		return Alert{}, err
	}
	if err := s.policy.Check(tx, v, op, a.Patient); err != nil {
		return Alert{}, err
	}
	if err := tx.LockPatient(string(a.Patient)); err != nil {
		return Alert{}, err
	}
	if a, err = find(tx, alert); err != nil { // as it is now that nobody else changes it
		return Alert{}, err
	}
	if err := fn(tx, a); err != nil {
		return Alert{}, err
	}
	return find(tx, alert)
}

// Acknowledge says that the viewer has seen an alert of one of their patients. One
// that somebody has seen stays as it is.
func (s *Service) Acknowledge(ctx context.Context, v access.Viewer, alert id.Alert) (Alert, time.Time, error) {
	return s.change(
		ctx, v, access.AcknowledgeAlert, alert, func(tx *database.Tx, a Alert) error { return seen(tx, v, a) },
	)
}

func seen(tx *database.Tx, v access.Viewer, a Alert) error {
	switch {
	case a.ResolvedAt != nil:
		return ErrResolved
	case a.AcknowledgedAt != nil:
		return nil
	default:
		return acknowledge(tx, a, v.Member)
	}
}

// AcknowledgeAll is Acknowledge for several: all of them, or none when one cannot be.
func (s *Service) AcknowledgeAll(ctx context.Context, v access.Viewer, alerts []id.Alert) (p Page, err error) {
	ordered := slices.Compact(slices.Sorted(slices.Values(alerts))) // so that two requests lock in one order
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		p = Page{AsOf: tx.Now()}
		for _, alert := range ordered {
			a, err := s.changeIn(
				tx, v, access.AcknowledgeAlerts, alert, func(tx *database.Tx, a Alert) error { return seen(tx, v, a) },
			)
			if err != nil {
				return err
			}
			p.Alerts = append(p.Alerts, a)
		}
		return nil
	})
	return p, err
}

// longestSnooze is how far an alert can be put off.
const longestSnooze = 28

// Snooze puts an alert off until a moment in the next 28 days. A reason for now wakes it. The same moment again changes
// nothing.
func (s *Service) Snooze(
	ctx context.Context, v access.Viewer, alert id.Alert, until time.Time,
) (Alert, time.Time, error) {
	until = until.UTC().Truncate(time.Millisecond)
	return s.change(ctx, v, access.SnoozeAlert, alert, func(tx *database.Tx, a Alert) error {
		switch {
		case a.ResolvedAt != nil:
			return ErrResolved
		case slices.Contains(s.guarded, a.Kind):
			return ErrDecisionNeeded
		case a.SnoozedUntil != nil && a.SnoozedUntil.Equal(until):
			return nil
		case !until.After(tx.Now()):
			return fault.Input(fault.Violation{Pointer: "/until", Code: "in-the-past"})
		case until.After(tx.Now().AddDate(0, 0, longestSnooze)):
			return fault.Input(fault.Violation{Pointer: "/until", Code: "too-far-ahead"})
		}
		return snooze(tx, a, v.Member, until)
	})
}

// UndoFor is how long a resolution can be taken back by who made it.
const UndoFor = 10 * time.Minute

// Reopen takes back what was done by mistake: an alert that is put off is open again, at any time, and so is one that
// the viewer has resolved within UndoFor, unless the same thing was raised anew. One that is open stays as it is.
func (s *Service) Reopen(ctx context.Context, v access.Viewer, alert id.Alert) (Alert, time.Time, error) {
	return s.change(ctx, v, access.ReopenAlert, alert, func(tx *database.Tx, a Alert) error {
		switch {
		case a.ResolvedAt == nil && a.SnoozedUntil == nil:
			return nil
		case a.ResolvedAt == nil:
			return reopen(tx, a, v.Member)
		case a.ResolvedBy != v.Member || tx.Now().Sub(*a.ResolvedAt) > UndoFor || slices.Contains(s.guarded, a.Kind):
			return ErrResolved
		}
		again, err := isRaisedAgain(tx, a)
		if err == nil && again {
			err = ErrResolved
		}
		if err != nil {
			return err
		}
		return reopen(tx, a, v.Member)
	})
}

// Resolution says what came of an alert.
type Resolution struct {
	Outcome string
	Note    string
}

// Resolve closes an alert of one of the viewer's patients. Repeating it with the same words changes nothing.
func (s *Service) Resolve(
	ctx context.Context, v access.Viewer, alert id.Alert, r Resolution,
) (Alert, time.Time, error) {
	return s.change(ctx, v, access.ResolveAlert, alert, func(tx *database.Tx, a Alert) error {
		switch {
		case a.ResolvedAt != nil && a.Outcome == r.Outcome && a.Note == r.Note && a.ResolvedBy == v.Member:
			return nil
		case a.ResolvedAt != nil:
			return ErrResolved
		case slices.Contains(s.guarded, a.Kind):
			return ErrDecisionNeeded
		}
		return closeAlert(tx, a, v.Member, r.Outcome, r.Note)
	})
}
