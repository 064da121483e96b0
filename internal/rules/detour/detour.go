// Package detour is a smaller program for a while, with a way back. A flare is declared when it is clearly worse; a
// lighter program is chosen when time or energy is short. Nobody has to ask for either.
//
// It promises that a detour begins today, and ends by itself or when the patient says so; that the usual program then
// comes back whole, and a version that a member has published for a later day keeps its day; that a repeat returns what
// is stored; and that the second of its kind in 4 weeks is told to the therapist. The therapist sees each step as a
// version with its reason.
package detour

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
	again = 28  // days: the second detour within is told to the therapist
	week  = 7   // days on each level of the way back
	whole = 100 // percent of the usual dose
)

// ErrNotFound means that the viewer has no such detour.
var ErrNotFound = fault.New(fault.NotFound, "not-found", "no such detour")

// Detour is a flare or a lighter program, from a day up to and including another.
type Detour struct {
	ID         id.Detour
	Start, End localtime.Date
	BegunAt    time.Time
	asked      string // what the patient asked for, as it is kept: a repeat asks for the same
}

// openOn reports whether the smaller program holds on a day.
func (d Detour) openOn(day localtime.Date) bool { return !day.Before(d.Start) && !day.After(d.End) }

// pattern is what all flares, or all lighter programs, have in common.
type pattern struct {
	table
	origin program.Origin // of the smaller program
	levels []int          // of the way back, in percent of the usual dose
	level  string         // the key of why a level asks what it asks
	yields bool           // to a version that came since: then ending changes no program

	ends       access.Operation
	second     alert.Kind // of the second in 4 weeks
	secondText string     // the key of what it says
	urgency    alert.Urgency
}

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

// wanted is a detour to begin: for how many days, with which items and why these.
type wanted struct {
	pattern
	Detour
	days    int
	smaller func(situation) ([]program.Item, error)
	reason  string
}

// situation is what a detour begins in.
type situation struct {
	tx      *database.Tx
	patient people.Patient
	earlier []Detour // of the same kind, latest first
	history program.History
	today   localtime.Date
}

// begin starts a detour today. The same again returns what is stored and false.
func (s *Service) begin(tx *database.Tx, p people.Patient, w wanted) (Detour, bool, error) {
	earlier, err := w.all(tx, p.ID)
	if err != nil {
		return Detour{}, false, err
	}
	if i := indexOf(earlier, w.ID); i >= 0 {
		return earlier[i], false, earlier[i].mustAsk(w.asked)
	}
	history, err := program.HistoryOf(tx, p.ID)
	if err != nil {
		return Detour{}, false, err
	}
	now := situation{tx: tx, patient: p, earlier: earlier, history: history, today: p.Today(tx.Now())}
	w.Start, w.End, w.BegunAt = now.today, now.today.AddDays(w.days-1), tx.Now()
	if err := s.plan(now, w); err != nil {
		return Detour{}, false, err
	}
	if err := w.insert(tx, p.ID, w.Detour); err != nil {
		return Detour{}, false, err
	}
	return w.Detour, true, w.warn(now)
}

// mustAsk refuses another detour with the id of a stored one.
func (d Detour) mustAsk(asked string) error {
	if d.asked != asked {
		return database.ErrIDReused
	}
	return nil
}

func indexOf(all []Detour, detour id.Detour) int {
	return slices.IndexFunc(all, func(d Detour) bool { return d.ID == detour })
}

// plan makes the versions of a detour and of its way back.
func (s *Service) plan(now situation, w wanted) error {
	smaller, err := w.smaller(now)
	if err != nil {
		return err
	}
	back, err := w.wayBack(now.history, w.End.AddDays(1))
	if err != nil {
		return err
	}
	planned := append([]program.Planned{{
		From: w.Start, Items: smaller, Origin: w.origin, Reason: words.Keep(w.reason), Regardless: true,
	}}, back...)
	return s.programs.Plan(now.tx, now.patient.ID, "", planned...)
}

// wayBack returns to the usual program, a week on each level. What is usual in a week is what a member has published
// for it, and versions for after the way back keep their day.
func (of pattern) wayBack(h program.History, from localtime.Date) ([]program.Planned, error) {
	var planned []program.Planned
	day := from
	for i, percent := range of.levels {
		day = from.AddDays(i * week)
		usual, err := h.Base(day)
		if err != nil {
			return nil, err
		}
		planned = append(planned, program.Planned{
			From: day, Items: scaled(usual.Items, percent), Origin: program.ByRebuild, Regardless: true,
			Reason: words.Keep(of.level, "percent", percent),
		})
	}
	return append(planned, h.Later(day)...), nil
}

// scaled returns items with a share of their doses. The whole dose is the items as they are.
func scaled(items []program.Item, percent int) []program.Item {
	if percent == whole {
		return items
	}
	smaller := make([]program.Item, len(items))
	for i, item := range items {
		smaller[i] = item.Scaled(percent)
	}
	return smaller
}

// warn tells the therapist of a second one within 4 weeks.
func (of pattern) warn(now situation) error {
	i := slices.IndexFunc(now.earlier, func(d Detour) bool { return now.today.DaysSince(d.Start) <= again })
	if i < 0 {
		return nil
	}
	return alert.Raise(now.tx, now.patient.ID, alert.Raised{
		Kind: of.second, Urgency: of.urgency, RuleVersion: RuleVersion,
		Pair: words.KeepAs(func(l words.Language) string {
			return l.Say(of.secondText, "first", l.Date(now.earlier[i].Start), "then", l.Date(now.today))
		}),
	})
}

// end begins the way back of a detour of the viewer today. Ending it again changes nothing.
func (s *Service) end(ctx context.Context, v access.Viewer, of pattern, detour id.Detour) error {
	return access.Change(ctx, s.guard, v.AsksOwn(of.ends).Alone(), func(tx *database.Tx) error {
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return err
		}
		all, err := of.all(tx, p.ID)
		if err != nil {
			return err
		}
		i, today := indexOf(all, detour), p.Today(tx.Now())
		switch {
		case i < 0:
			return ErrNotFound
		case !all[i].openOn(today):
			return nil
		}
		if err := of.end(tx, p.ID, detour, today.AddDays(-1)); err != nil {
			return err
		}
		return s.goBack(tx, p.ID, of, today)
	})
}

// goBack plans the way back from a day on.
func (s *Service) goBack(tx *database.Tx, patient id.Patient, of pattern, from localtime.Date) error {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	if now, inForce := history.On(from); of.yields && (!inForce || now.Origin != of.origin) {
		return nil
	}
	back, err := of.wayBack(history, from)
	if err != nil {
		return err
	}
	return s.programs.Plan(tx, patient, "", back...)
}
