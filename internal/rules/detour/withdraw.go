package detour

import (
	"context"
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// Withdraw takes back a program version that has not started; see program.WithdrawIn. What a detour or a walking plan
// has built on it for later days is planned anew without it. Repeating it changes nothing.
func (s *Service) Withdraw(
	ctx context.Context, v access.Viewer, patient id.Patient, version id.ProgramVersion, based string,
) (program.History, error) {
	ask := v.Asks(access.WithdrawProgramVersion, patient).Alone()
	return access.Write(ctx, s.guard, ask, func(tx *database.Tx) (program.History, error) {
		p, err := people.ByID(tx, patient)
		if err != nil {
			return program.History{}, err
		}
		gone, withdrawn, err := s.programs.WithdrawIn(tx, v, p, version, based)
		if err == nil && withdrawn {
			err = s.replan(tx, p, gone)
		}
		if err != nil {
			return program.History{}, err
		}
		return program.HistoryOf(tx, patient)
	})
}

// planner plans anew what one kind of rule has built on a version that is gone.
type planner func(*database.Tx, people.Patient, program.Version, program.History) ([]program.Planned, error)

// replan plans anew what rules have built on a version that is gone: first what is usual from its day on, where a
// walking plan copied the version, and then the way back of a detour. Nothing changes on days that have begun.
func (s *Service) replan(tx *database.Tx, p people.Patient, gone program.Version) error {
	for _, plan := range []planner{asBefore, wayBackWithout} {
		history, err := program.HistoryOf(tx, p.ID)
		if err != nil {
			return err
		}
		planned, err := plan(tx, p, gone, history)
		if err != nil {
			return err
		}
		if err := s.programs.Plan(tx, p.ID, "", planned...); err != nil {
			return err
		}
	}
	return nil
}

// asBefore keeps what was usual before a version that is gone, where a walking plan has copied the version. Later
// versions keep their days.
func asBefore(
	_ *database.Tx, _ people.Patient, gone program.Version, h program.History,
) ([]program.Planned, error) {
	from := gone.EffectiveFrom
	copied, err := h.Base(from)
	if err != nil || copied.Origin != program.ByWalking || copied.EffectiveFrom != from {
		return nil, nil // nobody copied it, or nothing is asked any more
	}
	usual, err := h.Base(from.AddDays(-1))
	if err != nil {
		return nil, err
	}
	planned := []program.Planned{anew(usual, from, program.ByWalking)}
	for _, later := range h.Ahead(from) {
		planned = append(planned, anew(later, later.EffectiveFrom, program.ByWalking))
	}
	return planned, nil
}

// anew asks the items of a version from a day on.
func anew(v program.Version, from localtime.Date, origin program.Origin) program.Planned {
	return program.Planned{From: from, Items: v.Items, Origin: origin, Reason: v.Reason, Regardless: true}
}

// wayBackWithout is what still lies ahead of the way back of the last detour.
func wayBackWithout(
	tx *database.Tx, p people.Patient, gone program.Version, h program.History,
) ([]program.Planned, error) {
	today := p.Today(tx.Now())
	if !h.HasPlanned(gone.EffectiveFrom, today) {
		return nil, nil
	}
	of, last, err := latest(tx, p.ID)
	if err != nil || last.ID == "" {
		return nil, err
	}
	back, err := of.wayBack(h, last.End.AddDays(1))
	if err != nil {
		return nil, err
	}
	back = slices.DeleteFunc(back, func(level program.Planned) bool { return !level.From.After(today) })
	return of.without(gone.EffectiveFrom, last, h, back)
}

// without puts what a day asks in front of what lies ahead, where that has begun before: the planned copy of the
// version that is gone would hold otherwise. Within the detour that is what the day before asks, and on the way back
// its level.
func (of pattern) without(
	day localtime.Date, last Detour, h program.History, ahead []program.Planned,
) ([]program.Planned, error) {
	begun := func(level program.Planned) bool { return !level.From.After(day) }
	if last.openOn(day) {
		return append(last.asTheDayBefore(day, h), ahead...), nil
	}
	if slices.ContainsFunc(ahead, begun) {
		return ahead, nil
	}
	days := []localtime.Date{day}
	for _, later := range h.Ahead(day) { // keeps its day, at the level of that day
		if len(ahead) == 0 || later.EffectiveFrom.Before(ahead[0].From) {
			days = append(days, later.EffectiveFrom)
		}
	}
	var planned []program.Planned
	for _, from := range days {
		level, err := of.levelOn(from, last, h)
		if err != nil {
			return nil, err
		}
		planned = append(planned, level)
	}
	return append(planned, ahead...), nil
}

// levelOn is what the way back asks from a day on, until its next level.
func (of pattern) levelOn(day localtime.Date, last Detour, h program.History) (program.Planned, error) {
	usual, err := h.Base(day)
	weeks := min(day.DaysSince(last.End.AddDays(1))/week, len(of.levels)-1)
	percent := of.levels[max(weeks, 0)]
	return program.Planned{
		From: day, Items: scaled(usual.Items, percent), Origin: program.ByRebuild, Regardless: true,
		Reason: words.Keep(of.level, "percent", percent),
	}, err
}

// asTheDayBefore keeps the lighter program of the day before, where a planned copy of a version that is gone begins.
// What else begins before the detour ends keeps its day, without what the version that is gone has changed.
func (d Detour) asTheDayBefore(day localtime.Date, h program.History) []program.Planned {
	copied, _ := h.On(day)
	before, lighter := h.On(day.AddDays(-1))
	if !lighter || !copied.Origin.IsPlanned() || copied.EffectiveFrom != day {
		return nil
	}
	usual, err := h.Base(day.AddDays(-1))
	if err != nil {
		return nil
	}
	gone, planned := change{before, copied, usual}, []program.Planned{anew(before, day, copied.Origin)}
	for _, v := range h.Versions {
		governs, _ := h.On(v.EffectiveFrom)
		if governs.ID == v.ID && v.Origin.IsPlanned() && v.EffectiveFrom.After(day) && !v.EffectiveFrom.After(d.End) {
			planned = append(planned, gone.takenFrom(v, h))
		}
	}
	return planned
}

// latest returns the last detour of a patient, of any kind; without an id where there was none.
func latest(tx *database.Tx, patient id.Patient) (of pattern, last Detour, err error) {
	for _, kind := range []pattern{flares, lighters} {
		all, err := kind.all(tx, patient)
		if err != nil {
			return of, last, err
		}
		if len(all) > 0 && all[0].BegunAt.After(last.BegunAt) {
			of, last = kind, all[0]
		}
	}
	return of, last, nil
}
