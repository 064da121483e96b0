package adherence

import (
	"strings"

	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// Course is what a decision about a day rests on, beside the rest of a status.
type Course struct {
	Expected7 int // of the day
	Paused    bool
	Sessions  int  // done on the day by now
	InFlare   bool // the flare program governs it
	PerWeek   int  // sessions that the program asks a week
	WeekDone  int  // sessions of the ISO week, up to the day
	Away      int  // days without a session up to and including the day, pauses left out; Lookback at most

	Spans   []int  // sessions in each of the last spans of seven days up to Until, the latest first; whole ones only
	Trained string // a mark for each day up to the day, Lookback at most: x with a session
}

// trained marks a day with a session in Course.Trained, rested one without.
const trained, rested = 'x', '.'

// spansKept is how many spans of seven days a course keeps.
const spansKept = 10

func (s Series) course(h program.History, date localtime.Date) Course {
	lately := Series(s.Window(date, Lookback+1))
	day, _ := s.On(date)
	c := Course{
		Expected7: day.Expected7,
		Paused:    day.Paused,
		Sessions:  day.Sessions,
		Away:      lately.away(),
		Trained:   lately.trained(),
	}
	if version, inForce := h.On(date); inForce {
		c.InFlare, c.PerWeek = version.Origin == program.ByFlare, version.SessionsPerWeek()
	}
	c.WeekDone = Series(s.Window(date, date.DaysSince(date.Monday())+1)).done()
	until := s.Until(date)
	for span := range spansKept {
		if days := Series(s.Window(until.AddDays(-7*span), 7)); len(days) == 7 {
			c.Spans = append(c.Spans, days.done())
		}
	}
	return c
}

// done counts the sessions of days, those of pauses too.
func (s Series) done() (sessions int) {
	for _, d := range s {
		sessions += d.Done + d.PauseDone
	}
	return sessions
}

// away counts the days without a session up to and including the last. Days of a pause or a safety stop do
// not count: nobody stayed away on them.
func (s Series) away() (days int) {
	for i := len(s) - 1; i >= 0 && s[i].Sessions == 0; i-- {
		if !s[i].Paused {
			days++
		}
	}
	return days
}

func (s Series) trained() string {
	marks := make([]byte, len(s))
	for i, d := range s {
		if marks[i] = rested; d.Sessions > 0 {
			marks[i] = trained
		}
	}
	return strings.TrimLeft(string(marks), string(rested))
}

// Over counts the sessions of the last spans of seven days, and reports whether there were so many.
func (c Course) Over(spans int) (sessions int, known bool) {
	if len(c.Spans) < spans {
		return 0, false
	}
	for _, n := range c.Spans[:spans] {
		sessions += n
	}
	return sessions, true
}

// TrainedOn reports whether there was a session on a day, of those up to the status's own.
func (s Status) TrainedOn(date localtime.Date) bool {
	i := len(s.Course.Trained) - 1 - s.Date.DaysSince(date)
	return i >= 0 && i < len(s.Course.Trained) && s.Course.Trained[i] == trained
}
