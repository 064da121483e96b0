package progression_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/settings"
	"cadans/internal/rules/progression"
	"cadans/pkg/localtime"
)

var today = localtime.MustParseDate("2026-03-20")

func n(v int) *int             { return &v }
func b(v bool) *bool           { return &v }
func ago(d int) localtime.Date { return today.AddDays(-d) }

// fine is a strength exercise three times a week for two weeks, all well; today's session has not settled yet.
func fine() progression.Facts {
	f := progression.Facts{
		Module:    exercise.Strength,
		Today:     today,
		StepSince: ago(13),
		Expected7: 3 * 14,
		Phase:     intake.Chronic,
		Fear:      2,
		Settings:  settings.Defaults(),
	}
	for _, d := range []int{12, 10, 7, 4, 0} {
		f.Entries = append(f.Entries, progression.Entry{
			Date: ago(d), Before: n(3), Pain: n(3), After: n(3), Effort: n(5),
			CouldDoMore: b(true), Settled: b(true), Danger: n(8),
		})
	}
	f.Entries[4].Settled, f.Entries[4].Recent = nil, true
	return f
}

// bad makes two of the last three sessions bad ones.
func bad(f *progression.Facts) {
	f.Entries[2].Settled, f.Entries[3].Settled = b(false), b(false)
}

