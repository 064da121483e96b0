package progression_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/rules/progression"
	"cadans/internal/run/testdb"
)

// atTheTop is the most of an exercise, before the harder one follows.
func atTheTop(t *testing.T, library *exercise.Library, slug string) program.Item {
	t.Helper()
	e, err := library.Find(slug)
	require.NoError(t, err)
	item := program.NewItem{ID: "i1", Exercise: slug, Dose: e.Default, Schedule: bridge(1, 1).Schedule}.In(library)
	for up, is := item.Harder(library); is && up.Exercise == slug; up, is = item.Harder(library) {
		item = up
	}
	return item
}

// Nobody goes to an exercise that a caution keeps from them: the dose is held, with the caution as the reason. Others
// go there.
func TestACautionHoldsAStep(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	for _, tc := range []struct {
		slug     string
		cautious intake.Cautious
		says     string
	}{
		{"bird-dog-leg", intake.Cautious{}, ""},
		{"bird-dog-leg", intake.Cautious{LowerLimb: true}, ""},
		{"bird-dog-leg", intake.Cautious{Unsteady: true}, "A fall or a walking aid: no exercise that asks for " +
			"balance, or that bends to the floor from standing."},
		{"walk-easy", intake.Cautious{LowerLimb: true}, "Complaints of hip, knee or foot: no brisk walk and no squat " +
			"with a weight."},
		{"pelvic-tilt-lying", intake.Cautious{Signs: []safety.Sign{safety.Osteoporosis}}, "Osteoporosis or a broken " +
			"vertebra: no exercise that bends the back far, or loads it while bent."},
	} {
		item, f := atTheTop(t, library, tc.slug), fine()
		f.Module, f.Cautious = item.Module, tc.cautious
		v, after, taken := progression.Judge(library, f, item)
		if tc.says == "" {
			require.Equal(t, progression.Progress, v.Rule, tc.slug)
			require.NotEqual(t, tc.slug, after.Exercise)
			continue
		}
		require.Equal(t, progression.Hold, v.Rule, tc.slug)
		require.False(t, taken, tc.slug)
		require.Equal(t, item, after, tc.slug)
		require.Len(t, v.Because, 2)
		require.Equal(t, "The harder exercise does not suit what the latest intake says.", v.Because[0].EN)
		require.Equal(t, tc.says, v.Because[1].EN)
		within := item.Scaled(50)
		_, _, taken = progression.Judge(library, f, within)
		require.True(t, taken, "more of the same exercise")
	}
}

// told stores an intake of today.
func (l lab) told(patient id.Patient, number int, answers string) {
	l.t.Helper()
	l.Insert("intakes", testdb.Row{"patient_id": patient, "id": answers, "number": number, "answers": answers,
		"submitted_on": day})
}

// A step to another exercise is taken back when a later intake tells of a fall, and not proposed again.
func TestAFallTakesAStepBack(t *testing.T) {
	inLab(t, func(t *testing.T, l lab) {
		library, err := exercise.Load()
		require.NoError(t, err)
		for _, patient := range []id.Patient{testdb.Anna, testdb.Bert} {
			l.Write(func(tx *database.Tx) error {
				_, err := tx.Exec("UPDATE program_versions SET items = ? WHERE patient_id = ? AND id = 'v2'",
					l.stored(atTheTop(t, library, "bird-dog-leg")), patient)
				return err
			})
			l.told(patient, 1, `{"fear":2,"weeks":14,"recovered":false,"radiating":"none","falls12m":0}`)
			require.False(t, l.looks(patient))
			require.Equal(t, "bird-dog", l.change(patient).After.Exercise)
		}
		l.told(testdb.Anna, 2, `{"fear":2,"weeks":14,"recovered":false,"radiating":"none","falls12m":1}`)
		require.False(t, l.looks(testdb.Anna))
		require.Equal(t, progression.Superseded, l.change(testdb.Anna).State)
		require.Empty(t, l.alerts(testdb.Anna))
		require.True(t, l.looks(testdb.Anna))
		require.Len(t, l.states(testdb.Anna), 1)
		require.Equal(t, progression.Open, l.change(testdb.Bert).State)
	})
}
