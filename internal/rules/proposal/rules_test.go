package proposal_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
	"cadans/internal/rules/proposal"
)

// baseCase is the base patient of the golden cases.
func baseCase() proposal.Case {
	return proposal.Case{
		Region: intake.LowBack, Phase: intake.PhaseOf(2, false), Pain: 3, Fear: 2, BadNights: 1, Stress: 3, PAVS: 180,
		StrengthDays: 2, Motivation: 8, Confidence: 8, Minutes: 20, Days: 5,
		WalkMinutes: 30,
		Equipment:   []string{"mat", "chair", "wall", "shoes", "band", "backpack", "bike"},
		Settings:    settings.Defaults(),
	}
}

func weeks(n int) func(*proposal.Case) {
	return func(c *proposal.Case) { c.Phase = intake.PhaseOf(n, false) }
}

// The golden cases, worked out by hand.
func TestGoldenCases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		change  func(*proposal.Case)
		active  string
		minds   string
		itemCap int
	}{
		{"G1", func(*proposal.Case) {}, "mobility 50, walking 40", "", 3},
		{"G2", func(c *proposal.Case) {
			weeks(40)(c)
			c.Fear, c.BadNights, c.Stress, c.PAVS, c.StrengthDays, c.Confidence = 8, 4, 5, 40, 0, 5
		}, "graded_exposure 80, walking 70", "sleep 45", 3},
		{"G3", func(c *proposal.Case) {
			weeks(30)(c)
			c.Likes, c.Dislikes, c.PAVS, c.StrengthDays = []exercise.Module{exercise.Core},
				[]exercise.Module{exercise.Walking}, 160, 1
		}, "strength 55, core 55, aerobic 30", "", 4},
		{"G4", func(c *proposal.Case) {
			c.Phase, c.Prior, c.PAVS = intake.PhaseOf(2, true), 4, 60
		}, "walking 140, strength 45", "", 4},
		{"G5", func(c *proposal.Case) {
			weeks(20)(c)
			c.Region, c.Stress, c.Minutes, c.PAVS, c.StrengthDays = intake.Neck, 7, 10, 170, 0
		}, "strength 75", "relaxation 50", 2},
		{"G6", func(c *proposal.Case) {
			weeks(8)(c)
			c.Fear, c.WalkLimited, c.PAVS, c.StrengthDays = 5, true, 0, 0
		}, "aerobic 60, graded_exposure 40, walking 30", "", 4},
		{"G7", func(c *proposal.Case) {
			weeks(60)(c)
			c.PHQ2, c.Stress, c.BadNights, c.PAVS, c.StrengthDays = 4, 8, 5, 90, 0
		}, "walking 95, strength 55", "relaxation 70, sleep 60", 4},
		{"G8", func(c *proposal.Case) {
			weeks(1)(c)
			c.Region, c.Stress, c.Motivation, c.PAVS = intake.Neck, 8, 4, 200
		}, "mobility 50, walking 40", "relaxation 50", 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := baseCase()
			tc.change(&c)
			scores := proposal.Scores(c)
			active, minds := proposal.Choose(c, scores, everything)
			require.Equal(t, tc.active, describe(scores, active))
			require.Equal(t, tc.minds, describe(scores, minds))
			require.Equal(t, tc.itemCap, proposal.CapsOf(c).Items)
			composed := proposal.Compose(library(t), c)
			require.Equal(t, proposal.Education, composed.Scores[0].Module)
			require.True(t, composed.Scores[0].Chosen)
		})
	}
}

// everything offers each module: the scores alone decide.
func everything(exercise.Module) bool { return true }

func describe(scores []proposal.Score, modules []exercise.Module) string {
	var texts []string
	for _, m := range modules {
		texts = append(texts, fmt.Sprintf("%s %d", m, points(scores, m)))
	}
	return strings.Join(texts, ", ")
}

func points(scores []proposal.Score, m exercise.Module) int {
	return scores[slices.IndexFunc(scores, func(s proposal.Score) bool { return s.Module == m })].Points
}

func library(t testing.TB) *exercise.Library {
	t.Helper()
	l, err := exercise.Load()
	require.NoError(t, err)
	return l
}

