package questionnaire_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/intake"
	"cadans/internal/record/questionnaire"
	"cadans/pkg/localtime"
)

const (
	improved = questionnaire.Improved
	worse    = questionnaire.Worse
	same     = questionnaire.NoImportantChange
	cannot   = questionnaire.CannotBeCompared
	unknown  = questionnaire.Unknown
	lower    = questionnaire.LowerIsBetter
	higher   = questionnaire.HigherIsBetter
)

var day = localtime.MustParseDate("2026-03-02")

func scored(instrument string, tenths, least, most int, d questionnaire.Direction) questionnaire.Score {
	return questionnaire.Score{
		Instrument: instrument, Date: day, Tenths: tenths, Min: least, Max: most, Direction: d, StoredBy: "therapist",
	}
}

func rated(ratings ...int) questionnaire.Score {
	s := questionnaire.Score{Instrument: "psfs", Date: day, Max: 100, Direction: higher, Answers: map[string]int{}}
	for i, r := range ratings {
		if r >= 0 {
			s.Answers[fmt.Sprintf("activity_%d", i+1)] = r
		}
	}
	return s
}

func latest(scores ...questionnaire.Score) questionnaire.Measured {
	all := questionnaire.Compare(scores, nil)
	return all[len(all)-1]
}

// Each limit of each instrument, just inside and just outside it, in both directions. Scores are tenths.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		instrument  string
		least, most int
		start, now  int
		important   int
		want        questionnaire.Verdict
	}{
		// NPRS: 2 is the measurement error, so that the 1 of a low start says nothing; from 8 on 3 is needed.
		{"nprs", 0, 100, 40, 30, 20, same}, {"nprs", 0, 100, 40, 21, 20, same}, {"nprs", 0, 100, 40, 20, 20, improved},
		{"nprs", 0, 100, 10, 0, 20, same}, {"nprs", 0, 100, 50, 31, 20, same}, {"nprs", 0, 100, 50, 30, 20, improved},
		{"nprs", 0, 100, 79, 59, 20, improved}, {"nprs", 0, 100, 79, 60, 20, same},
		{"nprs", 0, 100, 80, 60, 30, same}, {"nprs", 0, 100, 80, 51, 30, same}, {"nprs", 0, 100, 80, 50, 30, improved},
		{"nprs", 0, 100, 100, 71, 30, same}, {"nprs", 0, 100, 100, 70, 30, improved},
		{"nprs", 0, 100, 40, 59, 20, same}, {"nprs", 0, 100, 40, 60, 20, worse}, {"nprs", 0, 100, 80, 100, 30, worse},
		{"nprs", 0, 100, 80, 99, 30, same},
		// ODI: 10 of 100, on each scale of it. A share of 30 % within the measurement error says nothing.
		{"odi", 0, 1000, 600, 500, 100, improved}, {"odi", 0, 1000, 600, 501, 100, same},
		{"odi", 0, 1000, 500, 600, 100, worse}, {"odi", 0, 1000, 500, 599, 100, same},
		{"odi", 0, 500, 300, 220, 50, improved}, {"odi", 0, 500, 300, 250, 50, improved},
		{"odi", 0, 500, 300, 251, 50, same}, {"odi", 0, 500, 250, 300, 50, worse}, {"odi", 0, 500, 250, 299, 50, same},
		{"odi", 0, 450, 300, 255, 45, improved}, {"odi", 0, 450, 300, 256, 45, same},
		{"odi", 0, 450, 255, 300, 45, worse}, {"odi", 0, 450, 256, 300, 45, same},
		{"odi", 0, 1000, 200, 130, 100, same},
		// QBPDS: 20, or 30 % of the start where that is more than the measurement error of 15.8.
		{"qbpds", 0, 1000, 800, 600, 200, improved}, {"qbpds", 0, 1000, 800, 601, 200, same},
		{"qbpds", 0, 1000, 600, 420, 180, improved}, {"qbpds", 0, 1000, 600, 421, 180, same},
		{"qbpds", 0, 1000, 400, 242, 158, improved}, {"qbpds", 0, 1000, 400, 243, 158, same},
		{"qbpds", 0, 1000, 400, 600, 158, worse}, {"qbpds", 0, 1000, 400, 599, 158, same},
		{"rmdq", 0, 240, 180, 130, 50, improved}, {"rmdq", 0, 240, 180, 131, 50, same},
		{"rmdq", 0, 240, 100, 60, 50, same}, {"rmdq", 0, 240, 100, 150, 50, worse},
		{"rmdq", 0, 240, 100, 149, 50, same}, {"rdq", 0, 240, 180, 130, 50, improved},
		// NDI: the important 7.5 of 50 is within the measurement error of 10.
		{"ndi", 0, 500, 250, 175, 100, same}, {"ndi", 0, 500, 250, 151, 100, same},
		{"ndi", 0, 500, 250, 150, 100, improved}, {"ndi", 0, 500, 250, 350, 100, worse},
		{"ndi", 0, 500, 250, 349, 100, same}, {"ndi", 0, 1000, 500, 300, 200, improved},
		{"ndi", 0, 1000, 500, 301, 200, same}, {"ndi", 0, 1000, 500, 700, 200, worse},
		// TSK: each form has its own measurement error, larger than what is important.
		{"tsk", 170, 680, 450, 370, 86, same}, {"tsk", 170, 680, 450, 360, 86, improved},
		{"tsk", 170, 680, 450, 536, 86, worse}, {"tsk", 170, 680, 450, 535, 86, same},
		{"tsk", 130, 520, 350, 290, 68, same}, {"tsk-13", 130, 520, 350, 280, 68, improved},
		{"tsk", 110, 440, 300, 250, 59, same}, {"tsk-11", 110, 440, 300, 240, 59, improved},
		{"tsk-11", 110, 440, 300, 359, 59, worse}, {"tsk-11", 110, 440, 300, 358, 59, same},
		// No smallest important change is known.
		{"phq2", 0, 60, 60, 0, 0, unknown}, {"phq4", 0, 120, 0, 120, 0, unknown},
		{"start_back", 0, 90, 90, 0, 0, unknown}, {"effort", 0, 100, 100, 0, 0, unknown},
		{"eq5d", -1000, 1000, -500, 900, 0, unknown},
	} {
		start, now := scored(tc.instrument, tc.start, tc.least, tc.most, lower),
			scored(tc.instrument, tc.now, tc.least, tc.most, lower)
		got := latest(start, now)
		require.Equal(t, tc.want, got.Verdict, "%+v", tc)
		require.Equal(t, tc.now-tc.start, *got.Change, "%+v", tc)
		require.Equal(t, tc.important, got.Important, "%+v", tc)
		require.Equal(t, tc.important, latest(start).Important, "what a first score asks: %+v", tc)
	}
	prem := latest(scored("prem", 60, 0, 100, higher), scored("prem", 90, 0, 100, higher))
	require.Equal(t, unknown, prem.Verdict)
	pavs := latest(scored("pavs", 0, 0, 42000, higher), scored("pavs", 3000, 0, 42000, higher))
	require.Equal(t, unknown, pavs.Verdict)
}

