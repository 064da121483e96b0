package safety_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

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
	*testdb.Town
	*safety.Service
	guard
	t *testing.T
}

func inWard(t *testing.T, promise func(*testing.T, ward)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		g := guard{map[id.Patient]bool{}}
		promise(t, ward{town, safety.NewService(town.Guard, g), g, t})
	})
}

// found stores a report of the gate.
func (w ward) found(patient id.Patient, as id.SafetyReport, level safety.Level, hour int) {
	w.Insert("safety_reports", testdb.Row{
		"patient_id": patient, "id": as, "source": "session", "level": level, "findings": "[]",
		"raised_at": w.Clock.Now().Add(time.Duration(hour) * time.Hour),
	})
}

// decides records a decision, a second after the one before.
func (w ward) decides(patient id.Patient, report id.SafetyReport, as id.SafetyDecision, o safety.Outcome,
	note string) bool {
	w.t.Helper()
	w.Clock.Advance(time.Second)
	_, created, err := w.Decide(context.Background(), w.AsMember(testdb.Tess), patient, report,
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
	reports, err := w.Reports(context.Background(), w.AsMember(testdb.Tess), patient)
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
		w.found(testdb.Anna, "r2", safety.Review, 0)
		w.found(testdb.Anna, "r1", safety.Review, 1)
		w.found(testdb.Bert, "r1", safety.Review, 2)
		require.True(t, w.decides(testdb.Bert, "r1", "d2", safety.Cleared, "about Bert"))
		require.True(t, w.decides(testdb.Anna, "r1", "d3", safety.Referred, "first"))
		require.True(t, w.decides(testdb.Anna, "r1", "d2", safety.Cleared, "last"))
		require.False(t, w.decides(testdb.Anna, "r1", "d2", safety.Cleared, "last"), "a retry")
		require.True(t, w.decides(testdb.Anna, "r2", "d1", safety.Cleared, "about another"))
		require.Equal(
			t, []shown{{"r1", []string{"first", "last"}}, {"r2", []string{"about another"}}}, w.shows(testdb.Anna),
		)
		require.Equal(t, []shown{{"r1", []string{"about Bert"}}}, w.shows(testdb.Bert))
	})
}

// A stop of one patient stops no other, and clearing it lets only that one go on.
func TestAStopIsOnePatients(t *testing.T) {
	inWard(t, func(t *testing.T, w ward) {
		w.found(testdb.Bert, "r1", safety.Refer, 0)
		w.found(testdb.Anna, "r1", safety.Refer, 0)
		w.found(testdb.Anna, "r2", safety.Emergency, 0)
		w.decides(testdb.Anna, "r1", "d1", safety.Cleared, "ok")
		require.Equal(t, map[id.Patient]bool{testdb.Anna: true}, w.stopped, "the other report still stops")
		w.decides(testdb.Anna, "r2", "d2", safety.Cleared, "ok")
		require.Equal(t, map[id.Patient]bool{testdb.Anna: false}, w.stopped)
		w.Read(func(tx *database.Tx) error {
			require.NoError(t, safety.MayPublish(tx, testdb.Anna))
			require.ErrorIs(t, safety.MayPublish(tx, testdb.Bert), safety.ErrStopped)
			return nil
		})
	})
}

// person is a patient as stored.
func (w ward) person(patient id.Patient) (p people.Patient) {
	w.t.Helper()
	w.Read(func(tx *database.Tx) (err error) {
		p, err = people.ByID(tx, patient)
		return err
	})
	return p
}

// told shows the alerts that are open about a patient, in both languages.
func (w ward) told(patient id.Patient) (open []string) {
	w.t.Helper()
	w.Read(func(tx *database.Tx) (err error) {
		open, err = database.Column[string](tx,
			`SELECT kind || ' ' || urgency || ': ' || reason_nl || ' | ' || reason_en FROM alerts
			WHERE patient_id = ? AND resolved_at IS NULL ORDER BY opened_at`, patient)
		return err
	})
	return open
}

// What the gate finds is stored as it was, told to the therapist, and stops the program when it is a stop; what is
// harmless leaves no
// trace, and nobody else is touched.
func TestWhatTheGateDoesWithAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		signs   []safety.Sign
		level   safety.Level
		rules   []string
		told    []string
		stopped bool
	}{
		"harmless": {nil, safety.OK, nil, nil, false},
		"a review": {[]safety.Sign{safety.Pregnancy}, safety.Review, []string{"V-6"},
			[]string{"safety next_visit: Bekijk de antwoorden: " +
				"zwanger, of in de laatste 3 maanden bevallen. | Look at the answers: pregnant, or gave birth in the " +
				"last 3 months."}, false},
		"a referral": {[]safety.Sign{safety.Infection, safety.NewNumbness}, safety.Refer, []string{"R-2", "R-6"},
			[]string{"safety today: Verwijzing overwegen: aanwijzing voor een infectie; nieuw doof gevoel in een arm " +
				"of been. | " +
				"Consider referral: signs of infection; new numbness in an arm or leg."}, true},
		"an emergency": {[]safety.Sign{safety.ChestPain}, safety.Emergency, []string{"E-7"},
			[]string{"safety now: Spoed: " +
				"pijn op de borst of ernstige benauwdheid. | Emergency: chest pain or severe breathlessness."}, true},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			inWard(t, func(t *testing.T, w ward) {
				var v safety.Verdict
				anna := w.person(testdb.Anna)
				w.Write(func(tx *database.Tx) (err error) {
					v, err = safety.NewGate(w.guard, nil).Admit(tx, anna, safety.FromSession, "s1", safety.Answers{
						Yes:    tc.signs,
						AgeMin: 50,
					})
					return err
				})
				require.Equal(t, tc.level, v.Level)
				require.Equal(t, tc.told, w.told(testdb.Anna))
				require.Equal(t, tc.stopped, w.stopped[testdb.Anna])
				require.Empty(t, w.told(testdb.Bert))
				reports, err := w.Reports(context.Background(), w.AsMember(testdb.Tess), testdb.Anna)
				require.NoError(t, err)
				if tc.level == safety.OK {
					require.Empty(t, reports)
					return
				}
				require.Equal(t, []safety.Report{{ID: reports[0].ID, Patient: testdb.Anna, Source: safety.FromSession,
					SourceID: "s1",
					Verdict:  v, RuleVersion: safety.RuleVersion, RaisedAt: w.Clock.Now()}}, reports)
				var rules []string
				for _, f := range reports[0].Findings {
					rules = append(rules, f.Rule)
				}
				require.Equal(t, tc.rules, rules)
			})
		})
	}
}

