package safety_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/internal/safety"
	"cadans/internal/testkit"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testkit.Suite{M: m}.Run()) }

// guard notes whose program stands still.
type guard struct{ stopped map[id.Patient]bool }

// Stop implements safety.Guard.
func (g guard) Stop(_ *database.Tx, patient id.Patient, _ localtime.Date) error {
	g.stopped[patient] = true
	return nil
}

// Reopen implements safety.Guard.
func (g guard) Reopen(_ *database.Tx, patient id.Patient, _ localtime.Date) error {
	g.stopped[patient] = false
	return nil
}

// ward is where the gate's reports are decided.
type ward struct {
	*testkit.Town
	*safety.Service
	guard
	t *testing.T
}

func inWard(t *testing.T, promise func(*testing.T, ward)) {
	t.Helper()
	testkit.InTown(t, func(t *testing.T, town *testkit.Town) {
		g := guard{map[id.Patient]bool{}}
		promise(t, ward{town, safety.NewService(town.DB, town.Policy, g), g, t})
	})
}

// found stores a report of the gate.
func (w ward) found(patient id.Patient, as id.SafetyReport, level safety.Level, hour int) {
	w.Insert("safety_reports", testkit.Row{
		"patient_id": patient, "id": as, "source": "session", "level": level, "findings": "[]",
		"raised_at": w.Clock.Now().Add(time.Duration(hour) * time.Hour),
	})
}

// decides records a decision, a second after the one before.
func (w ward) decides(patient id.Patient, report id.SafetyReport, as id.SafetyDecision, o safety.Outcome,
	note string) bool {
	w.t.Helper()
	w.Clock.Advance(time.Second)
	_, created, err := w.Decide(context.Background(), w.AsMember(testkit.Tess), patient, report,
		safety.Decision{ID: as, Outcome: o, Note: note})
	require.NoError(w.t, err)
	return created
}

// shown is a report with the notes of its decisions.
type shown struct {
	report id.SafetyReport
	notes  []string
}

func (w ward) shows(patient id.Patient) (all []shown) {
	w.t.Helper()
	reports, err := w.Reports(context.Background(), w.AsMember(testkit.Tess), patient)
	require.NoError(w.t, err)
	for _, r := range reports {
		s := shown{report: r.ID}
		for _, d := range r.Decisions {
			s.notes = append(s.notes, d.Note)
		}
		all = append(all, s)
	}
	return all
}

// Reports are listed with their own decisions, the latest report first and the last decision last: that one holds.
func TestReportsWithTheirDecisions(t *testing.T) {
	inWard(t, func(t *testing.T, w ward) {
		w.found(testkit.Anna, "r2", safety.Review, 0)
		w.found(testkit.Anna, "r1", safety.Review, 1)
		w.found(testkit.Bert, "r1", safety.Review, 2)
		require.True(t, w.decides(testkit.Bert, "r1", "d2", safety.Cleared, "about Bert"))
		require.True(t, w.decides(testkit.Anna, "r1", "d3", safety.Referred, "first"))
		require.True(t, w.decides(testkit.Anna, "r1", "d2", safety.Cleared, "last"))
		require.False(t, w.decides(testkit.Anna, "r1", "d2", safety.Cleared, "last"), "a retry")
		require.True(t, w.decides(testkit.Anna, "r2", "d1", safety.Cleared, "about another"))
		require.Equal(t, []shown{{"r1", []string{"first", "last"}}, {"r2", []string{"about another"}}}, w.shows(testkit.Anna))
		require.Equal(t, []shown{{"r1", []string{"about Bert"}}}, w.shows(testkit.Bert))
	})
}

// A stop of one patient stops no other, and clearing it lets only that one go on.
func TestAStopIsOnePatients(t *testing.T) {
	inWard(t, func(t *testing.T, w ward) {
		w.found(testkit.Bert, "r1", safety.Refer, 0)
		w.found(testkit.Anna, "r1", safety.Refer, 0)
		w.found(testkit.Anna, "r2", safety.Emergency, 0)
		w.decides(testkit.Anna, "r1", "d1", safety.Cleared, "ok")
		require.Equal(t, map[id.Patient]bool{testkit.Anna: true}, w.stopped, "the other report still stops")
		w.decides(testkit.Anna, "r2", "d2", safety.Cleared, "ok")
		require.Equal(t, map[id.Patient]bool{testkit.Anna: false}, w.stopped)
		w.Read(func(tx *database.Tx) error {
			require.NoError(t, safety.MayPublish(tx, testkit.Anna))
			require.ErrorIs(t, safety.MayPublish(tx, testkit.Bert), safety.ErrStopped)
			return nil
		})
	})
}
