// Package adherence compares what was done with what was asked, per calendar day of the patient.
//
// Every number is derived from versions, pauses, sessions and check-ins alone. A day is rebuilt in the transaction that
// changes it, and rebuilding everything gives the same rows. What was asked on a day is what the version in force on
// that day asked, so editing a program never changes the past. Where there is too little data to judge, a number is
// null, never zero.
//
// The units are integers. Expectation is in sevenths of a session, because a quota of q a week asks q/7 on each day;
// credit is in permille of a session. For items with different schedules see decision record 3.
//
// Adherence is not outcome: in Dutch patients with low back pain, no association was found between home-exercise
// adherence and change in outcomes. Show pain next to it and never present it as health.
package adherence

import (
	"slices"

	"cadans/internal/record/exercise"
	"cadans/internal/record/pain"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/pkg/localtime"
)

// Thresholds of a single session, in permille of what was due (sources vary; "satisfactory" is most often 80 to 99 % of
// the recommended dose, Bailey, BJSM 2020;54:326).
const (
	doneAt     = 500
	completeAt = 800
)

// painRise is the rise of pain during a session that is recorded: the minimal important change of the NPRS.
const painRise = 2

// Day is one calendar day of a patient.
type Day struct {
	Date        localtime.Date
	Active      bool // a program with items was in force and not paused
	Paused      bool
	Expected7   int    // sessions asked for, in sevenths
	Dose7000    int    // dose asked for, in 7000ths of a full session
	Done        int    // sessions with at least half of what was due
	Complete    int    // sessions with at least 80 % of what was due
	Credit      int    // permille of a full session
	Extra       int    // permille beyond the maximum that one day can count
	PauseDone   int    // sessions done while paused
	PauseCredit int    // and their credit, in permille
	Sessions    int    // all that were logged
	Late        int    // of these, those that arrived after 48 hours
	Uncounted   int    // of these, those that arrived after 7 days
	Before      Scores // that say how much it hurt: before sessions, and reported averages
	After       Scores
	PainMax     *int // of these scores
	Rises       int  // sessions after which pain was 2 or more higher
	StoppedPain int  // sessions stopped because of pain
	Work        Work // of the sessions that count
}

// Scores sums pain scores of a day.
type Scores = pain.Scores

// Work is seconds of exercise by module; nil without any.
type Work map[exercise.Module]int

// Expect returns a day without sessions.
func Expect(h program.History, date localtime.Date) Day {
	day := Day{Date: date}
	version, inForce := h.On(date)
	if !inForce {
		return day
	}
	if _, day.Paused = h.PauseOn(date); day.Paused {
		return day
	}
	day.Active = len(version.Items) > 0 // a completed program asks nothing
	day.Expected7 = expectedSessions7(version, date)
	day.Dose7000 = expectedDose7000(version, date)
	return day
}

// expectedSessions7 is the expectation of the item that comes most often. Fixed days count together; a quota of at
// least as many days a week covers them, because the patient chooses the days of the quota.
func expectedSessions7(v program.Version, date localtime.Date) int {
	quota7, fixed7 := 0, 0
	fixedDays := map[int]bool{}
	quotaDays := 0
	for _, item := range v.Items {
		expected := item.Schedule.Expected7(date)
		if item.Schedule.Kind == program.WeeklyQuota {
			quota7, quotaDays = max(quota7, expected), max(quotaDays, item.Schedule.Quota)
			continue
		}
		fixed7 = max(fixed7, expected)
		for _, weekday := range item.Schedule.Days {
			fixedDays[int(weekday)] = true
		}
	}
	if quotaDays >= len(fixedDays) {
		return quota7
	}
	return fixed7
}

// expectedDose7000 is the mean expectation of the items, weighted by their seconds of work, as the credit is.
func expectedDose7000(v program.Version, date localtime.Date) int {
	weighted, total := 0, 0
	for _, item := range v.Items {
		weighted += item.Work() * item.Schedule.Expected7(date)
		total += item.Work()
	}
	if total == 0 {
		return 0
	}
	return (weighted*session.Full + total/2) / total
}

// Build returns a day with its sessions, given in the order they were done.
func Build(h program.History, date localtime.Date, sessions []session.Session) Day {
	day := Expect(h, date)
	tally := newTally()
	done, complete := 0, 0
	for _, s := range sessions {
		day.Sessions++
		switch s.Counting() {
		case session.NotCounted:
			day.Uncounted++
			continue
		case session.Late:
			day.Late++
		}
		day.addPain(s)
		version, s, governed := session.Governed(s, h)
		if !governed {
			continue
		}
		day.addWork(version, s)
		due := creditDue(version, date, s)
		if due >= doneAt {
			done++
		}
		if due >= completeAt {
			complete++
		}
		counted := tally.count(version, s)
		day.Credit += counted
		day.Extra += s.Credit - counted
	}
	most := timesPerDay(h, date)
	day.Done, day.Complete = min(done, most), min(complete, most)
	if day.Paused {
		day.PauseDone, day.PauseCredit = day.Done, day.Credit
		day.Done, day.Complete, day.Credit = 0, 0, 0
	}
	return day
}

// addPoints adds scores of the day.
func (d *Day) addPoints(points []pain.Point) {
	for _, p := range points {
		switch {
		case p.Kind.IsLevel():
			d.Before.Add(&p.Value)
		case p.Kind == pain.After:
			d.After.Add(&p.Value)
		default:
			continue
		}
		if d.PainMax == nil || p.Value > *d.PainMax {
			d.PainMax = &p.Value
		}
	}
}

func (d *Day) addPain(s session.Session) {
	d.addPoints(pain.OfSession(s))
	if rise, ok := s.PainRise(); ok && rise >= painRise {
		d.Rises++
	}
	if s.Status == session.Stopped && s.StoppedReason == session.StoppedByPain {
		d.StoppedPain++
	}
}

func (d *Day) addWork(v program.Version, s session.Session) {
	for _, done := range s.Items {
		item, asked := v.Item(done.Item)
		if seconds := session.Seconds(item, done); asked && seconds > 0 {
			if d.Work == nil {
				d.Work = Work{}
			}
			d.Work[item.Module] += seconds
		}
	}
}

// creditDue is the credit of a session relative to the items that were due on its day, in permille: fixed items of that
// weekday, the quota items that come most often, and whatever else was done. Items not due today do not reduce it.
func creditDue(v program.Version, date localtime.Date, s session.Session) int {
	quota := 0
	for _, item := range v.Items {
		quota = max(quota, item.Schedule.Quota)
	}
	var parts []session.Part
	for _, item := range v.Items {
		share := 0
		if i := slices.IndexFunc(s.Items, func(d session.ItemDone) bool { return d.Item == item.ID }); i >= 0 {
			share = session.Share(item, s.Items[i])
		}
		isDue := item.Schedule.Expected7(date) > 0 &&
			(item.Schedule.Kind == program.FixedDays || item.Schedule.Quota == quota)
		if isDue || share > 0 {
			parts = append(parts, session.Part{Weight: item.Work(), Share: share})
		}
	}
	return session.Permille(parts)
}

// timesPerDay is how many sessions a day can count: the second session of a once-a-day program is extra.
func timesPerDay(h program.History, date localtime.Date) int {
	most := 1
	if version, ok := h.On(date); ok {
		for _, item := range version.Items {
			most = max(most, item.Schedule.TimesPerDay)
		}
	}
	return most
}