// Each rule just below its condition and at it: exactly these modules change, by exactly these points.
func TestRules(t *testing.T) {
	t.Parallel()
	chronic := weeks(20)
	for _, tc := range []struct {
		name          string
		before, after func(*proposal.Case)
		want          map[exercise.Module]int
	}{
		{"M-2 fear 4", func(c *proposal.Case) { c.Fear = 3 }, func(c *proposal.Case) { c.Fear = 4 },
			map[exercise.Module]int{"graded_exposure": 40}},
		{"M-2 fear 6", func(c *proposal.Case) { c.Fear = 3 }, func(c *proposal.Case) { c.Fear = 6 },
			map[exercise.Module]int{"graded_exposure": 40}},
		{"M-1 fear 7", func(c *proposal.Case) { c.Fear = 3 }, func(c *proposal.Case) { c.Fear = 7 },
			map[exercise.Module]int{"graded_exposure": 80, "strength": -20}},
		{"M-3 three nights", func(c *proposal.Case) { c.BadNights = 2 }, func(c *proposal.Case) { c.BadNights = 3 },
			map[exercise.Module]int{"sleep": 45, "relaxation": 20}},
		{"M-3 four nights", func(c *proposal.Case) { c.BadNights = 2 }, func(c *proposal.Case) { c.BadNights = 4 },
			map[exercise.Module]int{"sleep": 45, "relaxation": 20}},
		{"M-3 five nights", func(c *proposal.Case) { c.BadNights = 2 }, func(c *proposal.Case) { c.BadNights = 5 },
			map[exercise.Module]int{"sleep": 60, "relaxation": 20}},
		{"M-4 stress 6", func(c *proposal.Case) { c.Stress = 5 }, func(c *proposal.Case) { c.Stress = 6 },
			map[exercise.Module]int{"relaxation": 40, "stress": 35}},
		{"M-4 stress 7", func(c *proposal.Case) { c.Stress = 5 }, func(c *proposal.Case) { c.Stress = 7 },
			map[exercise.Module]int{"relaxation": 40, "stress": 35}},
		{"M-4 stress 8", func(c *proposal.Case) { c.Stress = 5 }, func(c *proposal.Case) { c.Stress = 8 },
			map[exercise.Module]int{"relaxation": 40, "stress": 50}},
		{"M-5 PHQ-2 of 3", func(c *proposal.Case) { c.PHQ2 = 2 }, func(c *proposal.Case) { c.PHQ2 = 3 },
			map[exercise.Module]int{"walking": 25, "aerobic": 25}},
		{"M-6 149 minutes", func(c *proposal.Case) { c.PAVS = 150 }, func(c *proposal.Case) { c.PAVS = 149 },
			map[exercise.Module]int{"walking": 30, "aerobic": 10}},
		{"M-7 one day, chronic", chronic, func(c *proposal.Case) { chronic(c); c.StrengthDays = 1 },
			map[exercise.Module]int{"strength": 15}},
		{"M-7 not when subacute", weeks(12), func(c *proposal.Case) { weeks(12)(c); c.StrengthDays = 0 },
			map[exercise.Module]int{}},
		{"M-8 neck, chronic", chronic, func(c *proposal.Case) { chronic(c); c.Region = intake.Neck },
			map[exercise.Module]int{"strength": 20, "core": 10}},
		{"M-8 both, subacute", weeks(6), func(c *proposal.Case) { weeks(6)(c); c.Region = intake.Both },
			map[exercise.Module]int{"strength": 20, "core": 10}},
		{"M-8 not when acute", weeks(5), func(c *proposal.Case) { weeks(5)(c); c.Region = intake.Neck },
			map[exercise.Module]int{}},
		{"M-9 third episode", func(c *proposal.Case) { c.Prior = 2 }, func(c *proposal.Case) { c.Prior = 3 },
			map[exercise.Module]int{"strength": 15}},
		{"M-9 recovered", func(c *proposal.Case) { c.Phase, c.Prior = intake.Recovered, 2 },
			func(c *proposal.Case) { c.Phase, c.Prior = intake.Recovered, 3 },
			map[exercise.Module]int{"strength": 15, "walking": 20}},
		{"M-10 walking is difficult", func(*proposal.Case) {}, func(c *proposal.Case) { c.WalkLimited = true },
			map[exercise.Module]int{"walking": -40, "aerobic": 30}},
		{"M-11 liked", func(*proposal.Case) {}, func(c *proposal.Case) { c.Likes = []exercise.Module{"core"} },
			map[exercise.Module]int{"core": 15}},
		{"M-11 disliked", func(*proposal.Case) {}, func(c *proposal.Case) { c.Dislikes = []exercise.Module{"core"} },
			map[exercise.Module]int{"core": -100}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			before, after := baseCase(), baseCase()
			tc.before(&before)
			tc.after(&after)
			was, is := proposal.Scores(before), proposal.Scores(after)
			changed := map[exercise.Module]int{}
			for _, m := range proposal.Modules {
				if d := points(is, m) - points(was, m); d != 0 {
					changed[m] = d
				}
			}
			require.Equal(t, tc.want, changed)
		})
	}
}

