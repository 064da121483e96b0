package safety

import (
	"slices"
	"strings"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
)

// Advice is what the patient must know and do. It gives one way to act, the most urgent, with the findings that ask
// for it; who helps there hears the findings that ask for less. It says whether to exercise, and asks nobody to wait
// for the therapist.
func (v Verdict) Advice(l people.Language) string {
	if len(v.Findings) == 0 {
		return ""
	}
	do := v.mostUrgent()
	parts := []string{l.Say(do, "findings", joined(v.reasons(do), l))}
	if others := v.othersFor(do); len(others) > 0 {
		parts = append(parts, l.Say("safety.advice.tell_too", "findings", joined(others, l)))
	}
	switch v.Level {
	case Emergency:
		parts = append(parts, l.Say("safety.advice.rest"))
	case Refer:
		parts = append(parts, l.Say("safety.advice.rest_until"))
	}
	if do != review.advice && v.isReviewed() {
		parts = append(parts, l.Say("safety.advice.therapist_too"))
	}
	return strings.Join(parts, " ")
}

func joined(findings []words.Pair, l people.Language) string { return words.Join(findings, "; ").In(l) }

// mostUrgent returns the key of what is to be done.
func (v Verdict) mostUrgent() string {
	first := len(advices)
	for _, f := range v.Findings {
		first = min(first, slices.Index(advices, v.adviceOf(f)))
	}
	return advices[first]
}

// reasons are the findings that ask for something, each once.
func (v Verdict) reasons(do string) (reasons []words.Pair) {
	for _, f := range v.Findings {
		if v.adviceOf(f) == do && !slices.Contains(reasons, f.Pair) {
			reasons = append(reasons, f.Pair)
		}
	}
	return reasons
}

// othersFor are the findings that ask for a doctor too, but less urgently.
func (v Verdict) othersFor(do string) (others []words.Pair) {
	for _, less := range advices {
		if less != do && less != review.advice {
			others = append(others, v.reasons(less)...)
		}
	}
	return others
}

func (v Verdict) isReviewed() bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Level == Review })
}

// adviceOf returns the key of what a finding asks for. A finding that an older version of the rules kept at another
// level asks for what its level does.
func (v Verdict) adviceOf(f Finding) string {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.id == f.Rule && r.level == f.Level })
	switch {
	case i >= 0:
		return rules[i].advice
	case f.Level == Emergency:
		return call112.advice
	case f.Level == Refer && v.Urgency == alert.ThisWeek:
		return thisWeek.advice
	case f.Level == Refer:
		return today.advice
	default:
		return review.advice
	}
}
