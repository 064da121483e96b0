package safety

import (
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
)

// Rule is a line of the gate as a reviewer reads it.
type Rule struct {
	ID      string
	Level   Level
	Urgency alert.Urgency
	When    string
	Finding words.Pair
	Source  string
}

// Rules returns the gate, most serious first.
func Rules() []Rule {
	all := make([]Rule, len(rules))
	for i, r := range rules {
		all[i] = Rule{ID: r.id, Level: r.level, Urgency: r.urgency, Finding: words.Keep(r.finding)}
	}
	return all
}
