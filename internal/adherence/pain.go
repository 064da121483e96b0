package adherence

import "cadans/pkg/localtime"

// MinimumImportantChange is 2 points on the NPRS (Ostelo 2008), in tenths.
const MinimumImportantChange = 20

const (
	minScores      = 3 // on each side of a comparison
	painNowDays    = 7
	painBeforeDays = 14
)

// Pain compares the mean score before sessions of the last 7 days with the 14 days before, in tenths of a point. Nil
// means not recorded; Change needs three scores on each side.
type Pain struct {
	Now, Before, Change *int
	Scores              int
}

// painOf compares means over the days up to until, the same week as the adherence beside it. Only scores that were
// given count.
func painOf(s Series, until localtime.Date) Pain {
	now := scoresOf(s.Window(until, painNowDays))
	before := scoresOf(s.Window(until.AddDays(-painNowDays), painBeforeDays))
	p := Pain{Now: now.Mean(), Before: before.Mean(), Scores: now.Count}
	if now.Count >= minScores && before.Count >= minScores {
		change := *p.Now - *p.Before
		p.Change = &change
	}
	return p
}

// scoresOf sums the scores before sessions.
func scoresOf(days []Day) (total Scores) {
	for _, d := range days {
		total.Sum += d.Before.Sum
		total.Count += d.Before.Count
	}
	return total
}

// Mean returns the mean in tenths of a point, or nil without a score.
func (s Scores) Mean() *int {
	if s.Count == 0 {
		return nil
	}
	mean := divide(10*s.Sum, s.Count)
	return &mean
}
