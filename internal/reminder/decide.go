package reminder

import "time"

// Outcome is what a stage says.
type Outcome string

// The outcomes. The zero Verdict continues with the next stage.
const (
	Continue Outcome = ""
	Send     Outcome = "send"
	Skip     Outcome = "skip"
	Hold     Outcome = "hold" // try again at Until
)

// Reason says why, in words that serve as metric label and in the decision log.
type Reason string

// The reasons.
const (
	Due             Reason = "due"
	NoConsent       Reason = "no consent"
	Stopped         Reason = "stopped by the patient"
	NoDevice        Reason = "no device"
	NoProgram       Reason = "no program"
	DoneAlready     Reason = "done already"
	WeekComplete    Reason = "week complete"
	Paused          Reason = "paused"
	RestDay         Reason = "rest day"
	InFlare         Reason = "flare"
	Unknown         Reason = "phone not in contact"
	NotDropped      Reason = "adherence did not drop"
	QuietHours      Reason = "quiet hours"
	DailyCap        Reason = "daily cap"
	WeeklyCap       Reason = "weekly cap"
	TooSoon         Reason = "too soon after the last push"
	RescueInstead   Reason = "evening rescue instead"
	NothingUnread   Reason = "nothing unread"
	TooLate         Reason = "too late to help"
	Ambiguous       Reason = "interrupted twice while sending"
	Undeliverable   Reason = "no phone took it"
	ServiceRejected Reason = "push service refused it"
)

// Verdict is a decision with its reason.
type Verdict struct {
	Outcome Outcome
	Reason  Reason
	Until   time.Time // of a Hold
}

type stage func(f Facts, now time.Time) Verdict

// stages are asked in order; the first that does not continue decides. What makes a push pointless comes before what
// only delays it.
var stages = map[Kind][]stage{
	Cue: {
		consent, wanted, planned, notDone, known, device, quietHours, gap, caps, rescueInstead,
	},
	Rescue: {
		consent, wanted, planned, notDone, dropped, known, device, quietHours, gap, caps,
	},
	Feedback: {
		consent, unread, device, quietHours, dayTotal,
	},
}

// Decide says whether to send a push of this kind now.
func Decide(f Facts, now time.Time) Verdict {
	for _, ask := range stages[f.Kind] {
		if v := ask(f, now); v.Outcome != Continue {
			return v
		}
	}
	return Verdict{Outcome: Send, Reason: Due}
}

func skip(r Reason) Verdict { return Verdict{Outcome: Skip, Reason: r} }

func skipIf(condition bool, r Reason) Verdict {
	if condition {
		return skip(r)
	}
	return Verdict{}
}

func consent(f Facts, _ time.Time) Verdict { return skipIf(!f.Patient.Reminders.Consent, NoConsent) }

func wanted(f Facts, _ time.Time) Verdict {
	w := f.Patient.Reminders
	return skipIf(w.MaxPerDay == 0 || w.MaxPerWeek == 0, Stopped)
}

func planned(f Facts, _ time.Time) Verdict {
	switch {
	case !f.HasProgram:
		return skip(NoProgram)
	case f.Day.Paused:
		return skip(Paused)
	case f.InFlare:
		return skip(InFlare)
	case f.Day.Expected7 == 0:
		return skip(RestDay)
	case f.WeekDone:
		return skip(WeekComplete)
	default:
		return Verdict{}
	}
}

func notDone(f Facts, _ time.Time) Verdict { return skipIf(f.Day.Sessions > 0, DoneAlready) }

func dropped(f Facts, _ time.Time) Verdict { return skipIf(!f.Dropped, NotDropped) }

// known keeps silent towards a phone that has not been in contact: sessions may be waiting on it, and a reminder for
// something done long ago costs trust.
func known(f Facts, now time.Time) Verdict {
	return skipIf(now.Sub(f.LastSeen) >= unknownAfter, Unknown)
}

func device(f Facts, _ time.Time) Verdict { return skipIf(f.Phones == 0, NoDevice) }

func unread(f Facts, _ time.Time) Verdict { return skipIf(f.Unread == 0, NothingUnread) }

func quietHours(f Facts, now time.Time) Verdict {
	end, quiet := f.Patient.Reminders.Quiet.End(now.In(f.Zone))
	if !quiet {
		return Verdict{}
	}
	return Verdict{Outcome: Hold, Reason: QuietHours, Until: end}
}

// gap keeps pushes apart: 4 hours between any two, 20 between two cues.
func gap(f Facts, now time.Time) Verdict {
	tooSoon := now.Sub(f.Sent.Last) < minGap || f.Kind == Cue && now.Sub(f.Sent.LastCue) < minCueGap
	return skipIf(tooSoon, TooSoon)
}

// caps: what the patient allows, within what the policy allows at most.
func caps(f Facts, _ time.Time) Verdict {
	w := f.Patient.Reminders
	switch {
	case f.Sent.TodayReminders >= w.MaxPerDay || f.Sent.Today >= pushesPerDay:
		return skip(DailyCap)
	case f.Sent.Week >= pushesPerWeek,
		f.Sent.WeekCues+f.Sent.WeekRescues >= w.MaxPerWeek,
		f.Kind == Cue && f.Sent.WeekCues >= cuesPerWeek,
		f.Kind == Rescue && f.Sent.WeekRescues >= rescuesPerWeek:
		return skip(WeeklyCap)
	default:
		return Verdict{}
	}
}

// rescueInstead keeps today's only push for the evening when adherence has dropped: the cue at the usual moment
// evidently does not work, and in the evening it is known whether anything was done. Twice a week at most.
func rescueInstead(f Facts, _ time.Time) Verdict {
	onlyOne := f.Patient.Reminders.MaxPerDay-f.Sent.TodayReminders == 1
	return skipIf(f.Dropped && onlyOne && f.Sent.WeekRescues < rescuesPerWeek, RescueInstead)
}

// dayTotal lets a message of the therapist wait for tomorrow when today is full.
func dayTotal(f Facts, now time.Time) Verdict {
	if f.Sent.Today < pushesPerDay {
		return Verdict{}
	}
	return Verdict{Outcome: Hold, Reason: DailyCap, Until: f.nextMorning(now)}
}

// nextMorning is when quiet hours end on the patient's next day.
func (f Facts) nextMorning(now time.Time) time.Time {
	return morning(f.Patient, f.Patient.Today(now).AddDays(1), f.Zone)
}
