package progression_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/rules/progression"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// standings are how a patient's exercises stand, in words.
func (l lab) standings(patient id.Patient) (all []string) {
	l.t.Helper()
	found, err := l.List(context.Background(), l.AsMember(testdb.Tess), patient)
	require.NoError(l.t, err)
	for _, s := range found.Standings {
		said := s.Item.Exercise + " " + string(s.Rule)
		for _, b := range s.Because {
			said += ": " + b.EN
		}
		all = append(all, said+s.LeftOut.EN)
	}
	return all
}

// A therapist reads of each exercise of the program how it stands, by the rule that decides and without anything being
// stored; of this patient only.
func TestATherapistReadsWhatIsHeld(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		goesWell := "bridge PROGRESS: 6 sessions in 14 days, pain acceptable and settled, effort 4 of 10."
		other := bridge(2, 8)
		other.ID, other.Exercise = "i2", "bridge-small"
		few := "bridge-small HOLD: Fewer than 3 sessions at this step in 14 days."
		l.stands(testdb.Anna, "v3", 3, localtime.MustParseDate("2026-01-03"), bridge(2, 8), other)
		l.sets("UPDATE sessions SET program_version_id = 'v3' WHERE patient_id = ?", testdb.Anna)
		require.Equal(t, []string{goesWell, few}, l.standings(testdb.Anna))
		require.Empty(t, l.states(testdb.Anna))
		l.looks(testdb.Anna)
		require.Equal(t, []string{goesWell, few}, l.standings(testdb.Anna), "it waits")

		l.sets("UPDATE sessions SET items = '[{\"item_id\":\"i1\",\"sets\":2,\"pain\":2}]' WHERE patient_id = ?",
			testdb.Anna)
		require.Equal(t, []string{"bridge HOLD: Effort is not known for every session. Ask about it." +
			"The question about effort was left out in the last 3 sessions. Ask about it.", few},
			l.standings(testdb.Anna))
		require.Equal(t, []string{goesWell}, l.standings(testdb.Bert))
	})
}

// While less than usual is asked rules hold everything, and say so. Before a program nothing stands anywhere.
func TestWhatIsHeldInALighterProgram(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		l.stands(testdb.Anna, "v3", 3, day, bridge(1, 8))
		l.sets("UPDATE program_versions SET origin = '"+string(program.ByLighter)+
			"' WHERE id = 'v3' AND patient_id = ?", testdb.Anna)
		require.Equal(t, []string{"bridge HOLD: The program is lighter for a while. " +
			"Rules change nothing until the usual one is back."}, l.standings(testdb.Anna))
		l.sets("UPDATE program_versions SET effective_from = '2027-01-01' WHERE patient_id = ?", testdb.Bert)
		require.Empty(t, l.standings(testdb.Bert))
	})
}

// Who leaves a question out is asked for it: from three sessions on, of an exercise that is asked for.
func TestWhoLeavesAQuestionOut(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		leavesOut := func(items ...program.Item) (is bool) {
			l.Read(func(tx *database.Tx) (err error) {
				is, err = progression.LeavesOut(tx, testdb.Anna, items, day)
				return err
			})
			return is
		}
		silent := func(session string) {
			l.sets("UPDATE sessions SET items = '[{\"item_id\":\"i1\",\"sets\":2,\"pain\":2}]' WHERE id = '"+session+
				"' AND patient_id = ?", testdb.Anna)
		}
		other := bridge(2, 8)
		other.ID = "i2"
		for _, session := range []string{"s6", "s5"} {
			silent(session)
			require.False(t, leavesOut(other, bridge(2, 8)))
		}
		silent("s4")
		require.True(t, leavesOut(other, bridge(2, 8)))
		require.False(t, leavesOut(other))
	})
}