// M-12: who walks needs no other endurance, unless it is liked or walking is difficult.
func TestWalkingReplacesOtherEndurance(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*proposal.Case)
		want   bool
	}{
		{"walking chosen", func(*proposal.Case) {}, false},
		{"endurance liked", func(c *proposal.Case) { c.Likes = []exercise.Module{exercise.Aerobic} }, true},
		{"walking difficult", func(c *proposal.Case) { c.WalkLimited = true }, true},
		{"walking disliked, and recovered: it is asked all the same",
			func(c *proposal.Case) { c.Dislikes = []exercise.Module{exercise.Walking} }, false},
		{"walking disliked", func(c *proposal.Case) {
			c.Phase, c.Dislikes = intake.Chronic, []exercise.Module{exercise.Walking}
		}, true},
	} {
		c := baseCase()
		c.Phase, c.PHQ2, c.PAVS = intake.Recovered, 4, 0
		tc.change(&c)
		active, _ := proposal.Choose(c, proposal.Scores(c), everything)
		require.Equal(t, tc.want, slices.Contains(active, exercise.Aerobic), tc.name)
	}
}

func TestCaps(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*proposal.Case)
		want   proposal.Caps
	}{
		{"chronic", weeks(20), proposal.Caps{Items: 4, Active: 3, Mind: 1}},
		{"acute", weeks(5), proposal.Caps{Items: 3, Active: 2, Mind: 1}},
		{"motivation 6", func(c *proposal.Case) { weeks(20)(c); c.Motivation = 6 },
			proposal.Caps{Items: 3, Active: 2, Mind: 1}},
		{"confidence 6", func(c *proposal.Case) { weeks(20)(c); c.Confidence = 6 },
			proposal.Caps{Items: 3, Active: 2, Mind: 1}},
		{"11 minutes", func(c *proposal.Case) { weeks(20)(c); c.Minutes = 11 },
			proposal.Caps{Items: 4, Active: 3, Mind: 1}},
		{"10 minutes", func(c *proposal.Case) { weeks(20)(c); c.Minutes = 10 },
			proposal.Caps{Items: 2, Active: 2, Mind: 1}},
		{"chronic, sleepless and tense", func(c *proposal.Case) { weeks(20)(c); c.BadNights, c.Stress = 3, 6 },
			proposal.Caps{Items: 4, Active: 3, Mind: 2}},
		{"chronic, very tense", func(c *proposal.Case) { weeks(20)(c); c.Stress = 8 },
			proposal.Caps{Items: 4, Active: 3, Mind: 2}},
		{"chronic, tense", func(c *proposal.Case) { weeks(20)(c); c.Stress = 7 },
			proposal.Caps{Items: 4, Active: 3, Mind: 1}},
		{"subacute, very tense", func(c *proposal.Case) { weeks(8)(c); c.Stress = 8 },
			proposal.Caps{Items: 4, Active: 3, Mind: 1}},
		{"very tense with little confidence", func(c *proposal.Case) { weeks(20)(c); c.Stress, c.Confidence = 8, 6 },
			proposal.Caps{Items: 3, Active: 2, Mind: 1}},
		{"very tense with 10 minutes", func(c *proposal.Case) { weeks(20)(c); c.Stress, c.Minutes = 8, 10 },
			proposal.Caps{Items: 3, Active: 2, Mind: 2}},
		{"sleepless and tense with 10 minutes",
			func(c *proposal.Case) { weeks(20)(c); c.BadNights, c.Stress, c.Minutes = 3, 6, 10 },
			proposal.Caps{Items: 3, Active: 2, Mind: 2}},
		{"very tense with 10 minutes and little confidence",
			func(c *proposal.Case) { weeks(20)(c); c.Stress, c.Minutes, c.Confidence = 8, 10, 6 },
			proposal.Caps{Items: 2, Active: 2, Mind: 1}},
		{"subacute, very tense with 10 minutes", func(c *proposal.Case) { weeks(8)(c); c.Stress, c.Minutes = 8, 10 },
			proposal.Caps{Items: 2, Active: 2, Mind: 1}},
	} {
		c := baseCase()
		tc.change(&c)
		require.Equal(t, tc.want, proposal.CapsOf(c), tc.name)
	}
}

