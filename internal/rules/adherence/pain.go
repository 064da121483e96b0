package adherence

import (
	"cadans/internal/record/questionnaire"
	"cadans/pkg/localtime"
)

// MinimumImportantChange is 2 points on the NPRS (Ostelo 2008), in tenths. It is also the measurement error. What a
// change means depends on where it starts as well: see Means.
const MinimumImportantChange = 20

const (
	minScores      = 3 // on each side of a comparison
	painNowDays    = 7
	painBeforeDays = 14
)

// Pain compares the mean score (see package pain) of the last 7 days with that of the previous 14 days, in tenths of a
// point. Nil means not recorded; Change needs three scores on each side. Fortnight compares 14 days with the previous
// 14.
type Pain struct {
	Now, Before, Change *int
	Fortnight           *int
	Scores              int
}

// painOf compares means over the days up to until, the same week as the adherence next to it.
func painOf(s Series, until localtime.Date) Pain {
	now := scoresOf(s.Window(until, painNowDays))
	before := scoresOf(s.Window(until.AddDays(-painNowDays), painBeforeDays))
	return Pain{
		Now: now.Mean(), Before: before.Mean(), Change: above(now, before), Scores: now.Count,
		Fortnight: above(
			scoresOf(s.Window(until, painBeforeDays)),
			scoresOf(s.Window(until.AddDays(-painBeforeDays), painBeforeDays)),
		),
	}
}

// Means says what the change of the last 7 days means.
func (p Pain) Means() questionnaire.Verdict { return meaning(p.Before, p.Change) }

// meaning gives the verdict of the pain questionnaire: from 8 on pain has to fall by more. It is unknown without a
// change.
func meaning(before, change *int) questionnaire.Verdict {
	switch {
	case change == nil:
		return questionnaire.Unknown
	case before == nil:
		return questionnaire.Pain(0, *change)
	default:
		return questionnaire.Pain(*before, *before+*change)
	}
}

// above returns by how much a mean exceeds an earlier one, or nil if either has too few scores.
func above(now, before Scores) *int {
	if now.Count < minScores || before.Count < minScores {
		return nil
	}
	change := *now.Mean() - *before.Mean()
	return &change
}

// Comparison compares the mean score over some days with that of as many days before, in tenths of a
// point. Nil means not recorded; Change needs three scores on each side.
type Comparison struct {
	Now, Before, Change *int
	Scores              int
}

// Means says what the change means.
func (c Comparison) Means() questionnaire.Verdict { return meaning(c.Before, c.Change) }

// Compare compares the days from since to until with as many days before.
func (s Series) Compare(since, until localtime.Date) Comparison {
	days := max(until.DaysSince(since)+1, 0)
	now, before := scoresOf(s.Window(until, days)), scoresOf(s.Window(since.AddDays(-1), days))
	return Comparison{Now: now.Mean(), Before: before.Mean(), Change: above(now, before), Scores: now.Count}
}

// scoresOf sums the scores that say how much it hurt.
func scoresOf(days []Day) (total Scores) {
	for _, d := range days {
		total = total.Plus(d.Before)
	}
	return total
}
