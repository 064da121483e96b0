package detour

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
)

func timed(minutes int) program.Item {
	return program.Item{ID: id.ProgramItem(id.New()), Dose: exercise.Dose{Sets: 1, Minutes: minutes}}
}

func counted(sets, reps, seconds int) program.Item {
	return program.Item{
		ID:            id.ProgramItem(id.New()),
		Dose:          exercise.Dose{Sets: sets, Reps: reps},
		SecondsPerSet: seconds,
	}
}

func doses(items []program.Item) (doses []exercise.Dose) {
	for _, item := range items {
		doses = append(doses, item.Dose)
	}
	return doses
}

func TestShortened(t *testing.T) {
	for _, tc := range []struct {
		name  string
		items []program.Item
		want  []exercise.Dose
	}{
		{"it fits already", []program.Item{counted(3, 10, 40)}, []exercise.Dose{{Sets: 3, Reps: 10}}},
		// and 20 s to get ready
		{"a walk of half an hour", []program.Item{timed(30)}, []exercise.Dose{{Sets: 1, Minutes: 9}}},
		{"the longest first", []program.Item{counted(3, 10, 60), timed(12)},
			[]exercise.Dose{{Sets: 3, Reps: 10}, {Sets: 1, Minutes: 5}}},
		{"sets go before exercises", []program.Item{counted(3, 10, 200), counted(3, 10, 200)},
			[]exercise.Dose{{Sets: 1, Reps: 10}, {Sets: 1, Reps: 10}}},
		{"then the last exercises", []program.Item{counted(1, 10, 400), counted(1, 10, 400)},
			[]exercise.Dose{{Sets: 1, Reps: 10}}},
		{"one stays", []program.Item{counted(1, 10, 900)}, []exercise.Dose{{Sets: 1, Reps: 10}}},
	} {
		t.Run(tc.name, func(t *testing.T) { require.Equal(t, tc.want, doses(shortened(tc.items))) })
	}
}

func TestHalved(t *testing.T) {
	minimum := exercise.Dose{Sets: 1, Reps: 6}
	item := counted(3, 9, 40)
	item.Minimum = &minimum
	got := halved([]program.Item{item, timed(15), counted(2, 1, 40)})
	require.Equal(t, []exercise.Dose{{Sets: 3, Reps: 4}, {Sets: 1, Minutes: 7}, {Sets: 2, Reps: 1}}, doses(got))
	require.Equal(t, &minimum, got[0].Minimum, "one set of six is still less than three of four")
}

// Whatever the program: nothing is added, no dose rises, and it fits unless one exercise at its smallest does not.
func TestSmallerIsNeverMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) program.Item {
			if rapid.Bool().Draw(t, "timed") {
				return timed(rapid.IntRange(1, 60).Draw(t, "minutes"))
			}
			return counted(
				rapid.IntRange(1, 5).Draw(t, "sets"), rapid.IntRange(1, 30).Draw(t, "reps"),
				rapid.IntRange(5, 300).Draw(t, "seconds"),
			)
		}), 1, program.MaxItems).Draw(t, "items")
		for _, change := range []func([]program.Item) []program.Item{shortened, halved} {
			smaller := change(items)
			require.NotEmpty(t, smaller)
			for i, item := range smaller {
				require.Equal(t, items[i].ID, item.ID)
				require.LessOrEqual(t, item.Dose.Sets, items[i].Dose.Sets)
				require.LessOrEqual(t, item.Dose.Reps, items[i].Dose.Reps)
				require.LessOrEqual(t, item.Dose.Minutes, items[i].Dose.Minutes)
				require.Positive(t, item.Dose.Sets*(item.Dose.Reps+item.Dose.Minutes))
			}
		}
		short := shortened(items)
		fits := program.Version{Items: short}.Duration() <= shortest
		require.True(t, fits || len(short) == 1 && short[0].Dose.Sets == 1 && short[0].Dose.Minutes <= 1)
	})
}
