package progression_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/rules/attention"
	"cadans/internal/rules/progression"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// unheard is who depends on a program in these tests: nobody.
type unheard struct{}

// ExpectationChanged implements program.Observer.
func (unheard) ExpectationChanged(*database.Tx, id.Patient, localtime.Date, localtime.Date) error {
	return nil
}

// lab is where the rules look at patients who have done their exercises well for a fortnight.
type lab struct {
	bench
	rules    *progression.Rules
	programs *program.Service
}

var day = localtime.MustParseDate("2026-03-02") // on which a town begins

func inLab(t *testing.T, promise func(*testing.T, lab)) {
	t.Helper()
	library, err := exercise.Load()
	require.NoError(t, err)
	atBench(t, func(t *testing.T, b bench) {
		programs := program.NewService(b.Guard, library, unheard{})
		b.Service = progression.NewService(b.Guard, library, programs)
		l := lab{b, progression.NewRules(library, programs), programs}
		l.item = l.stored(bridge(2, 8))
		for _, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
			l.Insert("program_versions", testdb.Row{"id": "v2", "patient_id": patient, "number": 2,
				"effective_from": "2026-01-02",
				"items":          l.item, "published_by": testdb.Tess, "origin": program.Published})
			for i, daysAgo := range []int{13, 11, 9, 6, 4, 1} {
				l.does(patient, id.Session(fmt.Sprintf("s%d", i+1)), daysAgo, 2)
			}
		}
		promise(t, l)
	})
}

func bridge(sets, reps int) program.Item {
	return program.Item{ID: "i1", Exercise: "bridge", Module: exercise.Strength, Dose: exercise.Dose{Sets: sets,
		Reps: reps}, SecondsPerSet: 40,
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 3, TimesPerDay: 1}}
}

func (l lab) stored(item program.Item) string {
	l.t.Helper()
	stored, err := item.Encode()
	require.NoError(l.t, err)
	return stored
}

// does stores a session of so many days ago with the bridge in it, after which pain settled.
func (l lab) does(patient id.Patient, as id.Session, daysAgo, pain int) {
	l.t.Helper()
	at := l.Clock.Now().AddDate(0, 0, -daysAgo)
	l.Insert("sessions", testdb.Row{
		"patient_id": patient, "id": as, "performed_at": at, "received_at": at, "local_date": localtime.DateOf(at),
		"status": "completed",
		"items": fmt.Sprintf(
			`[{"item_id":"i1","sets":2,"pain":%d,"difficulty":4,"could_do_more":true}]`, pain,
		),
		"program_version_id": "v2", "pain_before": 2, "pain_after": 2,
	})
	l.Insert("session_aftermath", testdb.Row{"patient_id": patient, "session_id": as, "settled": true})
}

// looks lets the rules look at a patient, and tells whether there was anything to do.
func (l lab) looks(patient id.Patient) (idle bool) {
	l.t.Helper()
	l.Write(func(tx *database.Tx) (err error) {
		if idle, err = l.rules.Idle(tx, string(patient)); err != nil {
			return err
		}
		return l.rules.Look(tx, string(patient))
	})
	return idle
}

// change is a patient's latest change.
func (l lab) change(patient id.Patient) progression.Change {
	l.t.Helper()
	found, err := l.List(context.Background(), l.AsMember(testdb.Tess), patient)
	require.NoError(l.t, err)
	require.NotEmpty(l.t, found.Changes)
	return found.Changes[0]
}

// now is what a patient's program asks.
func (l lab) now(patient id.Patient) program.Version {
	l.t.Helper()
	var version program.Version
	l.Read(func(tx *database.Tx) error {
		h, err := program.HistoryOf(tx, patient)
		if err != nil {
			return err
		}
		version, err = h.Current(day)
		return err
	})
	return version
}

// stands stores a version of a patient's program.
func (l lab) stands(
	patient id.Patient, as id.ProgramVersion, number int, from localtime.Date, items ...program.Item,
) {
	l.t.Helper()
	var stored []string
	for _, item := range items {
		stored = append(stored, strings.Trim(l.stored(item), "[]"))
	}
	l.Insert("program_versions", testdb.Row{"patient_id": patient, "id": as, "number": number, "effective_from": from,
		"items": "[" + strings.Join(stored, ",") + "]", "published_by": testdb.Tess, "origin": program.Published})
}

