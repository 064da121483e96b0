package progression

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

var (
	day0 = localtime.MustParseDate("2026-03-20")
	noon = time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
)

func some[T any](v T) *T { return &v }

// bridge is asked for three times a week.
func bridge(sets, reps int) program.Item {
	return program.Item{ID: "i1", Exercise: "bridge", Module: exercise.Strength, Dose: exercise.Dose{Sets: sets,
		Reps: reps}, SecondsPerSet: 40,
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 3, TimesPerDay: 1}}
}

// did is a session of so many days ago in which the bridge was done: two sets, without pain, and not hard.
func did(as id.Session, daysAgo int) session.Session {
	at := noon.AddDate(0, 0, -daysAgo)
	return session.Session{ID: as, ReceivedAt: at, Content: session.Content{
		PerformedAt: at, LocalDate: day0.AddDays(-daysAgo), Status: session.Completed, PainBefore: some(2),
		PainAfter: some(3),
		Items: []session.ItemDone{{Item: "i0", Pain: some(9)},
			{Item: "i1", Sets: some(2), Pain: some(1), Difficulty: some(4), CouldDoMore: some(true),
				DangerAfter: some(5)}},
	}}
}

// known is what is known of a fortnight in which all went well.
func known() evidence {
	return evidence{
		patient: "p", today: day0, now: noon, day: localtime.DateOf, phase: intake.Chronic, fear: 1,
		settings: settings.Defaults(),
		history: program.History{Versions: []program.Version{{ID: "v1", EffectiveFrom: day0.AddDays(-60),
			Items: []program.Item{bridge(2, 8)}}}},
		sessions: []session.Session{
			did("s1", 13), did("s2", 10), did("s3", 8), did("s4", 6), did("s5", 3), did("s6", 1),
		},
		settled: map[id.Session]bool{"s1": true, "s2": true, "s3": true, "s4": true, "s5": true, "s6": true},
	}
}

// made is a change of the bridge, so many days ago.
func made(rule Rule, state State, daysAgo int) Change {
	return Change{Rule: rule, State: state, Before: bridge(2, 8), MadeAt: noon.AddDate(0, 0, -daysAgo)}
}

// A session says about an exercise what was answered, and nothing where it was skipped, is not in it, or came too late
// to count.
func TestWhatASessionSaysAboutAnExercise(t *testing.T) {
	t.Parallel()
	whole := Entry{Date: day0.AddDays(-3), Before: some(2), Pain: some(1), After: some(3), Effort: some(4),
		CouldDoMore: some(true),
		Danger:      some(5), Settled: some(true)}
	with := func(change func(*Entry)) *Entry {
		e := whole
		change(&e)
		return &e
	}
	for name, tc := range map[string]struct {
		change func(*evidence, *session.Session)
		want   *Entry
	}{
		"all of it": {func(*evidence, *session.Session) {}, &whole},
		"the first": {func(_ *evidence, s *session.Session) { s.Items = s.Items[1:] }, &whole},
		"not in it": {func(_ *evidence, s *session.Session) { s.Items = s.Items[:1] }, nil},
		"skipped":   {func(_ *evidence, s *session.Session) { s.Items[1].Skipped = "time" }, nil},
		"7 days old": {func(_ *evidence, s *session.Session) { s.ReceivedAt = s.PerformedAt.Add(7 * 24 * time.Hour) },
			&whole},
		"older": {func(_ *evidence, s *session.Session) { s.ReceivedAt = s.PerformedAt.Add(7*24*time.Hour + 1) }, nil},
		"not settled": {func(e *evidence, _ *session.Session) { e.settled["s"] = false },
			with(func(e *Entry) { e.Settled = some(false) })},
		"settling not answered": {func(e *evidence, _ *session.Session) { delete(e.settled, "s") },
			with(func(e *Entry) { e.Settled = nil })},
		"24 hours ago": {func(e *evidence, s *session.Session) { e.now = s.PerformedAt.Add(24 * time.Hour) },
			&whole},
		"less than 24 hours ago": {func(e *evidence, s *session.Session) {
			e.now = s.PerformedAt.Add(24*time.Hour - 1)
		},
			with(func(e *Entry) { e.Recent = true })},
	} {
		e, s := known(), did("s", 3)
		e.settled["s"] = true
		tc.change(&e, &s)
		got, done := e.entry(s, bridge(2, 8))
		require.Equal(t, tc.want != nil, done, name)
		if done {
			require.Equal(t, *tc.want, got, name)
		}
	}
}