// The dose table, level 1 and 2, for exercises that show each row.
func TestDoses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*proposal.Case)
		want   map[string]string
	}{
		{"G1", func(*proposal.Case) {}, map[string]string{
			"pelvic-tilt-lying": "2x10, 5 a week", "walk-easy": "10 min, 3 a week",
			"knee-rolls-lying": "2x10, 5 a week",
		}},
		{"strength and core start low", func(c *proposal.Case) {
			weeks(30)(c)
			c.Dislikes, c.StrengthDays = []exercise.Module{exercise.Walking, exercise.Aerobic}, 0
		}, map[string]string{
			"bridge-small": "2x8, 2 a week", "heel-slide-brace": "2x8, 2 a week",
			"sit-to-stand-raised": "2x8, 2 a week", "bird-dog-leg": "2x8, 2 a week",
		}},
		{"who is able and trains starts at the second level", func(c *proposal.Case) {
			weeks(30)(c)
			c.Dislikes, c.Able = []exercise.Module{exercise.Walking, exercise.Aerobic, exercise.Core}, true
		}, map[string]string{"bridge": "2x10, 2 a week", "sit-to-stand": "2x10, 2 a week"}},
		{"severe pain starts at the first level", func(c *proposal.Case) {
			weeks(30)(c)
			c.Dislikes, c.Able, c.Pain = []exercise.Module{exercise.Walking, exercise.Aerobic, exercise.Core}, true, 7
		}, map[string]string{"bridge-small": "2x8, 2 a week", "sit-to-stand-raised": "2x8, 2 a week"}},
		{"neck strength five times a week", func(c *proposal.Case) {
			weeks(20)(c)
			c.Region, c.Stress, c.Minutes, c.StrengthDays = intake.Neck, 7, 10, 0
		}, map[string]string{"side-arm-raise": "2x12, 5 a week", "belly-breathing": "5 min, 5 a week"}},
		{"exposure one step, three times; little confidence 60 % of days", func(c *proposal.Case) {
			weeks(40)(c)
			c.Fear, c.BadNights, c.PAVS, c.StrengthDays, c.Confidence, c.Minutes = 8, 4, 40, 0, 5, 60
		}, map[string]string{
			"seated-forward-bend": "1x8, 2 a week", "walk-easy": "10 min, 2 a week",
			"evening-wind-down": "15 min, 5 a week",
		}},
		{"a worry notebook daily, and other endurance three times", func(c *proposal.Case) {
			weeks(20)(c)
			c.Stress, c.Likes, c.WalkLimited, c.Dislikes, c.Minutes = 8, []exercise.Module{exercise.Aerobic}, true,
				[]exercise.Module{exercise.Relaxation, exercise.Walking, exercise.Core, exercise.Strength}, 60
			c.Days = 7
		}, map[string]string{
			"march-seated": "5 min, 3 a week", "cycle-steady": "10 min, 3 a week",
			"worry-notebook": "10 min, 7 a week",
		}},
		{"no walk is longer than what is comfortable", func(c *proposal.Case) {
			c.WalkMinutes, c.WalkLimited, c.Phase = 3, true, intake.Recovered
			c.Dislikes = []exercise.Module{exercise.Strength, exercise.Aerobic}
		}, map[string]string{"walk-easy": "3 min, 3 a week"}},
		{"two minutes are the shortest walk there is", func(c *proposal.Case) {
			c.WalkMinutes, c.WalkLimited, c.Phase = 0, true, intake.Recovered
			c.Dislikes = []exercise.Module{exercise.Strength, exercise.Aerobic}
		}, map[string]string{"walk-easy": "2 min, 3 a week"}},
		{"two days a week is what there is", func(c *proposal.Case) { c.Days = 2 }, map[string]string{
			"pelvic-tilt-lying": "2x10, 2 a week", "walk-easy": "10 min, 2 a week",
			"knee-rolls-lying": "2x10, 2 a week"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := baseCase()
			tc.change(&c)
			got := map[string]string{}
			for _, item := range proposal.Compose(library(t), c).Items {
				amount := fmt.Sprintf("%dx%d", item.Dose.Sets, item.Dose.Reps)
				if item.Dose.IsTimed() {
					amount = fmt.Sprintf("%d min", item.Dose.Minutes)
				}
				got[item.Exercise] = fmt.Sprintf("%s, %d a week", amount, item.Schedule.Quota)
			}
			require.Equal(t, tc.want, got)
		})
	}
}