// alerts shows what is open about a patient.
func (l lab) alerts(patient id.Patient) (open []string) {
	l.t.Helper()
	l.Read(func(tx *database.Tx) (err error) {
		open, err = database.Column[string](tx, `SELECT kind || ' ' || subject || ' ' || urgency FROM alerts
			WHERE patient_id = ? AND resolved_at IS NULL ORDER BY kind, subject`, patient)
		return err
	})
	return open
}

// hurts stores an open alert about pain.
func (l lab) hurts(patient id.Patient, rule alert.Rule) {
	l.t.Helper()
	reasons, err := json.Marshal([]map[string]any{{"rule": rule, "urgency": "today", "nl": "Pijn.", "en": "Pain.",
		"since": 1}})
	require.NoError(l.t, err)
	l.Insert("alerts", testdb.Row{"id": "hurts " + string(patient), "patient_id": patient, "kind": "attention",
		"urgency": "today",
		"reasons": string(reasons)})
}

// After a good fortnight one step is proposed, once, with its reason; a therapist hears of it and a neighbour is left
// alone.
func TestAStepIsProposedOnce(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		require.False(t, l.looks(testdb.Anna))
		c := l.change(testdb.Anna)
		require.Equal(t, progression.Change{ID: c.ID, Patient: testdb.Anna, Rule: progression.Progress,
			State:  progression.Open,
			Before: bridge(2, 8), After: bridge(2, 9), Session: "s6", MadeAt: l.Clock.Now(),
			Because: why("6 sessies in 14 dagen, pijn acceptabel en gezakt, inspanning 4 van 10.",
				"6 sessions in 14 days, pain acceptable and settled, effort 4 of 10.")}, c)
		require.Equal(t, []string{"progression PROGRESS next_visit"}, l.alerts(testdb.Anna))
		require.Equal(t, bridge(2, 8), l.now(testdb.Anna).Items[0], "it waits")

		require.True(t, l.looks(testdb.Anna), "it is said already")
		require.Len(t, l.states(testdb.Anna), 1)
		require.Empty(t, l.states(testdb.Bert))
		require.Empty(t, l.alerts(testdb.Bert))
	})
}

// Where a therapist has allowed it a step is taken at once; the patient takes it back, once, and is left in peace for
// a while.
func TestAStepThatIsAllowedIsTaken(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		ctx, anna := context.Background(), l.AsPatient(testdb.Anna)
		require.NoError(t, l.SetAuto(ctx, l.AsMember(testdb.Tess), testdb.Anna, true))
		require.False(t, l.looks(testdb.Anna))
		taken := l.now(testdb.Anna)
		require.Equal(t, []program.Item{bridge(2, 9)}, taken.Items)
		require.Equal(t, program.ByProgress, taken.Origin)
		require.Equal(t, "6 sessions in 14 days, pain acceptable and settled, effort 4 of 10.", taken.Reason.EN)
		require.Equal(t, day, taken.EffectiveFrom)
		require.Empty(t, l.alerts(testdb.Anna))
		require.True(t, l.looks(testdb.Anna), "it has just changed")

		c := l.change(testdb.Anna)
		require.Equal(t, progression.Applied, c.State)
		_, err := l.Decide(ctx, l.AsMember(testdb.Tess), testdb.Anna, c.ID, progression.Accepted, "")
		require.ErrorIs(t, err, progression.ErrDecided)
		for range 2 {
			undone, err := l.Undo(ctx, anna, c.ID)
			require.NoError(t, err)
			require.Equal(t, progression.Undone, undone.State)
			require.Equal(t, l.Clock.Now(), *undone.DecidedAt)
			require.Equal(t, []program.Item{bridge(2, 8)}, l.now(testdb.Anna).Items)
		}
		require.Equal(t, 4, l.now(testdb.Anna).Number, "it is taken back once")
		require.True(t, l.looks(testdb.Anna))
		require.Equal(t, bridge(2, 8), l.now(testdb.Bert).Items[0])
	})
}

