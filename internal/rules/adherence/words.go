package adherence

import (
	"fmt"

	"cadans/internal/record/people"
)

// Words writes numbers and days for a reader, the way the language does.
type Words struct{ people.Language }

// Rate writes "50% (3 of 6)", or only the two numbers when there is too little to judge.
func (w Words) Rate(r Rate) string {
	if r.Sessions == nil {
		return w.Fraction(r)
	}
	return w.Percent(*r.Sessions) + " (" + w.Fraction(r) + ")"
}

// Fraction writes "3 of 6": sessions done and asked for.
func (w Words) Fraction(r Rate) string {
	return fmt.Sprintf(w.Pick("%d van %s", "%d of %s"), r.Done, w.Decimal(r.Expected()))
}

// Signed is Tenths with a sign.
func (w Words) Signed(n int) string {
	if n < 0 {
		return "–" + w.Tenths(-n)
	}
	return "+" + w.Tenths(n)
}
