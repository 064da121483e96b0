package alert

import (
	"cmp"
	"slices"
)

// Urgency is how soon somebody has to act. The empty urgency requires no action.
type Urgency string

// The urgencies.
const (
	Now       Urgency = "now"
	Today     Urgency = "today"
	ThisWeek  Urgency = "this_week"
	NextVisit Urgency = "next_visit"
)

// scale ranks the urgencies; the empty one ranks below all of them.
var scale = [...]Urgency{NextVisit, ThisWeek, Today, Now}

// Compare is positive when u is more urgent than other, and zero when they are the same.
func (u Urgency) Compare(other Urgency) int {
	return cmp.Compare(slices.Index(scale[:], u), slices.Index(scale[:], other))
}

// Soonest returns the most urgent one, or the empty urgency when there are none.
func Soonest(urgencies ...Urgency) (soonest Urgency) {
	for _, u := range urgencies {
		if u.Compare(soonest) > 0 {
			soonest = u
		}
	}
	return soonest
}