// Each condition just inside and just outside.
func TestDecide(t *testing.T) {
	t.Parallel()
	last := func(f *progression.Facts, i int) *progression.Entry { return &f.Entries[len(f.Entries)-1-i] }
	for _, tc := range []struct {
		name   string
		change func(*progression.Facts)
		want   progression.Rule
		easier bool
	}{
		{"all well", func(*progression.Facts) {}, progression.Progress, false},
		{"changed 7 days ago",
			func(f *progression.Facts) { f.StepSince, f.Expected7, f.Entries = ago(7), 24, f.Entries[2:] },
			progression.Progress, false},
		{"changed 6 days ago", func(f *progression.Facts) { f.StepSince = ago(6) }, progression.Hold, false},
		{"changed 6 days ago, two bad sessions since",
			func(f *progression.Facts) { f.StepSince = ago(6); bad(f) }, progression.Regress, false},
		{"pain before unknown once", func(f *progression.Facts) { last(f, 1).Before = nil }, progression.Hold, false},
		{"pain after unknown once", func(f *progression.Facts) { last(f, 1).After = nil }, progression.Hold, false},
		{"stopped by pain once", func(f *progression.Facts) { last(f, 0).Stopped = true }, progression.Hold, false},
		{"stopped by pain twice", func(f *progression.Facts) { last(f, 0).Stopped, last(f, 1).Stopped = true, true },
			progression.Regress, false},
		{"3 sessions", func(f *progression.Facts) { f.Expected7, f.Entries = 28, f.Entries[2:] },
			progression.Progress, false},
		{"2 sessions", func(f *progression.Facts) { f.Expected7, f.Entries = 14, f.Entries[3:] },
			progression.Hold, false},
		{"4 of 6 done", func(f *progression.Facts) { f.Entries = f.Entries[1:] }, progression.Progress, false},
		{"3 of 6 done", func(f *progression.Facts) { f.Entries = f.Entries[2:] }, progression.Hold, false},
		{"sessions before the window do not count", func(f *progression.Facts) {
			f.StepSince = ago(40)
			for i := range 3 {
				f.Entries[i].Date = ago(14)
			}
		}, progression.Hold, false},
		{"pain 5", func(f *progression.Facts) { last(f, 0).Pain = n(5) }, progression.Progress, false},
		{"pain 6 once", func(f *progression.Facts) { last(f, 0).Pain = n(6) }, progression.Hold, false},
		{"pain 6 in 2 of the last 3", func(f *progression.Facts) { last(f, 0).Pain, last(f, 2).Pain = n(6), n(6) },
			progression.Regress, false},
		{"pain 6 twice, and well three times since",
			func(f *progression.Facts) { f.Entries[0].Pain, f.Entries[1].Pain = n(6), n(6) },
			progression.Progress, false},
		{"pain 6 once, and settled again twice", func(f *progression.Facts) { last(f, 3).Pain = n(6) },
			progression.Progress, false},
		{"pain 6 once, and settled again once", func(f *progression.Facts) { last(f, 2).Pain = n(6) },
			progression.Hold, false},
		{"pain 6 once, and settled again twice, with the answer of today",
			func(f *progression.Facts) { last(f, 2).Pain, last(f, 0).Settled = n(6), b(true) },
			progression.Progress, false},
		{"after 6 in 2 of the last 3", func(f *progression.Facts) { last(f, 0).After, last(f, 2).After = n(6), n(6) },
			progression.Regress, false},
		{"before 4, rise 1", func(f *progression.Facts) { last(f, 0).Before, last(f, 0).Pain = n(4), n(5) },
			progression.Progress, false},
		{"before 4, rise 2, above 5", func(f *progression.Facts) { last(f, 0).Before, last(f, 0).Pain = n(4), n(6) },
			progression.Hold, false},
		{"before 4, rise 3", func(f *progression.Facts) { last(f, 0).Before, last(f, 0).Pain = n(4), n(7) },
			progression.Hold, false},
		{"before 4, pain 6 in 2 of 3 is a rise of 2", func(f *progression.Facts) {
			for i := range 2 {
				last(f, i).Before, last(f, i).Pain = n(4), n(6)
			}
		}, progression.Hold, false},
		{"before 4, pain 7 in 2 of 3 is a rise of 3", func(f *progression.Facts) {
			for i := range 2 {
				last(f, i).Before, last(f, i).Pain = n(4), n(7)
			}
		}, progression.Regress, false},
		{"pain 6 in 2 of the last 3, before not answered", func(f *progression.Facts) {
			for i := range 2 {
				last(f, i).Before, last(f, i).Pain = nil, n(6)
			}
		}, progression.Regress, false},
		{"before 1, pain 4 in 2 of 3 is little, whatever it rose from", func(f *progression.Facts) {
			for i := range 2 {
				last(f, i+1).Before, last(f, i+1).Pain = n(1), n(4)
			}
		}, progression.Progress, false},
		{"a rise of 3 that may still settle",
			func(f *progression.Facts) { last(f, 0).Before, last(f, 0).Pain = n(1), n(4) }, progression.Hold, false},
		{"a rise of 3 that has settled on the same day", func(f *progression.Facts) {
			last(f, 0).Before, last(f, 0).Pain, last(f, 0).Settled = n(1), n(4), b(true)
		}, progression.Progress, false},
		{"a rise of 2 that may still settle",
			func(f *progression.Facts) { last(f, 0).Before, last(f, 0).Pain = n(2), n(4) },
			progression.Progress, false},
		{"pain 5 in 2 of 3", func(f *progression.Facts) { last(f, 0).Pain, last(f, 1).Pain = n(5), n(5) },
			progression.Progress, false},
		{"before 6, pain 8 in 2 of 3 is a rise of 2", func(f *progression.Facts) {
			for i := range 2 {
				last(f, i).Before, last(f, i).Pain = n(6), n(8)
			}
		}, progression.Hold, false},
		{"before 6", func(f *progression.Facts) { last(f, 0).Before = n(6) }, progression.Hold, false},
		{"before 8, during 10", func(f *progression.Facts) { last(f, 0).Before, last(f, 0).Pain = n(8), n(10) },
			progression.Hold, false},
		{"after 5", func(f *progression.Facts) { last(f, 0).After = n(5) }, progression.Progress, false},
		{"after 6", func(f *progression.Facts) { last(f, 0).After = n(6) }, progression.Hold, false},
		{"before 3, rise 3 to 6 in 2 of 3",
			func(f *progression.Facts) { last(f, 0).Pain, last(f, 1).Pain = n(6), n(6) }, progression.Regress, false},
		{"pain not answered once", func(f *progression.Facts) { last(f, 2).Pain = nil }, progression.Hold, false},
		{"pain never answered", func(f *progression.Facts) {
			for i := range f.Entries {
				f.Entries[i].Pain = nil
			}
		}, progression.Hold, false},
		{"not settled once", func(f *progression.Facts) { last(f, 1).Settled = b(false) }, progression.Hold, false},
		{"not settled once, and settled twice since", func(f *progression.Facts) { last(f, 3).Settled = b(false) },
			progression.Progress, false},
		{"not settled in 2 of the last 3",
			func(f *progression.Facts) { last(f, 1).Settled, last(f, 2).Settled = b(false), b(false) },
			progression.Regress, false},
		{"not settled, and pain 6 the next time",
			func(f *progression.Facts) { last(f, 1).Settled, last(f, 0).Pain = b(false), n(6) },
			progression.Regress, false},
		{"nerve root, not settled once",
			func(f *progression.Facts) { f.Radicular = true; last(f, 1).Settled = b(false) },
			progression.Regress, false},
		{"nerve root, not settled once, 4 sessions ago",
			func(f *progression.Facts) { f.Radicular = true; last(f, 3).Settled = b(false) },
			progression.Progress, false},
		{"nerve root, all well", func(f *progression.Facts) { f.Radicular = true }, progression.Progress, false},
		{"settling not answered", func(f *progression.Facts) { last(f, 1).Settled = nil }, progression.Hold, false},
		{"effort 6", func(f *progression.Facts) {
			for i := range f.Entries {
				f.Entries[i].Effort = n(6)
			}
		}, progression.Progress, false},
		{"effort 7", func(f *progression.Facts) {
			for i := range f.Entries {
				f.Entries[i].Effort = n(7)
			}
		}, progression.Hold, false},
		{"effort 9 twice of 5", func(f *progression.Facts) { f.Entries[0].Effort, f.Entries[1].Effort = n(9), n(9) },
			progression.Progress, false},
		{"effort 9 in the middle of the fortnight only", func(f *progression.Facts) { f.Entries[2].Effort = n(9) },
			progression.Progress, false},
		{"effort of an even number of sessions counts at its higher middle", func(f *progression.Facts) {
			f.Entries = f.Entries[1:]
			for i, effort := range []int{5, 7, 5, 7} {
				f.Entries[i].Effort = n(effort)
			}
		}, progression.Hold, false},
		{"effort never answered", func(f *progression.Facts) {
			for i := range f.Entries {
				f.Entries[i].Effort = nil
			}
		}, progression.Hold, false},
		{"effort not answered once", func(f *progression.Facts) { last(f, 2).Effort = nil }, progression.Hold, false},
		{"effort not answered half of the time", func(f *progression.Facts) {
			last(f, 0).Effort, last(f, 1).Effort = nil, nil
		}, progression.Hold, false},
		{"effort not answered before the window", func(f *progression.Facts) {
			f.StepSince, f.Entries[0].Date, f.Entries[0].Effort = ago(40), ago(14), nil
		}, progression.Progress, false},
		{"strength without two repetitions more", func(f *progression.Facts) { last(f, 0).CouldDoMore = b(false) },
			progression.Hold, false},
		{"strength, not asked", func(f *progression.Facts) { last(f, 0).CouldDoMore = nil },
			progression.Progress, false},
		{"core without two repetitions more",
			func(f *progression.Facts) { f.Module = exercise.Core; last(f, 0).CouldDoMore = b(false) },
			progression.Progress, false},
		{"core with a rise of 1",
			func(f *progression.Facts) { f.Module = exercise.Core; last(f, 0).Pain = n(4) }, progression.Hold, false},
		{"core with a rise of 1 afterwards",
			func(f *progression.Facts) { f.Module = exercise.Core; last(f, 0).After = n(4) }, progression.Hold, false},
		{"core with a rise of 1, and twice without",
			func(f *progression.Facts) { f.Module = exercise.Core; last(f, 3).Pain = n(4) },
			progression.Progress, false},
		{"core with less pain", func(f *progression.Facts) { f.Module = exercise.Core; last(f, 0).Pain = n(2) },
			progression.Progress, false},
		{"strength with a rise of 1", func(f *progression.Facts) { last(f, 0).Pain = n(4) },
			progression.Progress, false},
		{"acute", func(f *progression.Facts) { f.Phase = intake.Acute }, progression.Hold, false},
		{"acute with pain still gets lighter",
			func(f *progression.Facts) { f.Phase = intake.Acute; bad(f) }, progression.Regress, false},
		{"second step down in 4 weeks", func(f *progression.Facts) { f.Regressed = 1; bad(f) },
			progression.Regress, true},
		{"third step down in 4 weeks", func(f *progression.Facts) { f.Regressed = 2; bad(f) },
			progression.Task, false},
		{"much fear, pain 7 twice is no step down",
			func(f *progression.Facts) { f.Fear = 7; last(f, 0).Pain, last(f, 1).Pain = n(7), n(7) }, progression.Hold,
			false},
		{"much fear, pain 8 in 2 of 3",
			func(f *progression.Facts) { f.Fear = 7; last(f, 0).Pain, last(f, 1).Pain = n(8), n(8) },
			progression.Regress, false},
		{"much fear, not settled once", func(f *progression.Facts) { f.Fear = 7; last(f, 1).Settled = b(false) },
			progression.Hold, false},
		{"much fear, not settled twice",
			func(f *progression.Facts) { f.Fear = 7; last(f, 1).Settled, last(f, 2).Settled = b(false), b(false) },
			progression.Regress, false},
		{"exposure that feels dangerous", func(f *progression.Facts) { f.Module = exercise.Exposure },
			progression.Hold, false},
		{"exposure at 3 twice", func(f *progression.Facts) {
			f.Module = exercise.Exposure
			last(f, 0).Danger, last(f, 1).Danger = n(3), n(3)
		}, progression.Progress, false},
		{"exposure at 3 once, from 6", func(f *progression.Facts) {
			f.Module, f.Entries[0].Danger = exercise.Exposure, n(5)
			last(f, 0).Danger = n(3)
		}, progression.Hold, false},
		{"exposure at 3, then 4, from 5", func(f *progression.Facts) {
			f.Module, f.Entries[0].Danger = exercise.Exposure, n(5)
			last(f, 0).Danger, last(f, 1).Danger = n(4), n(3)
		}, progression.Hold, false},
		{"exposure from 8 to 4", func(f *progression.Facts) { f.Module = exercise.Exposure; last(f, 0).Danger = n(4) },
			progression.Progress, false},
		{"exposure from 8 to 5", func(f *progression.Facts) { f.Module = exercise.Exposure; last(f, 0).Danger = n(5) },
			progression.Hold, false},
		{"exposure rated twice, at 3", func(f *progression.Facts) {
			f.Module = exercise.Exposure
			for i := range f.Entries {
				f.Entries[i].Danger = nil
			}
			last(f, 0).Danger, last(f, 1).Danger = n(3), n(3)
		}, progression.Progress, false},
		{"exposure rated twice, from 8 to 4", func(f *progression.Facts) {
			f.Module = exercise.Exposure
			f.Entries[0].Danger, f.Entries[1].Danger, f.Entries[2].Danger, f.Entries[4].Danger = nil, nil, nil, n(4)
		}, progression.Progress, false},
		{"exposure at 3 twice, and not rated since", func(f *progression.Facts) {
			f.Module = exercise.Exposure
			last(f, 0).Danger, last(f, 1).Danger, last(f, 2).Danger = nil, n(3), n(3)
		}, progression.Hold, false},
		{"exposure at 3 twice, not rated between", func(f *progression.Facts) {
			f.Module = exercise.Exposure
			last(f, 0).Danger, last(f, 1).Danger, last(f, 2).Danger = n(3), nil, n(3)
		}, progression.Hold, false},
		{"exposure at 0, rated once", func(f *progression.Facts) {
			f.Module = exercise.Exposure
			for i := range f.Entries {
				f.Entries[i].Danger = nil
			}
			last(f, 0).Danger = n(0)
		}, progression.Hold, false},
		{"exposure, never rated", func(f *progression.Facts) {
			f.Module = exercise.Exposure
			for i := range f.Entries {
				f.Entries[i].Danger = nil
			}
		}, progression.Hold, false},
		{"nothing done", func(f *progression.Facts) { f.Entries = nil }, progression.Hold, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := fine()
			tc.change(&f)
			v := progression.Decide(f)
			require.Equal(t, tc.want, v.Rule, "%v", v.Because)
			require.Equal(t, tc.easier, v.Easier)
			require.NotEmpty(t, v.Because)
			for _, because := range v.Because {
				require.NotEmpty(t, because.NL)
				require.NotEmpty(t, because.EN)
			}
		})
	}
}

