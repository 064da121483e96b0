package dose

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
)

// The range of every kind of work on every level of its chain, and of what a practice added, which has no level.
func TestRanges(t *testing.T) {
	t.Parallel()
	l, err := exercise.Load()
	require.NoError(t, err)
	ladder := On(l)
	for slug, want := range map[string]bounds{
		"bridge-small": {8, 10}, "bridge": {10, 12}, "bridge-single-leg": {8, 12}, "deadlift-backpack": {10, 12},
		"side-arm-raise": {12, 15}, "band-side-raise": {12, 15}, "neck-press-hands": {12, 15},
		"chin-nod-lying": {8, 10}, "dead-bug-full": {8, 10}, "cat-camel": {8, 10}, "movement-snack": {},
		"seated-forward-bend": {6, 8}, "look-over-shoulder": {6, 8},
		"walk-easy": {10, 20}, "walk-brisk": {15, 30}, "march-seated": {10, 20}, "cycle-steady": {15, 30},
		"belly-breathing": {5, 10}, "slow-breathing": {10, 15}, "muscle-release-full": {10, 15},
		"evening-wind-down": {}, "worry-notebook": {},
	} {
		e, err := l.Find(slug)
		require.NoError(t, err)
		require.Equal(t, want, ladder.rangeOf(e), slug)
	}
	for module, want := range map[exercise.Module]bounds{
		exercise.Strength: {8, 10}, exercise.Core: {8, 10}, exercise.Walking: {15, 30}, exercise.Relaxation: {10, 15},
	} {
		own := exercise.Exercise{Slug: "own", Module: module, Region: "general"}
		require.Equal(t, want, ladder.rangeOf(own), module)
	}
}
