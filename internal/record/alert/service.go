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

// Service implements the use cases of this package.
type Service struct {
	guard   *access.Guard
	guarded []Kind
}

// NewService returns the service. Alerts of guarded kinds can be resolved or snoozed only by a recorded decision.
func NewService(guard *access.Guard, guarded ...Kind) *Service {
	return &Service{guard: guard, guarded: guarded}
}

// Filter narrows a list. No states means all states; an empty patient means all patients.
type Filter struct {
	States  []State
	Patient id.Patient
}

// Page is a list as of a moment.
type Page struct {
	Alerts []Alert
	AsOf   time.Time
}

// List returns the alerts of the viewer's patients, the most urgent first, then the oldest.
func (s *Service) List(ctx context.Context, v access.Viewer, f Filter) (Page, error) {
	ask := v.InScope(access.ListAlerts)
	if f.Patient != "" {
		ask = v.Asks(access.ListAlerts, f.Patient)
	}
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) (Page, error) {
		patients, err := f.patients(tx, v)
		if err != nil {
			return Page{}, err
		}
		alerts, err := f.read(tx, patients)
		alerts = slices.DeleteFunc(
			alerts, func(a Alert) bool { return len(f.States) > 0 && !slices.Contains(f.States, a.State(tx.Now())) },
		)
		slices.SortStableFunc(alerts, byUrgency)
		return Page{Alerts: alerts, AsOf: tx.Now()}, err
	})
}

// listedFor is how many days back the list of all patients shows resolved alerts. The list of one patient shows all.
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

func (f Filter) patients(tx *database.Tx, v access.Viewer) ([]id.Patient, error) {
	if f.Patient != "" {
		return []id.Patient{f.Patient}, nil
	}
	patients, err := people.InScope(tx, v, access.ListAlerts)
	return people.IDs(patients), err
}

// OpenOf returns the open alerts of patients that are not snoozed, the most urgent first, then the oldest. The caller
// checks whether the viewer may see them.
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

// Get returns an alert of one of the viewer's patients, and its events.
func (s *Service) Get(ctx context.Context, v access.Viewer, alert id.Alert) (Alert, []Event, time.Time, error) {
	type detail struct {
		alert    Alert
		happened []Event
		now      time.Time
	}
	t, err := access.Read(ctx, s.guard, asks(v, access.GetAlert, alert), func(tx *database.Tx) (detail, error) {
		a, err := find(tx, alert)
		if err != nil {
			return detail{}, err
		}
		happened, err := events(tx, alert)
		return detail{a, happened, tx.Now()}, err
	})
	return t.alert, t.happened, t.now, err
}

// asks returns an access request about the patient of an alert.
func asks(v access.Viewer, op access.Operation, alert id.Alert) access.Request {
	return v.AsksAbout(op, func(tx *database.Tx) (id.Patient, error) {
		a, err := find(tx, alert)
		return a.Patient, err
	})
}

// change runs fn on an alert while nobody else can change it, and returns the alert afterwards.
func (s *Service) change(
	ctx context.Context, ask access.Request, alert id.Alert, fn func(*database.Tx, Alert) error,
) (Alert, time.Time, error) {
	type changed struct {
		alert Alert
		now   time.Time
	}
	c, err := access.Write(ctx, s.guard, ask.Alone(), func(tx *database.Tx) (changed, error) {
		a, err := changeIn(tx, alert, fn)
		return changed{a, tx.Now()}, err
	})
	return c.alert, c.now, err
}

func changeIn(tx *database.Tx, alert id.Alert, fn func(*database.Tx, Alert) error) (Alert, error) {
	a, err := find(tx, alert)
	if err != nil {
		return Alert{}, err
	}
	if err := fn(tx, a); err != nil {
		return Alert{}, err
	}
	return find(tx, alert)
}

// Acknowledge records that the viewer has seen an alert of one of their patients. It does nothing if somebody has
// already seen it.
func (s *Service) Acknowledge(ctx context.Context, v access.Viewer, alert id.Alert) (Alert, time.Time, error) {
	return s.change(ctx, asks(v, access.AcknowledgeAlert, alert), alert, seenBy(v))
}

func seenBy(v access.Viewer) func(*database.Tx, Alert) error {
	return func(tx *database.Tx, a Alert) error {
		switch {
		case a.ResolvedAt != nil:
			return ErrResolved
		case a.AcknowledgedAt != nil:
			return nil
		default:
			return acknowledge(tx, a, v.Member)
		}
	}
}

// AcknowledgeAll is Acknowledge for several alerts: it acknowledges all of them, or none if one cannot be.
func (s *Service) AcknowledgeAll(ctx context.Context, v access.Viewer, alerts []id.Alert) (Page, error) {
	ordered := slices.Compact(slices.Sorted(slices.Values(alerts))) // so that requests lock in the same order
	return access.Write(ctx, s.guard, v.InScope(access.AcknowledgeAlerts), func(tx *database.Tx) (Page, error) {
		p := Page{AsOf: tx.Now()}
		for _, alert := range ordered {
			if err := s.guard.Admit(tx, asks(v, access.AcknowledgeAlerts, alert).Alone()); err != nil {
				return Page{}, err
			}
			a, err := changeIn(tx, alert, seenBy(v))
			if err != nil {
				return Page{}, err
			}
			p.Alerts = append(p.Alerts, a)
		}
		return p, nil
	})
}

// longestSnooze is the longest snooze, in days.
const longestSnooze = 28

// Snooze hides an alert until a moment in the next 28 days. An urgent reason ends the snooze. Repeating it with the
// same moment changes nothing.
func (s *Service) Snooze(
	ctx context.Context, v access.Viewer, alert id.Alert, until time.Time,
) (Alert, time.Time, error) {
	until = until.UTC().Truncate(time.Millisecond)
	return s.change(ctx, asks(v, access.SnoozeAlert, alert), alert, func(tx *database.Tx, a Alert) error {
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

// UndoFor is how long members can undo their own resolution.
const UndoFor = 10 * time.Minute

// Reopen undoes a mistake. It reopens a snoozed alert at any time, and an alert that the viewer resolved within UndoFor
// unless the same condition has been raised again. It does nothing to an open alert.
func (s *Service) Reopen(ctx context.Context, v access.Viewer, alert id.Alert) (Alert, time.Time, error) {
	return s.change(ctx, asks(v, access.ReopenAlert, alert), alert, func(tx *database.Tx, a Alert) error {
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

// Resolution is the outcome of an alert.
type Resolution struct {
	Outcome string
	Note    string
}

// Resolve closes an alert of one of the viewer's patients. Repeating it with the same outcome and note changes nothing.
func (s *Service) Resolve(
	ctx context.Context, v access.Viewer, alert id.Alert, r Resolution,
) (Alert, time.Time, error) {
	return s.change(ctx, asks(v, access.ResolveAlert, alert), alert, func(tx *database.Tx, a Alert) error {
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