// A step that is allowed waits all the same where a therapist has planned another program.
func TestAStepWaitsForAPlannedProgram(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		require.NoError(t, l.SetAuto(context.Background(), l.AsMember(testdb.Tess), testdb.Anna, true))
		l.Insert("program_versions", testdb.Row{"id": "v3", "patient_id": testdb.Anna, "number": 3,
			"effective_from": day.AddDays(7),
			"items":          l.stored(bridge(2, 8)), "published_by": testdb.Tess, "origin": program.Published})
		require.False(t, l.looks(testdb.Anna))
		require.Equal(t, progression.Open, l.change(testdb.Anna).State)
		require.Equal(t, []string{"progression PROGRESS next_visit"}, l.alerts(testdb.Anna))
		require.Equal(t, id.ProgramVersion("v2"), l.now(testdb.Anna).ID)
	})
}

// Too much pain asks for less today, and overtakes what was proposed before.
func TestPainAsksForLess(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		require.False(t, l.looks(testdb.Anna))
		l.does(testdb.Anna, "s7", 0, 6)
		require.False(t, l.looks(testdb.Anna))
		require.Equal(t, progression.Superseded, l.change(testdb.Anna).State)
		require.Empty(t, l.alerts(testdb.Anna), "the alert about what was proposed ends with it")

		l.Clock.Advance(time.Hour)
		l.does(testdb.Anna, "s8", 0, 6)
		require.False(t, l.looks(testdb.Anna))
		c := l.change(testdb.Anna)
		require.Equal(t, progression.Regress, c.Rule)
		require.Equal(t, bridge(2, 5), c.After)
		require.Equal(t, []string{"progression REGRESS today"}, l.alerts(testdb.Anna))
	})
}

// An open proposal about an earlier dose is overtaken by the next one.
func TestAProposalIsOvertaken(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		l.item = l.stored(bridge(2, 7))
		l.waits(testdb.Anna, "c1", l.Clock.Now().Add(-time.Hour))
		l.waits(testdb.Bert, "c1", l.Clock.Now().Add(-time.Hour))
		require.False(t, l.looks(testdb.Anna))
		c := l.change(testdb.Anna)
		require.Equal(t, []string{string(c.ID) + " open", "c1 superseded"}, l.states(testdb.Anna))
		require.Equal(t, []string{"c1 open"}, l.states(testdb.Bert))
	})
}

// The third step down in four weeks changes nothing by itself: a therapist has to look today.
func TestTheThirdStepDownIsATask(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		for i, as := range []id.Progression{"c1", "c2"} {
			l.Insert("progressions", testdb.Row{
				"patient_id": testdb.Anna, "id": as, "rule": "REGRESS", "state": "applied",
				"item_before": l.item,
				"item_after":  l.item, "because": "[]", "session_id": "s1",
				"made_at": l.Clock.Now().AddDate(0, 0, -20+i),
			})
		}
		l.does(testdb.Anna, "s7", 0, 6)
		l.does(testdb.Anna, "s8", 0, 6)
		require.False(t, l.looks(testdb.Anna))
		require.Equal(t, []string{"third_regression i1 today"}, l.alerts(testdb.Anna))
		require.Len(t, l.states(testdb.Anna), 2)
	})
}

// Nobody looks where there is nothing to look at: no program yet, one that was made lighter for a while, or nothing
// done.
func TestWhereNobodyLooks(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		for _, nothing := range [][2]string{
			{"UPDATE program_versions SET effective_from = '2026-03-03' WHERE patient_id = ?",
				"UPDATE program_versions SET effective_from = '2026-01-02' WHERE patient_id = ?"},
			{"UPDATE program_versions SET origin = 'flare' WHERE patient_id = ?",
				"UPDATE program_versions SET origin = 'published' WHERE patient_id = ?"},
			{"UPDATE sessions SET deleted_at = 1 WHERE patient_id = ?",
				"UPDATE sessions SET deleted_at = NULL WHERE patient_id = ?"},
		} {
			l.sets(nothing[0], testdb.Anna)
			require.True(t, l.looks(testdb.Anna), nothing[0])
			require.Empty(t, l.states(testdb.Anna), nothing[0])
			l.sets(nothing[1], testdb.Anna)
		}
		require.False(t, l.looks(testdb.Anna))
		require.Len(t, l.states(testdb.Anna), 1)
	})
}

