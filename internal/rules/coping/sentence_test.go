package coping_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/rules/coping"
	"cadans/pkg/localtime"
)

// A plan is one whole sentence in each language, for one exercise and for more.
func TestAPlanIsASentence(t *testing.T) {
	t.Parallel()
	evening := localtime.MustParseTimeOfDay("19:30")
	for name, tc := range map[string]struct {
		plan   coping.Plan
		nl, en string
	}{
		"a time": {coping.Plan{At: &evening, Exercises: 1},
			"Als het 19:30 uur is, dan doe ik 1 oefening.", "When it is 19:30, I will do 1 exercise."},
		"a time and a place": {coping.Plan{At: &evening, Place: "keuken", Exercises: 2},
			"Als het 19:30 uur is (keuken), dan doe ik 2 oefeningen.",
			"When it is 19:30 (keuken), I will do 2 exercises."},
		"after something": {coping.Plan{After: "het ontbijt. ", Exercises: 2},
			"Direct na het ontbijt doe ik 2 oefeningen.", "Right after het ontbijt, I will do 2 exercises."},
		"after something, at a place": {coping.Plan{After: "ontbijt", Place: "keuken", Exercises: 1},
			"Direct na ontbijt (keuken) doe ik 1 oefening.", "Right after ontbijt (keuken), I will do 1 exercise."},
	} {
		require.Equal(t, tc.nl, tc.plan.Sentence(words.Dutch), name)
		require.Equal(t, tc.en, tc.plan.Sentence(words.English), name)
	}
}
