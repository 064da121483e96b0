package words

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// whole are the placeholders that stand for a whole number, and worded those that stand for a text: a name, a day, a
// number with its unit.
var (
	whole = []string{
		"n", "number", "days", "times", "rises", "met", "done", "asked", "planned", "minutes", "points", "percent",
		"each", "week", "score", "first", "second", "then", "confidence", "higher", "sessions", "effort", "age", "year",
		"picture", "film", "all", "unsigned",
	}
	worded = []string{
		"band", "barrier", "because", "before", "change", "contact", "day", "effect", "end", "exercise",
		"findings", "first_day", "fraction", "from", "goal", "high", "low", "mark", "mean", "median", "month", "name",
		"now", "place", "plan", "rate", "reason", "said", "second_day", "since", "start", "time", "until", "what",
		"when", "wish",
	}
)

// singular are the texts with a number that need no plural forms, and why.
var singular = map[string][]string{
	"nothing in them agrees with the number": {
		"adherence.fraction", "attention.pain_rise.after", "attention.pain_after", "today.headline.optional",
		"brief.sent_late", "program.often", "program.hold", "program.minutes", "attention.same_barrier",
		"talk.barrier_again",
		"talk.ill_again", "practice.tile.of", "caseload.before", "proposal.small.step_up", "flare.back",
		"patient.since.waiting.notes", "patient.since.waiting.modules", "patient.since.waiting.wishes",
		"patient.since.waiting.alerts", "exercise.media.hint", "field.media-too-large", "help.review.explained",
		"review.count",
	},
	"the number is on a scale, a rank, an age or a year": {
		"attention.low_confidence", "attention.stopped_pain.score", "attention.pain_told", "prompt.confidence.3",
		"intake.mood", "questionnaire.distress", "brief.confidence_before", "patient.since.was", "patient.program_week",
		"caseload.program_week", "progression.hold.effort", "progression.progress.safer", "letter.born_in",
		"walking.contact.start", "walking.contact.ask", "walking.contact.adjust",
		"walking.contact.keep_up",
	},
	"the rule speaks from two on": {
		"attention.silent_review", "attention.missed_run.since", "attention.missed_run.days", "attention.lapsed",
		"attention.dropout_review", "prompt.motivation.3", "draft.too_long", "walking.week", "activity.plan.week",
		"invite.explained", "signin.idle", "problem.edit-window-closed.detail", "problem.still-editable.detail",
		"progression.progress.effort", "progression.hold.changed", "progression.regress.painful",
		"progression.hold.refused", "progression.left_out.effort", "progression.left_out.danger",
	},
	"the words are days": {"flare.second", "lighter.again", "plan.smaller", "strip.summary"},
}

// A number that can be one has the form for one: no "1 days". Whoever adds a text with a number gives it forms, or says
// why it needs none.
func TestNumbersHavePluralForms(t *testing.T) {
	t.Parallel()
	require.Empty(t, withoutForms(catalogs[English].messages, slices.Concat(slices.Collect(maps.Values(singular))...)))
	for why, keys := range singular {
		for _, key := range keys {
			m, has := catalogs[English].messages[key]
			require.True(t, has, key)
			require.Nil(t, m.forms, "%s has forms: %s", key, why)
		}
	}
}

// withoutForms are the texts with a number and without plural forms, and those with a placeholder of which nobody says
// whether it is a number.
func withoutForms(messages map[string]message, free []string) (wrong []string) {
	for key, m := range messages {
		for _, name := range m.other.names() {
			switch number := slices.Contains(whole, name); {
			case !number && !slices.Contains(worded, name):
				wrong = append(wrong, key+": is {"+name+"} a number?")
			case number && m.forms == nil && !slices.Contains(free, key):
				wrong = append(wrong, key+": no form for one {"+name+"}")
			}
		}
		if m.forms != nil && !slices.Contains(m.other.names(), count) {
			wrong = append(wrong, key+": has forms, and no number decides")
		}
	}
	return slices.Sorted(slices.Values(wrong))
}

// The guard finds what it is for.
func TestMissingFormsAreFound(t *testing.T) {
	t.Parallel()
	found, err := read(folder(t, map[string]string{"en/a.yaml": strings.Join([]string{
		"a.days: '{number} days'", "a.day: 'on {day}'", "a.new: '{walks} walks'", "a.free: '{number} of 6'",
		"a.forms: {one: '{n} day', other: '{n} days'}", "a.undecided: {one: '{days} day', other: '{days} days'}",
	}, "\n")}))
	require.NoError(t, err)
	require.Equal(t, []string{
		"a.days: no form for one {number}", "a.new: is {walks} a number?",
		"a.undecided: has forms, and no number decides",
	}, withoutForms(found[English].messages, []string{"a.free"}))
}

// One and more, as they are said.
func TestOneAndMore(t *testing.T) {
	t.Parallel()
	for key, want := range map[string][4]string{
		"patient.too_few_days": {
			"1 dag met gegevens; een trend is er na 14.", "2 dagen met gegevens; een trend is er na 14.",
			"1 day of data; trends appear after 14.", "2 days of data; trends appear after 14.",
		},
		"patient.since.rises": {
			"meer pijn na 0 van 1 sessie", "meer pijn na 0 van 2 sessies", "more pain after 0 of 1 session",
			"more pain after 0 of 2 sessions",
		},
		"course.pain.said": {
			"Pijn gemiddeld 3,0, 1 cijfer.", "Pijn gemiddeld 3,0, 2 cijfers.",
			"Pain 3,0 on average, 1 score.", "Pain 3,0 on average, 2 scores.",
		},
		"progress.weeks": {
			"In 0 van 1 week ging het volgens plan.", "In 0 van de 2 weken ging het volgens plan.",
			"It went as planned in 0 of 1 week.", "It went as planned in 0 of 2 weeks.",
		},
		"program.version.minutes": {"1 minuut", "2 minuten", "1 minute", "2 minutes"},
		"proposals.points":        {"1 punt", "2 punten", "1 point", "2 points"},
	} {
		say := func(l Language, n int) string { return l.Say(key, "n", n, "rises", 0, "met", 0, "mean", "3,0") }
		require.Equal(t, want, [4]string{say(Dutch, 1), say(Dutch, 2), say(English, 1), say(English, 2)}, key)
	}
}
