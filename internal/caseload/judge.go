package caseload

import (
	"time"

	"cadans/internal/adherence"
	"cadans/internal/people"
	"cadans/internal/program"
	"cadans/pkg/localtime"
)

// evidence is all that a row rests on.
type evidence struct {
	patient     people.Patient
	history     program.History
	days        []adherence.Day
	contact     time.Time // zero without a phone
	lastSession localtime.Date
	now         time.Time
	language    people.Language

	today  localtime.Date
	until  localtime.Date // where windows end
	series adherence.Series
	row    *Row
}

// judge turns evidence into a row.
func judge(e evidence) Row {
	e.today = e.patient.Today(e.now)
	e.series = adherence.Fill(e.history, e.days, e.today.AddDays(-adherence.Lookback), e.today)
	e.until = e.series.Until(e.today)
	row := Row{
		Patient: e.patient, Last7: e.series.Rate(e.until, 7), Last28: e.series.Rate(e.until, 28),
		Pain: painOf(e.series, e.until), LastSession: e.lastSession, MedianBefore: e.series.MedianBefore(e.until),
		Series: marks(e.history, e.series, e.today),
	}
	if !e.contact.IsZero() {
		row.LastContact = &e.contact
	}
	if start := e.history.Start(); !start.IsZero() && !e.today.Before(start) {
		row.Week = e.today.DaysSince(start)/7 + 1
	}
	e.row = &row
	for _, rule := range rules {
		if reason, holds := rule.holds(e); holds {
			row.State, row.Reason = rule.state, reason
			break
		}
	}
	return row
}

// rules are asked in order; the first that holds gives the state. What makes judging impossible comes first. A new
// pain signal goes before a drop: whoever stops because of pain needs another answer than whoever lacks time.
var rules = []struct {
	state State
	holds func(evidence) (string, bool)
}{
	{SafetyStop, safetyStop},
	{NoProgram, noProgram},
	{NotPaired, notPaired},
	{Paused, paused},
	{NotSyncing, notSyncing},
	{PainUp, painUp},
	{NeverStarted, neverStarted},
	{Dropped, dropped},
	{Prevention, prevention},
	{Starting, starting},
	{Low, band(adherence.None, adherence.Low)},
	{Partial, band(adherence.Partial)},
	{OnTrack, band(adherence.OnTrack)},
}

func safetyStop(e evidence) (string, bool) {
	stop, is := e.history.StopOn(e.today)
	return e.sentences().safetyStop(stop), is
}

func noProgram(e evidence) (string, bool) {
	return e.sentences().noProgram(), len(e.history.Versions) == 0
}

func notPaired(e evidence) (string, bool) { return e.sentences().notPaired(), e.contact.IsZero() }

func paused(e evidence) (string, bool) {
	pause, is := e.history.PauseOn(e.today)
	return e.sentences().paused(pause), is
}

func notSyncing(e evidence) (string, bool) {
	since := e.patient.Today(e.contact)
	return e.sentences().notSyncing(since), e.today.DaysSince(since) >= notSyncingAfter
}

func neverStarted(e evidence) (string, bool) {
	start := e.history.Start()
	return e.sentences().neverStarted(start), e.lastSession.IsZero() && e.today.DaysSince(start) >= neverStartedAfter
}

func painUp(e evidence) (string, bool) {
	for _, day := range e.series.Window(e.until, painNowDays) {
		if day.StoppedPain > 0 {
			return e.sentences().stoppedByPain(day.Date, e.row.Last7), true
		}
	}
	rose := e.row.Pain.Change != nil && *e.row.Pain.Change >= MinimumImportantChange
	return e.sentences().painUp(e.row.Pain, e.row.Last7), rose
}

func dropped(e evidence) (string, bool) {
	return e.sentences().dropped(e.row.Last7, e.row.MedianBefore, e.until), e.series.Dropped(e.until)
}

func prevention(e evidence) (string, bool) {
	return e.sentences().prevention(e.row.Last28), e.patient.Phase == people.Prevention
}

func starting(e evidence) (string, bool) {
	return e.sentences().starting(e.history.Start()), e.row.Last7.Sessions == nil
}

func band(bands ...adherence.Band) func(evidence) (string, bool) {
	return func(e evidence) (string, bool) {
		is := false
		for _, b := range bands {
			is = is || adherence.BandOf(e.row.Last7) == b
		}
		return e.sentences().band(e.row.Last7, e.row.Last28, e.until), is
	}
}

// painOf compares means over the days up to until, the same week as the adherence beside it. Only scores that were
// given count.
func painOf(s adherence.Series, until localtime.Date) Pain {
	sumNow, now := painSum(s.Window(until, painNowDays))
	sumBefore, before := painSum(s.Window(until.AddDays(-painNowDays), painBeforeDays))
	p := Pain{Scores: now}
	if now > 0 {
		p.Now = tenths(sumNow, now)
	}
	if before > 0 {
		p.Before = tenths(sumBefore, before)
	}
	if now >= minScores && before >= minScores {
		change := *p.Now - *p.Before
		p.Change = &change
	}
	return p
}

func painSum(days []adherence.Day) (sum, count int) {
	for _, d := range days {
		sum += d.Before.Sum
		count += d.Before.Count
	}
	return sum, count
}

func tenths(sum, count int) *int {
	mean := (20*sum + count) / (2 * count)
	return &mean
}

// marks shows the last days up to today.
func marks(h program.History, s adherence.Series, today localtime.Date) []DayMark {
	days := make([]DayMark, SeriesDays)
	for i := range days {
		date := today.AddDays(i - SeriesDays + 1)
		day, known := s.On(date)
		days[i] = DayMark{Date: date, Mark: MarkBeforeStart}
		if known {
			days[i].Mark = markOf(h, day)
		}
	}
	return days
}

func markOf(h program.History, d adherence.Day) Mark {
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

// plannedOn reports whether a session had to happen on that very day: a fixed day, or a quota of all seven. A smaller
// quota leaves the choice of days to the patient, so none of them can be missed.
func plannedOn(h program.History, date localtime.Date) bool {
	version, _ := h.On(date)
	for _, item := range version.Items {
		if item.Schedule.Kind == program.FixedDays && item.Schedule.Expected7(date) > 0 || item.Schedule.Quota == 7 {
			return true
		}
	}
	return false
}
