package detour

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
)

// lighters are the smaller programs that patients choose when time or energy is short: sessions of at most 10 minutes
// for 2 weeks, or half of the dose for 3 days. Lack of time is the barrier that goes with not exercising most often, as
// strongly as lack of motivation (r = 0.47 and 0.48 in back pain, EXAS validation), and fewer exercises are done more
// faithfully; a small session that happens is worth more than a long one that does not. Both lengths are design
// choices.
//
// What is done then counts in full. Who chooses a second one in 4 weeks has a usual program that is too much.
var lighters = pattern{
	table: lighterTable, origin: program.ByLighter, levels: []int{whole}, level: "lighter.back", yields: true,
	ends: access.EndLighterProgram, second: "lighter_again", secondText: "lighter.again", urgency: alert.NextVisit,
}

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

// ErrLighter means that the program is lighter already: by choice, in a flare or on the way back from one.
var ErrLighter = fault.New(fault.Conflict, "lighter-already", "the program is lighter already")

// Kind returns how a lighter program was made lighter.
func (d Detour) Kind() Kind { return Kind(d.asked) }

// ChooseLighter makes the viewer's program lighter from today on. It answers ErrLighter when it is so already, and
// program.ErrNothingChanged when the usual one is as small. The same choice again returns what is stored.
func (s *Service) ChooseLighter(
	ctx context.Context, v access.Viewer, choice id.Detour, kind Kind,
) (Detour, bool, error) {
	ask, rule := v.AsksOwn(access.ChooseLighterProgram).Alone(), rules[kind]
	w := wanted{
		pattern: lighters, Detour: Detour{ID: choice, asked: string(kind)}, days: rule.days,
		smaller: rule.lighter, reason: rule.reason,
	}
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Detour, bool, error) {
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return Detour{}, false, err
		}
		return s.begin(tx, p, w)
	})
}

func (r rule) lighter(now situation) ([]program.Item, error) {
	if _, stopped, err := safety.BlockOf(now.tx, now.patient.ID); err != nil {
		return nil, err
	} else if stopped {
		return nil, safety.ErrStopped
	}
	if now.history.IsLightened(now.today) {
		return nil, ErrLighter
	}
	usual, err := now.history.Base(now.today)
	if err != nil {
		return nil, err
	}
	smaller := r.change(usual.Items)
	if program.SameItems(smaller, usual.Items) {
		return nil, program.ErrNothingChanged
	}
	return smaller, nil
}

// EndLighter brings the viewer's usual program back. What a member has published since stays as it is.
func (s *Service) EndLighter(ctx context.Context, v access.Viewer, choice id.Detour) error {
	return s.end(ctx, v, lighters, choice)
}

// MyLighter returns the viewer's lighter programs, latest first.
func (s *Service) MyLighter(ctx context.Context, v access.Viewer) ([]Detour, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListMyLighterPrograms), func(tx *database.Tx) ([]Detour, error) {
		return lighters.all(tx, v.Patient)
	})
}
