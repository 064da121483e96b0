package questionnaire

import (
	"slices"

	"cadans/pkg/localtime"
)

// Moment is a point in time at which measurements are due.
type Moment struct {
	Key  string // baseline, week_4 ...
	Days int    // after the start of the program
}

// Moments are the baseline, 4, 8 and 12 weeks, 6 and 12 months.
var Moments = []Moment{
	{"baseline", 0}, {"week_4", 28}, {"week_8", 56}, {"week_12", 84}, {"month_6", 182}, {"month_12", 365},
}

// asked returns the questionnaires of a moment. The baseline has no question about change.
func (m Moment) asked() []string {
	if m.Days == 0 {
		return []string{"nprs", "psfs", "phq2", "pavs"}
	}
	return []string{"nprs", "psfs", "gpe", "phq2", "pavs"}
}

// Task is a questionnaire that is due. Until is the last day on which it can be answered, before the next moment.
type Task struct {
	Key           string
	Questionnaire string
	DueOn         localtime.Date
	Until         localtime.Date
}

// Tasks returns what is due on a day, given the start of the program and the answers so far.
func Tasks(start, today localtime.Date, answered map[string]bool) (tasks []Task) {
	if start.IsZero() {
		return nil
	}
	for i, m := range Moments {
		due, until := start.AddDays(m.Days), start.AddDays(m.Days+lastOpen)
		if i+1 < len(Moments) {
			until = start.AddDays(Moments[i+1].Days - 1)
		}
		if today.Before(due) || today.After(until) {
			continue
		}
		for _, key := range m.asked() {
			if task := m.Key + "/" + key; !answered[task] {
				tasks = append(tasks, Task{Key: task, Questionnaire: key, DueOn: due, Until: until})
			}
		}
	}
	return tasks
}

// The mood question after a day on which the patient was too tired or low to exercise (design choices).
const (
	moodOpen     = 14 // days during which the question stays open
	moodInterval = 28 // days before it is asked again
)

// needsMood reports whether mood was not asked recently and is not being asked now.
func needsMood(scores []Score, tasks []Task, today localtime.Date) bool {
	asked := slices.ContainsFunc(
		scores, func(s Score) bool { return s.Instrument == "phq2" && today.DaysSince(s.Date) < moodInterval },
	)
	return !asked && !slices.ContainsFunc(tasks, func(t Task) bool { return t.Questionnaire == "phq2" })
}

// moodTask asks about mood after a low day.
func moodTask(low localtime.Date) Task {
	return Task{
		Key:           "low_" + low.String() + "/phq2",
		Questionnaire: "phq2",
		DueOn:         low,
		Until:         low.AddDays(moodOpen - 1),
	}
}

const lastOpen = 28 // days during which the last moment stays open