// why lists reasons, each in Dutch and then in English.
func why(texts ...string) (list []words.Pair) {
	for pair := range slices.Chunk(texts, 2) {
		list = append(list, words.Pair{NL: pair[0], EN: pair[1]})
	}
	return list
}

// Why something changes or stays is told in both languages, with the numbers it rests on.
func TestWhyAStepIsTakenOrNot(t *testing.T) {
	t.Parallel()
	all := func(f *progression.Facts, change func(*progression.Entry)) {
		for i := range f.Entries {
			change(&f.Entries[i])
		}
	}
	const badNL = "In 2 van de laatste 3 sessies was de pijn te veel, of zakte zij niet."
	const badEN = "In 2 of the last 3 sessions pain was too much, or did not settle."
	for name, tc := range map[string]struct {
		change func(*progression.Facts)
		want   []words.Pair
	}{
		"all well": {func(*progression.Facts) {},
			why("5 sessies in 14 dagen, pijn acceptabel en gezakt, inspanning 5 van 10.",
				"5 sessions in 14 days, pain acceptable and settled, effort 5 of 10.")},
		"changed lately": {func(f *progression.Facts) { f.StepSince = ago(6) },
			why("Dit wordt nog geen 7 dagen gevraagd.", "It has asked this for less than 7 days.")},
		"painful": {func(f *progression.Facts) { all(f, func(e *progression.Entry) { e.Pain = n(6) }) },
			why("In 3 van de laatste 3 sessies was de pijn te veel, of zakte zij niet.",
				"In 3 of the last 3 sessions pain was too much, or did not settle.")},
		"not settled, with pain of a nerve root": {
			func(f *progression.Facts) { f.Entries[3].Settled, f.Radicular = b(false), true },
			why("De pijn was na 24 uur niet terug op het niveau van ervoor; bij uitstralende pijn is één keer genoeg.",
				"The pain was not back at the level before within 24 hours; with radiating pain one time is enough.")},
		"bad, for the second time": {func(f *progression.Facts) { bad(f); f.Regressed = 1 },
			why(badNL, badEN, "Dit is de tweede keer in 4 weken.", "This is the second time in 4 weeks.")},
		"bad, for the third time": {func(f *progression.Facts) { bad(f); f.Regressed = 2 },
			why(badNL, badEN, "Dit is de derde keer in 4 weken.", "This is the third time in 4 weeks.")},
		"the first weeks": {func(f *progression.Facts) { f.Phase = intake.Acute },
			why("In de eerste 6 weken hoeft het niet zwaarder.", "In the first 6 weeks it need not become harder.")},
		"two sessions": {func(f *progression.Facts) { f.Entries = f.Entries[3:] },
			why("Minder dan 3 sessies op deze stap in 14 dagen.", "Fewer than 3 sessions at this step in 14 days.")},
		"half of them": {func(f *progression.Facts) { f.Entries = f.Entries[2:] },
			why("In 14 dagen minder dan twee derde van de sessies gedaan.",
				"Less than two thirds of the sessions done in 14 days.")},
		"pain unknown": {func(f *progression.Facts) { f.Entries[2].Pain = nil },
			why("Niet van elke sessie is de pijn bekend.", "Pain is not known for every session.")},
		"pain high once": {func(f *progression.Facts) { f.Entries[3].Pain = n(6) },
			why("De pijn was in een sessie hoger dan 5.", "Pain was above 5 in a session.")},
		"settling unknown": {func(f *progression.Facts) { f.Entries[2].Settled = nil },
			why("Niet van elke sessie is bekend of de pijn binnen 24 uur zakte.",
				"It is not known of every session whether pain settled within 24 hours.")},
		"not settled once": {func(f *progression.Facts) { f.Entries[3].Settled = b(false) },
			why("Na een sessie zakte de pijn niet binnen 24 uur.",
				"After a session pain did not settle within 24 hours.")},
		"may still settle": {func(f *progression.Facts) { f.Entries[4].Before = n(0) },
			why("De pijn nam in de laatste sessie toe, en is nog niet gezakt.",
				"Pain rose in the last session, and has not settled yet.")},
		"core with a rise": {func(f *progression.Facts) { f.Module, f.Entries[4].Pain = exercise.Core, n(4) },
			why("De pijn nam toe bij rompoefeningen; die traint u zonder meer pijn.",
				"Pain rose during trunk exercises; they are trained without more pain.")},
		"effort unknown": {func(f *progression.Facts) { all(f, func(e *progression.Entry) { e.Effort = nil }) },
			why("Niet van elke sessie is de inspanning bekend. Vraag ernaar.",
				"Effort is not known for every session. Ask about it.")},
		"danger unknown": {func(f *progression.Facts) { f.Module, f.Entries[4].Danger = exercise.Exposure, nil },
			why("Van de laatste sessies is niet bekend hoe gevaarlijk de beweging voelde. Vraag ernaar.",
				"It is not known of the last sessions how dangerous the movement felt. Ask about it.")},
		"hard": {func(f *progression.Facts) { all(f, func(e *progression.Entry) { e.Effort = n(8) }) },
			why("De inspanning is 8 van 10.", "Effort is 8 of 10.")},
		"no two more": {func(f *progression.Facts) { f.Entries[4].CouldDoMore = b(false) },
			why("Twee herhalingen meer lukt nog niet.", "Two more repetitions are not possible yet.")},
		"ordinary by now": {func(f *progression.Facts) {
			f.Module, f.Entries[3].Danger, f.Entries[4].Danger = exercise.Exposure, n(3), n(3)
		}, why("De beweging voelde twee keer na elkaar weinig gevaarlijk (3 of minder).",
			"The movement felt hardly dangerous twice in a row (3 or less).")},
		"half as dangerous": {func(f *progression.Facts) { f.Module, f.Entries[4].Danger = exercise.Exposure, n(4) },
			why("Hoe gevaarlijk het voelt ging van 8 naar 4.", "How dangerous it feels went from 8 to 4.")},
		"dangerous": {func(f *progression.Facts) { f.Module = exercise.Exposure },
			why("De beweging voelt nog te gevaarlijk.", "The movement still feels too dangerous.")},
	} {
		f := fine()
		tc.change(&f)
		require.Equal(t, tc.want, progression.Decide(f).Because, name)
	}
}

