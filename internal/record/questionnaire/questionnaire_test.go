package questionnaire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/fault"
	"cadans/internal/record/questionnaire"
	"cadans/pkg/localtime"
)

func TestScoring(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		key     string
		answers map[string]int
		want    int
	}{
		{"nprs", map[string]int{"average": 4, "worst": 7}, 40},
		{"psfs", map[string]int{"activity_1": 4}, 40},
		{"psfs", map[string]int{"activity_1": 4, "activity_2": 5}, 45},
		{"psfs", map[string]int{"activity_1": 4, "activity_2": 5, "activity_3": 5}, 47},
		{"psfs", map[string]int{"activity_1": 3, "activity_2": 3, "activity_3": 4}, 33},
		{"gpe", map[string]int{"change": 2}, 20},
		{"phq2", map[string]int{"interest": 2, "mood": 3}, 50},
		{"pavs", map[string]int{"days": 4, "minutes": 35, "strength_days": 1}, 1400},
		{"effort", map[string]int{"effort": 0}, 0},
	} {
		d, known := questionnaire.Find(tc.key)
		require.True(t, known)
		got, err := d.Score(tc.answers)
		require.NoError(t, err, tc.key)
		require.Equal(t, tc.want, got, "%s %v", tc.key, tc.answers)
	}
	d, _ := questionnaire.Find("nprs")
	_, err := d.Score(map[string]int{"average": 11, "other": 1})
	var f *fault.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, []fault.Violation{
		{Pointer: "/answers/average", Code: "out-of-range"}, {Pointer: "/answers/worst", Code: "required"},
		{Pointer: "/answers/other", Code: "unknown-field"},
	}, f.Violations)
	for _, d := range questionnaire.Definitions() {
		for _, item := range d.Items {
			require.NotEmpty(t, item.Text.NL)
			require.NotEmpty(t, item.Text.EN)
			require.Less(t, item.Min, item.Max)
		}
	}
}

// Baseline, 4, 8 and 12 weeks, 6 and 12 months; each until the next one comes.
func TestTasks(t *testing.T) {
	t.Parallel()
	start := localtime.MustParseDate("2026-01-05")
	for _, tc := range []struct {
		day, n int
		first  string
	}{
		{-1, 0, ""}, {0, 4, "baseline/nprs"}, {27, 4, "baseline/nprs"}, {28, 5, "week_4/nprs"}, {56, 5, "week_8/nprs"},
		{84, 5, "week_12/nprs"}, {181, 5, "week_12/nprs"}, {182, 5, "month_6/nprs"}, {364, 5, "month_6/nprs"},
		{365, 5, "month_12/nprs"}, {393, 5, "month_12/nprs"}, {394, 0, ""},
	} {
		tasks := questionnaire.Tasks(start, start.AddDays(tc.day), nil)
		require.Len(t, tasks, tc.n, "day %d", tc.day)
		if tc.n > 0 {
			require.Equal(t, tc.first, tasks[0].Key)
		}
	}
	require.Len(t, questionnaire.Tasks(start, start, map[string]bool{"baseline/nprs": true}), 3)
	require.Empty(t, questionnaire.Tasks(localtime.Date{}, start, nil))
}

// All must be answered, but for the second and the third activity.
func TestMissingAnswers(t *testing.T) {
	t.Parallel()
	for _, d := range questionnaire.Definitions() {
		if _, asked := questionnaire.Find(d.Key); !asked {
			continue
		}
		for i, left := range d.Items {
			answers := map[string]int{}
			for _, item := range d.Items {
				answers[item.Key] = item.Max
			}
			delete(answers, left.Key)
			_, err := d.Score(answers)
			if d.Key == "psfs" && i > 0 {
				require.NoError(t, err)
			} else {
				require.Error(t, err, "%s without %s", d.Key, left.Key)
			}
		}
	}
	_, asked := questionnaire.Find("odi")
	require.False(t, asked, "an instrument that is only imported is not asked")
}

// Every instrument says what is better; what patients fill in also says in which edition, and its lowest and highest
// answers give a score on its scale.
func TestScoresAreOnTheirScale(t *testing.T) {
	t.Parallel()
	for _, d := range questionnaire.Definitions() {
		require.NotEmpty(t, d.Direction, d.Key)
		require.NotEmpty(t, d.Scales, d.Key)
		if _, isAsked := questionnaire.Find(d.Key); !isAsked {
			continue
		}
		require.NotEmpty(t, d.Version, d.Key)
		for name, answer := range map[string]func(questionnaire.Item) int{
			"lowest":  func(i questionnaire.Item) int { return i.Min },
			"highest": func(i questionnaire.Item) int { return i.Max },
		} {
			answers := map[string]int{}
			for _, item := range d.Items {
				answers[item.Key] = answer(item)
			}
			score, err := d.Score(answers)
			require.NoError(t, err, d.Key)
			require.GreaterOrEqual(t, score, d.Scales[0].Min, "%s, %s", d.Key, name)
			require.LessOrEqual(t, score, d.Scales[0].Max, "%s, %s", d.Key, name)
		}
	}
}