// A change that may be measurement error is told from one that is real but small.
func TestWithinTheMeasurementError(t *testing.T) {
	t.Parallel()
	nprs := func(start, now int) questionnaire.Reason {
		return latest(scored("nprs", start, 0, 100, lower), scored("nprs", now, 0, 100, lower)).Reason
	}
	require.Equal(t, []questionnaire.Reason{"within_error", "", "within_error", ""},
		[]questionnaire.Reason{nprs(90, 71), nprs(90, 70), nprs(40, 59), nprs(40, 60)})
}

// The question about change is its own verdict, the first time too.
func TestPerceivedEffect(t *testing.T) {
	t.Parallel()
	for points, want := range map[int]questionnaire.Verdict{
		1: improved, 2: improved, 3: same, 4: same, 5: same, 6: worse, 7: worse,
	} {
		for _, least := range []int{0, 10} {
			first := scored("gpe", points*10, least, 70, lower)
			require.Equal(t, questionnaire.Judgement{Verdict: want}, latest(first).Judgement)
			require.Equal(
				t, questionnaire.Judgement{Verdict: want}, latest(scored("gpe", 40, 0, 70, lower), first).Judgement,
			)
		}
	}
}

// Activities are compared over those that were rated both times.
func TestActivities(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start, now questionnaire.Score
		change     int
		want       questionnaire.Verdict
		why        questionnaire.Reason
	}{
		"one in common":          {rated(2), rated(2, 9, 9), 0, same, "within_error"},
		"one, within its error":  {rated(2), rated(4), 20, same, "within_error"},
		"one, beyond its error":  {rated(2), rated(5), 30, improved, ""},
		"one, down":              {rated(5), rated(2), -30, worse, ""},
		"one, hardly down":       {rated(5), rated(3), -20, same, "within_error"},
		"two, just":              {rated(2, 2), rated(4, 5), 25, improved, ""},
		"two, not quite":         {rated(2, 2), rated(4, 4), 20, same, ""},
		"three, 7 points":        {rated(2, 2, 2), rated(4, 4, 5), 23, improved, ""},
		"three, 6 points":        {rated(2, 2, 2), rated(4, 4, 4), 20, same, ""},
		"three, 7 points down":   {rated(5, 5, 5), rated(3, 3, 2), -23, worse, ""},
		"three, 5 points":        {rated(2, 2, 2), rated(4, 4, 3), 17, same, "within_error"},
		"a third left out":       {rated(2, 2, 9), rated(5, 5), 30, improved, ""},
		"two of three in common": {rated(1, -1, 1), rated(3, 9, 4), 25, improved, ""},
	} {
		got := latest(tc.start, tc.now)
		require.Equal(t, tc.want, got.Verdict, name)
		require.Equal(t, tc.change, *got.Change, name)
		require.Equal(t, tc.why, got.Reason, name)
	}
	require.Equal(t, questionnaire.NoCommonActivity, latest(rated(-1, 3), rated(8, -1, 9)).Reason)
}