// The gravest of what blocks is named, of two alike the latest; a review keeps a program back until it is cleared.
func TestWhatKeepsAProgramBack(t *testing.T) {
	inWard(t, func(t *testing.T, w ward) {
		asks := func(block id.SafetyReport, want error) {
			t.Helper()
			w.Read(func(tx *database.Tx) error {
				found, blocked, err := safety.BlockOf(tx, testdb.Anna)
				require.Equal(t, block, found.ID)
				require.Equal(t, block != "", blocked)
				require.ErrorIs(t, safety.MayPublish(tx, testdb.Anna), want)
				return err
			})
		}
		w.found(testdb.Bert, "r1", safety.Emergency, 0)
		asks("", nil)
		w.found(testdb.Anna, "v1", safety.Review, 0)
		w.found(testdb.Anna, "v2", safety.Review, 1)
		asks("", safety.ErrUndecided)
		w.decides(testdb.Anna, "v1", "d1", safety.Cleared, "ok")
		asks("", safety.ErrUndecided)
		w.decides(testdb.Anna, "v2", "d2", safety.Referred, "asks a doctor")
		asks("", safety.ErrUndecided)
		w.decides(testdb.Anna, "v2", "d3", safety.Cleared, "ok")
		asks("", nil)
		w.found(testdb.Anna, "r1", safety.Refer, 2)
		asks("r1", safety.ErrStopped)
		w.found(testdb.Anna, "r2", safety.Refer, 3)
		asks("r2", safety.ErrStopped)
		w.found(testdb.Anna, "r0", safety.Emergency, 1)
		asks("r0", safety.ErrStopped)
	})
}

// A decision has a reason, is about a report that is there, by somebody who treats the patient, and ends the alert
// about that report.
func TestADecision(t *testing.T) {
	inWard(t, func(t *testing.T, w ward) {
		ctx, tess := context.Background(), w.AsMember(testdb.Tess)
		for _, r := range []id.SafetyReport{"r1", "r2"} {
			w.found(testdb.Anna, r, safety.Refer, 0)
			w.Insert("alerts", testdb.Row{"id": r, "patient_id": testdb.Anna, "kind": safety.AlertKind, "subject": r,
				"urgency": "today",
				"reasons": "[]", "reason_nl": r, "reason_en": r})
		}
		decide := func(v access.Viewer, r id.SafetyReport, d safety.Decision) (safety.Report, error) {
			report, _, err := w.Decide(ctx, v, testdb.Anna, r, d)
			return report, err
		}
		d := safety.Decision{ID: "d1", Outcome: safety.Cleared, Note: "seen"}
		_, err := decide(w.AsMember(testdb.Elsa), "r1", d)
		require.EqualError(t, err, access.ErrNotFound.Error())
		_, err = w.Reports(ctx, w.AsMember(testdb.Elsa), testdb.Anna)
		require.EqualError(t, err, access.ErrNotFound.Error())
		_, err = decide(tess, "r9", d)
		require.ErrorIs(t, err, safety.ErrNoReport)
		_, err = decide(tess, "r1", safety.Decision{ID: "d1", Outcome: safety.Cleared, Note: " "})
		require.True(t, fault.Is(err, fault.Invalid), err)

		report, err := decide(tess, "r1", d)
		require.NoError(t, err)
		require.Equal(t, id.SafetyReport("r1"), report.ID)
		d.DecidedBy, d.DecidedAt = testdb.Tess, w.Clock.Now()
		require.Equal(t, []safety.Decision{d}, report.Decisions)
		require.Equal(t, []string{"safety today: r2 | r2"}, w.told(testdb.Anna))
		for _, other := range []safety.Decision{{ID: "d1", Outcome: safety.Referred, Note: "seen"},
			{ID: "d1", Outcome: safety.Cleared, Note: "x"}} {
			_, err = decide(tess, "r1", other)
			require.ErrorIs(t, err, database.ErrIDReused)
		}
		_, err = decide(tess, "r2", safety.Decision{ID: "d1", Outcome: safety.Cleared, Note: "seen"})
		require.ErrorIs(t, err, database.ErrIDReused)
	})
}