// anyCase draws an intake; fields are drawn within their ranges.
func anyCase(t *rapid.T) proposal.Case {
	n := func(name string, low, high int) int { return rapid.IntRange(low, high).Draw(t, name) }
	modules := rapid.SliceOfDistinct(
		rapid.SampledFrom(proposal.Modules), func(m exercise.Module) exercise.Module { return m },
	)
	likes := modules.Draw(t, "likes")
	dislikes := slices.DeleteFunc(
		modules.Draw(t, "dislikes"), func(m exercise.Module) bool { return slices.Contains(likes, m) },
	)
	return proposal.Case{
		Region: rapid.SampledFrom([]intake.Region{intake.LowBack, intake.Neck, intake.Both}).Draw(t, "region"),
		Phase:  intake.PhaseOf(n("weeks", 0, 60), n("recovered", 0, 3) == 0), Pain: n("pain", 0, 10),
		Fear: n("fear", 0, 10), BadNights: n("nights", 0, 7), Stress: n("stress", 0, 10), PHQ2: n("phq2", 0, 6),
		PAVS: n("pavs", 0, 400), StrengthDays: n("strength", 0, 7), Prior: n("prior", 0, 6),
		Motivation: n("motivation", 0, 10), Confidence: n("confidence", 0, 10), Minutes: n("minutes", 5, 60),
		Days: n("days", 1, 7), WalkMinutes: n("walk minutes", 0, 40), WalkLimited: rapid.Bool().Draw(t, "walk"),
		LowerLimb: rapid.Bool().Draw(t, "limb"),
		Unsteady:  rapid.Bool().Draw(t, "unsteady"), Able: rapid.Bool().Draw(t, "able"), Likes: likes,
		Dislikes: dislikes,
		Equipment: rapid.SliceOfDistinct(
			rapid.SampledFrom(intake.Equipment), func(e string) string { return e },
		).Draw(t, "equipment"),
		Signs:    rapid.SampledFrom([][]safety.Sign{nil, nil, nil, {safety.Osteoporosis}}).Draw(t, "signs"),
		Settings: settings.Defaults(),
	}
}

// Whatever the intake: never empty and never too many items, nothing outside region or equipment, nothing disliked but
// what the case needs, no longer than the patient's minutes, no exercise twice, and always the same. What the case
// needs is there, and so is what its strongest factor asks for.
func TestProposalsHoldForAnyIntake(t *testing.T) {
	t.Parallel()
	l := library(t)
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		composed := proposal.Compose(l, c)
		checkComposition(t, l, c, composed)
		again, err := json.Marshal(proposal.Compose(l, c))
		require.NoError(t, err)
		first, err := json.Marshal(composed)
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
	})
}

// strongest is the module with the most points, where it may be proposed; none where nothing reaches its threshold.
func strongest(l *exercise.Library, c proposal.Case) []exercise.Module {
	var found []exercise.Module
	most := 0
	for _, s := range proposal.Scores(c) {
		from := c.Settings.ActiveThreshold
		if slices.Contains([]exercise.Module{"sleep", "stress", "relaxation"}, s.Module) {
			from = c.Settings.MindThreshold
		}
		if slices.Contains(c.Dislikes, s.Module) || s.Points < from || s.Points <= most || !available(l, c, s.Module) {
			continue
		}
		found, most = []exercise.Module{s.Module}, s.Points
	}
	return found
}

// available reports whether a module has a first or second step for the region, with what is there.
func available(l *exercise.Library, c proposal.Case, m exercise.Module) bool {
	c.Likes, c.Fear, c.Phase = []exercise.Module{m}, 0, intake.Chronic
	c.Dislikes = slices.DeleteFunc(
		slices.Clone(proposal.Modules), func(other exercise.Module) bool { return other == m },
	)
	c.Stress, c.BadNights, c.Settings.ActiveThreshold, c.Settings.MindThreshold = 0, 0, -1000, -1000
	c.Minutes = 60
	return has(proposal.Compose(l, c), m)
}

// moving counts the items that move the body.
func moving(l *exercise.Library, composed proposal.Composition) (n int) {
	for _, item := range composed.Items {
		if !slices.Contains([]exercise.Module{"sleep", "stress", "relaxation"}, item.In(l).Module) {
			n++
		}
	}
	return n
}

func has(composed proposal.Composition, m exercise.Module) bool {
	return slices.ContainsFunc(composed.Scores, func(s proposal.Score) bool { return s.Module == m && s.Chosen })
}

