package safety_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
)

const (
	callNow   = "Bel nu 112. Wacht niet af."
	doctorNow = "Bel nu uw huisarts of de huisartsenpost. Krijgt u niemand aan de lijn? Bel dan 112. Wacht niet af."
	callToday = "Bel vandaag uw huisarts of de huisartsenpost."
	thisWeek  = "Maak deze week een afspraak bij uw huisarts."
	therapist = "Uw therapeut bekijkt eerst uw antwoorden."
	also      = "Uw therapeut ziet uw antwoorden ook."
)

// Each sign alone, or with what makes it matter, says what to do and how soon: one way to act, the most urgent.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*safety.Answers)
		say    []string
	}{
		{"nothing", yes(), nil},
		{"pregnant", yes(safety.Pregnancy), []string{therapist}},
		{"a fall", yes(safety.Trauma), []string{thisWeek}},
		{"new weakness", yes(safety.NewWeakness), []string{callToday}},
		{"a weak stream", yes(safety.UrineFlow), []string{doctorNow}},
		{"weaker and weaker", yes(safety.WeaknessWorse), []string{doctorNow}},
		{"chest pain", yes(safety.ChestPain), []string{callNow}},
		{"neck vessels", neck(safety.NeckVascular), []string{callNow}},
		{"meningitis", neck(safety.NeckMeningitis), []string{callNow}},
		{"a serious accident", neck(safety.MajorTrauma), []string{callNow}},
		{"an aneurysm that bursts", yes(safety.PulsatingAbdomen, safety.Collapse), []string{callNow}},
		{"all", yes(safety.Pregnancy, safety.Trauma, safety.NewNumbness, safety.UrineFlow, safety.ChestPain),
			[]string{callNow, also}},
		{"a fall in a pregnancy", yes(safety.Pregnancy, safety.Trauma), []string{thisWeek, also}},
		{"a weak limb for 5 weeks", weakLimb(5), []string{callToday}},
		{"a weak limb for 6 weeks", weakLimb(6), []string{thisWeek, also}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := healthy()
			tc.change(&a)
			said, from := safety.Screen(a).Advice(people.Dutch), 0
			for _, line := range []string{callNow, doctorNow, callToday, thisWeek, therapist, also} {
				if !slices.Contains(tc.say, line) {
					require.NotContains(t, said, line)
					continue
				}
				require.Equal(t, 1, strings.Count(said, line), said)
				require.GreaterOrEqual(t, strings.Index(said, line), from, "the most urgent comes first")
				from = strings.Index(said, line)
			}
		})
	}
}

// The whole of one text, in both languages.
func TestAdviceInFull(t *testing.T) {
	t.Parallel()
	a := healthy()
	a.Yes = []safety.Sign{safety.ChestPain, safety.SaddleNumbness}
	require.Equal(t, callNow+" Reden: pijn op de borst of ernstige benauwdheid. Zeg ook: doof gevoel tussen de benen. "+
		"Doe geen oefeningen.", safety.Screen(a).Advice(people.Dutch))
	a.FirstEpisode, a.AgeMin, a.AgeMax, a.Yes = true, 59, 60, []safety.Sign{safety.ChestPain}
	require.Equal(t, "Call 112 now. Do not wait. Reason: chest pain or severe breathlessness. Do no exercises. "+
		"Your therapist also sees your answers.", safety.Screen(a).Advice(people.English))
	a = healthy()
	a.Yes = []safety.Sign{safety.Trauma}
	require.Regexp(t, "^Make an appointment with your doctor this week. Reason: .* Do no exercises until your "+
		"therapist "+
		"says you can.$", safety.Screen(a).Advice(people.English))
}

// A report of an older version of the rules still says what to do, at its level.
func TestAdviceOfOlderRules(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		level   safety.Level
		urgency alert.Urgency
		say     string
	}{
		{safety.Emergency, alert.Now, callNow}, {safety.Refer, alert.Today, callToday},
		{safety.Refer, alert.ThisWeek, thisWeek}, {safety.Review, alert.NextVisit, therapist},
	} {
		old := safety.Finding{Rule: "X-1", Level: tc.level, Pair: words.Pair{NL: "iets", EN: "something"}}
		v := safety.Verdict{Level: tc.level, Urgency: tc.urgency, Findings: []safety.Finding{old}}
		require.Contains(t, v.Advice(people.Dutch), tc.say)
	}
}

var levels = []safety.Level{safety.OK, safety.Review, safety.Refer, safety.Emergency}