// What a decision rests on: sessions since the item asks what it asks, as many as were asked for in the last 14 days
// outside pauses, and the steps down of the last four weeks that were made.
func TestWhatADecisionRestsOn(t *testing.T) {
	t.Parallel()
	since := func(days, sets int) program.Version {
		return program.Version{ID: "v2", EffectiveFrom: day0.AddDays(-days), Items: []program.Item{bridge(sets, 8)}}
	}
	for name, tc := range map[string]struct {
		change    func(*evidence)
		earlier   []Change
		sevenths  int
		entries   int
		stepSince int // days ago
		regressed int
	}{
		"a fortnight": {func(*evidence) {}, nil, 14 * 3, 6, 60, 0},
		"the same once more": {func(e *evidence) { e.history.Versions = append(e.history.Versions, since(5, 2)) }, nil,
			14 * 3, 6, 60, 0},
		"since 9 days":  {func(e *evidence) { e.history.Versions[0] = since(9, 2) }, nil, 10 * 3, 4, 9, 0},
		"since 8 days":  {func(e *evidence) { e.history.Versions[0] = since(8, 2) }, nil, 9 * 3, 4, 8, 0},
		"since 13 days": {func(e *evidence) { e.history.Versions[0] = since(13, 2) }, nil, 14 * 3, 6, 13, 0},
		"since 14 days": {func(e *evidence) { e.history.Versions[0] = since(14, 2) }, nil, 14 * 3, 6, 14, 0},
		"less before": {func(e *evidence) {
			e.history.Versions = append([]program.Version{since(60, 1)},
				since(4, 2))
		}, nil, 5 * 3, 2, 4, 0},
		"a pause of 3 days": {func(e *evidence) {
			e.history.Pauses = []program.Pause{{Start: day0.AddDays(-5), End: day0.AddDays(-3)}}
		}, nil, 11 * 3, 6, 60, 0},
		"not done once": {func(e *evidence) { e.sessions[2].Items[1].Skipped = "pain" }, nil, 14 * 3, 5, 60, 0},
		"steps down": {func(*evidence) {}, []Change{
			made(Regress, Applied, 20), made(Regress, Accepted, 15), made(Regress, Open, 10),
			made(Regress, Refused, 10), made(Regress, Undone, 9), made(Regress, Superseded, 9),
			made(Progress, Applied, 9), made(Progress, Accepted, 8),
		}, 14 * 3, 6, 60, 2},
	} {
		e := known()
		tc.change(&e)
		f := e.facts(bridge(2, 8), tc.earlier)
		require.Equal(t, tc.sevenths, f.Expected7, name)
		require.Len(t, f.Entries, tc.entries, name)
		require.Equal(t, day0.AddDays(-tc.stepSince), f.StepSince, name)
		require.Equal(t, tc.regressed, f.Regressed, name)
		require.Equal(t, Facts{Module: exercise.Strength, Today: day0, Phase: intake.Chronic, Fear: 1,
			Settings:  settings.Defaults(),
			StepSince: f.StepSince, Expected7: f.Expected7, Entries: f.Entries, Regressed: f.Regressed}, f, name)
	}
}

// beside is a step of another exercise by its smallest unit, which is a third: with one more it is too much for a week.
func beside(state State, daysAgo int) Change {
	c := made(Progress, state, daysAgo)
	c.Before.ID, c.After.ID = "i0", "i0"
	c.Before.Exercise, c.After.Exercise = "bridge", "bridge"
	c.Before.Dose, c.After.Dose = exercise.Dose{Sets: 4, Reps: 3}, exercise.Dose{Sets: 4, Reps: 4}
	c.Before.Schedule, c.After.Schedule = bridge(1, 1).Schedule, bridge(1, 1).Schedule
	return c
}

// risen is the history of a bridge beside which another exercise has risen, so many days ago.
func (c Change) risen(daysAgo int) program.History {
	return program.History{Versions: []program.Version{
		{ID: "v1", EffectiveFrom: day0.AddDays(-60), Items: []program.Item{bridge(2, 8), c.Before}},
		{ID: "v2", EffectiveFrom: day0.AddDays(-daysAgo), Items: []program.Item{bridge(2, 8), c.After}},
	}}
}