// bending are the exercises that bend the back far, or lift with it.
var bending = []string{
	"cat-camel", "deadlift-backpack", "seated-forward-bend", "roll-down-standing", "floor-pick-up-light",
	"floor-pick-up-loaded",
}

// fragile reports whether bones may be weak.
func fragile(c proposal.Case) bool {
	return slices.Contains(c.Signs, safety.Osteoporosis) || slices.Contains(c.Signs, safety.SevereOsteoporosis)
}

// reasons are the rules that a score names.
func reasons(composed proposal.Composition, m exercise.Module) (rules []string) {
	for _, s := range composed.Scores {
		if s.Module == m {
			for _, b := range s.Because {
				rules = append(rules, b.Rule)
			}
		}
	}
	return rules
}

func checkComposition(t require.TestingT, l *exercise.Library, c proposal.Case, composed proposal.Composition) {
	most := composed.Caps.Items + len(c.Needs()) + 1 // one for what the strongest factor asks for
	if c.Unsteady {
		most++ // a short walk
	}
	require.LessOrEqual(t, len(composed.Items), min(most, program.MaxItems))
	require.LessOrEqual(t, composed.Caps.Items, program.MaxItems)
	seen := map[string]bool{}
	for _, item := range composed.Items {
		e, err := l.Find(item.Exercise)
		require.NoError(t, err)
		require.False(t, seen[e.Slug], "%s is there twice", e.Slug)
		seen[e.Slug] = true
		if nothingElse := e.Module == exercise.Walking && moving(l, composed) == 1; !nothingElse &&
			!slices.Contains(c.Needs(), e.Module) {
			require.NotContains(t, c.Dislikes, e.Module)
		}
		require.Subset(t, append([]string{"shoes"}, c.Equipment...), e.Equipment)
		checkStart(t, l, c, e, item.Dose)
		allowed := map[intake.Region][]string{
			intake.LowBack: {"low_back", "general"}, intake.Neck: {"neck", "upper_back", "general"},
			intake.Both: {"low_back", "neck", "upper_back", "general"},
		}[c.Region]
		require.Contains(t, allowed, e.Region)
		if fragile(c) {
			require.NotContains(t, bending, e.Slug, "weak bones")
		}
		require.LessOrEqual(t, item.Schedule.Quota, c.Days)
		require.GreaterOrEqual(t, item.Schedule.Quota, 1)
	}
	require.NotEmpty(t, seen, "never empty")
	require.LessOrEqual(t, proposal.Seconds(l, composed.Items), c.Minutes*60)
	for _, module := range append(c.Needs(), strongest(l, c)...) {
		if module == exercise.Exposure && fragile(c) && c.Region == intake.LowBack {
			require.Contains(t, reasons(composed, module), "C-3", "nothing against fear is left: it says why")
			continue
		}
		walks := module == exercise.Aerobic && has(composed, exercise.Walking) // M-12
		isFull := len(c.Needs()) == 2 && c.Minutes == 5 && !slices.Contains(c.Needs(), module)
		require.True(t, walks || isFull || has(composed, module), "%s is missing: %+v", module, c)
	}
	checkFactor(t, l, c, composed)
	checkWalking(t, l, c, composed)
	for _, s := range composed.Scores {
		sum := 0
		for _, b := range s.Because {
			sum += b.Points
			require.NotEmpty(t, b.NL)
			require.NotEmpty(t, b.EN)
			require.NotEmpty(t, b.Evidence)
		}
		require.Equal(t, s.Points, sum, "the reasons of %s do not add up", s.Module)
	}
}

// checkStart checks with what a single exercise begins: low on its ladder, with no more than the library's own dose,
// and nothing that somebody unsteady cannot do.
func checkStart(t require.TestingT, l *exercise.Library, c proposal.Case, e exercise.Exercise, d exercise.Dose) {
	require.LessOrEqual(t, l.Level(e.Slug), 2, "nobody starts above the second level")
	if c.Pain >= 7 {
		require.Equal(t, 1, l.Level(e.Slug), "%s with much pain", e.Slug)
	}
	if c.Unsteady {
		require.NotContains(t, unsafe, e.Slug, "somebody unsteady")
	}
	for _, part := range [][2]int{
		{d.Sets, e.Default.Sets}, {d.Reps, e.Default.Reps}, {d.HoldS, e.Default.HoldS}, {d.Minutes, e.Default.Minutes},
	} {
		require.LessOrEqual(t, part[0], part[1], "%s begins above the library's dose", e.Slug)
	}
	if e.Module == exercise.Walking || strings.HasPrefix(e.Slug, "march-") {
		require.LessOrEqual(t, d.Minutes, max(c.WalkMinutes, 2), "%s is longer than is comfortable", e.Slug)
	}
}

