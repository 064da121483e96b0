package adherence

import (
	"strings"

	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// Course is the part of a status that decisions about a day need.
type Course struct {
	Expected7 int // of the day
	Paused    bool
	Sessions  int  // done on the day so far
	InFlare   bool // the flare program governs it
	PerWeek   int  // sessions a week that the program asks
	WeekDone  int  // sessions of the ISO week, up to the day
	Away      int  // days without a session up to and including the day, without pauses; at most Lookback

	Spans   []int  // sessions in each complete span of seven days up to Until, latest first
	Trained string // a mark for each day up to the day, at most Lookback: x with a session
}

// trained marks a day with a session in Course.Trained, rested a day without one.
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

// done counts all sessions, including those in pauses.
func (s Series) done() (sessions int) {
	for _, d := range s {
		sessions += d.Done + d.PauseDone
	}
	return sessions
}

// away counts the days without a session up to and including the last. Days of a pause or a safety stop do not count.
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

// Over counts the sessions of the last spans of seven days. Known is false if there are fewer spans.
func (c Course) Over(spans int) (sessions int, known bool) {
	if len(c.Spans) < spans {
		return 0, false
	}
	for _, n := range c.Spans[:spans] {
		sessions += n
	}
	return sessions, true
}

// TrainedOn reports whether there was a session on a day, if the day is not after the status's own.
func (s Status) TrainedOn(date localtime.Date) bool {
	i := len(s.Course.Trained) - 1 - s.Date.DaysSince(date)
	return i >= 0 && i < len(s.Course.Trained) && s.Course.Trained[i] == trained
}