func allSigns() (all []safety.Sign) {
	for _, q := range slices.Concat(safety.IntakeQuestions, safety.NewSignQuestions) {
		if !slices.Contains(all, q.Sign) {
			all = append(all, q.Sign)
		}
	}
	return all
}

// sound fails when a verdict is milder than that of any of its signs alone, or leaves the patient without words.
func sound(t *testing.T, a safety.Answers, alone map[safety.Sign]safety.Level) {
	t.Helper()
	v := safety.Screen(a)
	for _, sign := range a.Yes {
		if slices.Index(levels, v.Level) < slices.Index(levels, alone[sign]) {
			t.Fatalf("%v is %s, but %s alone is %s", a.Yes, v.Level, sign, alone[sign])
		}
	}
	nl, en := v.Advice(people.Dutch), v.Advice(people.English)
	if (v.Level == safety.OK) != (nl == "") || (nl == "") != (en == "") {
		t.Fatalf("%v is %s, and says %q and %q", a.Yes, v.Level, nl, en)
	}
	if v.Level == safety.Emergency && (!strings.Contains(nl, "112") || !strings.Contains(en, "112")) {
		t.Fatalf("%v says no number: %q", a.Yes, nl)
	}
	for _, f := range v.Findings {
		if f.NL == "" || f.EN == "" || safety.SourceOf(f.Rule) == "" {
			t.Fatalf("%s has no text or no source", f.Rule)
		}
	}
}

// urgencies are the words that say how soon, by language.
var urgencies = map[people.Language][]*regexp.Regexp{
	people.Dutch: {
		regexp.MustCompile(`\b[Nn]u\b`), regexp.MustCompile(`(?i)vandaag`), regexp.MustCompile(`(?i)deze week`),
		regexp.MustCompile(`(?i)bekijkt eerst`),
	},
	people.English: {
		regexp.MustCompile(`(?i)\bnow\b`), regexp.MustCompile(`(?i)today`), regexp.MustCompile(`(?i)this week`),
		regexp.MustCompile(`(?i)looks at your answers first`),
	},
}

// oneWay fails when a text asks for more than one thing, or for something else than the verdict's level.
func oneWay(t *testing.T, a safety.Answers) {
	t.Helper()
	v := safety.Screen(a)
	for language, words := range urgencies {
		said := v.Advice(language)
		var soon []int
		for i, word := range words {
			if word.MatchString(said) {
				soon = append(soon, i)
			}
		}
		if len(soon) != min(len(v.Findings), 1) {
			t.Fatalf("%v says %d urgencies: %q", a.Yes, len(soon), said)
		}
		if v.Level == safety.Emergency && soon[0] != 0 || v.Level == safety.Refer && soon[0] > 2 {
			t.Fatalf("%v is %s and says %q", a.Yes, v.Level, said)
		}
	}
}

// Every pair of signs, at every age, in each language.
func TestOneWayToAct(t *testing.T) {
	t.Parallel()
	all := allSigns()
	for _, who := range whom {
		for _, age := range []int{0, 16, 19, 51, 60, 75} {
			who.AgeMin, who.AgeMax, who.WeakLimb = age, age, age%2 == 0
			for i, first := range all {
				for _, second := range all[i:] {
					who.Yes = []safety.Sign{first, second}
					oneWay(t, who)
				}
			}
		}
	}
}

// people whom the rules tell apart; the last is "anything new?", which knows no age.
var whom = []safety.Answers{
	{AgeMin: 44, AgeMax: 45, Weeks: 2, OldAge: 50}, {AgeMin: 29, AgeMax: 30, Weeks: 20, OldAge: 50, Neck: true},
	{AgeMin: 74, AgeMax: 75, Weeks: 5, OldAge: 50, FirstEpisode: true, Falls: 2}, {OldAge: 50},
}

func aloneOf(who safety.Answers) map[safety.Sign]safety.Level {
	alone := map[safety.Sign]safety.Level{}
	for _, sign := range allSigns() {
		who.Yes = []safety.Sign{sign}
		alone[sign] = safety.Screen(who).Level
	}
	return alone
}

// Every pair of signs, and 100,000 combinations by chance.
func TestNoCombinationIsMilderThanItsParts(t *testing.T) {
	t.Parallel()
	all, chance := allSigns(), rand.New(rand.NewPCG(17, 2))
	for _, who := range whom {
		alone := aloneOf(who)
		for _, first := range all {
			for _, second := range all {
				who.Yes = []safety.Sign{first, second}
				sound(t, who, alone)
			}
		}
		for range 25_000 {
			chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			who.Yes = all[:chance.IntN(len(all)+1)]
			sound(t, who, alone)
		}
	}
}
