package adherence

import (
	"fmt"
	"strconv"
	"strings"

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
	return fmt.Sprintf(w.Pick("%d van %s", "%d of %s"), r.Done, w.decimal(r.Expected()))
}

// Percent writes a share in permille as "50%" or "50 %".
func (w Words) Percent(permille int) string {
	return strconv.Itoa((permille+5)/10) + w.Pick(" %", "%")
}

// Tenths writes tenths of a point as "6.3" or "6,3".
func (w Words) Tenths(n int) string {
	return w.decimal(strconv.Itoa(n/10) + "." + strconv.Itoa(n%10))
}

// Signed is Tenths with a sign.
func (w Words) Signed(n int) string {
	if n < 0 {
		return "–" + w.Tenths(-n)
	}
	return "+" + w.Tenths(n)
}

// decimal writes a number with the language's decimal sign.
func (w Words) decimal(text string) string { return w.Pick(strings.Replace(text, ".", ",", 1), text) }
