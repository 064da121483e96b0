package database_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/clock"
	"cadans/internal/database"
)

const acknowledged = 60

// crashed returns what kill -9 leaves on the disk after as many acknowledged writes: the file, its log and its anchor.
func crashed(t *testing.T) map[string][]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	db := openSQLite(t, path)
	for i := range acknowledged {
		require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, fmt.Sprint(i)) }))
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
	left := map[string][]byte{}
	for suffix, content := range files {
		left[suffix] = append([]byte(nil), content...)
	}
	damage(left)
	path := filepath.Join(t.TempDir(), "x.db")
	for suffix, content := range left {
		require.NoError(t, os.WriteFile(path+suffix, content, 0o600))
	}
	db, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.NewManual(now)})
	if err != nil {
		return 0, err
	}
	defer func() { require.NoError(t, db.Close()) }()
	return count(t, db), nil
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

// Deleting the anchor is how an operator accepts an older backup.
func TestWithoutItsAnchorADatabaseIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	rows, err := reopen(t, crashed(t), func(left map[string][]byte) {
		left["-wal"] = left["-wal"][:len(left["-wal"])/2]
		delete(left, ".anchor")
	})
	require.NoError(t, err)
	require.Less(t, rows, acknowledged)
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
