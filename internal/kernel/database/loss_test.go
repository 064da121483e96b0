package database_test

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/run/testdb"
)

// wired opens an empty PostgreSQL database through a wire that can be cut.
func wired(t *testing.T) (*database.DB, *testdb.Wire) {
	t.Helper()
	wire := testdb.NewWire(t, testdb.Postgres(t))
	db, err := database.Open(context.Background(), database.Options{URL: wire.URL, Clock: clock.System{}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db, wire
}

// fillPool leaves as many connections idle as there may be.
func fillPool(t *testing.T, db *database.DB) {
	t.Helper()
	var wait sync.WaitGroup
	begun := make(chan struct{}, 100)
	together := make(chan struct{})
	for range database.DefaultConnections {
		wait.Go(func() {
			require.NoError(
				t,
				db.Read(context.Background(), func(*database.Tx) error { begun <- struct{}{}; <-together; return nil }),
			)
		})
	}
	for range database.DefaultConnections {
		<-begun
	}
	close(together)
	wait.Wait()
}

// After a server has restarted every idle connection is dead. Nobody notices.
func TestDeadConnectionsFailNobody(t *testing.T) {
	t.Parallel()
	db, wire := wired(t)
	for range 3 {
		fillPool(t, db)
		wire.CutAll()
		for range 30 {
			require.NoError(
				t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, rowID()) }),
			)
			require.NoError(t, db.Read(
				context.Background(), func(tx *database.Tx) error { var n int; return tx.Value(&n, "SELECT 1") },
			))
		}
	}
}

var ids atomic.Int64

// rowID is one that nobody has yet.
func rowID() string { return "row-" + strconv.FormatInt(ids.Add(1), 10) }

// Whose commit was cut off is told what is known: nothing was stored, or perhaps it was.
func TestACommitThatIsCutOff(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cut    testdb.Cut
		stored int
	}{
		"before the server heard of it": {testdb.BeforeCommit, 0},
		"after it":                      {testdb.AfterCommit, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, wire := wired(t)
			wire.BreaksOnce(tc.cut)
			runs := 0
			err := db.Write(context.Background(), func(tx *database.Tx) error { runs++; return insert(tx, "x") })
			require.ErrorIs(t, err, database.ErrPerhapsStored)
			require.NotErrorIs(t, err, database.ErrUnavailable)
			require.Equal(t, 1, runs, "what may be stored is not written again unasked")
			require.Equal(t, tc.stored, count(t, db))
		})
	}
}

// A server that says nothing keeps nobody longer than they have.
func TestASilentServer(t *testing.T) {
	t.Parallel()
	db, wire := wired(t)
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "before") }))
	wire.Breaks(testdb.Silence)
	for _, ask := range []func(context.Context, func(*database.Tx) error) error{db.Write, db.Read} {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		began := time.Now()
		err := ask(ctx, func(tx *database.Tx) error { var n int; return tx.Value(&n, "SELECT 1") })
		require.ErrorIs(t, err, database.ErrUnavailable)
		require.Less(t, time.Since(began), 20*time.Second, "of the 30 that a transaction without a limit has")
		cancel()
	}
	wire.Breaks(testdb.Nowhere)
	wire.CutAll()
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "after") }))
}

// While connections are killed again and again, everything is stored once that was acknowledged or sent again.
func TestKilledConnections(t *testing.T) {
	t.Parallel()
	db, wire := wired(t)
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for i := range 40 {
				name := rowID()
				write := func(tx *database.Tx) error { return insertOnce(tx, name) }
				err := db.Write(context.Background(), write)
				for errors.Is(err, database.ErrUnavailable) || errors.Is(err, database.ErrPerhapsStored) {
					err = db.Write(context.Background(), write)
				}
				if err != nil {
					t.Errorf("a loss that is neither: %v", err)
				}
				if i%5 == 0 {
					wire.CutAll()
				}
			}
		})
	}
	writers.Wait()
	require.Equal(t, 8*40, count(t, db))
}

func insertOnce(tx *database.Tx, id string) error {
	_, err := tx.Exec(
		"INSERT INTO practices (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING", id, "P",
		database.At(tx.Now()),
	)
	return err
}

func nothing(*sql.Rows) error { return nil }

// A standby that became primary, and one that is not yet: what takes no writes is
// left alone, and found again once it does.
func TestAServerThatTakesNoWrites(t *testing.T) {
	t.Parallel()
	url := testdb.Postgres(t)
	db, err := database.Open(context.Background(), database.Options{URL: url, Clock: clock.System{}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	testdb.ExecPostgres(t, url, "ALTER DATABASE "+testdb.DatabaseOf(url)+" SET default_transaction_read_only = on")
	testdb.ExecPostgres(t, url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "+
		"WHERE datname = current_database() AND pid <> pg_backend_pid()")
	err = db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "x") })
	require.ErrorIs(t, err, database.ErrUnavailable)
	require.NoError(
		t, db.Read(context.Background(), func(tx *database.Tx) error { var n int; return tx.Value(&n, "SELECT 1") }),
	)
	testdb.ExecPostgres(
		t, url+"&default_transaction_read_only=off",
		"ALTER DATABASE "+testdb.DatabaseOf(url)+" RESET default_transaction_read_only",
	)
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "x") }))
	require.Equal(t, 1, count(t, db))
}

// A replica of the next version changes a table under a statement that is prepared. Nobody notices.
func TestAStatementOfBeforeAMigration(t *testing.T) {
	t.Parallel()
	url := testdb.Postgres(t)
	db, err := database.Open(context.Background(), database.Options{URL: url, Clock: clock.System{}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	all := func(tx *database.Tx) error { return tx.Rows("SELECT * FROM heartbeat", nil, nothing) }
	require.NoError(t, db.Read(context.Background(), all))
	require.NoError(t, db.Write(context.Background(), all))
	testdb.ExecPostgres(t, url, "ALTER TABLE heartbeat ADD COLUMN note text")
	require.NoError(t, db.Read(context.Background(), all))
	require.NoError(t, db.Write(context.Background(), all))
}
