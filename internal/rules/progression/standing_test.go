package progression

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
)

// Whatever keeps an exercise as it is has its reason, also what holds it beside its own sessions.
func TestEachHoldHasAReason(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	for _, tc := range []struct {
		name   string
		change func(*evidence)
		rule   Rule
		says   string
	}{
		{"all well", func(*evidence) {}, Progress,
			"6 sessions in 14 days, pain acceptable and settled, effort 4 of 10."},
		{"no session", func(e *evidence) { e.sessions = nil }, Hold, "Fewer than 3 sessions at this step in 14 days."},
		{"effort left out", func(e *evidence) { e.sessions[5].Items[1].Difficulty = nil }, Hold,
			"Effort is not known for every session. Ask about it."},
		{"pain left out", func(e *evidence) { e.sessions[5].PainAfter = nil }, Hold,
			"Pain is not known for every session."},
		{"refused", func(e *evidence) { e.changes = []Change{made(Progress, Refused, 6)} }, Hold,
			"A change was refused or taken back less than 7 days ago."},
		{"taken back", func(e *evidence) { e.changes = []Change{made(Regress, Undone, 6)} }, Hold,
			"A change was refused or taken back less than 7 days ago."},
		{"stopped", func(e *evidence) { e.stopped = true }, Hold, "A session was stopped because of pain."},
		{"told", func(e *evidence) { e.painReported = true }, Hold, "Pain above 5 was reported in the last 14 days."},
		{"alert", func(e *evidence) { e.hurts = true }, Hold, "An alert about pain is open."},
		{"beside another", func(e *evidence) {
			other := made(Progress, Open, 1)
			other.Before.ID, other.After = "i9", bridge(3, 12)
			e.changes = []Change{other}
		}, Hold, "Enough gets harder this week already."},
		{"lighter", func(e *evidence) { e.settled["s4"], e.settled["s5"] = false, false }, Regress,
			"In 2 of the last 3 sessions pain was too much, or did not settle."},
	} {
		e := known()
		tc.change(&e)
		v, _, taken := e.judge(library, bridge(2, 8))
		require.Equal(t, tc.rule, v.Rule, tc.name)
		require.Equal(t, tc.rule != Hold, taken, tc.name)
		require.Equal(t, tc.says, words.Join(v.Because, " ").EN, tc.name)
	}
}

// A question that is left out three times in a row is named: effort or, against fear, how dangerous it felt. A session
// without the exercise says nothing of it.
func TestWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	effort := "The question about effort was left out in the last 3 sessions. Ask about it."
	danger := "In the last 3 sessions the question how dangerous it felt was left out. Ask about it."
	for _, tc := range []struct {
		name   string
		module exercise.Module
		change func(*session.ItemDone)
		of     []int // the sessions that are changed
		says   string
	}{
		{"all answered", exercise.Strength, func(*session.ItemDone) {}, []int{3, 4, 5}, ""},
		{"three times", exercise.Strength, func(d *session.ItemDone) { d.Difficulty = nil }, []int{3, 4, 5}, effort},
		{"twice", exercise.Strength, func(d *session.ItemDone) { d.Difficulty = nil }, []int{4, 5}, ""},
		{"long ago", exercise.Strength, func(d *session.ItemDone) { d.Difficulty = nil }, []int{0, 1, 2, 3, 4}, ""},
		{"walking", exercise.Walking, func(d *session.ItemDone) { d.Difficulty = nil }, []int{3, 4, 5}, effort},
		{"how dangerous", exercise.Exposure, func(d *session.ItemDone) { d.DangerAfter = nil }, []int{3, 4, 5},
			danger},
		{"effort against fear", exercise.Exposure, func(d *session.ItemDone) { d.Difficulty = nil }, []int{3, 4, 5},
			""},
		{"danger of strength", exercise.Strength, func(d *session.ItemDone) { d.DangerAfter = nil }, []int{3, 4, 5},
			""},
	} {
		sessions, item := known().sessions, bridge(2, 8)
		item.Module = tc.module
		for _, i := range tc.of {
			tc.change(&sessions[i].Items[1])
		}
		require.Equal(t, tc.says, leftOut(sessions, item).EN, tc.name)
		between := did("other", 0)
		between.Items = between.Items[:1]
		require.Equal(t, tc.says, leftOut(slices.Concat(sessions, []session.Session{between}), item).EN, tc.name)
	}
	require.Empty(t, leftOut(known().sessions[:2], program.Item{ID: "i0"}), "two sessions are no habit")
}
