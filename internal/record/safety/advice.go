package safety

import (
	"slices"
	"strings"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
)

// Advice is what the patient must know and do: the most urgent first, each once, with the findings that ask for it, and
// at last whether to exercise.
func (v Verdict) Advice(l people.Language) string {
	var parts []string
	for _, do := range actions {
		if reasons := v.reasons(do); len(reasons) > 0 {
			parts = append(parts, l.Say(do.advice, "findings", words.Join(reasons, "; ").In(l)))
		}
	}
	switch v.Level {
	case Emergency:
		parts = append(parts, l.Say("safety.advice.rest"))
	case Refer:
		parts = append(parts, l.Say("safety.advice.rest_until"))
	}
	return strings.Join(parts, " ")
}

func (v Verdict) reasons(do action) (reasons []words.Pair) {
	for _, f := range v.Findings {
		if v.actionOf(f).advice == do.advice && !slices.Contains(reasons, f.Pair) {
			reasons = append(reasons, f.Pair)
		}
	}
	return reasons
}

// actionOf returns what a finding asks for. A finding that an older version of the rules kept at another level asks for
// what its level does.
func (v Verdict) actionOf(f Finding) action {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.id == f.Rule && r.level == f.Level })
	switch {
	case i >= 0:
		return rules[i].action
	case f.Level == Emergency:
		return call112
	case f.Level == Refer && v.Urgency == alert.ThisWeek:
		return thisWeek
	case f.Level == Refer:
		return today
	default:
		return review
	}
}
