package safety

import (
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
)

// Rule is a line of the gate as a reviewer reads it.
type Rule struct {
	ID       string
	Level    Level
	Urgency  alert.Urgency
	When     string       // which signs it applies to
	Findings []words.Pair // one for each ground
	Advice   words.Pair
	Source   string
}

// Rules returns the gate, most serious first.
func Rules() []Rule {
	all := make([]Rule, len(rules))
	for i, r := range rules {
		all[i] = Rule{
			ID: r.id, Level: r.level, Urgency: r.urgency, When: r.when(), Findings: r.findings(), Source: r.source,
			Advice: words.KeepAs(func(l words.Language) string {
				return l.Say(r.advice, "findings", words.Join(r.findings(), " / ").In(l))
			}),
		}
	}
	return all
}

func (r rule) findings() (all []words.Pair) {
	for _, g := range grounds[r.id] {
		all = append(all, words.Keep(g.finding))
	}
	return append(all, words.Keep(r.finding))
}
