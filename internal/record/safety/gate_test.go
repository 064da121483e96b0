package safety_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
)

// healthy answers no to everything, at an age that is no sign.
func healthy() safety.Answers { return safety.Answers{AgeMin: 44, AgeMax: 45, Weeks: 2, OldAge: 50} }

func yes(signs ...safety.Sign) func(*safety.Answers) {
	return func(a *safety.Answers) { a.Yes = append(a.Yes, signs...) }
}

func neck(signs ...safety.Sign) func(*safety.Answers) {
	return func(a *safety.Answers) { a.Neck, a.Yes = true, append(a.Yes, signs...) }
}

func aged(age int, signs ...safety.Sign) func(*safety.Answers) {
	return func(a *safety.Answers) { a.AgeMin, a.AgeMax, a.Yes = age-1, age, signs }
}

func weeks(ageMin, n int, signs ...safety.Sign) func(*safety.Answers) {
	return func(a *safety.Answers) { a.AgeMin, a.AgeMax, a.Weeks, a.Yes = ageMin, ageMin+1, n, signs }
}

func weakLimb(weeks int, signs ...safety.Sign) func(*safety.Answers) {
	return func(a *safety.Answers) { a.WeakLimb, a.Weeks, a.Yes = true, weeks, signs }
}

// One line for each trigger, and one just beside each that has a condition.
func TestGate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		change  func(*safety.Answers)
		level   safety.Level
		urgency alert.Urgency
		rules   []string
	}{
		{"nothing", func(*safety.Answers) {}, safety.OK, "", nil},

		{"bladder or bowel", yes(safety.BladderBowel), safety.Emergency, alert.Now, []string{"E-1"}},
		{"saddle numbness", yes(safety.SaddleNumbness), safety.Emergency, alert.Now, []string{"E-2"}},
		{"severe leg weakness", yes(safety.SevereLegWeakness), safety.Emergency, alert.Now, []string{"E-3"}},
		{"neck with double vision", neck(safety.NeckVascular), safety.Emergency, alert.Now, []string{"E-4"}},
		{"dizzy with double vision after a session", yes(safety.DizzyDoubleVision), safety.Emergency, alert.Now,
			[]string{"E-4"}},
		{"stiff neck with fever", neck(safety.NeckMeningitis), safety.Emergency, alert.Now, []string{"E-5"}},
		{"fever with a stiff neck where the back hurts", yes(safety.NeckMeningitis), safety.OK, "", nil},
		{"neck pain after major trauma", neck(safety.MajorTrauma), safety.Emergency, alert.Now,
			[]string{"E-6", "R-8"}},
		{"back pain after major trauma", yes(safety.MajorTrauma), safety.Refer, alert.Today, []string{"R-8"}},
		{"a serious accident is one finding", yes(safety.MajorTrauma, safety.Trauma), safety.Refer, alert.Today,
			[]string{"R-8"}},
		{"a serious accident on weak bones", yes(safety.MajorTrauma, safety.MinorTrauma, safety.Osteoporosis),
			safety.Refer, alert.Today, []string{"R-3", "R-8"}},
		{"chest pain", yes(safety.ChestPain), safety.Emergency, alert.Now, []string{"E-7"}},

		{"a weak stream", yes(safety.UrineFlow), safety.Emergency, alert.Now, []string{"E-8"}},
		{"wiping feels numb", yes(safety.UrineFeeling), safety.Emergency, alert.Now, []string{"E-8"}},
		{"a full bladder unnoticed", yes(safety.FullUnnoticed), safety.Emergency, alert.Now, []string{"E-8"}},
		{"sex does not work as before", yes(safety.SexualChange), safety.Emergency, alert.Now, []string{"E-8"}},
		{"weaker and weaker", yes(safety.WeaknessWorse), safety.Emergency, alert.Now, []string{"E-9"}},
		{"thigh", yes(safety.ThighWeakness), safety.Refer, alert.Today, []string{"R-5"}},
		{"foot", yes(safety.FootWeakness), safety.Refer, alert.Today, []string{"R-5"}},
		{"thigh and foot", yes(safety.ThighWeakness, safety.FootWeakness), safety.Emergency, alert.Now,
			[]string{"E-10", "R-5"}},
		{"both legs", yes(safety.BothLegs), safety.Refer, alert.Today, []string{"R-9"}},
		{"both legs and a weak foot", yes(safety.BothLegs, safety.FootWeakness), safety.Emergency, alert.Now,
			[]string{"E-11", "R-5", "R-9"}},
		{"both legs and a weak arm", yes(safety.BothLegs, safety.NewArmWeakness), safety.Refer, alert.Today,
			[]string{"R-5", "R-9"}},
		{"both legs and saddle numbness", yes(safety.BothLegs, safety.SaddleNumbness), safety.Emergency, alert.Now,
			[]string{"E-2", "R-9"}},
		{"a pulsating belly at 59", aged(59, safety.PulsatingAbdomen), safety.Refer, alert.Today, []string{"R-10"}},
		{"a pulsating belly at 60", aged(60, safety.PulsatingAbdomen), safety.Emergency, alert.Now, []string{"E-13"}},
		{"a pulsating belly at an unknown age", aged(0, safety.PulsatingAbdomen), safety.Emergency, alert.Now,
			[]string{"E-13"}},
		{"a pulsating belly with a collapse at 30", aged(30, safety.PulsatingAbdomen, safety.Collapse),
			safety.Emergency, alert.Now, []string{"E-12"}},
		{"fainted at 59", aged(59, safety.Collapse), safety.Refer, alert.Today, []string{"R-11"}},
		{"fainted at 60", aged(60, safety.Collapse), safety.Emergency, alert.Now, []string{"E-12"}},
		{"sudden headache", neck(safety.SuddenHeadache), safety.Emergency, alert.Now, []string{"E-15"}},
		{"perhaps 15", aged(16), safety.Review, alert.NextVisit, []string{"V-16"}},
		{"16 at least", aged(17), safety.OK, "", nil},
		{"an age that was not asked", aged(0), safety.OK, "", nil},
		{"dizzy alone", neck(safety.NewDizziness), safety.Review, alert.NextVisit, []string{"V-14"}},
		{"fever after a procedure", yes(safety.Infection, safety.InfectionRisk), safety.Emergency, alert.Now,
			[]string{"E-14"}},
		{"fever after surgery of the spine", yes(safety.Infection, safety.SpinalSurgery), safety.Emergency, alert.Now,
			[]string{"E-14", "V-7"}},
		{"a procedure without fever", yes(safety.InfectionRisk), safety.Review, alert.NextVisit, []string{"V-12"}},
		{"woken for 13 weeks at 44", weeks(44, 13, safety.NightWaking), safety.Review, alert.NextVisit,
			[]string{"V-13"}},
		{"woken for 12 weeks", weeks(44, 12, safety.NightWaking), safety.OK, "", nil},
		{"woken for 13 weeks at 45", weeks(45, 13, safety.NightWaking), safety.OK, "", nil},
		{"woken since 44, now 46", weeks(46, 104, safety.NightWaking), safety.Review, alert.NextVisit,
			[]string{"V-13"}},
		{"stiff and woken is one finding", weeks(44, 13, safety.NightWaking, safety.MorningStiffness), safety.Review,
			alert.NextVisit, []string{"V-4"}},

		{"cancer with weight loss", yes(safety.CancerHistory, safety.WeightLoss), safety.Refer, alert.ThisWeek,
			[]string{"R-1"}},
		{"cancer with night pain", yes(safety.CancerHistory, safety.NightPain), safety.Refer, alert.ThisWeek,
			[]string{"R-1"}},
		{"weight loss alone", yes(safety.WeightLoss), safety.Review, alert.NextVisit, []string{"V-11"}},
		{"weight loss with night pain", yes(safety.WeightLoss, safety.NightPain), safety.Refer, alert.ThisWeek,
			[]string{"R-7"}},
		{"weight loss with a first episode at 51", func(a *safety.Answers) {
			a.FirstEpisode, a.AgeMin, a.AgeMax, a.Yes = true, 50, 51, []safety.Sign{safety.WeightLoss}
		}, safety.Refer, alert.ThisWeek, []string{"R-7", "V-2"}},
		{"weight loss with a first episode at 50", func(a *safety.Answers) {
			a.FirstEpisode, a.AgeMin, a.AgeMax, a.Yes = true, 49, 50, []safety.Sign{safety.WeightLoss}
		}, safety.Review, alert.NextVisit, []string{"V-11"}},
		{"weight loss at 66, not the first episode", func(a *safety.Answers) {
			a.AgeMin, a.AgeMax, a.Yes = 65, 66, []safety.Sign{safety.WeightLoss}
		}, safety.Review, alert.NextVisit, []string{"V-11"}},
		{"weight loss with night pain after cancer is one finding",
			yes(safety.CancerHistory, safety.WeightLoss, safety.NightPain), safety.Refer, alert.ThisWeek,
			[]string{"R-1"}},
		{"night pain alone", yes(safety.NightPain), safety.OK, "", nil},
		{"infection", yes(safety.Infection), safety.Refer, alert.Today, []string{"R-2"}},
		{"trauma", yes(safety.Trauma), safety.Refer, alert.ThisWeek, []string{"R-3"}},
		{"minor trauma", yes(safety.MinorTrauma), safety.OK, "", nil},
		{"minor trauma at 74", func(a *safety.Answers) {
			a.AgeMin, a.AgeMax, a.Yes = 73, 74, []safety.Sign{safety.MinorTrauma}
		}, safety.OK, "", nil},
		{"minor trauma at 75", func(a *safety.Answers) {
			a.AgeMin, a.AgeMax, a.Yes = 74, 75, []safety.Sign{safety.MinorTrauma}
		}, safety.Refer, alert.ThisWeek, []string{"R-3"}},
		{"minor trauma with osteoporosis", yes(safety.MinorTrauma, safety.Osteoporosis), safety.Refer, alert.ThisWeek,
			[]string{"R-3"}},
		{"minor trauma with corticosteroids", yes(safety.MinorTrauma, safety.Corticosteroids), safety.Refer,
			alert.ThisWeek, []string{"R-3"}},
		{"osteoporosis and corticosteroids without a fall", yes(safety.Osteoporosis, safety.Corticosteroids), safety.OK,
			"", nil},
		{"clumsy hands", yes(safety.HandClumsiness), safety.Refer, alert.Today, []string{"R-4"}},
		{"unsteady gait", yes(safety.UnsteadyGait), safety.Refer, alert.Today, []string{"R-4"}},
		{"numbness of both arms", yes(safety.SpreadNumbness), safety.Refer, alert.Today, []string{"R-4"}},
		{"new arm weakness", yes(safety.NewArmWeakness), safety.Refer, alert.Today, []string{"R-5"}},
		{"mild new leg weakness", yes(safety.NewLegWeakness), safety.Refer, alert.Today, []string{"R-5"}},
		{"new weakness after a session", yes(safety.NewWeakness), safety.Refer, alert.Today, []string{"R-5"}},
		{"new numbness after a session", yes(safety.NewNumbness), safety.Refer, alert.Today, []string{"R-6"}},
		{"this week and today is today", yes(safety.Trauma, safety.Infection), safety.Refer, alert.Today,
			[]string{"R-2", "R-3"}},

		{"cancer without other signs", yes(safety.CancerHistory), safety.Review, alert.NextVisit, []string{"V-1"}},
		{"first episode at 19", func(a *safety.Answers) { a.FirstEpisode, a.AgeMin, a.AgeMax = true, 19, 20 },
			safety.Review, alert.NextVisit, []string{"V-2"}},
		{"first episode at 20", func(a *safety.Answers) { a.FirstEpisode, a.AgeMin, a.AgeMax = true, 20, 21 },
			safety.OK, "", nil},
		{"first episode at 50", func(a *safety.Answers) { a.FirstEpisode, a.AgeMin, a.AgeMax = true, 49, 50 },
			safety.OK, "", nil},
		{"first episode at 51", func(a *safety.Answers) { a.FirstEpisode, a.AgeMin, a.AgeMax = true, 50, 51 },
			safety.Review, alert.NextVisit, []string{"V-2"}},
		{"fifth episode at 70", func(a *safety.Answers) { a.AgeMin, a.AgeMax = 69, 70 }, safety.OK, "", nil},
		{"5 weeks without improvement, with night pain", func(a *safety.Answers) {
			a.Weeks, a.Yes = 5, []safety.Sign{safety.NoImprovement, safety.NightPain}
		}, safety.Review, alert.NextVisit, []string{"V-3"}},
		{"4 weeks without improvement, with night pain", func(a *safety.Answers) {
			a.Weeks, a.Yes = 4, []safety.Sign{safety.NoImprovement, safety.NightPain}
		}, safety.OK, "", nil},
		{"5 weeks without improvement",
			func(a *safety.Answers) { a.Weeks, a.Yes = 5, []safety.Sign{safety.NoImprovement} }, safety.OK, "", nil},
		{"5 weeks with night pain, improving",
			func(a *safety.Answers) { a.Weeks, a.Yes = 5, []safety.Sign{safety.NightPain} }, safety.OK, "", nil},
		{"morning stiffness at 44", yes(safety.MorningStiffness), safety.Review, alert.NextVisit, []string{"V-4"}},
		{"morning stiffness at 45", func(a *safety.Answers) {
			a.AgeMin, a.AgeMax, a.Yes = 45, 46, []safety.Sign{safety.MorningStiffness}
		}, safety.OK, "", nil},
		{"radiating below the knee with numbness", func(a *safety.Answers) { a.NumbLeg = true }, safety.Review,
			alert.NextVisit, []string{"V-5"}},
		{"radiating with weakness for 5 weeks", weakLimb(5), safety.Refer, alert.Today, []string{"R-5"}},
		{"radiating with weakness for 6 weeks", weakLimb(6), safety.Review, alert.Today, []string{"V-15"}},
		{"radiating with weakness for 6 weeks, and a foot that is weaker", weakLimb(6, safety.FootWeakness),
			safety.Refer, alert.Today, []string{"R-5", "V-15"}},
		{"new weakness is one finding", weakLimb(5, safety.FootWeakness), safety.Refer, alert.Today,
			[]string{"R-5"}},
		{"both legs and a leg that is weak for 5 weeks", weakLimb(5, safety.BothLegs), safety.Emergency, alert.Now,
			[]string{"E-11", "R-5", "R-9"}},
		{"both legs and a leg that is weak for 6 weeks", weakLimb(6, safety.BothLegs), safety.Refer, alert.Today,
			[]string{"R-9", "V-15"}},
		{"both legs and an arm that is weak for 5 weeks", func(a *safety.Answers) {
			a.Neck, a.WeakLimb, a.Yes = true, true, []safety.Sign{safety.BothLegs}
		}, safety.Refer, alert.Today, []string{"R-5", "R-9"}},
		{"pregnancy", yes(safety.Pregnancy), safety.Review, alert.NextVisit, []string{"V-6"}},
		{"spinal surgery", yes(safety.SpinalSurgery), safety.Review, alert.NextVisit, []string{"V-7"}},
		{"heart or lung", yes(safety.HeartLung), safety.Review, alert.NextVisit, []string{"V-8"}},
		{"severe osteoporosis", yes(safety.SevereOsteoporosis), safety.Review, alert.NextVisit, []string{"V-9"}},
		{"one fall", func(a *safety.Answers) { a.Falls = 1 }, safety.OK, "", nil},
		{"two falls", func(a *safety.Answers) { a.Falls = 2 }, safety.Review, alert.NextVisit, []string{"V-10"}},
		{"two reviews need a decision today", yes(safety.Pregnancy, safety.HeartLung), safety.Review, alert.Today,
			[]string{"V-6", "V-8"}},
		{"a review beside a stop", yes(safety.Pregnancy, safety.Trauma), safety.Refer, alert.ThisWeek,
			[]string{"R-3", "V-6"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := healthy()
			tc.change(&a)
			v := safety.Screen(a)
			var rules []string
			for _, f := range v.Findings {
				rules = append(rules, f.Rule)
				require.NotEmpty(t, f.NL)
				require.NotEmpty(t, f.EN)
				require.NotEmpty(t, safety.SourceOf(f.Rule))
			}
			require.Equal(t, tc.rules, rules)
			require.Equal(t, tc.level, v.Level)
			require.Equal(t, tc.urgency, v.Urgency)
			require.Equal(t, v.Level.Stops() || len(rules) >= 2, v.MustDecide())
			require.Equal(t, v.Level == safety.OK, v.Advice(people.Dutch) == "")
			require.Equal(t, v.Level == safety.OK, v.Advice(people.English) == "")
		})
	}
}

