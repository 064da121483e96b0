package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Each kind of day has its own shape at its own place, with room between weeks, and the same stands there in words.
func TestStrip(t *testing.T) {
	thursday := localtime.MustParseDate("2026-03-05")
	got := stripOf(
		Words{Words: adherence.Words{Language: people.Dutch}}, adherence.Status{Date: thursday, Marks: "-dpxofz"},
	) // from Friday on
	require.Equal(t, strip{
		Paths: []path{
			{"done", "M9 1v14M16 8v7"}, {"extra", "M25 8l2-3 2 3-2 3z"}, {"outline", "M14 1h4v13h-4z"},
			{"open", "M32 1h4v13h-4z"},
			{"dot", "M40 8h2M47 4v8m3-8v8"},
		},
		Summary: "Laatste 4 weken: 1× gedaan, 1× deels gedaan, 1× extra gedaan, 1× gepland, niet ingevuld, 1× pauze",
		Width:   53,
	}, got)
	require.Equal(t, "Last 4 weeks: nothing recorded", stripOf(
		Words{Words: adherence.Words{Language: people.English}}, adherence.Status{Date: thursday, Marks: "--ff"},
	).Summary)
}
