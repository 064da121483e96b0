package reminder

import (
	"slices"
	"time"

	"cadans/pkg/localtime"
)

// Outcome is the result of a stage.
type Outcome string

// The outcomes. The zero Verdict continues with the next stage.
const (
	Continue Outcome = ""
	Send     Outcome = "send"
	Skip     Outcome = "skip"
	Hold     Outcome = "hold" // try again at Until
)

// Verdict is a decision with its reason.
type Verdict struct {
	Outcome Outcome
	Reason  Reason
	Until   time.Time // of a Hold
}

type stage func(f Facts, now time.Time) Verdict

// Decide returns whether a push of this kind may be sent now. Chance can still decide against it; see Chances.
func Decide(f Facts, now time.Time) Verdict {
	for _, ask := range triggers[f.Kind].stages(f) {
		if v := ask(f, now); v.Outcome != Continue {
			return v
		}
	}
	return Verdict{Outcome: Send, Reason: Due}
}

// stages run in order; the first that does not continue decides. Reasons that make a push pointless precede those that
// only delay it, and those precede limits on the number of pushes. Limits do not apply to a reminder that the patient
// snoozed, because the patient asked for it.
func (t trigger) stages(f Facts) []stage {
	if f.Snoozed {
		return slices.Concat([]stage{consent}, t.pointless, []stage{device, quietHours})
	}
	return slices.Concat([]stage{consent, wanted}, t.pointless, []stage{device}, t.limits)
}

func skip(r Reason) Verdict { return Verdict{Outcome: Skip, Reason: r} }

func skipIf(condition bool, r Reason) Verdict {
	if condition {
		return skip(r)
	}
	return Verdict{}
}

func consent(f Facts, _ time.Time) Verdict { return skipIf(!f.Patient.Reminders.Consent, NoConsent) }

// wanted: a patient who wants no reminders still gets a push about a therapist's message.
func wanted(f Facts, _ time.Time) Verdict {
	w := f.Patient.Reminders
	return skipIf(f.Kind != Feedback && (w.MaxPerDay == 0 || w.MaxPerWeek == 0), Stopped)
}

// hasActiveProgram requires an approved program and no instruction to rest.
func hasActiveProgram(f Facts, _ time.Time) Verdict {
	switch {
	case f.SafetyStop:
		return skip(SafetyStop)
	case !f.HasProgram:
		return skip(NoProgram)
	case f.Day.Paused:
		return skip(Paused)
	case f.Day.InFlare:
		return skip(InFlare)
	default:
		return Verdict{}
	}
}

func asked(f Facts, _ time.Time) Verdict {
	switch {
	case f.Day.Expected7 == 0:
		return skip(RestDay)
	case f.WeekDone:
		return skip(WeekComplete)
	default:
		return Verdict{}
	}
}

func notDone(f Facts, _ time.Time) Verdict { return skipIf(f.Day.Sessions > 0, DoneAlready) }

// inContact skips a phone that has not been in contact. It may hold unsent sessions, and a reminder for something done
// long ago costs trust.
func inContact(f Facts, now time.Time) Verdict {
	return skipIf(now.Sub(f.LastSeen) >= f.Policy.UnknownAfter, Unknown)
}

func device(f Facts, _ time.Time) Verdict { return skipIf(f.Phones == 0, NoDevice) }

func unread(f Facts, _ time.Time) Verdict { return skipIf(f.Unread == 0, NothingUnread) }

func waiting(f Facts, _ time.Time) Verdict { return skipIf(f.Questions.Waiting == 0, NothingWaiting) }

// isResponsive stops reminders that evidently do not help: nobody opens them, and the patient has been away for long.
func isResponsive(f Facts, _ time.Time) Verdict {
	switch {
	case f.Ignored >= f.Policy.SilenceAfter:
		return skip(Ignored)
	case f.Idle >= f.Policy.StopAfter:
		return skip(AwayTooLong)
	default:
		return Verdict{}
	}
}

// spaced keeps reminders days apart: more days the longer the patient has been away, and twice as many while reminders
// are ignored.
func spaced(f Facts, _ time.Time) Verdict {
	last, days := f.Sent.LastReminder, f.Policy.spacing(f.Idle)
	if f.Kind != Cue && days == 1 {
		last, days = f.Sent.LastOther, otherSpacing
	}
	if f.Ignored >= f.Policy.HalveAfter {
		days *= 2
	}
	return skipIf(!last.IsZero() && f.Date.DaysSince(last) < days, TooSoon)
}

