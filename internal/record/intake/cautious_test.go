package intake_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/safety"
)

// A caution keeps an exercise, and whatever is harder in its chain, from whom it is about, and from nobody else.
func TestWhatACautionKeepsFromSomebody(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	unsteady := intake.Base()
	unsteady.Falls = new(int)
	*unsteady.Falls = 1
	helped, limb, weak := intake.Base(), intake.Base(), intake.Base()
	yes := true
	helped.WalkAid, limb.LowerLimb = &yes, &yes
	weak.Signs = map[safety.Sign]bool{safety.Osteoporosis: true}
	for _, tc := range []struct {
		answers  intake.Answers
		exercise string
		want     string
	}{
		{intake.Base(), "bird-dog", ""}, {intake.Answers{}, "bird-dog", ""},
		{unsteady, "bird-dog", "C-1"}, {helped, "roll-down-standing", "C-1"}, {unsteady, "bird-dog-leg", ""},
		{unsteady, "floor-pick-up-loaded", "C-1"}, {unsteady, "handstand", ""},
		{limb, "walk-brisk", "C-2"}, {limb, "walk-easy", ""}, {limb, "bird-dog", ""},
		{weak, "cat-camel", "C-3"}, {weak, "pelvic-tilt-lying", ""},
	} {
		caution, is := tc.answers.Cautious().Against(library, tc.exercise)
		require.Equal(t, tc.want, caution.ID, tc.exercise)
		require.Equal(t, tc.want != "", is, tc.exercise)
	}
}
