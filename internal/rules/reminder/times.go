package reminder

import (
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// If the learner is on and a patient has named several windows, it also looks for the best time, by the same sampling
// over the patient's own windows. It chooses a day's window before that day, from days at least two days earlier, so
// that the choice does not change during the day.

// trial is a day on which a cue was sent in a window that the learner chose.
type trial struct {
	date   localtime.Date
	window string
	done   bool
}

// times holds the trials of a practice: those of each patient, and their totals for each part of the day by date.
type times struct {
	of     map[id.Patient][]trial
	byPart map[int]map[localtime.Date]Outcomes
}

func newTimes() times {
	return times{of: map[id.Patient][]trial{}, byPart: map[int]map[localtime.Date]Outcomes{0: {}, 1: {}, 2: {}}}
}

func (t times) add(patient id.Patient, one trial) {
	w, err := localtime.ParseWindow(one.window)
	if err != nil {
		return
	}
	t.of[patient] = append(t.of[patient], one)
	part := t.byPart[daypart(w)]
	part[one.date] = part[one.date].with(one.done)
}

// settled is after how many days the outcome of a trial is known everywhere.
const settled = 2

// dayparts are the boundaries of the parts of the day, by which windows of different patients are compared.
var dayparts = []localtime.TimeOfDay{localtime.MustParseTimeOfDay("12:00"), localtime.MustParseTimeOfDay("17:00")}

func daypart(w localtime.Window) (part int) {
	for _, from := range dayparts {
		if w.From >= from {
			part++
		}
	}
	return part
}

// about returns the belief about a window for a patient on a day. Observations at that part of the day, from others and
// from other windows, form a prior that a few of the patient's own outweigh.
func (t times) about(patient id.Patient, w localtime.Window, day localtime.Date) Belief {
	var own, others Outcomes
	for date, seen := range t.byPart[daypart(w)] {
		if day.DaysSince(date) >= settled {
			others = others.plus(seen)
		}
	}
	for _, one := range t.of[patient] {
		if one.window == w.String() && day.DaysSince(one.date) >= settled {
			own = own.with(one.done)
		}
	}
	return own.belief(others.minus(own))
}

// Tried is the window that the learner chose for a day, as logged. The choice can be reproduced from the logged
// beliefs.
type Tried struct {
	Date     localtime.Date `json:"date"`
	Window   string         `json:"window"`
	Seed     uint64         `json:"seed,string"`
	Believed []Believed     `json:"believed"`
	window   localtime.Window
}

func (s schedule) learnsTimes() bool {
	return s.times.of != nil && len(s.patient.Reminders.Windows) > 1
}

// chooseWindow chooses the window for a day, or returns nil if there is no choice.
func (s schedule) chooseWindow(day localtime.Date) *Tried {
	if !s.learnsTimes() {
		return nil
	}
	if known, tried := s.tried[day]; tried {
		return known
	}
	t := &Tried{Date: day, Seed: s.seedOf(SlotID(s.patient.ID, day, Cue) + "/window")}
	for _, w := range s.patient.Reminders.Windows {
		b := s.times.about(s.patient.ID, w, day)
		t.Believed = append(t.Believed, Believed{Arm(w.String()), b.A, b.B})
	}
	t.Window = string(Draw(Sampled(t.Believed), t.Seed))
	for _, w := range s.patient.Reminders.Windows {
		if w.String() == t.Window {
			t.window = w
		}
	}
	if s.tried != nil {
		s.tried[day] = t
	}
	return t
}