// Which activity was the first, second or third is what the intake of that time says.
func TestActivitiesAreThoseOfTheIntake(t *testing.T) {
	t.Parallel()
	submitted := func(days int, activities ...string) intake.Intake {
		i := intake.Intake{SubmittedOn: day.AddDays(days), SubmittedAt: time.Unix(int64(days), 0)}
		for _, a := range activities {
			i.Answers.Goals = append(i.Answers.Goals, intake.Goal{Activity: a})
		}
		return i
	}
	on := func(days int, ratings ...int) questionnaire.Score {
		s := rated(ratings...)
		s.Date, s.StoredAt = day.AddDays(days), time.Unix(int64(days), 0)
		return s
	}
	verdict := func(now questionnaire.Score, intakes ...intake.Intake) questionnaire.Measured {
		return questionnaire.Compare([]questionnaire.Score{on(1, 2, 8), now}, intakes)[1]
	}
	first := submitted(0, "Walking the dog", "Cycling")
	require.Equal(t, improved, verdict(on(28, 7, 9), first).Verdict)
	require.Equal(t, 0, *verdict(on(28, 8, 2), first, submitted(20, "cycling ", "walking  the dog")).Change)
	require.Equal(t, cannot, verdict(on(28, 8, 2), first, submitted(20, "Swimming", "Reading")).Verdict)
	require.Equal(t, improved, verdict(on(28, 7, 9), first, submitted(29, "Swimming", "Reading")).Verdict)
	require.Equal(t, improved, verdict(on(28, 7, 9), submitted(5, "Walking")).Verdict, "the first intake came later")
	imported := on(28, 7, 9)
	imported.StoredBy, imported.StoredAt = "therapist", time.Unix(40, 0)
	require.Equal(t, improved, verdict(imported, first, submitted(29, "Swimming", "Reading")).Verdict)
}

// Scores that differ in form, scale or direction are not compared; a later one of the same kind is.
func TestWhatCannotBeCompared(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start, now questionnaire.Score
		want       questionnaire.Reason
	}{
		"another form": {scored("tsk", 450, 170, 680, lower), scored("tsk", 300, 110, 440, lower),
			questionnaire.OtherForm},
		"an odd scale": {scored("odi", 450, 0, 1000, lower), scored("odi", 300, 0, 900, lower),
			questionnaire.OtherScale},
		"another scale of an unknown": {scored("eq5d", 450, 0, 1000, lower), scored("eq5d", 300, 0, 900, lower),
			questionnaire.OtherScale},
		"the other way": {scored("odi", 450, 0, 1000, lower), scored("odi", 450, 0, 1000, higher),
			questionnaire.OtherDirection},
		"the other way of an unknown": {scored("eq5d", 450, 0, 1000, lower), scored("eq5d", 450, 0, 1000, higher),
			questionnaire.OtherDirection},
		"a mean without activities": {rated(3), scored("psfs", 80, 0, 100, higher), questionnaire.ActivitiesUnknown},
		"complaints of patients": {scored("psk", 80, 0, 100, lower), scored("psk", 20, 0, 100, lower),
			questionnaire.ActivitiesUnknown},
	} {
		require.Equal(
			t, questionnaire.Judgement{Verdict: cannot, Reason: tc.want}, latest(tc.start, tc.now).Judgement, name,
		)
	}
	all := questionnaire.Compare([]questionnaire.Score{
		scored("odi", 450, 0, 900, lower), scored("odi", 600, 0, 1000, lower), scored("odi", 440, 0, 900, lower),
		scored("odi", 250, 0, 500, lower), scored("ndi", 250, 0, 500, lower),
	}, nil)
	var verdicts []questionnaire.Verdict
	for _, m := range all {
		verdicts = append(verdicts, m.Verdict)
	}
	require.Equal(t, []questionnaire.Verdict{"", cannot, unknown, improved, ""}, verdicts)
	require.Equal(t, -50, *all[3].Change, "against the second, on its own scale")
}

