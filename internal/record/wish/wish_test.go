package wish_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/program"
	"cadans/internal/record/wish"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/attention"
	"cadans/internal/run/testdb"
)

// wishes are what patients of a town ask for.
type wishes struct {
	*testdb.Town
	*wish.Service
	t *testing.T
}

func withWishes(t *testing.T, promise func(*testing.T, wishes)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		promise(t, wishes{town, wish.NewService(town.Guard, adherence.Ledger{}), t})
	})
}

// asks stores a wish, a second after the one before.
func (w wishes) asks(patient id.Patient, as id.ChangeRequest, reason wish.Reason) bool {
	w.t.Helper()
	w.Clock.Advance(time.Second)
	_, created, err := w.Ask(
		context.Background(), w.AsPatient(patient), wish.Wish{ID: as, Reason: reason},
	)
	require.NoError(w.t, err)
	return created
}

// shows shows a patient's wishes, the latest first.
func (w wishes) shows(patient id.Patient) (all []string) {
	w.t.Helper()
	found, err := w.List(context.Background(), w.AsMember(testdb.Tess), patient)
	require.NoError(w.t, err)
	for _, r := range found {
		all = append(all, fmt.Sprint(r.ID, " ", r.Reason, " ", r.Open, r.Outcome))
	}
	return all
}

func (w wishes) publishes(patient id.Patient, as id.ProgramVersion, number int, origin program.Origin) {
	w.Insert("program_versions", testdb.Row{
		"patient_id": patient, "id": as, "number": number, "effective_from": "2026-03-02", "items": "[]",
		"published_by": testdb.Tess,
		"published_at": w.Clock.Now(), "origin": origin,
	})
}

// A wish is closed alone: not another of the patient, and not another patient's with the same id.
func TestAWishIsClosedAlone(t *testing.T) {
	withWishes(t, func(t *testing.T, w wishes) {
		require.True(t, w.asks(testdb.Bert, "w2", "too_easy"))
		require.True(t, w.asks(testdb.Anna, "w3", "hurts"))
		require.True(t, w.asks(testdb.Anna, "w2", "too_hard"))
		require.True(t, w.asks(testdb.Anna, "w1", "no_space"))
		require.False(t, w.asks(testdb.Anna, "w2", "too_hard"), "a retry")
		closed, err := w.Close(context.Background(), w.AsMember(testdb.Tess), testdb.Anna, "w2", "kept")
		require.NoError(t, err)
		require.Equal(t, id.ChangeRequest("w2"), closed.ID)
		require.Equal(t, []string{"w1 no_space true", "w2 too_hard falsekept", "w3 hurts true"}, w.shows(testdb.Anna))
		require.Equal(t, []string{"w2 too_easy true"}, w.shows(testdb.Bert))
	})
}

// A therapist who changes the program after a wish has answered it; a change at the same moment or before, by a
// rule, or of another patient's program has not.
func TestWhatAnswersAWish(t *testing.T) {
	withWishes(t, func(t *testing.T, w wishes) {
		w.publishes(testdb.Anna, "before", 2, program.Published)
		w.asks(testdb.Anna, "w1", "too_hard")
		w.publishes(testdb.Anna, "at once", 3, program.Published)
		w.Clock.Advance(time.Second)
		w.publishes(testdb.Bert, "of Bert", 2, program.Published)
		w.publishes(testdb.Anna, "by a rule", 4, program.ByProgress)
		open := func(want int) {
			w.Read(func(tx *database.Tx) error {
				n, err := wish.CountOpen(tx, testdb.Anna)
				require.Equal(t, want, n)
				return err
			})
		}
		open(1)
		w.asks(testdb.Anna, "w2", "hurts")
		_, err := w.Close(context.Background(), w.AsMember(testdb.Tess), testdb.Anna, "w2", "kept")
		require.NoError(t, err)
		open(1)
		w.publishes(testdb.Anna, "after", 5, program.ByAdjustment)
		open(0)
	})
}

// A hundred wishes are enough for a list.
func TestAListOfWishesEnds(t *testing.T) {
	withWishes(t, func(t *testing.T, w wishes) {
		var rows []testdb.Row
		for i := range 101 {
			rows = append(rows, testdb.Row{
				"patient_id":  testdb.Anna,
				"id":          fmt.Sprint(i),
				"local_date":  "2026-03-02",
				"reason":      "hurts",
				"received_at": i,
			})
		}
		w.Insert("change_requests", rows...)
		shown := w.shows(testdb.Anna)
		require.Len(t, shown, 100)
		require.Equal(t, "100 hurts true", shown[0])
	})
}

// The therapist is told of the oldest wish that is open, until it is closed.
func TestTheOldestWishIsTold(t *testing.T) {
	withWishes(t, func(t *testing.T, w wishes) {
		w.Insert("devices", testdb.Row{"id": "d1", "patient_id": testdb.Anna, "last_seen_at": w.Clock.Now(),
			"time_zone": ""})
		asked, err := program.Item{ID: "i1", Exercise: "bridge", Schedule: program.Schedule{Kind: program.WeeklyQuota,
			Quota: 1, TimesPerDay: 1}}.Encode()
		require.NoError(t, err)
		w.Insert("program_versions", testdb.Row{
			"id": "v2", "patient_id": testdb.Anna, "number": 2, "effective_from": "2026-03-02", "items": asked,
			"published_by": testdb.Tess})
		w.asks(testdb.Anna, "w3", "too_hard")
		w.asks(testdb.Anna, "w2", "hurts")
		w.asks(testdb.Anna, "w1", "no_space")
		for _, want := range []struct {
			reason string
			closes id.ChangeRequest
		}{{"too hard", "w3"}, {"it hurts", "w2"}, {"no space", "w1"}} {
			require.NoError(t, adherence.NewKeeper(w.DB, attention.Watcher{}).Sweep(context.Background()))
			w.Read(func(tx *database.Tx) error {
				open, err := alert.OpenOf(tx, []id.Patient{testdb.Anna})
				require.Len(t, open[testdb.Anna], 1)
				require.Contains(t, open[testdb.Anna][0].EN, want.reason)
				return err
			})
			_, err := w.Close(context.Background(), w.AsMember(testdb.Tess), testdb.Anna, want.closes, "kept")
			require.NoError(t, err)
		}
	})
}
