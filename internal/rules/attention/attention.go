// Package attention finds the patients a therapist should look at: who never started, dropped out, has more pain, lost
// confidence, asked for a change, or has not been in contact.
//
// Every reason is stated with numbers and dates, against the patient's own baseline. A patient has at most one open
// alert of these rules, which collects reasons, because nobody reads many alerts. A patient whose program is paused,
// completed or stopped is never at risk. If the phone has not been in contact, the state is unknown, and is reported as
// such.
//
// The rules are few and transparent. Their thresholds are settings of the practice; the defaults are design choices
// except the 2 points of pain, which is the measurement error of the NPRS (Childs 2005).
package attention

import (
	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/pain"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/record/wish"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// RuleVersion is stored with every alert that these rules raise.
const RuleVersion = 3

// The kinds of alert. Silent has a single reason: the phone is not in contact, so the state is unknown.
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

// AboutPain are the rules whose alerts are about pain.
var AboutPain = []alert.Rule{PainRise, PainAfter, StoppedPain}

// Facts is the input of the rules.
type Facts struct {
	adherence.Status
	Contact     localtime.Date    // the patient's day of the phone's last contact; zero without a phone
	Sessions    []session.Session // the latest, in the order they were done
	Barriers    []barrier.Report  // of the last 14 days, latest first
	PainReports []pain.Point      // averages of 24 hours, the last of each week, of the last eight weeks, oldest first
	Request     *wish.Wish        // the oldest open one
	Limits      settings.Settings
}

// Judgement is the result of the rules for a patient.
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
	Unknown State = "unknown" // the phone is not in contact
	Resting State = "paused"
	Ended   State = "ended" // nothing is asked any more
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

// silent reports a phone that has not been in contact. A phone that was never paired does not count.
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

// rules are all applied; findings are collected in this order.
var rules = []func(Facts) []alert.Finding{
	stoppedPain, painRise, painAfter, dropoutOrLapse, neverStarted, missedRun, adherenceDrop, lowForWeeks, sameBarrier,
	lowConfidence, asksChange,
}

// stopReportedFor is for how many days after a stopped session it is still reported, as it may arrive late.
const stopReportedFor = 7

// stoppedPain reports every session that was stopped because of pain, as urgent.
func stoppedPain(f Facts) (found []alert.Finding) {
	for _, s := range f.Sessions {
		if s.Status != session.Stopped || s.StoppedReason != session.StoppedByPain ||
			f.Date.DaysSince(s.LocalDate) >= stopReportedFor {
			continue
		}
		finding := f.say(StoppedPain, alert.Now, func(w words, _ Facts) string { return w.stoppedPain(s) })
		finding.Key, finding.Stays = string(s.ID), true
		found = append(found, finding)
	}
	return found
}

// painRise compares the week with the previous two. A rise that has lasted two weeks is due today.
func painRise(f Facts) []alert.Finding {
	rise := 10 * f.Limits.PainRise
	switch {
	case f.Pain.Fortnight != nil && *f.Pain.Fortnight >= rise && f.Pain.Change != nil && *f.Pain.Change > 0:
		return []alert.Finding{f.say(PainRise, alert.Today, words.painRise)}
	case f.Pain.Change != nil && *f.Pain.Change >= rise:
		return []alert.Finding{f.say(PainRise, alert.ThisWeek, words.painRise)}
	case f.reportedRise():
		return []alert.Finding{f.say(PainRise, alert.Today, words.painTold)}
	default:
		return nil
	}
}

// reportedRise reports whether the last two weekly reports, at most 17 days old, both tell clearly more pain than the
// earlier ones. Patients who only answer such questions have too few scores for a weekly mean.
func (f Facts) reportedRise() bool {
	n := len(f.PainReports)
	if n < 3 || f.Date.DaysSince(f.PainReports[n-2].Day) > maxReportAge {
		return false
	}
	before := f.earlierReports()
	for _, t := range f.PainReports[n-2:] {
		if 10*t.Value-*before.Mean() < 10*f.Limits.PainRise {
			return false
		}
	}
	return true
}

// maxReportAge is how many days old the second to last report may be: two weekly ones, and a few days' delay.
const maxReportAge = 17

// earlierReports are the scores of the reports before the last two.
func (f Facts) earlierReports() (scores adherence.Scores) {
	for _, t := range f.PainReports[:len(f.PainReports)-2] {
		scores.Add(&t.Value)
	}
	return scores
}

// painAfter applies if pain rose in two of the last three sessions with both scores.
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

// dropoutOrLapse counts days on which something was asked. The later stage replaces the earlier one; neverStarted
// precedes both.
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

// neverStarted counts days on which something was asked, so that a pause at the start causes no delay.
func neverStarted(f Facts) []alert.Finding {
	if !f.LastDay.IsZero() || f.Missed.Active < f.Limits.NeverStartedDays || f.Missed.Active >= f.Limits.LapsedDays {
		return nil
	}
	return []alert.Finding{f.say(NeverStarted, alert.ThisWeek, words.neverStarted)}
}

// missedRun counts planned sessions: on fixed days, or for a weekly quota its share of the days.
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

// lowAdherence is the four-week adherence below which, for two weeks in a row, the therapist should look.
const lowAdherence = 500

func lowForWeeks(f Facts) []alert.Finding {
	now, before := f.Last28.Sessions, f.Earlier28.Sessions
	if now == nil || before == nil || *now >= lowAdherence || *before >= lowAdherence {
		return nil
	}
	return []alert.Finding{f.say(LowForWeeks, alert.ThisWeek, words.lowForWeeks)}
}

// sameBarrier applies if one barrier was named twice in 14 days.
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

// lowConfidence applies if the last two answers were low.
func lowConfidence(f Facts) []alert.Finding {
	answers := f.confidence()
	if len(answers) < 2 || *answers[0].Confidence > f.Limits.LowConfidence ||
		*answers[1].Confidence > f.Limits.LowConfidence {
		return nil
	}
	return []alert.Finding{f.say(LowConfidence, alert.ThisWeek, words.lowConfidence)}
}

// confidence returns the latest two sessions with an answer about confidence, latest first.
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
