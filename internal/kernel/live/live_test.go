package live_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

func onBoth(t *testing.T, promise func(*testing.T, *database.DB, *live.Hub)) {
	t.Helper()
	testdb.EachDatabase(t, func(t *testing.T, options database.Options) {
		options.Clock = clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		db, err := database.Open(context.Background(), options)
		require.NoError(t, err)
		hub := live.NewHub(db)
		t.Cleanup(func() { hub.Close(); require.NoError(t, db.Close()) })
		ready(t, db, hub)
		promise(t, db, hub)
	})
}

// ready waits until the hub hears: on PostgreSQL its connection takes a moment.
func ready(t *testing.T, db *database.DB, hub *live.Hub) {
	t.Helper()
	l, err := hub.Listen("ready", map[id.Patient]bool{"ready": true}, "")
	require.NoError(t, err)
	defer l.Close()
	for {
		announce(t, db, "ready", nil)
		select {
		case e := <-l.Events:
			if e.Type == live.Session {
				return
			}
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func announce(t *testing.T, db *database.DB, patient id.Patient, failure error) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *database.Tx) error {
		live.Announce(tx, live.Session, patient)
		return failure
	})
	require.ErrorIs(t, err, failure)
}

func next(t *testing.T, l *live.Listener) live.Event {
	t.Helper()
	select {
	case e := <-l.Events:
		return e
	case <-time.After(time.Minute): // the machine may be busy
		require.Fail(t, "nothing was heard")
		return live.Event{}
	}
}

// What was rolled back is not heard, nor what is about somebody else; the order is that of the commits.
func TestOnlyWhatIsStoredIsHeard(t *testing.T) {
	onBoth(t, func(t *testing.T, db *database.DB, hub *live.Hub) {
		l, err := hub.Listen("t", map[id.Patient]bool{"anna": true, "bert": true}, "")
		require.NoError(t, err)
		announce(t, db, "anna", os.ErrInvalid)
		announce(t, db, "somebody", nil)
		announce(t, db, "bert", nil)
		announce(t, db, "anna", nil)
		require.Equal(t, id.Patient("bert"), next(t, l).Patient)
		require.Equal(t, id.Patient("anna"), next(t, l).Patient)
		require.Empty(t, l.Events)
	})
}

// Whoever is too slow is told to read again, once, and then hears on.
func TestASlowListenerIsReset(t *testing.T) {
	onBoth(t, func(t *testing.T, db *database.DB, hub *live.Hub) {
		slow, err := hub.Listen("t", map[id.Patient]bool{"anna": true, "last": true}, "")
		require.NoError(t, err)
		watch, err := hub.Listen("w", map[id.Patient]bool{"last": true}, "")
		require.NoError(t, err)
		for range 300 {
			announce(t, db, "anna", nil)
		}
		announce(t, db, "last", nil)
		require.Equal(t, id.Patient("last"), next(t, watch).Patient)
		first := next(t, slow)
		require.Equal(t, live.Reset, first.Type)
		resets, last := 1, live.Event{}
		for len(slow.Events) > 0 {
			if last = <-slow.Events; last.Type == live.Reset {
				resets++
			}
		}
		require.Equal(t, 1, resets)
		require.Equal(t, id.Patient("last"), last.Patient)
	})
}

// A listener who comes back gets what it missed, as far as that is remembered; else it is told.
func TestResume(t *testing.T) {
	onBoth(t, func(t *testing.T, db *database.DB, hub *live.Hub) {
		sees := map[id.Patient]bool{}
		for i := range 10 {
			sees[id.Patient("p"+strconv.Itoa(i))] = true
		}
		l, err := hub.Listen("t", sees, "")
		require.NoError(t, err)
		announce(t, db, "p0", nil)
		seen := next(t, l).ID
		l.Close()
		for i := 1; i < 10; i++ {
			announce(t, db, id.Patient("p"+strconv.Itoa(i)), nil)
		}
		watch, err := hub.Listen("w", sees, seen)
		require.NoError(t, err)
		for i := 1; i < 10; i++ {
			require.Equal(t, id.Patient("p"+strconv.Itoa(i)), next(t, watch).Patient)
		}
		lost, err := hub.Listen("x", sees, "never")
		require.NoError(t, err)
		require.Equal(t, live.Reset, next(t, lost).Type)
	})
}

// A closed hub ends every listener and takes no more.
func TestAClosedHub(t *testing.T) {
	t.Parallel()
	db, err := database.Open(
		context.Background(), database.Options{Path: filepath.Join(t.TempDir(), "x.db"), Clock: clock.System{}},
	)
	require.NoError(t, err)
	hub := live.NewHub(db)
	l, err := hub.Listen("t", nil, "")
	require.NoError(t, err)
	hub.Close()
	hub.Close()
	_, open := <-l.Events
	require.False(t, open)
	_, err = hub.Listen("t", nil, "")
	require.ErrorIs(t, err, live.ErrTooMany)
	l.Close()
	require.NoError(t, db.Close())
}

// A replica may have died between a commit and its announcement, so one that starts asks everybody to read again.
func TestAReplicaThatStartsAsksToReadAgain(t *testing.T) {
	t.Parallel()
	options := database.Options{
		URL:   testdb.Postgres(t),
		Clock: clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)),
	}
	db, err := database.Open(context.Background(), options)
	require.NoError(t, err)
	hub := live.NewHub(db)
	t.Cleanup(func() { hub.Close(); require.NoError(t, db.Close()) })
	ready(t, db, hub)
	l, err := hub.Listen("t", map[id.Patient]bool{}, "")
	require.NoError(t, err)

	another, err := database.Open(context.Background(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, another.Close()) })
	require.Equal(t, live.Reset, next(t, l).Type)
}
