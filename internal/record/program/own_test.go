package program_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
)

// An exercise that a practice made stands in no chain: it gets more repetitions like the easiest of its kind, and then
// stays.
func TestAnOwnExerciseHasSteps(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		known := library(t)
		own := exercise.NewService(d.Guard, known)
		for _, tc := range []struct {
			module exercise.Module
			dose   exercise.Dose
			want   []string
		}{
			{exercise.Strength, exercise.Dose{Sets: 2, Reps: 8}, []string{"2x9", "2x10"}},
			{exercise.Core, exercise.Dose{Sets: 2, Reps: 9}, []string{"2x10"}},
			{exercise.Walking, exercise.Dose{Sets: 1, Minutes: 25}, []string{"30 min"}},
			{exercise.Relaxation, exercise.Dose{Sets: 1, Minutes: 13}, []string{"15 min"}},
		} {
			slug := id.New()
			_, _, err := own.Save(context.Background(), d.AsMember(testdb.Tess), exercise.Own{
				Exercise: exercise.Exercise{
					Slug: slug, Module: tc.module, Region: "general", Default: tc.dose,
					Name: words.Pair{NL: "Eigen"}, Instructions: words.Pair{NL: "Doe."},
				},
			}, "")
			require.NoError(t, err)
			it := program.NewItem{ID: "i1", Exercise: slug, Dose: tc.dose, Schedule: bridge(1).Schedule}.In(known)
			for _, want := range tc.want {
				up, is := it.Harder(known)
				require.True(t, is, want)
				require.Equal(t, slug+" "+want, show(up))
				it = up
			}
			_, is := it.Harder(known)
			require.False(t, is)
			_, is = it.Easier(known)
			require.False(t, is)
		}
	})
}
