package exercise_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
)

func TestAnOwnExerciseIsCompleted(t *testing.T) {
	t.Parallel()
	const slug = "019aa0c4-7d00-7000-8000-0000000000e1"
	dutch := words.Pair{NL: "Handdoek trekken"}
	for _, tc := range []struct {
		name  string
		given exercise.Exercise
		want  exercise.Exercise
		wrong map[string]string
	}{
		{
			name: "one language serves for both, and a set is reckoned: 4 seconds a repetition and its hold",
			given: exercise.Exercise{
				Name: dutch, Instructions: words.Pair{EN: "Pull."},
				Default: exercise.Dose{Sets: 2, Reps: 8, HoldS: 3},
			},
			want: exercise.Exercise{
				Name:         words.Pair{NL: "Handdoek trekken", EN: "Handdoek trekken"},
				Instructions: words.Pair{NL: "Pull.", EN: "Pull."}, Equipment: []string{},
				Default: exercise.Dose{Sets: 2, Reps: 8, HoldS: 3}, SecondsPerSet: 56,
			},
		},
		{
			name: "what was said stays, and sets are once",
			given: exercise.Exercise{
				Name: words.Pair{NL: "a", EN: "b"}, Instructions: dutch, Equipment: []string{"band"},
				Default: exercise.Dose{Reps: 8}, SecondsPerSet: 90,
			},
			want: exercise.Exercise{
				Name: words.Pair{NL: "a", EN: "b"}, Instructions: words.Pair{NL: dutch.NL, EN: dutch.NL},
				Equipment: []string{"band"}, Default: exercise.Dose{Sets: 1, Reps: 8}, SecondsPerSet: 90,
			},
		},
		{
			name: "minutes are what a set takes",
			given: exercise.Exercise{
				Name: dutch, Instructions: dutch, Default: exercise.Dose{Minutes: 5}, SecondsPerSet: 20,
			},
			want: exercise.Exercise{
				Name:         words.Pair{NL: dutch.NL, EN: dutch.NL},
				Instructions: words.Pair{NL: dutch.NL, EN: dutch.NL}, Equipment: []string{},
				Default: exercise.Dose{Sets: 1, Minutes: 5}, SecondsPerSet: 300,
			},
		},
		{
			name: "everything that is missing is named at once", given: exercise.Exercise{},
			wrong: map[string]string{"/name": "required", "/instructions": "required", "/dose": "wrong-dose"},
		},
		{
			name:  "the slug of an exercise of the library is not taken",
			given: exercise.Exercise{Slug: "bridge", Name: dutch, Instructions: dutch, Default: exercise.Dose{Reps: 3}},
			wrong: map[string]string{"/id": "invalid-format"},
		},
		{
			name: "nor is an id in another form",
			given: exercise.Exercise{
				Slug: "019AA0C4-7D00-7000-8000-0000000000E1", Name: dutch, Instructions: dutch,
				Default: exercise.Dose{Reps: 3},
			}, wrong: map[string]string{"/id": "invalid-format"},
		},
		{
			name: "minutes and repetitions do not go together",
			given: exercise.Exercise{
				Name: dutch, Instructions: dutch, Default: exercise.Dose{Sets: 1, Reps: 3, Minutes: 5},
			}, wrong: map[string]string{"/dose": "wrong-dose"},
		},
		{
			name:  "minutes and a hold do not either",
			given: exercise.Exercise{Name: dutch, Instructions: dutch, Default: exercise.Dose{HoldS: 3, Minutes: 5}},
			wrong: map[string]string{"/dose": "wrong-dose"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.given.Slug == "" {
				tc.given.Slug, tc.want.Slug = slug, slug
			}
			got, err := exercise.Own{Exercise: tc.given}.Complete()
			if tc.wrong == nil {
				require.NoError(t, err)
				require.Equal(t, tc.want, got.Exercise)
				return
			}
			var input *fault.Fault
			require.True(t, errors.As(err, &input))
			found := map[string]string{}
			for _, v := range input.Violations {
				found[v.Pointer] = v.Code
			}
			require.Equal(t, tc.wrong, found)
		})
	}
}
