// Package inbound turns what the contract describes into what the program knows, for what both an operation and a page
// take in. It promises one mapping for both. It checks nothing: the contract has done so, or is about to.
package inbound

import (
	"cadans/api/wire"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// Exercise is an exercise of a practice's own.
func Exercise(slug string, d wire.ExerciseDraft) exercise.Own {
	return exercise.Own{Exercise: exercise.Exercise{
		Slug:          slug,
		Module:        exercise.Module(d.Module),
		Region:        string(d.Region),
		Equipment:     d.Equipment,
		Name:          words.Pair{NL: value(d.Name.Nl), EN: value(d.Name.En)},
		Instructions:  text(d.Instructions),
		Cautions:      text(value(d.Cautions)),
		Default:       Dose(d.Dose),
		SecondsPerSet: value(d.SecondsPerSet),
		Picture:       value(d.Picture),
		Film:          value(d.Film),
	}}
}

func text(t wire.ExerciseText) words.Pair { return words.Pair{NL: value(t.Nl), EN: value(t.En)} }

// Draft is a program that is being written.
func Draft(d wire.ProgramDraft) program.Draft {
	day, _ := localtime.ParseDate(value(d.EffectiveFrom)) // absent or unreadable is the zero Date
	draft := program.Draft{
		EffectiveFrom: day,
		Items:         make([]program.NewItem, len(d.Items)),
		Template:      id.Template(value(d.TemplateID)),
		Reason:        value(d.AdaptationReason),
	}
	for i, item := range d.Items {
		draft.Items[i] = Item(item)
	}
	return draft
}

// Item is an item of a program.
func Item(i wire.NewProgramItem) program.NewItem {
	item := program.NewItem{
		ID: id.ProgramItem(i.ID), Exercise: i.Exercise, Dose: Dose(i.Dose), Schedule: Schedule(i.Schedule),
	}
	if i.MinimumDose != nil {
		minimum := Dose(*i.MinimumDose)
		item.Minimum = &minimum
	}
	return item
}

// Dose is how much of an exercise.
func Dose(d wire.Dose) exercise.Dose {
	return exercise.Dose{Sets: value(d.Sets), Reps: value(d.Reps), HoldS: value(d.HoldS), Minutes: value(d.Minutes)}
}

// Schedule is when an exercise is done; once a day when nothing else is said.
func Schedule(s wire.Schedule) program.Schedule {
	schedule := program.Schedule{
		Kind:        program.ScheduleKind(s.Kind),
		Quota:       value(s.SessionsPerWeek),
		TimesPerDay: max(1, value(s.TimesPerDay)),
	}
	for _, name := range s.Days {
		if day, ok := program.ParseWeekday(string(name)); ok {
			schedule.Days = append(schedule.Days, day)
		}
	}
	return schedule
}

// value returns the zero value for absent.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
