// Package flare is what happens when a patient says that it is clearly worse: hard to tolerate, limiting, for hours to
// weeks. The definition is a consensus of patients and clinicians (Costa 2019). It is asked and never inferred from
// scores: on 68 % of the days that patients called a flare, pain was not above their average.
//
// It promises a small program for 3 to 7 days that asks only gentle things, silence from reminders meanwhile, and a way
// back over 50, 75 and 100 % of the dose, a week each. The second flare in 4 weeks is told to the therapist. The safety
// gate is asked first.
package flare

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
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// RuleVersion is the number of the rules in this package.
const RuleVersion = 1

// Limits (design choices).
const (
	again       = 28 // days: the second flare within is told to the therapist
	halfWalk    = 50 // percent of the usual walk
	firstWalk   = 5  // minutes, for who does not walk in the program
	rebuildWeek = 7  // days on each level
)

// rebuild are the levels after a flare, in percent of the usual dose.
var rebuild = []int{50, 75, 100}

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such flare")
	ErrOpen     = fault.New(fault.Conflict, "flare-open", "a flare is open already")
)

// Flare is a worse period, from a day up to and including another.
type Flare struct {
	ID         id.Flare
	Start, End localtime.Date
	DeclaredAt time.Time
}

// OpenOn reports whether the flare program holds on a day.
func (f Flare) OpenOn(day localtime.Date) bool { return !day.Before(f.Start) && !day.After(f.End) }

// New is a flare to be declared: for 3 to 7 days, with what is new.
type New struct {
	ID       id.Flare
	Days     int
	NewSigns []safety.Sign
}

// SecondKind is the kind of the alert about a second flare within 4 weeks.
const SecondKind alert.Kind = "second_flare"

// Service is the use cases of this package.
type Service struct {
	guard    *access.Guard
	library  *exercise.Library
	programs *program.Service
	gate     *safety.Gate
}

// NewService returns the service.
func NewService(
	guard *access.Guard, library *exercise.Library, programs *program.Service, gate *safety.Gate,
) *Service {
	return &Service{guard: guard, library: library, programs: programs, gate: gate}
}

// Declare starts a flare of the viewer today. When the safety gate stops, the program stands still instead and the
// verdict says what to do. The same flare again returns what is stored.
func (s *Service) Declare(ctx context.Context, v access.Viewer, n New) (Flare, safety.Verdict, bool, error) {
	ask := v.AsksOwn(access.DeclareFlare).Alone()
	f, created, err := access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Flare, bool, error) {
		p, flares, err := flaresOf(tx, v.Patient)
		if err != nil {
			return Flare{}, false, err
		}
		if i := slices.IndexFunc(flares, func(f Flare) bool { return f.ID == n.ID }); i >= 0 {
			return flares[i], false, newStore(tx).mustEqual(v.Patient, n)
		}
		today := p.Today(tx.Now())
		if slices.ContainsFunc(flares, func(f Flare) bool { return f.OpenOn(today) }) {
			return Flare{}, false, ErrOpen
		}
		f := Flare{ID: n.ID, Start: today, End: today.AddDays(n.Days - 1), DeclaredAt: tx.Now()}
		if err := newStore(tx).insert(v.Patient, f, database.BodyHash(n.hashed())); err != nil {
			return Flare{}, false, err
		}
		return f, true, s.begin(tx, p, f, n, flares)
	})
	return f, safety.Screen(safety.Answers{Yes: n.NewSigns}), created, err
}

func (s *Service) begin(tx *database.Tx, p people.Patient, f Flare, n New, before []Flare) error {
	if err := warn(tx, p.ID, f, before); err != nil {
		return err
	}
	planned, err := s.plan(tx, p, f)
	if err != nil {
		return err
	}
	if err := s.programs.Plan(tx, p.ID, "", planned...); err != nil {
		return err
	}
	_, err = s.gate.Admit(tx, p, safety.FromCheckIn, string(f.ID), safety.Answers{Yes: n.NewSigns})
	return err
}

// warn tells the therapist of a second flare within 4 weeks.
func warn(tx *database.Tx, patient id.Patient, f Flare, before []Flare) error {
	for _, earlier := range before {
		if f.Start.DaysSince(earlier.Start) <= again {
			return alert.Raise(tx, patient, alert.Raised{
				Kind: SecondKind, Urgency: alert.Today, RuleVersion: RuleVersion,
				Pair: words.KeepAs(func(l words.Language) string {
					return l.Say("flare.second", "first", l.Date(earlier.Start), "then", l.Date(f.Start))
				}),
			})
		}
	}
	return nil
}

