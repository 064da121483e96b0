package barrier_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// names reports a barrier on a day so many days ago; each report comes a second after the one before.
func (d diary) names(patient id.Patient, as id.Barrier, daysAgo int, b barrier.Barrier) bool {
	d.t.Helper()
	d.Clock.Advance(time.Second)
	_, created, err := d.Report(context.Background(), d.AsPatient(patient), barrier.Report{
		ID: as, LocalDate: d.daysAgo(daysAgo), Barrier: b,
	})
	require.NoError(d.t, err)
	return created
}

func (d diary) daysAgo(n int) localtime.Date { return localtime.DateOf(d.Clock.Now()).AddDays(-n) }

// told hears of reports.
type told struct{ patients []id.Patient }

// BarrierReported implements barrier.Observer.
func (l *told) BarrierReported(_ *database.Tx, patient id.Patient) error {
	l.patients = append(l.patients, patient)
	return nil
}

// diary is what patients of a town name as what was in the way.
type diary struct {
	*testdb.Town
	*barrier.Service
	t    *testing.T
	told *told
}

func inDiary(t *testing.T, promise func(*testing.T, diary)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		heard := &told{}
		promise(t, diary{town, barrier.NewService(town.Guard, heard), t, heard})
	})
}

// A barrier that is sent again is stored and told once, whatever else the patient, or another with the same id, has
// reported.
func TestABarrierSentAgain(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		require.True(t, d.names(testdb.Anna, "b1", 0, "time"))
		require.True(t, d.names(testdb.Bert, "b2", 0, "ill"))
		require.True(t, d.names(testdb.Anna, "b2", 0, "pain"))
		require.False(t, d.names(testdb.Anna, "b2", 0, "pain"))
		require.Equal(t, []id.Patient{testdb.Anna, testdb.Bert, testdb.Anna}, d.told.patients)
	})
}

// A patient's barriers are read since a day: by day, then as they came in, the latest first.
func TestBarriersSince(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		d.names(testdb.Anna, "b3", 0, "time")
		d.names(testdb.Anna, "b2", 0, "pain")
		d.names(testdb.Anna, "b4", 2, "ill")
		d.names(testdb.Anna, "b5", 3, "forgot")
		d.names(testdb.Bert, "b6", 0, "boredom")
		d.Read(func(tx *database.Tx) error {
			found, err := barrier.Since(tx, testdb.Anna, d.daysAgo(2))
			require.Equal(t, []barrier.Barrier{"pain", "time", "ill"}, barriers(found))
			return err
		})
	})
}

// So many barriers are enough for a conversation.
func TestOnlyTheLatestBarriersAreRead(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		for i := range 21 {
			d.names(testdb.Anna, id.Barrier(fmt.Sprint("b", i)), i, "time")
		}
		d.Read(func(tx *database.Tx) error {
			found, err := barrier.Since(tx, testdb.Anna, d.daysAgo(30))
			require.Len(t, found, 20)
			require.Equal(t, d.daysAgo(19), found[19].LocalDate)
			return err
		})
	})
}

func barriers(reports []barrier.Report) (all []barrier.Barrier) {
	for _, r := range reports {
		all = append(all, r.Barrier)
	}
	return all
}

// Of each patient the barrier of the latest day counts, and there the one named last.
func TestTheBarrierNamedLast(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		d.names(testdb.Anna, "b3", 0, "time")
		d.names(testdb.Anna, "b2", 0, "pain")
		d.names(testdb.Anna, "b1", 1, "ill")
		d.names(testdb.Bert, "b1", 2, "holiday")
		d.names(testdb.Carla, "b1", 0, "boredom")
		d.Read(func(tx *database.Tx) error {
			latest, err := barrier.Latest(tx, []id.Patient{testdb.Anna, testdb.Bert}, d.daysAgo(1))
			require.Equal(t, map[id.Patient]barrier.Barrier{testdb.Anna: "pain"}, latest)
			return err
		})
	})
}

// A practice counts its own patients, each once for a barrier, on the days asked for.
func TestBarriersOfAPractice(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		d.names(testdb.Anna, "b1", 4, "ill") // a day too early
		d.names(testdb.Anna, "b2", 3, "time")
		d.names(testdb.Anna, "b3", 3, "time")
		d.names(testdb.Bert, "b1", 1, "time")
		d.names(testdb.Bert, "b2", 1, "pain")
		d.names(testdb.Bert, "b3", 0, "forgot") // a day too late
		d.names(testdb.Carla, "b1", 2, "boredom")
		d.names(testdb.Carla, "b2", 2, "time")
		d.Read(func(tx *database.Tx) error {
			counts, err := barrier.CountsOf(tx, testdb.North, d.daysAgo(3), d.daysAgo(1))
			require.Equal(t, map[barrier.Barrier]int{"time": 2, "pain": 1}, counts)
			return err
		})
	})
}

// Each barrier has its words for a therapist in both languages; one that is not known is something else.
func TestBarriersInWords(t *testing.T) {
	t.Parallel()
	for b, want := range map[barrier.Barrier][2]string{
		"time": {"geen tijd", "no time"}, "motivation": {"geen zin",
			"did not feel like it"}, "confidence": {"twijfel of het goed gaat", "unsure of doing it right"},
		"forgot": {"vergeten", "forgot"}, "pain": {"pijn", "pain"}, "fatigue": {"te moe",
			"too tired"}, "boredom": {"verveling", "boredom"},
		"no_space": {"geen ruimte of spullen", "no space or equipment"}, "ill": {"ziek", "ill"}, "holiday": {"vakantie",
			"holiday"},
		"felt_better": {"het ging beter", "felt better"}, "unsure_useful": {"twijfel of het helpt",
			"unsure whether it helps"},
		"other": {"iets anders", "something else"},
	} {
		require.Equal(t, want, [2]string{b.In(people.Dutch), b.In(people.English)}, b)
	}
}

// A barrier is about tomorrow at the latest, as the patient may be a zone ahead. One that came late is kept.
func TestTheDayOfABarrier(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		for daysAgo, want := range map[int][]string{-2: {"/local_date in-the-future"}, -1: nil, 0: nil, 31: nil,
			3000: nil} {
			_, created, err := d.Report(context.Background(), d.AsPatient(testdb.Anna), barrier.Report{
				ID: id.Barrier(id.New()), LocalDate: d.daysAgo(daysAgo), Barrier: "time"})
			require.Equal(t, want, wrongIn(err), "%d days ago", daysAgo)
			require.Equal(t, want == nil, created)
		}
	})
}

// wrongIn shows what an error says is wrong, as "pointer code".
func wrongIn(err error) (all []string) {
	var f *fault.Fault
	if errors.As(err, &f) {
		for _, v := range f.Violations {
			all = append(all, v.Pointer+" "+v.Code)
		}
	}
	return all
}
