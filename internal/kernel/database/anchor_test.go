package database_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
)

const acknowledged = 60

// crashed returns what kill -9 leaves on the disk after as many acknowledged writes: the file, its log and its anchor.
func crashed(t *testing.T) map[string][]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	db := openSQLite(t, path)
	for i := range acknowledged {
		require.NoError(
			t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, fmt.Sprint(i)) }),
		)
	}
	files := map[string][]byte{}
	for _, suffix := range []string{"", "-wal", ".anchor"} {
		content, err := os.ReadFile(path + suffix)
		require.NoError(t, err)
		files[suffix] = content
	}
	return files
}

// reopen opens what is left of a crash after damage, and counts its rows.
func reopen(t *testing.T, files map[string][]byte, damage func(map[string][]byte)) (int, error) {
	t.Helper()
	path := laid(t, files, damage)
	db, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.NewManual(now)})
	if err != nil {
		return 0, err
	}
	defer func() { require.NoError(t, db.Close()) }()
	return count(t, db), nil
}

// laid writes what is left of a crash after damage, and returns where.
func laid(t *testing.T, files map[string][]byte, damage func(map[string][]byte)) string {
	t.Helper()
	left := map[string][]byte{}
	for suffix, content := range files {
		left[suffix] = append([]byte(nil), content...)
	}
	damage(left)
	path := filepath.Join(t.TempDir(), "x.db")
	for suffix, content := range left {
		require.NoError(t, os.WriteFile(path+suffix, content, 0o600))
	}
	return path
}

func TestACrashLosesNothing(t *testing.T) {
	t.Parallel()
	rows, err := reopen(t, crashed(t), func(map[string][]byte) {})
	require.NoError(t, err)
	require.Equal(t, acknowledged, rows)
}

// A wrong byte in the log makes SQLite forget what follows without a word. Either that byte did not matter, or the
// database is not served.
func TestADamagedLogIsNoticed(t *testing.T) {
	t.Parallel()
	files := crashed(t)
	random := rand.New(rand.NewPCG(1, 2))
	noticed := 0
	for range 100 {
		at := random.IntN(len(files["-wal"]))
		rows, err := reopen(t, files, func(left map[string][]byte) { left["-wal"][at] ^= 0x40 })
		if err == nil {
			require.Equal(t, acknowledged, rows, "byte %d of the log: rows are missing and nobody noticed", at)
			continue
		}
		require.ErrorIs(t, err, database.ErrBehindAnchor, "byte %d of the log", at)
		noticed++
	}
	require.Greater(t, noticed, 50)
}

func TestAShorterLogIsNoticed(t *testing.T) {
	t.Parallel()
	files := crashed(t)
	for _, keep := range []float64{0, 0.1, 0.5, 0.9} {
		_, err := reopen(t, files, func(left map[string][]byte) {
			left["-wal"] = left["-wal"][:int(keep*float64(len(left["-wal"])))]
		})
		require.ErrorIs(t, err, database.ErrBehindAnchor, "%v of the log", keep)
	}
}

// A copy of the file alone looks sound and is empty.
func TestACopyWithoutItsLogIsNoticed(t *testing.T) {
	t.Parallel()
	_, err := reopen(t, crashed(t), func(left map[string][]byte) { delete(left, "-wal") })
	require.ErrorIs(t, err, database.ErrBehindAnchor)
}

func TestAnotherDatabaseInItsPlaceIsNoticed(t *testing.T) {
	t.Parallel()
	other := crashed(t)
	_, err := reopen(t, crashed(t), func(left map[string][]byte) { left[""], left["-wal"] = other[""], other["-wal"] })
	require.ErrorIs(t, err, database.ErrBehindAnchor)
}

// Without its anchor nobody can say whether commits are missing, so the database is not served.
func TestWithoutItsAnchorADatabaseIsNotServed(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(map[string][]byte){
		"missing": func(left map[string][]byte) { delete(left, ".anchor") },
		"empty":   func(left map[string][]byte) { left[".anchor"] = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := reopen(t, crashed(t), damage)
			require.ErrorIs(t, err, database.ErrNoAnchor)
		})
	}
}

// An anchor that was cut off would count too little, wherever it was cut.
func TestACutAnchorIsNotRead(t *testing.T) {
	t.Parallel()
	files := crashed(t)
	for keep := range len(files[".anchor"]) {
		_, err := reopen(t, files, func(left map[string][]byte) { left[".anchor"] = left[".anchor"][:keep] })
		require.Error(t, err, "%d bytes of the anchor", keep)
	}
}

// The anchor of an older version is read.
func TestAnOlderAnchorIsRead(t *testing.T) {
	t.Parallel()
	rows, err := reopen(t, crashed(t), func(left map[string][]byte) {
		left[".anchor"] = append(left[".anchor"][:bytes.LastIndexByte(left[".anchor"], ' ')], '\n')
	})
	require.NoError(t, err)
	require.Equal(t, acknowledged, rows)
}