// unsafe are the exercises that ask for balance, or bend to the floor from standing.
var unsafe = []string{
	"squat-backpack", "hip-hinge-wall", "deadlift-backpack", "band-row-standing", "band-side-raise", "bird-dog",
	"roll-down-standing", "floor-pick-up-light", "floor-pick-up-loaded", "march-standing", "walk-brisk", "cycle-steady",
}

// checkFactor checks that the rule with the most points has an exercise of a module to which it gives any, unless the
// patient dislikes one, or none has anything to offer.
func checkFactor(t require.TestingT, l *exercise.Library, c proposal.Case, composed proposal.Composition) {
	asked, most := map[string][]exercise.Module{}, map[string]int{}
	for _, s := range composed.Scores {
		for _, b := range s.Because {
			if b.Points > 0 && b.Rule != "base" && b.Rule != "M-11" {
				asked[b.Rule], most[b.Rule] = append(asked[b.Rule], s.Module), max(most[b.Rule], b.Points)
			}
		}
	}
	top := slices.Max(append(slices.Collect(maps.Values(most)), 0))
	var modules []exercise.Module
	for rule, points := range most {
		if points == top {
			modules = append(modules, asked[rule]...)
		}
	}
	isThere := slices.ContainsFunc(modules, func(m exercise.Module) bool { return has(composed, m) })
	isDisliked := slices.ContainsFunc(modules, func(m exercise.Module) bool { return slices.Contains(c.Dislikes, m) })
	canBe := slices.ContainsFunc(modules, func(m exercise.Module) bool { return available(l, c, m) })
	require.True(t, isThere || isDisliked || !canBe, "%v: none in %+v", modules, c)
}

// checkWalking checks that walking has the place that is left, before a second exercise of any module.
func checkWalking(t require.TestingT, l *exercise.Library, c proposal.Case, composed proposal.Composition) {
	places, perModule := composed.Caps.Items, map[exercise.Module]int{}
	if c.Unsteady {
		places = program.MaxItems
	}
	hasPlace := len(composed.Items) < places
	for _, item := range composed.Items {
		perModule[item.In(l).Module]++
		hasPlace = hasPlace || perModule[item.In(l).Module] > 1
	}
	const least = 2*60 + 20
	hasTime := proposal.Seconds(l, composed.Items)+least <= c.Minutes*60
	isWanted := !slices.Contains(c.Dislikes, exercise.Walking)
	require.False(t, hasPlace && hasTime && isWanted && !has(composed, exercise.Walking), "no walk: %+v", c)
}

// What outsiders tried, and what should have come.
func TestStartsThatWereWrong(t *testing.T) {
	t.Parallel()
	chronic := func(change func(*proposal.Case)) proposal.Case {
		c := baseCase()
		weeks(14)(&c)
		c.Equipment, c.PAVS, c.WalkMinutes, c.Days, c.Confidence = nil, 150, 20, 3, 7
		change(&c)
		return c
	}
	for name, tc := range map[string]struct {
		c    proposal.Case
		want []string
	}{
		"afraid and unsteady, with nothing at home": {chronic(func(c *proposal.Case) {
			c.Fear, c.Unsteady, c.WalkLimited = 7, true, true
		}), []string{"seated-forward-bend 1x8", "march-seated 5 min", "walk-easy 5 min"}},
		"much pain, and the easiest needs what is not there": {chronic(func(c *proposal.Case) {
			c.Pain, c.Equipment = 9, []string{"backpack", "chair"}
		}), []string{"walk-easy 10 min", "sit-to-stand-raised 2x8"}},
		"no minute of walking": {chronic(func(c *proposal.Case) { c.Pain, c.WalkMinutes, c.WalkLimited = 10, 0, true }),
			[]string{"march-seated 2 min", "walk-easy 2 min"}},
		"some fear of moving the neck": {chronic(func(c *proposal.Case) {
			c.Fear, c.Region, c.Equipment = 6, intake.Neck, []string{"mat"}
		}), []string{"side-arm-raise 2x12", "chin-nod-lying 1x8", "look-over-shoulder 1x8", "walk-easy 10 min"}},
		"five minutes, and nights and days of worry": {chronic(func(c *proposal.Case) {
			c.BadNights, c.Stress, c.Minutes = 7, 8, 5
		}), []string{"walk-easy 2 min", "belly-breathing 5 min", "evening-wind-down 15 min"}},
	} {
		composed := proposal.Compose(library(t), tc.c)
		var got []string
		for _, item := range composed.Items {
			amount := fmt.Sprintf("%dx%d", item.Dose.Sets, item.Dose.Reps)
			if item.Dose.IsTimed() {
				amount = fmt.Sprintf("%d min", item.Dose.Minutes)
			}
			got = append(got, item.Exercise+" "+amount)
		}
		if !slices.Equal(tc.want, got) {
			t.Errorf("%s\nwant %q\ngot  %q", name, tc.want, got)
		}
	}
}

