package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/barrier"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/overview"
)

// Every barrier that is counted has a bar with a name of its own on the practice page.
func TestEveryBarrierHasABar(t *testing.T) {
	t.Parallel()
	var o overview.Overview
	for _, b := range barrier.All() {
		o.Barriers = append(o.Barriers, overview.Cell{Name: string(b)})
	}
	for _, language := range words.All() {
		v := practiceView{Words: Words{Words: adherence.Words{Language: language}}, Overview: o}
		seen := map[string]bool{}
		for _, bar := range v.BarrierBars() {
			require.False(t, seen[bar.Name], bar.Name)
			seen[bar.Name] = true
		}
		require.Len(t, seen, len(barrier.All()))
	}
}