// An operator accepts an older backup, once; from then on it is counted again. A damaged file is not accepted.
func TestAnOperatorAcceptsAnOlderDatabase(t *testing.T) {
	t.Parallel()
	path := laid(t, crashed(t), func(left map[string][]byte) { left["-wal"] = left["-wal"][:len(left["-wal"])/2] })
	open := func(accept bool) (*database.DB, error) {
		return database.Open(
			context.Background(), database.Options{Path: path, AcceptAnchor: accept, Clock: clock.NewManual(now)},
		)
	}
	_, err := open(false)
	require.ErrorIs(t, err, database.ErrBehindAnchor)
	db, err := open(true)
	require.NoError(t, err)
	require.Less(t, count(t, db), acknowledged)
	require.NoError(t, db.Close())
	db, err = open(false)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// Nobody but its owner may read the database, or what lies beside it, whatever the umask; older files are mended.
func TestFilesAreClosedToOthers(t *testing.T) {
	t.Parallel()
	path := laid(t, crashed(t), func(map[string][]byte) {})
	for _, suffix := range []string{"", "-wal", ".anchor"} {
		require.NoError(t, os.Chmod(path+suffix, 0o644))
	}
	for _, path := range []string{path, filepath.Join(t.TempDir(), "new.db")} {
		db := openSQLite(t, path)
		require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "new") }))
		for _, suffix := range []string{"", "-wal", "-shm", ".lock", ".anchor"} {
			info, err := os.Stat(path + suffix)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "%q", suffix)
		}
	}
}

// What a commit had witnessed is known when the database is opened again.
func TestWhatWasWitnessedIsKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	digest := strings.Repeat("ab", 32)
	db, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.NewManual(now)})
	require.NoError(t, err)
	require.Empty(t, db.Witnessed())
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error {
		return errors.Join(insert(tx, "1"), tx.Witness(func() (string, error) { return digest, nil }))
	}))
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "2") }))
	require.NoError(t, db.Close())
	require.Equal(t, digest, openSQLite(t, path).Witnessed())
}

func TestAnUnreadableAnchorIsNotIgnored(t *testing.T) {
	t.Parallel()
	_, err := reopen(t, crashed(t), func(left map[string][]byte) { left[".anchor"] = []byte("gibberish") })
	require.ErrorContains(t, err, "anchor")
	require.False(t, strings.Contains(err.Error(), "gibberish"))
}

// The anchor may be behind: after a power cut the disk may not have its last lines.
func TestAnAnchorMayBeBehind(t *testing.T) {
	t.Parallel()
	older := crashed(t)
	rows, err := reopen(t, older, func(left map[string][]byte) {
		var lineage string
		var n int64
		_, scanErr := fmt.Sscanf(string(left[".anchor"]), "%s %d", &lineage, &n)
		require.NoError(t, scanErr)
		left[".anchor"] = fmt.Appendf(nil, "%s %020d\n", lineage, n-10)
	})
	require.NoError(t, err)
	require.Equal(t, acknowledged, rows)
}

// Every start with the permission begins an epoch, whatever the anchor says: a
// backup may have been restored with its own.
func TestEachPermissionBeginsAnEpoch(t *testing.T) {
	t.Parallel()
	path := laid(t, crashed(t), func(left map[string][]byte) { left["-wal"] = left["-wal"][:len(left["-wal"])-1] })
	ids := map[string]bool{}
	for range 3 {
		db, err := database.Open(
			context.Background(), database.Options{Path: path, AcceptAnchor: true, Clock: clock.NewManual(now)},
		)
		require.NoError(t, err)
		require.Equal(t, database.Accepted, db.Epoch().Reason)
		ids[db.Epoch().ID] = true
		require.NoError(t, db.Close())
	}
	require.Len(t, ids, 3)
}

// Whoever is interrupted after a permission was used, and before an epoch began, has to be permitted again.
func TestAPermissionThatWasInterrupted(t *testing.T) {
	t.Parallel()
	path := laid(t, crashed(t), func(left map[string][]byte) { left["-wal"] = left["-wal"][:len(left["-wal"])-1] })
	pool, err := sql.Open("sqlite3", path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	_, err = pool.Exec("CREATE TRIGGER full BEFORE INSERT ON epochs BEGIN SELECT RAISE(FAIL, 'disk full'); END")
	require.NoError(t, err)
	_, err = database.Open(
		context.Background(), database.Options{Path: path, AcceptAnchor: true, Clock: clock.NewManual(now)},
	)
	require.ErrorContains(t, err, "disk full")
	_, err = pool.Exec("DROP TRIGGER full")
	require.NoError(t, err)
	_, err = database.Open(context.Background(), database.Options{Path: path, Clock: clock.NewManual(now)})
	require.Error(t, err, "the anchor still refuses it")
}
