package adherence

import (
	"slices"

	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// SeriesDays is the number of days that a row of the caseload shows.
const SeriesDays = 28

// Status summarises a patient's days on one local date: everything about adherence and pain that lists show and alert
// rules use. It is stored as a row, so that reading it costs the same after one year as after five.
type Status struct {
	Date  localtime.Date // the patient's day that it describes
	Until localtime.Date // last day of its windows: today if something was done, otherwise yesterday

	Start    localtime.Date // of the program; zero without one
	Week     int            // of the program, from 1; 0 before it starts
	Asked    bool           // today's program asks something; false once it was completed
	Pause    *Pause         // that covers today, except safety stops
	Stop     localtime.Date // since when the safety gate stops the program; zero when it does not
	LastDay  localtime.Date // of the latest session; zero without one
	DaysDone int            // days with a session, of the last 28

	Last7, Last14, Last28 Rate
	Before14              Rate   // the 14 days before the last 14
	Earlier28             Rate   // the 28 days up to 14 days ago
	Missed                Missed // since the latest session, in the last year
	Median                *int   // of the weeks before the last 7 days, in permille
	Dropped               bool   // the last 7 days lie at least 30 points below Median
	Marks                 string // the last 28 days up to Date, a Mark each

	Pain        Pain
	StoppedPain localtime.Date // latest of the last 7 days with a session stopped because of pain; otherwise zero

	Weeks  Weeks
	Course Course
}

// Missed is what was asked since the latest session, up to Until. Rest days and pauses ask nothing.
type Missed struct {
	Expected7 int              // in sevenths of a session
	Active    int              // days on which something was asked
	Days      []localtime.Date // the latest of them on which a session was planned, such as fixed days; at most 5
}

// Sessions returns how many complete sessions were missed in a row.
func (m Missed) Sessions() int { return m.Expected7 / 7 }

// Pause is a range of days on which nothing is expected, both ends included.
type Pause struct {
	Start, End localtime.Date
	Reason     program.PauseReason
}

// Weeks counts the complete weeks of the program that can be judged, and those with at least two thirds done. Weeks
// before Closed can no longer change and are not counted again.
type Weeks struct {
	Met, Of             int
	Closed              localtime.Date // a Monday
	ClosedMet, ClosedOf int
}

// openFor is how long a week may still change, in days, with some margin: sessions may arrive up to 30 days late and be
// corrected for 7 more days, and a pause may start 7 days back.
const openFor = 56

// Trend is by how much the rate of the last 14 days exceeds that of the previous 14, in permille; nil if either cannot
// be judged.
func (s Status) Trend() *int {
	if s.Last14.Sessions == nil || s.Before14.Sessions == nil {
		return nil
	}
	change := *s.Last14.Sessions - *s.Before14.Sessions
	return &change
}

// sessionReach is by how many days a session may precede its version.
const sessionReach = 31

// horizon is the first day needed to compute today's status, given the previous status (zero if there is none).
func horizon(h program.History, before Status, today localtime.Date) localtime.Date {
	from, open := today.AddDays(-Lookback), before.Weeks.Closed
	if start := h.Start(); open.IsZero() && !start.IsZero() {
		open = start.AddDays(-sessionReach)
	}
	if !open.IsZero() && open.Before(from) {
		return open
	}
	return from
}

// statusOf computes the status of a day from the stored days since its horizon. Before is the previously stored status.
func statusOf(h program.History, rows []Day, before Status, today localtime.Date) Status {
	from := horizon(h, before, today)
	series := Fill(h, rows, from, today)
	s := series.status(h, today)
	s.LastDay, s.Weeks = lastDayOf(rows, before, from), series.weeks(before.Weeks, today)
	s.Missed = missedSince(h, s.LastDay, s.Until)
	return s
}

// StatusOn computes the status of any day from the days stored since Lookback before it. It leaves out what reaches
// further back: the latest day, what was missed since, and the weeks.
func StatusOn(h program.History, rows []Day, date localtime.Date) Status {
	return Fill(h, rows, date.AddDays(-Lookback), date).status(h, date)
}

func (s Series) status(h program.History, today localtime.Date) Status {
	until := s.Until(today)
	is := Status{
		Date: today, Until: until, Start: h.Start(),
		Last7: s.Rate(until, 7), Last14: s.Rate(until, 14), Last28: s.Rate(until, 28),
		Before14: s.Rate(until.AddDays(-14), 14), Earlier28: s.Rate(until.AddDays(-14), 28),
		Median: s.MedianBefore(until), Dropped: s.Dropped(until), Marks: marks(h, s, today), Pain: painOf(s, until),
		Course: s.course(h, today),
	}
	is.setProgramState(h)
	for _, day := range s.Window(today, SeriesDays) {
		if day.Sessions > 0 {
			is.DaysDone++
		}
	}
	for _, day := range s.Window(until, painNowDays) {
		if day.StoppedPain > 0 {
			is.StoppedPain = day.Date
		}
	}
	return is
}

// setProgramState sets the week of the program and what stops it.
func (s *Status) setProgramState(h program.History) {
	if version, inForce := h.On(s.Date); inForce {
		s.Asked = len(version.Items) > 0
		s.Week = s.Date.DaysSince(s.Start)/7 + 1
	}
	if stop, is := h.StopOn(s.Date); is {
		s.Stop = stop.Start
	}
	if pause, is := h.PauseOn(s.Date); is && pause.Reason != program.SafetyPause {
		s.Pause = &Pause{Start: pause.Start, End: pause.End, Reason: pause.Reason}
	}
}

const (
	missedShown = 5   // days that are listed
	missedReach = 365 // days that are counted
)

// missedSince counts what was asked after the latest session. It needs no stored days, because there were no sessions.
func missedSince(h program.History, latest, until localtime.Date) (m Missed) {
	from := until.AddDays(1 - missedReach)
	for _, bound := range []localtime.Date{latest.AddDays(1), h.Start()} {
		if bound.After(from) {
			from = bound
		}
	}
	for date := from; !h.Start().IsZero() && !date.After(until); date = date.AddDays(1) {
		day := Expect(h, date)
		m.Expected7 += day.Expected7
		if day.Active {
			m.Active++
		}
		if day.Active && plannedOn(h, day.Date) {
			m.Days = append(m.Days, day.Date)
		}
	}
	m.Days = slices.Clone(m.Days[max(0, len(m.Days)-missedShown):])
	return m
}

// lastDayOf returns the latest day with a session: from the rows since a day, or else the previously known one.
func lastDayOf(rows []Day, before Status, from localtime.Date) localtime.Date {
	for _, day := range slices.Backward(rows) {
		if day.Sessions > 0 { // other days only have reported pain
			return day.Date
		}
	}
	if before.LastDay.Before(from) {
		return before.LastDay
	}
	return localtime.Date{} // it would be among the rows, so it was deleted
}

// weeks continues counting where an earlier status stopped.
func (s Series) weeks(before Weeks, today localtime.Date) Weeks {
	w := Weeks{
		Met:       before.ClosedMet,
		Of:        before.ClosedOf,
		Closed:    before.Closed,
		ClosedMet: before.ClosedMet,
		ClosedOf:  before.ClosedOf,
	}
	if len(s) == 0 {
		return w
	}
	monday := s[0].Date.Monday()
	if !w.Closed.IsZero() {
		monday = w.Closed
	}
	edge := today.AddDays(-openFor).Monday()
	for ; monday.AddDays(6).Before(today); monday = monday.AddDays(7) {
		if r := s.Rate(monday.AddDays(6), 7); r.Sessions != nil {
			w.Of++
			if *r.Sessions >= weekMet {
				w.Met++
			}
		}
		if monday.Before(edge) {
			w.Closed, w.ClosedMet, w.ClosedOf = monday.AddDays(7), w.Met, w.Of
		}
	}
	return w
}