// A change is proposed for what was done and went well; not after a no of the last 7 days, and nothing gets harder in
// pain.
func TestWhatIsProposed(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	painful := func(e *evidence) {
		for i := range e.sessions {
			e.sessions[i].Items[1].Pain = some(6)
		}
	}
	for name, tc := range map[string]struct {
		change func(*evidence)
		rule   Rule // empty for nothing
		reps   int
	}{
		"all well":                     {func(*evidence) {}, Progress, 9},
		"too few sessions":             {func(e *evidence) { e.sessions = e.sessions[4:] }, "", 0},
		"pain":                         {painful, Regress, 5},
		"stopped by pain":              {func(e *evidence) { e.stopped = true }, "", 0},
		"pain told in a check-in":      {func(e *evidence) { e.painReported = true }, "", 0},
		"an alert about pain":          {func(e *evidence) { e.hurts = true }, "", 0},
		"pain, with an alert about it": {func(e *evidence) { painful(e); e.hurts = true }, Regress, 5},
		"refused 6 days ago":           {func(e *evidence) { e.changes = []Change{made(Progress, Refused, 6)} }, "", 0},
		"refused 7 days ago": {func(e *evidence) { e.changes = []Change{made(Progress, Refused, 7)} }, Progress,
			9},
		"undone 6 days ago": {func(e *evidence) { e.changes = []Change{made(Regress, Undone, 6)} }, "", 0},
		"undone 7 days ago": {func(e *evidence) { e.changes = []Change{made(Regress, Undone, 7)} }, Progress, 9},
		"superseded today": {func(e *evidence) { e.changes = []Change{made(Progress, Superseded, 0)} },
			Progress, 9},
		"another item refused": {func(e *evidence) {
			e.changes = []Change{made(Progress, Refused,
				1)}
			e.changes[0].Before.ID = "i0"
		}, Progress, 9},
		"another exercise waits to rise":   {func(e *evidence) { e.changes = []Change{beside(Open, 30)} }, "", 0},
		"another exercise rose 6 days ago": {func(e *evidence) { e.history = beside(Open, 0).risen(6) }, "", 0},
		"another exercise rose 7 days ago": {func(e *evidence) { e.history = beside(Open, 0).risen(7) }, Progress, 9},
		"another exercise was not allowed to rise": {
			func(e *evidence) { e.changes = []Change{beside(Refused, 1)} }, Progress, 9},
		"two steps down, and not again": {func(e *evidence) {
			e.changes = []Change{made(Regress, Applied, 20),
				made(Regress, Applied, 12)}
		}, Progress, 9},
	} {
		e := known()
		tc.change(&e)
		change, task := NewRules(library, nil).judge(e, bridge(2, 8), "s6")
		require.Nil(t, task, name)
		if tc.rule == "" {
			require.Nil(t, change, name)
			continue
		}
		require.NotNil(t, change, name)
		require.NotEmpty(t, change.ID, name)
		require.NotEmpty(t, change.Because, name)
		after := bridge(2, tc.reps)
		require.Equal(t, Change{
			ID: change.ID, Patient: "p", Rule: tc.rule, State: Open, Before: bridge(2, 8), After: after,
			Because: change.Because,
			Session: "s6", MadeAt: noon,
		}, *change, name)
	}
}

// At the top of its ladder an exercise stays; the third step down in four weeks is the therapist's task, said in both
// languages.
func TestWhatIsNotProposed(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	rules := NewRules(library, nil)
	top := bridge(3, 12)
	top.Exercise = "bridge-single-leg"
	e := known()
	e.history.Versions[0].Items[0] = top
	change, task := rules.judge(e, top, "s6")
	require.Nil(t, change)
	require.Nil(t, task)

	e = known()
	e.settled["s4"], e.settled["s5"] = false, false
	e.changes = []Change{made(Regress, Applied, 20), made(Regress, Accepted, 12)}
	change, task = rules.judge(e, bridge(2, 8), "s6")
	require.Nil(t, change)
	require.Equal(t, &alert.Raised{Kind: TaskKind, Subject: "i1", Urgency: alert.Today, RuleVersion: RuleVersion,
		Pair: words.Pair{
			NL: "In 2 van de laatste 3 sessies was de pijn te veel, of zakte zij niet. " +
				"Dit is de derde keer in 4 weken. Bekijk deze oefening; er verandert niets vanzelf.",
			EN: "In 2 of the last 3 sessions pain was too much, or did not settle. " +
				"This is the third time in 4 weeks. Look at this exercise; nothing changes by itself.",
		}}, task)
}

// The latest session in which an exercise was done is what a proposal rests on.
func TestTheLatestSessionOfAnExercise(t *testing.T) {
	t.Parallel()
	e := known()
	last, done := e.lastSession(bridge(2, 8))
	require.True(t, done)
	require.Equal(t, id.Session("s6"), last)
	e.sessions[5].Items[1].Skipped = "time"
	last, done = e.lastSession(bridge(2, 8))
	require.True(t, done)
	require.Equal(t, id.Session("s5"), last)
	other := bridge(2, 8)
	other.ID = "i2"
	_, done = e.lastSession(other)
	require.False(t, done)
}