// More pain never turns a decision towards more.
func TestMorePainNeverMakesItHarder(t *testing.T) {
	t.Parallel()
	order := map[progression.Rule]int{
		progression.Task:     0,
		progression.Regress:  0,
		progression.Hold:     1,
		progression.Progress: 2,
	}
	rapid.Check(t, func(t *rapid.T) {
		f := fine()
		f.Fear = rapid.IntRange(0, 10).Draw(t, "fear")
		f.Regressed = rapid.IntRange(0, 3).Draw(t, "regressed")
		for i := range f.Entries {
			f.Entries[i].Pain = n(rapid.IntRange(0, 9).Draw(t, "pain"))
			f.Entries[i].Before = n(rapid.IntRange(0, 10).Draw(t, "before"))
		}
		before := progression.Decide(f)
		i := rapid.IntRange(0, 4).Draw(t, "which")
		*f.Entries[i].Pain++
		after := progression.Decide(f)
		require.LessOrEqual(t, order[after.Rule], order[before.Rule])
	})
}

// A verdict asks for the step of its own direction; one that holds for none, and whoever has nothing easier does less.
func TestTheStepOfAVerdict(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	bridge := program.NewItem{ID: "i1", Exercise: "bridge", Dose: exercise.Dose{Sets: 2, Reps: 8},
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 3, TimesPerDay: 1}}.In(library)
	harder, _ := bridge.Harder(library)
	lighter, _ := bridge.Lighter()
	easier, is := bridge.Easier(library)
	require.True(t, is)
	lowest := easier
	for easiest, is := lowest.Easier(library); is; easiest, is = lowest.Easier(library) {
		lowest = easiest
	}
	less, _ := lowest.Lighter()
	for name, tc := range map[string]struct {
		verdict    progression.Verdict
		from, want program.Item
		is         bool
	}{
		"up":   {progression.Verdict{Rule: progression.Progress}, bridge, harder, true},
		"down": {progression.Verdict{Rule: progression.Regress}, bridge, lighter, true},
		"down to something easier": {progression.Verdict{Rule: progression.Regress, Easier: true}, bridge, easier,
			true},
		"down where nothing is easy": {progression.Verdict{Rule: progression.Regress, Easier: true}, lowest, less,
			true},
		"none":                  {progression.Verdict{Rule: progression.Hold}, bridge, bridge, false},
		"none, for a therapist": {progression.Verdict{Rule: progression.Task, Easier: true}, bridge, bridge, false},
	} {
		got, is := tc.verdict.Step(library, tc.from)
		require.Equal(t, tc.is, is, name)
		require.Equal(t, tc.want, got, name)
	}
}

