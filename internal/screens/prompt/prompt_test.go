package prompt

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/barrier"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

var tuesday = localtime.MustParseDate("2026-03-03")

// usual is somebody who is under way and has named nothing.
func usual() Facts {
	return Facts{
		Date:    tuesday,
		Minutes: 6,
		Status:  adherence.Status{Start: tuesday.AddDays(-40), LastDay: tuesday.AddDays(-1), Asked: true},
	}
}

func ids(said []Prompt) (ids []string) {
	for _, p := range said {
		ids = append(ids, p.ID)
	}
	return ids
}

// What is said in each situation; the earlier one wins where several hold.
func TestWhatIsSaid(t *testing.T) {
	six, ten := 6, 10
	for _, tc := range []struct {
		name string
		with func(*Facts)
		want []string
		nl   string
	}{
		{"nothing known", func(*Facts) {}, []string{"forgot-1"}, "Een vast moment helpt. Wat doet u al elke dag?"},
		{"a plan", func(f *Facts) { f.Plan = &coping.Plan{After: "ontbijt", Exercises: 2} }, []string{"time-3"},
			"Uw plan: Direct na ontbijt doe ik 2 oefeningen. Past dit nog?"},
		{"a safety stop", func(f *Facts) { f.Status.Stop, f.Barrier = tuesday, "time" }, nil, ""},
		{"a pause", func(f *Facts) {
			f.Status.Pause, f.InFlare = &adherence.Pause{Start: tuesday, End: tuesday.AddDays(5)}, true
		}, []string{"pause-1"},
			"Uw programma staat stil tot maandag 9 maart. Tot dan krijgt u geen herinneringen."},
		{"a flare", func(f *Facts) { f.InFlare, f.MorePain = true, true }, []string{"flare-1", "flare-3"}, ""},
		{"six weeks", func(f *Facts) { f.Phase = intake.Subacute }, []string{"phase-1", "forgot-1"},
			"Uw klachten begonnen ongeveer 6 weken geleden. Vanaf nu mag uw programma langzaam meer van u vragen. " +
				"Uw therapeut kijkt ernaar en bespreekt het met u."},
		{"twelve weeks, in a flare", func(f *Facts) { f.InFlare, f.Phase = true, intake.Chronic },
			[]string{"phase-2", "flare-3"}, ""},
		{"six weeks, and more pain today", func(f *Facts) { f.MorePain, f.Phase = true, intake.Subacute },
			[]string{"flare-2", "flare-3"}, ""},
		{"six weeks, in a safety stop", func(f *Facts) { f.Status.Stop, f.Phase = tuesday, intake.Subacute }, nil, ""},
		{"more pain today", func(f *Facts) { f.MorePain, f.Kind = true, reminder.Weekly },
			[]string{"flare-2", "flare-3"}, ""},
		{"the weekly check", func(f *Facts) {
			f.Kind, f.Status.Weeks, f.Status.DaysDone, f.Status.LastDay = reminder.Weekly,
				adherence.Weeks{Met: 5, Of: 8}, 9, tuesday.AddDays(-8)
		}, []string{"weeks-1", "motivation-3"}, "In 5 van de 8 weken ging het volgens plan."},
		{"the weekly check, with nothing to be proud of yet",
			func(f *Facts) { f.Kind, f.Barrier = reminder.Milestone, "pain" }, []string{"flare-1", "flare-3"}, ""},
		{"the weekly check, with an open alert about pain", func(f *Facts) {
			f.Kind, f.PainAlert, f.Status.Weeks = reminder.Weekly, true, adherence.Weeks{Met: 3, Of: 3}
		}, []string{"forgot-1"}, ""},
		{"two sessions without pain scores", func(f *Facts) { f.Unanswered = 2 }, []string{"forgot-1"}, ""},
		{"three sessions without pain scores", func(f *Facts) { f.Unanswered, f.Barrier = 3, "time" },
			[]string{"pain-1"},
			"Vul ook in hoeveel pijn u had voor, tijdens en na het oefenen. Dan kan uw programma met u meegroeien."},
		{"no pain scores, in a flare", func(f *Facts) { f.Unanswered, f.InFlare = 3, true },
			[]string{"flare-1", "flare-3"}, ""},
		{"six days away", func(f *Facts) { f.Status.LastDay = tuesday.AddDays(-6) }, []string{"forgot-1"}, ""},
		{"seven days away", func(f *Facts) { f.Status.LastDay = tuesday.AddDays(-7) }, []string{"back-1", "ask-1"},
			"Fijn dat u er weer bent. We beginnen waar u nu bent."},
		{"never there", func(f *Facts) { f.Status.LastDay, f.Barrier = localtime.Date{}, "time" },
			[]string{"back-1", "ask-1"}, ""},
		{"just started", func(f *Facts) { f.Status.LastDay, f.Status.Start = localtime.Date{}, tuesday.AddDays(-6) },
			[]string{"forgot-1"}, ""},
		{"a lapse", func(f *Facts) { f.Kind, f.Barrier = reminder.Lapse, "time" }, []string{"ask-1"},
			"Wat zou het makkelijker maken? Kies wat het meest past."},
		{"pain in the way", func(f *Facts) { f.Barrier = "pain" }, []string{"flare-1", "flare-3"}, ""},
		{"no time", func(f *Facts) { f.Barrier = "time" }, []string{"time-1"},
			"Drukke dag? De korte versie duurt 6 minuten. Die telt ook mee."},
		{"no time, the day after", func(f *Facts) { f.Barrier, f.Date = "time", tuesday.AddDays(1) },
			[]string{"time-2"}, ""},
		{"no motivation", func(f *Facts) { f.Barrier, f.Goal = "motivation", "weer tuinieren. " },
			[]string{"motivation-1"}, "Uw doel: weer tuinieren. Vandaag kan een kleine stap zijn."},
		{"no confidence", func(f *Facts) { f.Barrier, f.Confidence, f.Date = "confidence", &six, tuesday.AddDays(2) },
			[]string{"confidence-3"}, "U gaf uw vertrouwen een 6. Wat zou er een 7 van maken?"},
		{"all the confidence there is", func(f *Facts) { f.Barrier, f.Confidence = "confidence", &ten },
			[]string{"confidence-1"}, ""},
		{"bored", func(f *Facts) { f.Barrier = "boredom" }, []string{"answer-boredom"}, "Tijd voor iets nieuws."},
		{"the program is complete", func(f *Facts) { f.Status.Asked = false }, nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := usual()
			tc.with(&f)
			said := Choose(f)
			require.Equal(t, tc.want, ids(said))
			if tc.nl != "" {
				require.Equal(t, tc.nl, said[0].In(people.Dutch))
			}
		})
	}
}