// One more yes never makes a verdict milder, and the emergency text always names the number to call.
func TestMoreSignsAreNeverSafer(t *testing.T) {
	t.Parallel()
	var all []safety.Sign
	for _, q := range slices.Concat(safety.IntakeQuestions, safety.NewSignQuestions) {
		all = append(all, q.Sign)
	}
	order := []safety.Level{safety.OK, safety.Review, safety.Refer, safety.Emergency}
	rapid.Check(t, func(t *rapid.T) {
		a := healthy()
		a.Neck = rapid.Bool().Draw(t, "neck")
		a.Weeks = rapid.IntRange(0, 100).Draw(t, "weeks")
		a.Yes = rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "yes")
		before := safety.Screen(a)
		a.Yes = append(a.Yes, rapid.SampledFrom(all).Draw(t, "one more"))
		after := safety.Screen(a)
		require.GreaterOrEqual(t, slices.Index(order, after.Level), slices.Index(order, before.Level))
		if after.Level == safety.Emergency {
			require.Contains(t, after.Advice(people.Dutch), "112")
			require.Contains(t, after.Advice(people.English), "112")
		}
	})
}

// Signs survive being stored as one text.
func TestSignsAsText(t *testing.T) {
	t.Parallel()
	for text, signs := range map[string][]safety.Sign{
		"": nil, "chest_pain": {safety.ChestPain}, "new_numbness,chest_pain": {safety.NewNumbness, safety.ChestPain},
	} {
		require.Equal(t, text, safety.JoinSigns(signs))
		require.Equal(t, signs, safety.ParseSigns(text))
	}
}

