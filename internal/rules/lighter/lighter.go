// Package lighter is the smaller program that a patient chooses for a while when time or energy is short: sessions
// of at most 10 minutes for 2 weeks, or half of the dose for 3 days. Lack of time is the barrier that goes with not
// exercising most often, as strongly as lack of motivation (r = 0.47 and 0.48 in back pain, EXAS validation), and
// fewer exercises are done more faithfully; a small session that happens is worth more than a long one that does
// not. Both lengths are design choices.
//
// It promises that nobody has to ask for it, that what is done then counts in full, that the usual program comes back
// by itself or when the patient says so, and that the therapist sees it as a version with its reason. The second one in
// 4 weeks is told to the therapist: then the usual program is too much.
package lighter

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
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// RuleVersion is the number of the rules in this package.
const RuleVersion = 1

// again is in how many days a second lighter program is told to the therapist.
const again = 28

// Kind is how a program becomes lighter.
type Kind string

// The kinds.
const (
	Short Kind = "short" // a session takes at most 10 minutes, for 2 weeks: for want of time
	Half  Kind = "half"  // half of the dose, for 3 days: for want of energy
)

// rule is what a kind does, for how many days, and how it is said.
type rule struct {
	days   int
	change func([]program.Item) []program.Item
	reason string // the key of why the program is smaller
}

var rules = map[Kind]rule{
	Short: {14, shortened, "lighter.short"},
	Half:  {3, halved, "lighter.half"},
}

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such lighter program")
	// ErrLighter means that the program is lighter already: by choice, in a flare or on the way back from one.
	ErrLighter = fault.New(fault.Conflict, "lighter-already", "the program is lighter already")
)

// Lighter is a lighter program, from a day up to and including another.
type Lighter struct {
	ID         id.Lighter
	Kind       Kind
	Start, End localtime.Date
	ChosenAt   time.Time
}

// AgainKind is the kind of the alert about a second lighter program within 4 weeks.
const AgainKind alert.Kind = "lighter_again"

// Service is the use cases of this package.
type Service struct {
	guard    *access.Guard
	programs *program.Service
}

// NewService returns the service.
func NewService(guard *access.Guard, programs *program.Service) *Service {
	return &Service{guard: guard, programs: programs}
}

// Choose makes the viewer's program lighter from today on. It answers ErrLighter when it is so already, and
// program.ErrNothingChanged when the usual one is as small. The same choice again returns what is stored.
func (s *Service) Choose(
	ctx context.Context, v access.Viewer, choice id.Lighter, kind Kind,
) (Lighter, bool, error) {
	ask := v.AsksOwn(access.ChooseLighterProgram).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Lighter, bool, error) {
		p, all, err := lightersOf(tx, v.Patient)
		if err != nil {
			return Lighter{}, false, err
		}
		if i := slices.IndexFunc(all, func(l Lighter) bool { return l.ID == choice }); i >= 0 {
			if all[i].Kind != kind {
				return Lighter{}, false, database.ErrIDReused
			}
			return all[i], false, nil
		}
		today := p.Today(tx.Now())
		l := Lighter{ID: choice, Kind: kind, Start: today, End: today.AddDays(rules[kind].days - 1), ChosenAt: tx.Now()}
		return l, true, s.begin(tx, p, l, all)
	})
}

func (s *Service) begin(tx *database.Tx, p people.Patient, l Lighter, before []Lighter) error {
	if _, stopped, err := safety.BlockOf(tx, p.ID); err != nil {
		return err
	} else if stopped {
		return safety.ErrStopped
	}
	history, err := program.HistoryOf(tx, p.ID)
	if err != nil {
		return err
	}
	if history.IsLightened(l.Start) {
		return ErrLighter
	}
	usual, err := history.Base(l.Start)
	if err != nil {
		return err
	}
	smaller := rules[l.Kind].change(usual.Items)
	if program.SameItems(smaller, usual.Items) {
		return program.ErrNothingChanged
	}
	back, err := wayBack(history, l.End.AddDays(1))
	if err != nil {
		return err
	}
	planned := append([]program.Planned{{
		From: l.Start, Items: smaller, Origin: program.ByLighter, Reason: words.Keep(rules[l.Kind].reason),
		Regardless: true,
	}}, back...)
	if err := s.programs.Plan(tx, p.ID, "", planned...); err != nil {
		return err
	}
	if err := newStore(tx).insert(p.ID, l); err != nil {
		return err
	}
	return warn(tx, p.ID, l, before)
}

// wayBack returns to the usual program of a day; versions for later days keep theirs.
func wayBack(h program.History, from localtime.Date) ([]program.Planned, error) {
	usual, err := h.Base(from)
	if err != nil {
		return nil, err
	}
	planned := []program.Planned{{
		From: from, Items: usual.Items, Origin: program.ByRebuild, Reason: words.Keep("lighter.back"), Regardless: true,
	}}
	return append(planned, h.Later(from)...), nil
}

// warn tells the therapist of a second lighter program within 4 weeks.
func warn(tx *database.Tx, patient id.Patient, l Lighter, before []Lighter) error {
	for _, earlier := range before {
		if l.Start.DaysSince(earlier.Start) <= again {
			return alert.Raise(tx, patient, alert.Raised{
				Kind: AgainKind, Urgency: alert.NextVisit, RuleVersion: RuleVersion,
				Pair: words.KeepAs(func(in words.Language) string {
					return in.Say("lighter.again", "first", in.Date(earlier.Start), "then", in.Date(l.Start))
				}),
			})
		}
	}
	return nil
}

// End brings the viewer's usual program back today. Ending it again, or when another
// program has come since, changes nothing.
func (s *Service) End(ctx context.Context, v access.Viewer, choice id.Lighter) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.EndLighterProgram).Alone(), func(tx *database.Tx) error {
		p, all, err := lightersOf(tx, v.Patient)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(l Lighter) bool { return l.ID == choice })
		if i < 0 {
			return ErrNotFound
		}
		today := p.Today(tx.Now())
		if today.After(all[i].End) {
			return nil
		}
		if err := newStore(tx).end(p.ID, choice, today.AddDays(-1)); err != nil {
			return err
		}
		history, err := program.HistoryOf(tx, p.ID)
		if err != nil {
			return err
		}
		if now, inForce := history.On(today); !inForce || now.Origin != program.ByLighter {
			return nil
		}
		back, err := wayBack(history, today)
		if err != nil {
			return err
		}
		return s.programs.Plan(tx, p.ID, "", back...)
	})
}

// lightersOf returns a patient with all earlier lighter programs.
func lightersOf(tx *database.Tx, patient id.Patient) (people.Patient, []Lighter, error) {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return people.Patient{}, nil, err
	}
	all, err := newStore(tx).all(patient)
	return p, all, err
}

// Mine returns the viewer's lighter programs, latest first.
func (s *Service) Mine(ctx context.Context, v access.Viewer) ([]Lighter, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListMyLighterPrograms), func(tx *database.Tx) ([]Lighter, error) {
		return newStore(tx).all(v.Patient)
	})
}