// pairs are the scales of an instrument that can be converted exactly: so many tenths of one are so many of the other.
var pairs = map[string][2]questionnaire.Scale{
	"odi": {{Min: 0, Max: 500}, {Min: 0, Max: 1000}},
	"ndi": {{Min: 0, Max: 500}, {Min: 0, Max: 1000}},
}

// A verdict does not depend on the scale that the scores are given on, nor on whether both are on the same.
func TestAVerdictDoesNotDependOnTheScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		instrument := rapid.SampledFrom([]string{"odi", "ndi"}).Draw(t, "instrument")
		start, now := rapid.IntRange(0, 500).Draw(t, "start"), rapid.IntRange(0, 500).Draw(t, "now")
		on := func(i, tenths int) questionnaire.Score {
			scale := pairs[instrument][i]
			return scored(instrument, tenths*scale.Max/500, scale.Min, scale.Max, lower)
		}
		want := latest(on(0, start), on(0, now))
		for _, scales := range [][2]int{{0, 1}, {1, 0}, {1, 1}} {
			got := latest(on(scales[0], start), on(scales[1], now))
			require.Equal(t, want.Verdict, got.Verdict)
			require.Equal(t, want.Reason, got.Reason)
			require.Equal(t, *want.Change*pairs[instrument][scales[1]].Max/500, *got.Change)
		}
	})
}

// Two measurements the other way round swap improved and worse, where the limit does not depend on the start.
func TestSwappingSwapsTheVerdict(t *testing.T) {
	t.Parallel()
	swapped := map[questionnaire.Verdict]questionnaire.Verdict{
		improved: worse, worse: improved, same: same, unknown: unknown,
	}
	symmetric := func(d questionnaire.Definition) bool {
		return d.Judge == questionnaire.ByChange && d.Limits.ByStart == nil && d.Limits.Share == 0
	}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(questionnaire.Definitions()).Filter(symmetric).Draw(t, "instrument")
		scale := rapid.SampledFrom(d.Scales).Draw(t, "scale")
		at := func(name string) questionnaire.Score {
			tenths := rapid.IntRange(scale.Min, scale.Max).Draw(t, name)
			return scored(d.Key, tenths, scale.Min, scale.Max, d.Direction)
		}
		one, other := at("one"), at("other")
		require.Equal(t, swapped[latest(one, other).Verdict], latest(other, one).Verdict)
	})
	rapid.Check(t, func(t *rapid.T) {
		ratings := func(name string) questionnaire.Score {
			return rated(rapid.SliceOfN(rapid.IntRange(0, 10), 1, 3).Draw(t, name)...)
		}
		one, other := ratings("one"), ratings("other")
		require.Equal(t, swapped[latest(one, other).Verdict], latest(other, one).Verdict)
	})
}

// A verdict is never given within the measurement error, and a larger improvement is never a worse verdict.
func TestMoreImprovementIsNeverAWorseVerdict(t *testing.T) {
	t.Parallel()
	rank := map[questionnaire.Verdict]int{worse: 0, same: 1, improved: 2}
	judged := func(d questionnaire.Definition) bool {
		return d.Judge == questionnaire.ByChange && d.Limits.Important.Tenths > 0
	}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(questionnaire.Definitions()).Filter(judged).Draw(t, "instrument")
		scale := d.Scale()
		score := func(name string) questionnaire.Score {
			return scored(d.Key, rapid.IntRange(scale.Min, scale.Max).Draw(t, name), scale.Min, scale.Max, lower)
		}
		start, now, better := score("start"), score("now"), score("better")
		better.Tenths = min(better.Tenths, now.Tenths)
		first, second := latest(start, now), latest(start, better)
		require.LessOrEqual(t, rank[first.Verdict], rank[second.Verdict])
		if max(*first.Change, -*first.Change) < d.Limits.Error.Tenths {
			require.Equal(t, same, first.Verdict)
		}
	})
}

// Each definition says all of what a verdict rests on, and nothing contradicts itself.
func TestDefinitionsAreWhole(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, d := range questionnaire.Definitions() {
		require.False(t, names[d.Key], d.Key)
		names[d.Key] = true
		require.NotEmpty(t, d.Source, d.Key)
		require.NotEmpty(t, d.Population, d.Key)
		require.NotEmpty(t, d.Title.NL, d.Key)
		require.NotEmpty(t, d.Title.EN, d.Key)
		require.NotEmpty(t, d.Missing.Rule, d.Key)
		for _, scale := range d.Scales {
			require.Less(t, scale.Min, scale.Max, d.Key)
		}
		for _, v := range []questionnaire.Value{d.Limits.Important, d.Limits.Error, d.Limits.ErrorOfOne} {
			require.Equal(t, v.Tenths > 0, v.Source != "", d.Key)
		}
		require.Equal(t, d.Limits.ByStart != nil, d.Limits.ByStartSource.Source != "", d.Key)
	}
}
