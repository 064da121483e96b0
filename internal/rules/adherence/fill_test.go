package adherence_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// A window holds the days from its first to its last that the program knows, whichever way it lies: one that ends
// before it begins, or before the program, holds none.
func TestFillGivesTheDaysOfTheWindow(t *testing.T) {
	t.Parallel()
	day := rapid.Custom(func(t *rapid.T) localtime.Date {
		return rapid.SampledFrom([]localtime.Date{
			localtime.NewDate(1, 1, 1), localtime.NewDate(2026, 3, 1), localtime.NewDate(2026, 3, 2),
			localtime.NewDate(2026, 3, 3), localtime.NewDate(2026, 4, 1), localtime.NewDate(9999, 12, 31),
		}).Draw(t, "day")
	})
	rapid.Check(t, func(t *rapid.T) {
		start, from := day.Draw(t, "start"), day.Draw(t, "from")
		until := rapid.SampledFrom([]localtime.Date{
			localtime.NewDate(1, 1, 1), from, from.AddDays(-1), from.AddDays(-2), start, localtime.NewDate(2026, 4, 1),
		}).Draw(t, "until")
		h := program.History{Versions: []program.Version{{EffectiveFrom: start}}}
		first := from
		if first.Before(start) {
			first = start
		}
		if until.DaysSince(first) > 1000 {
			return // more than anybody asks for
		}
		series := adherence.Fill(h, nil, from, until)
		require.Len(t, series, max(until.DaysSince(first)+1, 0))
		for i, filled := range series {
			require.Equal(t, first.AddDays(i), filled.Date)
		}
	})
}
