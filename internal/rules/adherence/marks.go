package adherence

import (
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// Mark is the sign of a day in a list.
type Mark byte

// The marks. Open means planned for that day and not recorded; on a free day nothing was planned.
const (
	MarkDone        Mark = 'd'
	MarkPartly      Mark = 'p'
	MarkExtra       Mark = 'x'
	MarkOpen        Mark = 'o'
	MarkFree        Mark = 'f'
	MarkPaused      Mark = 'z'
	MarkBeforeStart Mark = '-'
)

// marks returns the marks of the last days up to today, oldest first.
func marks(h program.History, s Series, today localtime.Date) string {
	letters := make([]byte, SeriesDays)
	for i := range letters {
		letters[i] = byte(MarkBeforeStart)
		if day, known := s.On(today.AddDays(i - SeriesDays + 1)); known {
			letters[i] = byte(MarkOf(h, day))
		}
	}
	return string(letters)
}

// MarkOf returns the mark of a day.
func MarkOf(h program.History, d Day) Mark {
	switch {
	case d.PauseDone > 0, d.Done > 0 && d.Expected7 == 0:
		return MarkExtra
	case d.Done > 0:
		return MarkDone
	case d.Sessions > d.Uncounted:
		return MarkPartly
	case d.Paused:
		return MarkPaused
	case d.Active && plannedOn(h, d.Date):
		return MarkOpen
	default:
		return MarkFree
	}
}

// plannedOn reports whether a session was planned for that day: a fixed day, or a quota of all seven days. With a
// smaller quota the patient chooses the days, so no single day can be missed.
func plannedOn(h program.History, date localtime.Date) bool {
	version, _ := h.On(date)
	for _, item := range version.Items {
		if item.Schedule.Kind == program.FixedDays && item.Schedule.Expected7(date) > 0 || item.Schedule.Quota == 7 {
			return true
		}
	}
	return false
}