// What waits to get harder may wait no longer once there was pain above 5 in the last 14 days, until two sessions went
// well; whatever else is said stays.
func TestWhatMayNotWait(t *testing.T) {
	t.Parallel()
	hurt := func(daysAgo int, change func(*session.Session)) func(*evidence) {
		return func(e *evidence) {
			s := did("hurt", daysAgo)
			change(&s)
			e.sessions = append(e.sessions, s)
			slices.SortStableFunc(
				e.sessions, func(a, b session.Session) int { return a.LocalDate.DaysSince(b.LocalDate) },
			)
		}
	}
	during := func(pain int) func(*session.Session) {
		return func(s *session.Session) { s.Items[1].Pain = some(pain) }
	}
	for name, tc := range map[string]struct {
		change func(*evidence)
		want   bool
	}{
		"all well":                         {func(*evidence) {}, false},
		"stopped":                          {func(e *evidence) { e.stopped = true }, true},
		"told":                             {func(e *evidence) { e.painReported = true }, true},
		"alert":                            {func(e *evidence) { e.hurts = true }, true},
		"5 during":                         {hurt(0, during(5)), false},
		"6 during":                         {hurt(0, during(6)), true},
		"6 before":                         {hurt(0, func(s *session.Session) { s.PainBefore = some(6) }), true},
		"6 after":                          {hurt(0, func(s *session.Session) { s.PainAfter = some(6) }), true},
		"6 during, and well since":         {hurt(5, during(6)), false},
		"6 during, 13 days, nothing since": {func(e *evidence) { e.sessions = nil; hurt(13, during(6))(e) }, true},
		"6 during, 14 days, nothing since": {func(e *evidence) { e.sessions = nil; hurt(14, during(6))(e) }, false},
		"6 after without it": {hurt(0, func(s *session.Session) { s.PainAfter, s.Items = some(6), s.Items[:1] }),
			false},
	} {
		e := known()
		tc.change(&e)
		require.Equal(t, tc.want, e.isRuledOut(made(Progress, Open, 3)), name)
		for _, stays := range []Change{made(Regress, Open, 3), made(Progress, Applied, 3), made(Progress, Accepted, 3),
			made(Progress, Superseded, 3)} {
			require.False(t, e.isRuledOut(stays), "%s: %s %s", name, stays.Rule, stays.State)
		}
	}
}

// The same is said once: an open proposal by the same rule about the same exercise and dose.
func TestTheSameIsSaidOnce(t *testing.T) {
	t.Parallel()
	harder := bridge(2, 9)
	other := bridge(2, 8)
	other.Exercise = "bridge-small"
	for name, tc := range map[string]struct {
		earlier Change
		want    bool
	}{
		"the same":         {Change{State: Open, Rule: Progress, Before: bridge(2, 8)}, true},
		"decided":          {Change{State: Refused, Rule: Progress, Before: bridge(2, 8)}, false},
		"another rule":     {Change{State: Open, Rule: Regress, Before: bridge(2, 8)}, false},
		"another dose":     {Change{State: Open, Rule: Progress, Before: harder}, false},
		"another exercise": {Change{State: Open, Rule: Progress, Before: other}, false},
	} {
		change := Change{State: Open, Rule: Progress, Before: bridge(2, 8)}
		require.Equal(t, tc.want, change.isRepeatOf(tc.earlier), name)
	}
}

// A therapist reads why in one sentence; less is asked for sooner than more.
func TestTheAlertAboutAChange(t *testing.T) {
	t.Parallel()
	why := []words.Pair{{NL: "Een.", EN: "One."}, {NL: "Twee.", EN: "Two."}}
	require.Equal(t, alert.Raised{
		Kind:        ChangeKind,
		Subject:     "PROGRESS",
		Urgency:     alert.NextVisit,
		RuleVersion: RuleVersion,
		Pair: words.Pair{
			NL: "Voorstel om zwaarder te gaan: Een. Twee.",
			EN: "Proposal to make it harder: One. Two.",
		},
	}, Change{Rule: Progress, Because: why}.alert())
	require.Equal(t, alert.Raised{
		Kind:        ChangeKind,
		Subject:     "REGRESS",
		Urgency:     alert.Today,
		RuleVersion: RuleVersion,
		Pair: words.Pair{
			NL: "Voorstel om lichter te gaan: Een. Twee.",
			EN: "Proposal to make it lighter: One. Two.",
		},
	}, Change{Rule: Regress, Because: why}.alert())

	version := program.Version{Items: []program.Item{{ID: "i0"}, bridge(2, 8)}}
	require.Equal(t, program.Planned{
		From: day0, Items: []program.Item{{ID: "i0"}, bridge(2, 9)}, Origin: program.ByProgress,
		Reason: words.Pair{NL: "Een. Twee.", EN: "One. Two."},
	}, Change{Because: why}.asVersion(day0, version, bridge(2, 9)))
}
