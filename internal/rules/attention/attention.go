// Package attention finds the patients a therapist should look at: who never started, dropped off, hurts more, lost
// confidence, asked for a change, or has not been heard of.
//
// It promises that every reason says why, with numbers and dates, against the patient's own baseline; that a patient
// has one open alert of these rules, which collects reasons, as many alerts are read by nobody; and that nobody is at
// risk whose program is paused, has ended or is stopped, nor whose phone is silent: that is unknown, and said as such.
//
// Rules are transparent and few. Their thresholds are settings of the practice; the defaults are design choices except
// the 2 points of pain: the measurement error of the NPRS (Childs 2005).
package attention

import (
	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/intake"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/record/wish"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// RuleVersion is stored with every alert that these rules raise.
const RuleVersion = 2

// The kinds of alert. Silent holds one reason alone: nobody knows.
const (
	Adherence alert.Kind = "adherence"
	Silent    alert.Kind = "not_syncing"
)

// The rules.
const (
	NeverStarted  alert.Rule = "never_started"
	MissedRun     alert.Rule = "missed_run"
	AdherenceDrop alert.Rule = "adherence_drop"
	PainRise      alert.Rule = "pain_rise"
	PainAfter     alert.Rule = "pain_after"
	StoppedPain   alert.Rule = "stopped_pain"
	LowConfidence alert.Rule = "low_confidence"
	AsksChange    alert.Rule = "asks_change"
	SameBarrier   alert.Rule = "same_barrier"
	LowForWeeks   alert.Rule = "low_for_weeks"
	Lapsed        alert.Rule = "lapsed"
	DropoutReview alert.Rule = "dropout_review"
	NotSyncing    alert.Rule = "not_syncing"
)

// Facts are all that the rules look at.
type Facts struct {
	adherence.Status
	Contact  localtime.Date    // the patient's day of the phone's last contact; zero without a phone
	Sessions []session.Session // the latest, in the order they were done
	Barriers []barrier.Report  // of the last 14 days, latest first
	Told     []intake.Told     // pain in check-ins of the last eight weeks, the oldest first
	Request  *wish.Wish        // the oldest that is open
	Limits   settings.Settings
}

// Judgement is what the rules make of a patient.
type Judgement struct {
	State    State
	Findings []alert.Finding // of the kind Adherence
	Silent   []alert.Finding // of the kind Silent
}

// State says whether a patient can be judged.
type State string

// The states.
const (
	Judged  State = "judged"
	Unknown State = "unknown" // the phone is silent
	Resting State = "paused"
	Ended   State = "ended" // nothing is asked
)

// Judge applies the rules.
func Judge(f Facts) Judgement {
	switch state := f.state(); state {
	case Judged:
		return Judgement{State: state, Findings: f.findings()}
	case Unknown:
		return Judgement{State: state, Silent: f.silent()}
	default:
		return Judgement{State: state}
	}
}

func (f Facts) state() State {
	switch {
	case !f.Asked:
		return Ended
	case f.Pause != nil, !f.Stop.IsZero():
		return Resting
	case f.Contact.IsZero(), f.Date.DaysSince(f.Contact) >= f.Limits.NotSyncingDays:
		return Unknown
	default:
		return Judged
	}
}

func (f Facts) findings() (found []alert.Finding) {
	for _, rule := range rules {
		found = append(found, rule(f)...)
	}
	return found
}

// silent is what is known of a phone that has not been in contact. One that was never paired has not gone silent.
func (f Facts) silent() []alert.Finding {
	if f.Contact.IsZero() {
		return nil
	}
	found := []alert.Finding{f.say(NotSyncing, alert.NextVisit, words.notSyncing)}
	if f.Date.DaysSince(f.Contact) >= f.Limits.ReviewDays {
		found = append(found, f.say(DropoutReview, alert.ThisWeek, words.silentReview))
	}
	return found
}

// rules are all asked; what holds is collected in this order.
var rules = []func(Facts) []alert.Finding{
	stoppedPain, painRise, painAfter, dropoutOrLapse, neverStarted, missedRun, adherenceDrop, lowForWeeks, sameBarrier,
	lowConfidence, asksChange,
}

// stopToldFor is how many days after a stop a session may still arrive and be told.
const stopToldFor = 7

// stoppedPain tells every session that was stopped because of pain, and is told at once.
func stoppedPain(f Facts) (found []alert.Finding) {
	for _, s := range f.Sessions {
		if s.Status != session.Stopped || s.StoppedReason != session.StoppedByPain ||
			f.Date.DaysSince(s.LocalDate) >= stopToldFor {
			continue
		}
		finding := f.say(StoppedPain, alert.Now, func(w words, _ Facts) string { return w.stoppedPain(s) })
		finding.Key, finding.Stays = string(s.ID), true
		found = append(found, finding)
	}
	return found
}

// painRise compares the week with the two before; a rise that has lasted two weeks is for today.
func painRise(f Facts) []alert.Finding {
	rise := 10 * f.Limits.PainRise
	switch {
	case f.Pain.Fortnight != nil && *f.Pain.Fortnight >= rise && f.Pain.Change != nil && *f.Pain.Change > 0:
		return []alert.Finding{f.say(PainRise, alert.Today, words.painRise)}
	case f.Pain.Change != nil && *f.Pain.Change >= rise:
		return []alert.Finding{f.say(PainRise, alert.ThisWeek, words.painRise)}
	case f.toldRise():
		return []alert.Finding{f.say(PainRise, alert.Today, words.painTold)}
	default:
		return nil
	}
}

// toldRise reports whether the last two check-ins, at most 17 days old, both tell of clearly more pain than the ones
// before. Who only answers the weekly question gives too few scores for a mean of a week.
func (f Facts) toldRise() bool {
	n := len(f.Told)
	if n < 3 || f.Date.DaysSince(f.Told[n-2].Day) > toldWithin {
		return false
	}
	before := f.toldBefore()
	for _, t := range f.Told[n-2:] {
		if 10*t.Pain-*before.Mean() < 10*f.Limits.PainRise {
			return false
		}
	}
	return true
}

// toldWithin is how many days back the last check-in but one may lie: two weekly ones, and a few days' delay.
const toldWithin = 17

// toldBefore are the scores of the check-ins before the last two.
func (f Facts) toldBefore() (scores adherence.Scores) {
	for _, t := range f.Told[:len(f.Told)-2] {
		scores.Sum += t.Pain
		scores.Count++
	}
	return scores
}

// painAfter holds when pain rose in two of the last three sessions in which both scores were given.
func painAfter(f Facts) []alert.Finding {
	if len(f.rises()) < 2 {
		return nil
	}
	return []alert.Finding{f.say(PainAfter, alert.ThisWeek, words.painAfter)}
}

// rises returns on which of the last three sessions with both scores pain rose, latest first.
func (f Facts) rises() (days []localtime.Date) {
	seen := 0
	for i := len(f.Sessions) - 1; i >= 0 && seen < 3; i-- {
		rise, known := f.Sessions[i].PainRise()
		if !known {
			continue
		}
		seen++
		if rise >= f.Limits.PainAfter {
			days = append(days, f.Sessions[i].LocalDate)
		}
	}
	return days
}

// dropoutOrLapse counts days on which something was asked. The later stage replaces the earlier;
// before both, neverStarted has its say.
func dropoutOrLapse(f Facts) []alert.Finding {
	switch {
	case f.Missed.Active >= f.Limits.ReviewDays:
		return []alert.Finding{f.say(DropoutReview, alert.ThisWeek, words.dropoutReview)}
	case f.Missed.Active >= f.Limits.LapsedDays:
		return []alert.Finding{f.say(Lapsed, alert.ThisWeek, words.lapsed)}
	default:
		return nil
	}
}

// neverStarted counts days on which something was asked, so that a pause at the start is no delay.
func neverStarted(f Facts) []alert.Finding {
	if !f.LastDay.IsZero() || f.Missed.Active < f.Limits.NeverStartedDays || f.Missed.Active >= f.Limits.LapsedDays {
		return nil
	}
	return []alert.Finding{f.say(NeverStarted, alert.ThisWeek, words.neverStarted)}
}

// missedRun counts planned sessions: of fixed days those days, of a weekly quota as many as its share of the days.
func missedRun(f Facts) []alert.Finding {
	if f.LastDay.IsZero() || f.Missed.Sessions() < f.Limits.MissedRun || f.Missed.Active >= f.Limits.LapsedDays {
		return nil
	}
	return []alert.Finding{f.say(MissedRun, alert.ThisWeek, words.missedRun)}
}

func adherenceDrop(f Facts) []alert.Finding {
	now, trend := f.Last14.Sessions, f.Trend()
	if now == nil || trend == nil || *now >= 10*f.Limits.DropBelow || *trend > -10*f.Limits.DropPoints {
		return nil
	}
	return []alert.Finding{f.say(AdherenceDrop, alert.ThisWeek, words.adherenceDrop)}
}

// half is the adherence below which a month, for two weeks on end, asks for a therapist.
const half = 500

func lowForWeeks(f Facts) []alert.Finding {
	now, before := f.Last28.Sessions, f.Earlier28.Sessions
	if now == nil || before == nil || *now >= half || *before >= half {
		return nil
	}
	return []alert.Finding{f.say(LowForWeeks, alert.ThisWeek, words.lowForWeeks)}
}

// sameBarrier holds when one reason was given twice in 14 days.
func sameBarrier(f Facts) []alert.Finding {
	days := map[barrier.Barrier]map[localtime.Date]bool{}
	for _, report := range f.Barriers {
		if days[report.Barrier] == nil {
			days[report.Barrier] = map[localtime.Date]bool{}
		}
		days[report.Barrier][report.LocalDate] = true
	}
	for _, report := range f.Barriers {
		if len(days[report.Barrier]) >= 2 {
			finding := f.say(
				SameBarrier, alert.ThisWeek, func(w words, f Facts) string { return w.sameBarrier(f, report.Barrier) },
			)
			finding.Key = string(report.Barrier)
			return []alert.Finding{finding}
		}
	}
	return nil
}

// lowConfidence holds when the last two answers were low.
func lowConfidence(f Facts) []alert.Finding {
	answers := f.confidence()
	if len(answers) < 2 || *answers[0].Confidence > f.Limits.LowConfidence ||
		*answers[1].Confidence > f.Limits.LowConfidence {
		return nil
	}
	return []alert.Finding{f.say(LowConfidence, alert.ThisWeek, words.lowConfidence)}
}

// confidence returns the latest two sessions in which it was answered, latest first.
func (f Facts) confidence() (answered []session.Session) {
	for i := len(f.Sessions) - 1; i >= 0 && len(answered) < 2; i-- {
		if f.Sessions[i].Confidence != nil {
			answered = append(answered, f.Sessions[i])
		}
	}
	return answered
}

func asksChange(f Facts) []alert.Finding {
	if f.Request == nil {
		return nil
	}
	finding := f.say(AsksChange, alert.ThisWeek, words.asksChange)
	finding.Key = string(f.Request.ID)
	return []alert.Finding{finding}
}
