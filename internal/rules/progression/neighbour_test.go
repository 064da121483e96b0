package progression_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/rules/progression"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// bench is where changes of a town's patients are decided.
type bench struct {
	*testdb.Town
	*progression.Service
	t    *testing.T
	item string // as stored
}

func atBench(t *testing.T, promise func(*testing.T, bench)) {
	t.Helper()
	item := program.Item{ID: "i1", Exercise: "bridge", Dose: exercise.Dose{Sets: 2, Reps: 8},
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 3, TimesPerDay: 1}}
	stored, err := item.Encode()
	require.NoError(t, err)
	library, err := exercise.Load()
	require.NoError(t, err)
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		promise(t, bench{town, progression.NewService(town.Guard, library, nil), t, stored})
	})
}

// waits stores a change that waits for a decision.
func (b bench) waits(patient id.Patient, as id.Progression, made time.Time) {
	b.t.Helper()
	b.Insert("progressions", testdb.Row{
		"patient_id": patient, "id": as, "rule": "PROGRESS", "state": "open", "item_before": b.item,
		"item_after": b.item, "because": "[]",
		"session_id": "s1", "made_at": made,
	})
}

// states shows how the changes of a patient stand, the latest first.
func (b bench) states(patient id.Patient) (all []string) {
	b.t.Helper()
	found, err := b.List(context.Background(), b.AsMember(testdb.Tess), patient)
	require.NoError(b.t, err)
	for _, c := range found.Changes {
		all = append(all, string(c.ID)+" "+string(c.State))
	}
	return all
}

// A change is decided alone: not another of the patient, and not another patient's with the same id.
func TestAChangeIsDecidedAlone(t *testing.T) {
	atBench(t, func(t *testing.T, b bench) {
		for _, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
			for i, as := range []id.Progression{"c1", "c2", "c3"} {
				b.waits(patient, as, b.Clock.Now().Add(time.Duration(i)*time.Minute))
			}
		}
		c, err := b.Decide(
			context.Background(), b.AsMember(testdb.Tess), testdb.Anna, "c2", progression.Refused, "not yet",
		)
		require.NoError(t, err)
		require.Equal(t, id.Progression("c2"), c.ID)
		require.Equal(t, []string{"c3 open", "c2 refused", "c1 open"}, b.states(testdb.Anna))
		require.Equal(t, []string{"c3 open", "c2 open", "c1 open"}, b.states(testdb.Bert))
	})
}

// Whether changes are made without asking is set for one patient.
func TestAutoIsOnePatients(t *testing.T) {
	atBench(t, func(t *testing.T, b bench) {
		ctx, tess := context.Background(), b.AsMember(testdb.Tess)
		require.NoError(t, b.SetAuto(ctx, tess, testdb.Bert, true))
		for _, want := range []bool{false, true} {
			require.NoError(t, b.SetAuto(ctx, tess, testdb.Anna, want))
			auto, err := b.Auto(ctx, tess, testdb.Anna)
			require.NoError(t, err)
			require.Equal(t, want, auto)
		}
	})
}

// stops stores a session of today that was stopped.
func (b bench) stops(patient id.Patient, reason string) {
	b.t.Helper()
	b.Insert("sessions", testdb.Row{
		"patient_id": patient, "id": "s1", "performed_at": b.Clock.Now(), "local_date": "2026-03-02", "items": "[]",
		"program_version_id": testdb.V1, "status": "stopped", "stopped_reason": reason, "received_at": b.Clock.Now(),
	})
}

func (b bench) looks(patient id.Patient) {
	b.t.Helper()
	library, err := exercise.Load()
	require.NoError(b.t, err)
	b.Write(func(tx *database.Tx) error { return progression.NewRules(library, nil).Look(tx, string(patient)) })
}

// Pain takes back what waits to get harder, however long, of that patient; no other reason to stop does.
func TestPainTakesBackWhatWaits(t *testing.T) {
	atBench(t, func(t *testing.T, b bench) {
		now := b.Clock.Now()
		since := now.AddDate(0, 0, -28)
		for _, patient := range []id.Patient{testdb.Bert, testdb.Anna} {
			b.waits(patient, "c1", since.Add(-time.Millisecond))
			b.waits(patient, "c2", since)
			b.waits(patient, "c3", now)
		}
		b.stops(testdb.Bert, "time")
		b.looks(testdb.Bert)
		b.stops(testdb.Anna, "pain")
		b.looks(testdb.Anna)
		require.Equal(t, []string{"c3 superseded", "c2 superseded", "c1 superseded"}, b.states(testdb.Anna))
		require.Equal(t, []string{"c3 open", "c2 open", "c1 open"}, b.states(testdb.Bert))
	})
}

// A look follows a new session and an answer of the next morning.
func TestWhatALookFollows(t *testing.T) {
	atBench(t, func(t *testing.T, b bench) {
		for patient, c := range map[id.Patient]session.Change{
			testdb.Anna: {Logged: &session.Session{}}, testdb.Bert: {Settled: &session.Session{}},
		} {
			c.Patient = patient
			b.Write(func(tx *database.Tx) error { return progression.Observer{}.SessionChanged(tx, c) })
		}
		b.Read(func(tx *database.Tx) error {
			asked, err := database.Column[id.Patient](
				tx, "SELECT key FROM jobs WHERE kind = ? ORDER BY key", progression.JobKind,
			)
			require.Equal(t, []id.Patient{testdb.Anna, testdb.Bert}, asked)
			return err
		})
	})
}

// The alert about changes of a rule ends with the last of them, and no other alert does.
func TestTheAlertEndsWithTheLastChange(t *testing.T) {
	atBench(t, func(t *testing.T, b bench) {
		for _, as := range []id.Progression{"c1", "c2"} {
			b.waits(testdb.Anna, as, b.Clock.Now())
		}
		b.Insert("progressions", testdb.Row{"patient_id": testdb.Anna, "id": "c3", "rule": "REGRESS", "state": "open",
			"item_before": b.item, "item_after": b.item, "because": "[]", "session_id": "s1", "made_at": b.Clock.Now()})
		for _, subject := range []string{"PROGRESS", "REGRESS"} {
			b.Insert("alerts", testdb.Row{"id": subject, "patient_id": testdb.Anna, "kind": progression.ChangeKind,
				"subject": subject, "urgency": "today", "reasons": "[]"})
		}
		for i, change := range []id.Progression{"c1", "c2"} {
			_, err := b.Decide(
				context.Background(), b.AsMember(testdb.Tess), testdb.Anna, change, progression.Refused, "no",
			)
			require.NoError(t, err)
			b.Read(func(tx *database.Tx) error {
				open, err := database.Column[string](
					tx, "SELECT subject FROM alerts WHERE resolved_at IS NULL ORDER BY subject",
				)
				require.Equal(t, [][]string{{"PROGRESS", "REGRESS"}, {"REGRESS"}}[i], open)
				return err
			})
		}
	})
}