// plan makes the versions of a flare and of the way back.
func (s *Service) plan(tx *database.Tx, p people.Patient, f Flare) ([]program.Planned, error) {
	history, err := program.HistoryOf(tx, p.ID)
	if err != nil {
		return nil, err
	}
	base, err := history.Base(f.Start)
	if err != nil {
		return nil, err
	}
	planned := []program.Planned{{
		From: f.Start, Items: s.gentle(p, base), Origin: program.ByFlare, Regardless: true,
		Reason: words.Keep("flare.gentle"),
	}}
	back, err := wayBack(history, f.End.AddDays(1))
	return append(planned, back...), err
}

// wayBack returns to the usual dose, a week on each level. The usual dose of a week is that of the version a member has
// published for it, and versions for after the way back keep their day.
func wayBack(h program.History, from localtime.Date) ([]program.Planned, error) {
	last := from
	var planned []program.Planned
	for i, percent := range rebuild {
		level := program.Planned{
			From:       from.AddDays(i * rebuildWeek),
			Origin:     program.ByRebuild,
			Regardless: true,
			Reason:     words.Keep("flare.back", "percent", percent),
		}
		base, err := h.Base(level.From)
		if err != nil {
			return nil, err
		}
		for _, item := range base.Items {
			level.Items = append(level.Items, item.Scaled(percent))
		}
		planned, last = append(planned, level), level.From
	}
	return append(planned, h.Later(last)...), nil
}

// gentle is the flare program: mobility at its first level, half of the usual walk, and relaxation. What the
// program has of these stays the same item.
func (s *Service) gentle(p people.Patient, base program.Version) []program.Item {
	mobility, walk, calm := "pelvic-tilt-lying", "walk-easy", "belly-breathing"
	if p.Complaint == people.Neck {
		mobility = "neck-rotation-lying"
	}
	if p.Complaint == people.UpperBack {
		mobility = "shoulder-rolls"
	}
	walking := s.item(base, walk)
	usual := slices.IndexFunc(base.Items, func(i program.Item) bool { return i.Module == exercise.Walking })
	if usual >= 0 {
		walking.Dose.Minutes = base.Items[usual].Scaled(halfWalk).Dose.Minutes
	} else {
		walking.Dose.Minutes = firstWalk
	}
	moving := s.item(base, mobility)
	moving.Dose.Sets, moving.Dose.Reps = 1, 8
	return []program.Item{moving, walking, s.item(base, calm)}
}

func (s *Service) item(base program.Version, slug string) program.Item {
	if i := slices.IndexFunc(base.Items, func(i program.Item) bool { return i.Exercise == slug }); i >= 0 {
		return base.Items[i]
	}
	e, err := s.library.Find(slug)
	if err != nil {
		panic(err) // the library is embedded and a test names these
	}
	return program.NewItem{
		ID: id.ProgramItem(id.New()), Exercise: slug, Dose: e.Default,
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 5, TimesPerDay: 1},
	}.In(s.library)
}

// End says that a flare of the viewer is over: from today on the way back begins. Ending it again changes nothing.
func (s *Service) End(ctx context.Context, v access.Viewer, flare id.Flare) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.EndFlare).Alone(), func(tx *database.Tx) error {
		p, flares, err := flaresOf(tx, v.Patient)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(flares, func(f Flare) bool { return f.ID == flare })
		if i < 0 {
			return ErrNotFound
		}
		today := p.Today(tx.Now())
		if !flares[i].OpenOn(today) {
			return nil
		}
		history, err := program.HistoryOf(tx, p.ID)
		if err != nil {
			return err
		}
		back, err := wayBack(history, today)
		if err != nil {
			return err
		}
		if err := newStore(tx).end(p.ID, flare, today.AddDays(-1)); err != nil {
			return err
		}
		return s.programs.Plan(tx, p.ID, "", back...)
	})
}

// flaresOf returns a patient with all earlier flares.
func flaresOf(tx *database.Tx, patient id.Patient) (people.Patient, []Flare, error) {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return people.Patient{}, nil, err
	}
	all, err := newStore(tx).all(patient)
	return p, all, err
}

var listing = access.Operations{Own: access.ListMyFlares, Others: access.ListPatientFlares}

// List returns the flares of a patient, latest first.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient) ([]Flare, error) {
	return access.Read(ctx, s.guard, v.Asks(listing.For(v), patient), func(tx *database.Tx) ([]Flare, error) {
		return newStore(tx).all(patient)
	})
}
