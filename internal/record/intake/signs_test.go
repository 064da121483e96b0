package intake_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/intake"
)

// Every factor of the profile has its own number, and says which way is worse: more fear, less confidence.
func TestProfileSaysWhichWayIsWorse(t *testing.T) {
	t.Parallel()
	a := intake.Base()
	for i, value := range []*int{
		a.PainAverage, a.PainWorst, a.Fear, a.Confidence, a.Motivation, a.Expectation, a.BadNights, a.Stress,
		a.StrengthDays, a.WorkLoad, a.WorkSatisfaction, a.SickHours,
	} {
		*value = i + 1
	}
	*a.PHQ2Interest, *a.PHQ2Mood, *a.ActiveDays, *a.ActiveMinutes = 1, 2, 3, 25
	want := []intake.Factor{
		{Key: "nprs_avg24", Value: 1, Worse: "higher"}, {Key: "nprs_worst", Value: 2, Worse: "higher"},
		{Key: "fear", Value: 3, Worse: "higher"}, {Key: "confidence", Value: 4, Worse: "lower"},
		{Key: "motivation", Value: 5, Worse: "lower"}, {Key: "expectation", Value: 6, Worse: "lower"},
		{Key: "bad_nights", Value: 7, Worse: "higher"}, {Key: "stress", Value: 8, Worse: "higher"},
		{Key: "phq2", Value: 3, Worse: "higher"}, {Key: "pavs", Value: 75, Worse: "lower"},
		{Key: "strength_days", Value: 9, Worse: "lower"}, {Key: "work_load", Value: 10, Worse: "higher"},
		{Key: "work_satisfaction", Value: 11, Worse: "lower"}, {Key: "sick_hours", Value: 12, Worse: "higher"},
	}
	require.Equal(t, want, a.Profile())
	*a.Works = false
	require.Equal(t, want[:11], a.Profile(), "work is no factor for who has none")
}
