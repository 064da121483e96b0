package attention

import (
	"fmt"
	"strings"

	text "cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// words formats reasons: one sentence per rule, always with numbers and dates.
type words struct{ adherence.Words }

// say returns a finding with its reason in both languages.
func (f Facts) say(rule alert.Rule, urgency alert.Urgency, reason func(words, Facts) string) alert.Finding {
	in := func(l people.Language) string { return reason(words{adherence.Words{Language: l}}, f) }
	return alert.Finding{Rule: rule, Urgency: urgency, Pair: text.KeepAs(in)}
}

func (w words) notSyncing(f Facts) string {
	return w.Say("attention.not_syncing", "since", w.Date(f.Contact))
}

func (w words) silentReview(f Facts) string {
	return w.Say("attention.silent_review", "days", f.Date.DaysSince(f.Contact))
}

func (w words) neverStarted(f Facts) string {
	return w.Say("attention.never_started", "start", w.Date(f.Start), "contact", w.Date(f.Contact))
}

func (w words) missedRun(f Facts) string {
	n := f.Missed.Sessions()
	if len(f.Missed.Days) == 0 {
		return w.Say("attention.missed_run.since", "number", n, "since", w.Date(f.LastDay)) + w.barrier(f)
	}
	return w.Say("attention.missed_run.days", "number", n, "days", w.days(f.Missed.Days)) + w.barrier(f)
}

// barrier adds what the patient wrote last.
func (w words) barrier(f Facts) string {
	if len(f.Barriers) == 0 {
		return ""
	}
	last := f.Barriers[0]
	return " " + w.Say("attention.barrier",
		"day", w.Date(last.LocalDate),
		"barrier", last.Barrier.In(w.Language),
	)
}

func (w words) adherenceDrop(f Facts) string {
	return w.Say("attention.adherence_drop", "now", w.Rate(f.Last14), "before", w.Rate(f.Before14))
}

func (w words) lowForWeeks(f Facts) string {
	return w.Say("attention.low_for_weeks", "now", w.Rate(f.Last28), "before", w.Rate(f.Earlier28))
}

func (w words) painRise(f Facts) string {
	reason := w.Say("attention.pain_rise",
		"now", w.Tenths(*f.Pain.Now),
		"before", w.Tenths(*f.Pain.Before),
		"change", w.Signed(*f.Pain.Change),
	)
	if rises := len(f.rises()); rises > 0 {
		reason += " " + w.Say("attention.pain_rise.after", "rises", rises)
	}
	return reason + " " + w.Say("attention.pain_rise.adherence", "rate", w.Rate(f.Last7))
}

func (w words) painTold(f Facts) string {
	n := len(f.PainReports)
	return w.Say("attention.pain_told",
		"first", f.PainReports[n-2].Value,
		"then", f.PainReports[n-1].Value,
		"before", w.Tenths(*f.earlierReports().Mean()),
	)
}

func (w words) painAfter(f Facts) string {
	rises := f.rises()
	return w.Say("attention.pain_after",
		"rises", len(rises),
		"points", f.Limits.PainAfter,
		"day", w.Date(rises[0]),
	)
}

func (w words) stoppedPain(s session.Session) string {
	if s.PainAfter == nil {
		return w.Say("attention.stopped_pain", "day", w.Date(s.LocalDate))
	}
	return w.Say("attention.stopped_pain.score", "day", w.Date(s.LocalDate), "score", *s.PainAfter)
}

func (w words) lapsed(f Facts) string {
	return w.Say("attention.lapsed", "days", f.Missed.Active, "since", w.since(f)) + w.barrier(f)
}

func (w words) dropoutReview(f Facts) string {
	return w.Say("attention.dropout_review", "days", f.Missed.Active, "since", w.since(f)) + w.barrier(f)
}

// since states when the last session was, if there was one.
func (w words) since(f Facts) string {
	if f.LastDay.IsZero() {
		return ""
	}
	return w.Say("attention.since", "day", w.Date(f.LastDay))
}

func (w words) sameBarrier(f Facts, b barrier.Barrier) string {
	var days []localtime.Date
	for _, report := range f.Barriers {
		if report.Barrier == b && (len(days) == 0 || days[0] != report.LocalDate) {
			days = append([]localtime.Date{report.LocalDate}, days...)
		}
	}
	return w.Say("attention.same_barrier",
		"times", len(days),
		"days", w.days(days),
		"barrier", b.In(w.Language),
	)
}

func (w words) lowConfidence(f Facts) string {
	answers := f.confidence()
	return w.Say("attention.low_confidence",
		"first", *answers[1].Confidence,
		"first_day", w.Date(answers[1].LocalDate),
		"second", *answers[0].Confidence,
		"second_day", w.Date(answers[0].LocalDate),
	)
}

func (w words) asksChange(f Facts) string {
	return w.Say("attention.asks_change",
		"day", w.Date(f.Request.LocalDate),
		"reason", f.Request.Reason.In(w.Language),
	)
}

// days formats "13, 16, 18 Nov"; the month appears where it changes.
func (w words) days(days []localtime.Date) string {
	parts := make([]string, len(days))
	for i, day := range days {
		parts[i] = w.Date(day)
		if _, month, number := day.Date(); i+1 < len(days) {
			if _, next, _ := days[i+1].Date(); next == month {
				parts[i] = fmt.Sprint(number)
			}
		}
	}
	return strings.Join(parts, ", ")
}