func (p Policy) spacing(idle int) (days int) {
	for _, s := range p.Spacing {
		if idle >= s.From {
			days = s.Days
		}
	}
	return days
}

func wantedDay(f Facts, _ time.Time) Verdict {
	return skipIf(!f.Patient.Reminders.Days.Has(f.Date.Weekday()), DayOff)
}

func quietHours(f Facts, now time.Time) Verdict {
	end, quiet := f.Patient.Reminders.Quiet.End(now.In(f.Zone))
	if !quiet {
		return Verdict{}
	}
	return Verdict{Outcome: Hold, Reason: QuietHours, Until: end}
}

// wantedTime waits for the next window in which the patient accepts reminders.
func wantedTime(f Facts, now time.Time) Verdict {
	windows := f.Patient.Reminders.Windows
	if len(windows) == 0 {
		return Verdict{}
	}
	clock := localtime.TimeOfDayOf(now.In(f.Zone))
	next := Verdict{Outcome: Skip, Reason: OutsideWindows}
	for _, w := range windows {
		if w.Contains(clock) {
			return Verdict{}
		}
		opens := localtime.Resolve(localtime.DateOf(now.In(f.Zone)), w.From, f.Zone)
		if opens.After(now) && (next.Until.IsZero() || opens.Before(next.Until)) {
			next = Verdict{Outcome: Hold, Reason: OutsideWindows, Until: opens}
		}
	}
	return next
}

// appRest waits after the app was used.
func appRest(f Facts, now time.Time) Verdict {
	until := f.LastSeen.Add(f.Policy.AppRest)
	if !now.Before(until) {
		return Verdict{}
	}
	return Verdict{Outcome: Hold, Reason: AppInUse, Until: until}
}

// gap keeps pushes hours apart, and cues most of a day, so that a flight westwards does not cause two.
func gap(f Facts, now time.Time) Verdict {
	tooSoon := now.Sub(f.Sent.Last) < f.Policy.Gap || f.Kind == Cue && now.Sub(f.Sent.LastCue) < f.Policy.CueGap
	return skipIf(tooSoon, TooSoon)
}

// caps applies the patient's limits, within those of the policy. The weekly limit takes precedence.
func caps(f Facts, _ time.Time) Verdict {
	w, p, isReminder := f.Patient.Reminders, f.Policy, f.Kind.isReminder()
	switch {
	case f.Sent.Week >= p.PushesPerWeek,
		isReminder && f.Sent.WeekReminders >= w.MaxPerWeek,
		f.Kind == Cue && f.Sent.WeekCues >= p.CuesPerWeek,
		f.Kind == Rescue && f.Sent.WeekRescues >= p.RescuesPerWeek:
		return skip(WeeklyCap)
	case f.Sent.Today >= p.PushesPerDay, isReminder && f.Sent.TodayReminders >= w.MaxPerDay:
		return skip(DailyCap)
	default:
		return Verdict{}
	}
}

// rescueInstead saves today's only reminder for the evening when adherence has dropped: the cue at the usual moment
// evidently does not work, and in the evening it is known whether a session was done. It does so at most twice a week.
func rescueInstead(f Facts, _ time.Time) Verdict {
	return skipIf(f.Dropped && f.lastOfToday() && f.Sent.WeekRescues < f.Policy.RescuesPerWeek, RescueInstead)
}

// lapseInstead saves today's only reminder for the question about what is in the way.
func lapseInstead(f Facts, _ time.Time) Verdict {
	return skipIf(f.lapses() && f.lastOfToday(), LapseInstead)
}

func (f Facts) lastOfToday() bool { return f.Patient.Reminders.MaxPerDay-f.Sent.TodayReminders == 1 }

func (f Facts) lapses() bool { return slices.Contains(f.Policy.LapseDays, f.Away) }

func milestoneGap(f Facts, _ time.Time) Verdict {
	last := f.Sent.LastMilestone
	return skipIf(!last.IsZero() && f.Date.DaysSince(last) < f.Policy.MilestoneGap, TooSoon)
}

// dayTotal delays a therapist's message until tomorrow when today's limit is reached.
func dayTotal(f Facts, now time.Time) Verdict {
	if f.Sent.Today < f.Policy.PushesPerDay {
		return Verdict{}
	}
	return Verdict{Outcome: Hold, Reason: DailyCap, Until: f.nextMorning(now)}
}

// nextMorning is the end of quiet hours on the next day, in the phone's zone.
func (f Facts) nextMorning(now time.Time) time.Time {
	return morning(f.Patient, localtime.Today(now, f.Zone).AddDays(1), f.Zone)
}
