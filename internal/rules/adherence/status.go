package adherence

import (
	"slices"

	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// SeriesDays is how many days a row of the caseload shows.
const SeriesDays = 28

// Status is what a patient's days come to on one local date: everything about adherence and pain that a list shows and
// that the rules for alerts look at. It is kept as a row, so that reading it costs
// the same after five years as after one.
type Status struct {
	Date  localtime.Date // the patient's day that it is about
	Until localtime.Date // where its windows end: today once something was done, else yesterday

	Start    localtime.Date // of the program; zero without one
	Week     int            // of the program, from 1; 0 before it starts
	Asked    bool           // the program of today asks something; false once it was completed
	Pause    *Pause         // that covers today, safety stops left out
	Stop     localtime.Date // since when the safety gate stops the program; zero when it does not
	LastDay  localtime.Date // of the latest session; zero without one
	DaysDone int            // of the last 28, with a session

	Last7, Last14, Last28 Rate
	Before14              Rate   // the 14 days before the last 14
	Earlier28             Rate   // the 28 days up to 14 days ago
	Missed                Missed // since the latest session, in the last year
	Median                *int   // of the weeks before the last 7 days, in permille
	Dropped               bool   // the last 7 days lie 30 points or more below it
	Marks                 string // the last 28 days up to Date, a Mark each

	Pain        Pain
	StoppedPain localtime.Date // the latest of the last 7 days with a session stopped because of pain; zero without one

	Weeks  Weeks
	Course Course
}

// Missed is what was asked since the latest session, up to Until: nothing on rest days and in pauses.
type Missed struct {
	Expected7 int              // in sevenths of a session
	Active    int              // days on which something was asked
	Days      []localtime.Date // the latest of them on which a session had to happen, as fixed days do; 5 at most
}

// Sessions returns how many whole sessions were missed in a row.
func (m Missed) Sessions() int { return m.Expected7 / 7 }

// Pause is a range of days on which nothing is expected, both ends included.
type Pause struct {
	Start, End localtime.Date
	Reason     program.PauseReason
}

// Weeks counts whole weeks of the program that can be judged, and those with at least two thirds done. Those before
// Closed can no longer change and are not counted again.
type Weeks struct {
	Met, Of             int
	Closed              localtime.Date // a Monday
	ClosedMet, ClosedOf int
}

// openFor is how long a week may still change, in days, with room to spare: sessions arrive up to 30 days late and are
// corrected within 7 days after that, and a pause reaches 7 days back.
const openFor = 56

// Trend is how far the last 14 days lie above the 14 before, in permille; nil when either cannot be judged.
func (s Status) Trend() *int {
	if s.Last14.Sessions == nil || s.Before14.Sessions == nil {
		return nil
	}
	change := *s.Last14.Sessions - *s.Before14.Sessions
	return &change
}

// sessionReach is how many days before its version a session may have been done.
const sessionReach = 31

// horizon is the first day that a status of today is made from, given the one before it (zero without one).
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

// statusOf makes the status of a day from the stored days since its horizon. Before is the status that was kept last.
func statusOf(h program.History, rows []Day, before Status, today localtime.Date) Status {
	from := horizon(h, before, today)
	series := Fill(h, rows, from, today)
	s := series.status(h, today)
	s.LastDay, s.Weeks = lastDayOf(rows, before, from), series.weeks(before.Weeks, today)
	s.Missed = missedSince(h, s.LastDay, s.Until)
	return s
}

// StatusOn makes the status of any day from the days stored since Lookback before it, but for what reaches further
// back: the latest day, what was missed since, and the weeks.
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
	is.place(h)
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

// place says where in the program the day lies.
func (s *Status) place(h program.History) {
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
	missedShown = 5   // days that are named
	missedReach = 365 // days that are counted
)

// missedSince counts what was asked after the latest session. It needs no stored days, as there were no more sessions.
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

// lastDayOf returns the latest day with a session: of the rows since a day, or the one known from before it.
func lastDayOf(rows []Day, before Status, from localtime.Date) localtime.Date {
	for _, day := range slices.Backward(rows) {
		if day.Sessions > 0 { // on others only pain was told
			return day.Date
		}
	}
	if before.LastDay.Before(from) {
		return before.LastDay
	}
	return localtime.Date{} // it would be among the rows, and was taken back
}

// weeks goes on counting where an earlier status stopped.
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