// 10,000 random intakes hold, too, and tell how often each module is proposed in each phase: run with -v to read it.
func TestHowOftenModulesAreProposed(t *testing.T) {
	t.Parallel()
	l := library(t)
	counts := map[intake.Phase]map[exercise.Module]int{}
	cases := map[intake.Phase]int{}
	generator := rapid.Custom(anyCase)
	for seed := range 10_000 {
		c := generator.Example(seed)
		composed := proposal.Compose(l, c)
		checkComposition(t, l, c, composed)
		cases[c.Phase]++
		if counts[c.Phase] == nil {
			counts[c.Phase] = map[exercise.Module]int{}
		}
		for _, s := range composed.Scores {
			if s.Chosen {
				counts[c.Phase][s.Module]++
			}
		}
	}
	for _, phase := range slices.Sorted(maps.Keys(cases)) {
		line := fmt.Sprintf("%-9s n=%-5d", phase, cases[phase])
		for _, m := range proposal.Modules {
			line += fmt.Sprintf(" %s %d%%", m, counts[phase][m]*100/cases[phase])
		}
		t.Log(line)
		require.Equal(t, cases[phase], counts[phase][proposal.Education])
	}
	require.Len(t, cases, 4)
}

// complete returns an intake in which everything was answered, with zero or no.
func complete() (a intake.Answers) {
	region := intake.LowBack
	a.Region = &region
	fields := reflect.ValueOf(&a).Elem()
	for i := range fields.NumField() {
		if f := fields.Field(i); f.Kind() == reflect.Pointer && f.IsNil() {
			f.Set(reflect.New(f.Type().Elem()))
		}
	}
	return a
}

// With weak bones nothing bends the back far or lifts with it. Where nothing else works against fear, the module says
// why; with a neck there is something else. The place goes to another module.
func TestWeakBones(t *testing.T) {
	t.Parallel()
	l := library(t)
	for _, sign := range []safety.Sign{safety.Osteoporosis, safety.SevereOsteoporosis} {
		for region, steps := range map[intake.Region]bool{intake.LowBack: false, intake.Neck: true, intake.Both: true} {
			c := baseCase()
			weeks(20)(&c)
			c.Fear, c.Minutes, c.Region, c.Signs = 9, 60, region, []safety.Sign{sign}
			composed := proposal.Compose(l, c)
			require.Equal(t, steps, has(composed, exercise.Exposure), region)
			require.Equal(t, !steps, slices.Contains(reasons(composed, exercise.Exposure), "C-3"), region)
			require.NotEmpty(t, composed.Items)
		}
	}
	c := baseCase()
	c.Fear = 9
	require.NotContains(t, reasons(proposal.Compose(l, c), exercise.Exposure), "C-3")
}

// The signs of an intake that were answered with yes are part of the case, in the order of the form.
func TestTheCaseKnowsTheSigns(t *testing.T) {
	t.Parallel()
	a := complete()
	a.Signs = map[safety.Sign]bool{
		safety.SevereOsteoporosis: true, safety.ChestPain: false, safety.Osteoporosis: true,
	}
	require.Equal(t, []safety.Sign{safety.Osteoporosis, safety.SevereOsteoporosis},
		proposal.CaseOf(a, settings.Defaults()).Signs)
}

// Who fell, or walks with an aid, is unsteady: one of the two is enough.
func TestWhoIsUnsteady(t *testing.T) {
	for _, c := range []struct {
		falls int
		aid   bool
		want  bool
	}{{0, false, false}, {1, false, true}, {0, true, true}, {2, true, true}} {
		a := complete()
		*a.Falls, *a.WalkAid = c.falls, c.aid
		require.Equal(t, c.want, proposal.CaseOf(a, settings.Defaults()).Unsteady, "%+v", c)
	}
}
