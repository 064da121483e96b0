package caseload

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	catalogs "cadans/internal/kernel/words"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
)

// A change of pain is said with its sign and what it means.
func TestHowPainChanged(t *testing.T) {
	t.Parallel()
	english, dutch := adherence.Words{Language: people.English}, adherence.Words{Language: people.Dutch}
	require.Empty(t, Summary{}.PainChange(english))
	for change, want := range map[int][2]string{
		20: {"+2.0, 2 points or more", "+2,0, 2 punten of meer"},
		19: {"+1.9, less than 2 points", "+1,9, minder dan 2 punten"},
	} {
		s := Summary{Since: Since{Pain: adherence.Comparison{Change: &change}}}
		require.Equal(t, want, [2]string{s.PainChange(english), s.PainChange(dutch)})
	}
}

// A therapist reads which barrier it was: each has a name of its own.
func TestEveryBarrierIsShown(t *testing.T) {
	t.Parallel()
	for _, language := range catalogs.All() {
		var s Summary
		for _, b := range barrier.All() {
			s.Named = append(s.Named, Named{Barrier: b, Times: 2})
		}
		lines := s.InTheWay(language)
		require.Len(t, lines, len(barrier.All()))
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(lines))), len(lines), "two have one name")
	}
}