// One week and one minute are said as one.
func TestNumbersThatAreOne(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][4]string{
		1: {"In 1 van 1 week ging het volgens plan.", "It went as planned in 1 of 1 week.",
			"Drukke dag? De korte versie duurt 1 minuut. Die telt ook mee.",
			"Busy day? The short version takes 1 minute. It counts too."},
		2: {"In 1 van de 2 weken ging het volgens plan.", "It went as planned in 1 of 2 weeks.",
			"Drukke dag? De korte versie duurt 2 minuten. Die telt ook mee.",
			"Busy day? The short version takes 2 minutes. It counts too."},
	} {
		f := usual()
		f.Kind, f.Status.Weeks = reminder.Weekly, adherence.Weeks{Met: 1, Of: n}
		weekly := Choose(f)[0]
		f = usual()
		f.Barrier, f.Minutes = "time", n
		short := Choose(f)[0]
		require.Equal(t, want, [4]string{
			weekly.In(people.Dutch), weekly.In(people.English), short.In(people.Dutch), short.In(people.English),
		})
	}
}

// Whatever is known: at most two sentences, whole ones, and none that speaks of what was missed.
func TestWhatIsNeverSaid(t *testing.T) {
	barriers := append(barrier.All(), "")
	rapid.Check(t, func(t *rapid.T) {
		f := usual()
		f.Date = tuesday.AddDays(rapid.IntRange(0, 400).Draw(t, "day"))
		f.Kind = rapid.SampledFrom([]reminder.Kind{
			"", reminder.Cue, reminder.Rescue, reminder.Weekly, reminder.Lapse, reminder.Milestone, reminder.Questions,
			reminder.Feedback,
		}).Draw(t, "kind")
		f.Barrier = rapid.SampledFrom(barriers).Draw(t, "barrier")
		f.Minutes, f.InFlare, f.MorePain = rapid.IntRange(0, 10).Draw(t, "minutes"), rapid.Bool().Draw(t, "flare"),
			rapid.Bool().Draw(t, "pain")
		f.Confidence = rapid.Ptr(rapid.IntRange(0, 10), true).Draw(t, "confidence")
		f.Goal = rapid.SampledFrom([]string{"", "tuinieren"}).Draw(t, "goal")
		f.Status.Weeks = adherence.Weeks{Met: rapid.IntRange(0, 3).Draw(t, "met"), Of: 8}
		f.Status.DaysDone = rapid.IntRange(0, 28).Draw(t, "days")
		f.Status.LastDay = f.Date.AddDays(-rapid.IntRange(0, 20).Draw(t, "away"))
		if rapid.Bool().Draw(t, "planned") {
			f.Plan = &coping.Plan{After: "ontbijt", Exercises: 2}
		}
		if rapid.Bool().Draw(t, "paused") {
			f.Status.Pause = &adherence.Pause{Start: f.Date, End: f.Date.AddDays(3)}
		}
		if rapid.Bool().Draw(t, "stopped") {
			f.Status.Stop = f.Date
		}
		said := Choose(f)
		if !f.Status.Stop.IsZero() {
			require.Empty(t, said)
			return
		}
		require.NotEmpty(t, said, "somebody with a program always hears something")
		require.LessOrEqual(t, len(said), maxShown)
		for _, p := range said {
			require.Positive(t, p.Version)
			for _, text := range []string{p.In(people.Dutch), p.In(people.English)} {
				require.NotContains(t, text, "{", p.ID)
				require.NotContains(t, text, " 0 ", p.ID)
				require.Regexp(t, "[.?]$", text)
				for _, word := range []string{
					"gemist", "missed", "niet gedaan", "fail", "vergeten bent", "streak", "moet",
				} {
					require.NotContains(t, strings.ToLower(text), word, p.ID)
				}
			}
		}
	})
}

// Every sentence is said in some situation.
func TestNoSentenceIsForgotten(t *testing.T) {
	named := map[string]bool{}
	for _, list := range byBarrier {
		for _, id := range list {
			named[id] = true
		}
	}
	for _, id := range []string{
		"pause-1", "pain-1", "flare-1", "flare-2", "flare-3", "weeks-1", "back-1", "ask-1", "phase-1", "phase-2",
	} {
		named[id] = true
	}
	for id := range templates {
		require.True(t, named[id], id)
		delete(named, id)
	}
	require.Empty(t, named)
}
