package exercise_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
)

func TestLibraryIsWhole(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	require.Len(t, library.All(), 45)

	perModule := map[exercise.Module]int{}
	for _, e := range library.All() {
		perModule[e.Module]++
	}
	require.Equal(t, map[exercise.Module]int{
		exercise.Strength: 13, exercise.Mobility: 9, exercise.Core: 7, exercise.Exposure: 5, exercise.Relaxation: 4,
		exercise.Aerobic: 3, exercise.Walking: 2, exercise.Sleep: 1, exercise.Stress: 1,
	}, perModule)
}

func TestChainsRunFromEasyToHard(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	var chain []string
	for slug := "seated-forward-bend"; slug != ""; {
		e, err := library.Find(slug)
		require.NoError(t, err)
		chain = append(chain, slug)
		slug = e.Harder
	}
	require.Equal(
		t, []string{"seated-forward-bend", "roll-down-standing", "floor-pick-up-light", "floor-pick-up-loaded"}, chain,
	)
	_, err = library.Find("burpee")
	require.ErrorIs(t, err, exercise.ErrUnknown)
}

func TestFilter(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	var slugs []string
	for _, e := range library.Filter(exercise.Core, "neck") {
		slugs = append(slugs, e.Slug)
	}
	require.Equal(t, []string{"chin-nod-lying", "head-lift-nod"}, slugs)
	require.Len(t, library.Filter("", ""), 45)
}