// Where there is no step, none is promised: up, the dose is held and the reason given; down, a therapist must look.
func TestAVerdictWithoutAStep(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	item := func(slug string, d exercise.Dose) program.Item {
		return program.NewItem{ID: "i1", Exercise: slug, Dose: d}.In(library)
	}
	up, down := progression.Verdict{Rule: progression.Progress}, progression.Verdict{Rule: progression.Regress}
	for name, tc := range map[string]struct {
		verdict progression.Verdict
		from    program.Item
		rule    progression.Rule
		because []words.Pair
	}{
		"the top of the chain": {up, item("walk-brisk", exercise.Dose{Sets: 1, Minutes: 30}), progression.Hold,
			why("Dit is het meeste van deze oefening, en er is geen zwaardere.",
				"This is the most of this exercise, and there is no harder one.")},
		"what never rises": {up, item("worry-notebook", exercise.Dose{Sets: 1, Minutes: 10}), progression.Hold,
			why("Dit is het meeste van deze oefening, en er is geen zwaardere.",
				"This is the most of this exercise, and there is no harder one.")},
		"a step": {up, item("bridge", exercise.Dose{Sets: 1, Reps: 12}), progression.Progress, nil},
		"the floor": {down, item("bridge-small", exercise.Dose{Sets: 1, Reps: 3}), progression.Task,
			why("Lichter dan dit kan niet: kijk samen met de patiënt wat past.",
				"It cannot get lighter than this: look with the patient what fits.")},
		"held anyway": {progression.Verdict{Rule: progression.Hold}, item("bridge", exercise.Dose{Sets: 1, Reps: 3}),
			progression.Hold, nil},
	} {
		v, after, taken := tc.verdict.On(library, tc.from)
		require.Equal(t, tc.rule, v.Rule, name)
		require.Equal(t, tc.because, v.Because, name)
		require.Equal(t, tc.rule == progression.Progress, taken, name)
		require.Equal(t, !taken, after.Exercise == tc.from.Exercise && after.Dose == tc.from.Dose, name)
	}
}
