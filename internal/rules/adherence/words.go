package adherence

import (
	"cadans/internal/record/people"
)

// Words formats numbers and days in a language.
type Words struct{ people.Language }

// Rate formats "50% (3 of 6)", or only the two numbers if there is too little to judge.
func (w Words) Rate(r Rate) string {
	if r.Sessions == nil {
		return w.Fraction(r)
	}
	return w.Percent(*r.Sessions) + " (" + w.Fraction(r) + ")"
}

// Fraction formats "3 of 6": sessions done and asked.
func (w Words) Fraction(r Rate) string {
	return w.Say("adherence.fraction", "done", r.Done, "asked", w.Decimal(r.Expected()))
}

// Signed is Tenths with a sign.
func (w Words) Signed(n int) string {
	if n < 0 {
		return "–" + w.Tenths(-n)
	}
	return "+" + w.Tenths(n)
}
