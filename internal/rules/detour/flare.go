package detour

import (
	"context"
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
)

// flares are what happens when a patient says that it is clearly worse: hard to tolerate, limiting, for hours to weeks.
// The definition is a consensus of patients and clinicians (Costa 2019). It is asked and never inferred from scores: on
// 68 % of the days that patients called a flare, pain was not above their average.
//
// A flare asks only gentle things, for 3 to 7 days in which reminders are silent, and comes back in three weeks. The
// safety gate is asked first.
var flares = pattern{
	table: flareTable, origin: program.ByFlare, levels: []int{50, 75, whole}, level: "flare.back",
	ends: access.EndFlare, second: "second_flare", secondText: "flare.second", urgency: alert.Today,
}

// Limits (design choices).
const (
	halfWalk   = 50 // percent of the usual walk
	firstWalk  = 5  // minutes, for who does not walk in the program
	gentleReps = 8  // of one set, at most
)

// ErrOpen means that the patient is in a flare already.
var ErrOpen = fault.New(fault.Conflict, "flare-open", "a flare is open already")

// Flare is a flare to be declared: for 3 to 7 days, with what is new.
type Flare struct {
	ID       id.Detour
	Days     int
	NewSigns []safety.Sign
}

// flareHashed is a flare as it is hashed. Its form is for ever: what an older version stored may be sent again.
type flareHashed struct {
	ID       id.Detour     `json:"ID"`
	Days     int           `json:"Days"`
	NewSigns []safety.Sign `json:"NewSigns"`
}

func (f Flare) hashed() flareHashed { return flareHashed(f) }

// Declared is a flare with the verdict of the safety gate.
type Declared struct {
	Detour
	Verdict safety.Verdict
}

// DeclareFlare starts a flare of the viewer today. When the safety gate stops, the program stands still instead and the
// verdict says what to do. The same flare again returns what is stored.
func (s *Service) DeclareFlare(ctx context.Context, v access.Viewer, f Flare) (Declared, bool, error) {
	w := wanted{
		pattern: flares, Detour: Detour{ID: f.ID, asked: database.BodyHash(f.hashed())}, days: f.Days,
		smaller: s.gentle, reason: "flare.gentle",
	}
	ask := v.AsksOwn(access.DeclareFlare).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Declared, bool, error) {
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return Declared{}, false, err
		}
		begun, created, err := s.begin(tx, p, w)
		if err != nil {
			return Declared{}, false, err
		}
		if !created {
			verdict, err := s.gate.ToldBy(tx, v.Patient, safety.FromCheckIn, string(f.ID))
			return Declared{begun, verdict}, false, err
		}
		verdict, err := s.gate.AdmitOnce(tx, p, safety.FromCheckIn, string(f.ID), f.NewSigns)
		return Declared{begun, verdict}, true, err
	})
}

// gentle is the flare program: mobility at its first level, half of the usual walk, and relaxation. What the
// program has of these stays the same item.
func (s *Service) gentle(now situation) ([]program.Item, error) {
	if slices.ContainsFunc(now.earlier, func(f Detour) bool { return f.openOn(now.today) }) {
		return nil, ErrOpen
	}
	base, err := now.history.Base(now.today)
	if err != nil {
		return nil, err
	}
	mobility, walk, calm := "pelvic-tilt-lying", "walk-easy", "belly-breathing"
	switch now.patient.Complaint {
	case people.Neck:
		mobility = "neck-rotation-lying"
	case people.UpperBack:
		mobility = "shoulder-rolls"
	}
	walking := s.item(base, walk)
	short := walking.Dose
	short.Minutes = firstWalk
	if i := slices.IndexFunc(base.Items, func(i program.Item) bool { return i.Module == exercise.Walking }); i >= 0 {
		short.Minutes = base.Items[i].Scaled(halfWalk).Dose.Minutes
	}
	walking = walking.WithDose(short)
	moving := s.item(base, mobility)
	gently := moving.Dose
	gently.Sets, gently.Reps = 1, min(gently.Reps, gentleReps)
	moving = moving.WithDose(gently)
	return []program.Item{moving, walking, s.item(base, calm)}, nil
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

// EndFlare says that a flare of the viewer is over.
func (s *Service) EndFlare(ctx context.Context, v access.Viewer, flare id.Detour) error {
	return s.end(ctx, v, flares, flare)
}

var listing = access.Operations{Own: access.ListMyFlares, Others: access.ListPatientFlares}

// Flares returns the flares of a patient, latest first.
func (s *Service) Flares(ctx context.Context, v access.Viewer, patient id.Patient) ([]Detour, error) {
	return access.Read(ctx, s.guard, v.Asks(listing.For(v), patient), func(tx *database.Tx) ([]Detour, error) {
		return flares.all(tx, patient)
	})
}
