package program_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
)

// An item that is edited keeps its smallest dose while that is about the same exercise and still the smaller one.
func TestAnEditedItemKeepsItsSmallestDose(t *testing.T) {
	t.Parallel()
	smallest := exercise.Dose{Sets: 1, Reps: 8}
	old := program.NewItem{ID: "i", Exercise: "bridge", Dose: exercise.Dose{Sets: 3, Reps: 10}, Minimum: &smallest}
	for name, tc := range map[string]struct {
		edited program.NewItem
		keeps  bool
	}{
		"another dose": {program.NewItem{ID: "i", Exercise: "bridge", Dose: exercise.Dose{Sets: 2, Reps: 10}},
			true},
		"the smallest": {program.NewItem{ID: "i", Exercise: "bridge", Dose: smallest}, true},
		"below it": {program.NewItem{ID: "i", Exercise: "bridge", Dose: exercise.Dose{Sets: 1, Reps: 6}},
			false},
		"another exercise": {program.NewItem{ID: "i", Exercise: "squat", Dose: exercise.Dose{Sets: 2, Reps: 10}},
			false},
		"another item": {program.NewItem{ID: "j", Exercise: "bridge", Dose: exercise.Dose{Sets: 2, Reps: 10}}, false},
	} {
		require.Equal(t, tc.keeps, tc.edited.After(old).Minimum != nil, name)
	}
	require.Nil(
		t, program.NewItem{ID: "i", Exercise: "bridge"}.After(program.NewItem{ID: "i", Exercise: "bridge"}).Minimum,
	)
}