// sets changes what is stored of a patient.
func (l lab) sets(statement string, patient id.Patient) {
	l.t.Helper()
	l.Write(func(tx *database.Tx) error {
		_, err := tx.Exec(statement, patient)
		return err
	})
}

// Each kind of pain that is told keeps a good fortnight from getting harder; pain that ended, or is another matter,
// does not.
func TestWhichPainIsTooMuch(t *testing.T) {
	told := func(pain, daysAgo int) func(lab) {
		return func(l lab) {
			l.Insert("check_ins", testdb.Row{
				"patient_id": testdb.Anna,
				"id":         "k1",
				"local_date": day.AddDays(-daysAgo),
				"nprs_avg24": pain,
			})
		}
	}
	stopped := func(reason, status string, daysAgo int) func(lab) {
		return func(l lab) {
			at := l.Clock.Now().AddDate(0, 0, -daysAgo)
			l.Insert("sessions", testdb.Row{"patient_id": testdb.Anna, "id": "s9", "performed_at": at,
				"local_date": localtime.DateOf(at),
				"items":      "[]", "program_version_id": "v2", "status": status, "stopped_reason": reason,
				"received_at": at})
		}
	}
	cases := map[string]struct {
		change  func(lab)
		tooMuch bool
	}{
		"told 6":                      {told(6, 13), true},
		"told 5":                      {told(5, 0), false},
		"told 6 a fortnight ago":      {told(6, 14), false},
		"stopped by pain":             {stopped("pain", "stopped", 13), true},
		"stopped a fortnight ago":     {stopped("pain", "stopped", 14), false},
		"stopped for want of time":    {stopped("time", "stopped", 0), false},
		"pain, yet not stopped":       {stopped("pain", "partial", 0), false},
		"an alert that pain rises":    {func(l lab) { l.hurts(testdb.Anna, attention.PainRise) }, true},
		"an alert about pain after":   {func(l lab) { l.hurts(testdb.Anna, attention.PainAfter) }, true},
		"an alert that it stopped":    {func(l lab) { l.hurts(testdb.Anna, attention.StoppedPain) }, true},
		"an alert about another":      {func(l lab) { l.hurts(testdb.Bert, attention.PainRise) }, false},
		"an alert about other things": {func(l lab) { l.hurts(testdb.Anna, "never_started") }, false},
	}
	inLab(t, func(t *testing.T, l lab) {
		for name, tc := range cases {
			tc.change(l)
			l.Read(func(tx *database.Tx) error {
				idle, err := l.rules.Idle(tx, string(testdb.Anna))
				require.Equal(t, tc.tooMuch, idle, name)
				return err
			})
			for _, forget := range []string{"DELETE FROM alerts WHERE patient_id <> ?",
				"DELETE FROM alerts WHERE patient_id = ?",
				"DELETE FROM check_ins WHERE patient_id = ?",
				"DELETE FROM sessions WHERE id = 's9' AND patient_id = ?"} {
				l.sets(forget, testdb.Anna)
			}
		}
	})
}

// A correction of a day and a check-in are looked at as well.
func TestWhatElseALookFollows(t *testing.T) {
	atBench(t, func(t *testing.T, b bench) {
		b.Write(func(tx *database.Tx) error { return progression.Observer{}.CheckedIn(tx, testdb.Bert, day) })
		b.Write(func(tx *database.Tx) error {
			return progression.Observer{}.SessionChanged(
				tx, session.Change{Patient: testdb.Anna, Days: []localtime.Date{day}},
			)
		})
		b.Read(func(tx *database.Tx) error {
			asked, err := database.Column[id.Patient](tx, "SELECT key FROM jobs WHERE kind = ? ORDER BY key",
				progression.JobKind)
			require.Equal(t, []id.Patient{testdb.Anna, testdb.Bert}, asked)
			return err
		})
	})
}