// The last decision holds; a stop that was not cleared blocks, a review never does.
func TestWhatBlocks(t *testing.T) {
	t.Parallel()
	cleared, referred := safety.Decision{Outcome: safety.Cleared}, safety.Decision{Outcome: safety.Referred}
	for _, tc := range []struct {
		decisions []safety.Decision
		status    string
		blocks    bool
	}{
		{nil, "awaiting", true}, {[]safety.Decision{referred}, "referred", true},
		{[]safety.Decision{cleared}, "cleared", false}, {[]safety.Decision{referred, cleared}, "cleared", false},
		{[]safety.Decision{cleared, referred}, "referred", true},
	} {
		for level, stops := range map[safety.Level]bool{
			safety.Review:    false,
			safety.Refer:     true,
			safety.Emergency: true,
		} {
			r := safety.Report{Verdict: safety.Verdict{Level: level}, Decisions: tc.decisions}
			require.Equal(t, tc.status, r.Status())
			require.Equal(t, tc.blocks && stops, r.Blocks(), "%s %s", level, tc.status)
		}
	}
}

// A finding repeats only what is true of the person. Ages are left out: only the year of birth is known, and a practice
// may set its own limit.
func TestFindingsAreTrueOfThePerson(t *testing.T) {
	t.Parallel()
	first := func(age int, signs ...safety.Sign) func(*safety.Answers) {
		return func(a *safety.Answers) { a.FirstEpisode, a.AgeMin, a.AgeMax, a.Yes = true, age-1, age, signs }
	}
	for _, tc := range []struct {
		name   string
		change func(*safety.Answers)
		says   []string
	}{
		{"fainted at 60", aged(60, safety.Collapse), []string{"fainted or nearly fainted"}},
		{"fainted at an unknown age", aged(0, safety.Collapse), []string{"fainted or nearly fainted"}},
		{"fainted with a pulsating belly", aged(46, safety.Collapse, safety.PulsatingAbdomen),
			[]string{"fainted, with a pulsating belly"}},
		{"a fall at 80", aged(80, safety.Trauma), []string{"after a fall or accident"}},
		{"a small fall with osteoporosis", yes(safety.MinorTrauma, safety.Osteoporosis),
			[]string{"after a small fall, a stumble or lifting, with bones that may be weak"}},
		{"a small fall at 75", aged(75, safety.MinorTrauma),
			[]string{"after a small fall, a stumble or lifting, at a later age"}},
		{"young", first(18), []string{"first episode at a young age"}},
		{"old", first(70), []string{"first episode at a later age"}},
		{"old, with weight loss", first(70, safety.WeightLoss),
			[]string{"weight loss with a first episode at a later age", "first episode at a later age"}},
		{"weight loss at night", yes(safety.WeightLoss, safety.NightPain),
			[]string{"weight loss with constant night pain"}},
		{"cancer and weight loss", yes(safety.CancerHistory, safety.WeightLoss),
			[]string{"history of cancer, with weight loss"}},
		{"cancer and night pain", yes(safety.CancerHistory, safety.NightPain),
			[]string{"history of cancer, with constant night pain"}},
		{"cancer and both", yes(safety.CancerHistory, safety.WeightLoss, safety.NightPain),
			[]string{"history of cancer, with weight loss and constant night pain"}},
		{"fever after surgery of the spine", yes(safety.Infection, safety.SpinalSurgery), []string{
			"fever after surgery on the back or neck in the last 3 months", "spinal surgery in the last 3 months",
		}},
		{"fever, and one of several things", yes(safety.Infection, safety.InfectionRisk), []string{
			"fever, with a yes to the question about a recent operation, injection or infection, a weak immune " +
				"system or injected drugs",
		}},
		{"one of several things", yes(safety.InfectionRisk), []string{
			"a yes to the question about a recent operation, injection or infection, a weak immune system or " +
				"injected drugs, without fever",
		}},
		{"cancer beside something else", yes(safety.CancerHistory, safety.HeartLung),
			[]string{"history of cancer", "heart or lung disease that limits exertion"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := healthy()
			tc.change(&a)
			var says []string
			for _, f := range safety.Screen(a).Findings {
				says = append(says, f.EN)
			}
			require.Equal(t, tc.says, says)
		})
	}
}

// lengths are numbers that are no age.
var lengths = regexp.MustCompile(`\d+ (weeks|weken|months|maanden)`)

func namesAnAge(text string) bool {
	return strings.ContainsAny(lengths.ReplaceAllString(text, ""), "0123456789")
}

// No text names an age: the gate knows only the year of birth, and "anything new?" not even that.
func TestNoTextNamesAnAge(t *testing.T) {
	t.Parallel()
	for _, r := range safety.Rules() {
		for _, said := range r.Findings {
			require.False(t, namesAnAge(said.NL), "%s: %s", r.ID, said.NL)
			require.False(t, namesAnAge(said.EN), "%s: %s", r.ID, said.EN)
		}
	}
	require.True(t, namesAnAge("begun before the age of 45"))
	require.True(t, namesAnAge("vanaf 60 jaar"))
	require.False(t, namesAnAge("for more than 3 months, in the past 4 weeks"))
}
