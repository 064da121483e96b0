package database_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
)

// filled is a closed database of several checkpoints.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path)
	fill(t, db, "a", 4000)
	require.NoError(t, db.Close())
	return path
}

// open leaves closing to the test.
func open(t *testing.T, path string) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), database.Options{Path: path, Clock: clock.NewManual(now)})
	require.NoError(t, err)
	return db
}

// fill writes rows of half a page, some in one commit and some one by one.
func fill(t *testing.T, db *database.DB, mark string, rows int) {
	t.Helper()
	for from := 0; from < rows; from += 20 {
		err := db.Write(context.Background(), func(tx *database.Tx) error { return rowsFrom(tx, mark, from, 20) })
		require.NoError(t, err)
	}
}

func rowsFrom(tx *database.Tx, mark string, from, rows int) error {
	for i := from; i < from+rows; i++ {
		_, err := tx.Exec("INSERT INTO practices (id, name, created_at) VALUES (?, ?, 0)",
			fmt.Sprint(mark, i), strings.Repeat("x", 2000))
		if err != nil {
			return err
		}
	}
	return nil
}

func verified(t *testing.T, path string) database.FileReport {
	t.Helper()
	report, err := database.VerifyFile(path)
	require.NoError(t, err)
	return report
}

// After many checkpoints and a close every page is known, and right.
func TestEveryPageIsKnown(t *testing.T) {
	t.Parallel()
	path := filled(t)
	report := verified(t, path)
	require.Empty(t, report.Wrong)
	require.Greater(t, report.Known, 2000)
	require.LessOrEqual(t, report.Unknown, 1, "the first page is made before anybody looks")
	db := open(t, path)
	fill(t, db, "b", 1000)
	require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("DELETE FROM practices WHERE id LIKE 'a%'")
		return err
	}))
	require.NoError(t, db.Close())
	after := verified(t, path)
	require.Empty(t, after.Wrong)
	require.Zero(t, after.Unknown)
	require.GreaterOrEqual(t, after.Known, report.Known)
}

// Whatever bit of the file is wrong: its page is named.
func TestAFlippedBitIsFound(t *testing.T) {
	t.Parallel()
	path := filled(t)
	_, err := database.AdoptFile(path)
	require.NoError(t, err)
	sound, err := os.ReadFile(path)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(5, 14))
	ats := []int{0, 16, 17, 24, 100, len(sound) - 1}
	for range 24 {
		ats = append(ats, random.IntN(len(sound)))
	}
	for _, at := range ats {
		flipped := append([]byte(nil), sound...)
		flipped[at] ^= 1 << random.IntN(8)
		require.NoError(t, os.WriteFile(path, flipped, 0o600))
		require.Equal(t, []uint32{uint32(at/4096) + 1}, verified(t, path).Wrong, "byte %d", at)
	}
	for _, missing := range []int{4096, 2048} {
		require.NoError(t, os.WriteFile(path, sound[:len(sound)-missing], 0o600))
		require.Equal(t, []uint32{uint32(len(sound) / 4096)}, verified(t, path).Wrong, "%d bytes less", missing)
	}
	swapped := slices.Concat(sound[:4096], sound[8192:12288], sound[4096:8192], sound[12288:])
	require.NoError(t, os.WriteFile(path, swapped, 0o600))
	require.Equal(t, []uint32{2, 3}, verified(t, path).Wrong, "a page in the place of another")
}

// Killed at any moment, the file and its checksums agree, before and after it is opened again.
func TestACrashAccusesNobody(t *testing.T) {
	if path := os.Getenv("CADANS_TEST_KILLED"); path != "" {
		db := open(t, path)
		for i := 0; ; i++ {
			fill(t, db, fmt.Sprint(os.Getpid(), "-", i, "-"), 20)
			fmt.Println("stored")
		}
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	known := 0
	for range 20 {
		killed(t, path)
		report := verified(t, path)
		require.Empty(t, report.Wrong)
		known = max(known, report.Known)
	}
	require.Greater(t, known, 500, "there were checkpoints")
	require.NoError(t, open(t, path).Close())
	require.Empty(t, verified(t, path).Wrong)
}

// killed writes in a process of its own, which ends at a random moment after it has stored something.
func killed(t *testing.T, path string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestACrashAccusesNobody$")
	cmd.Env = append(os.Environ(), "CADANS_TEST_KILLED="+path)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for range 1 + rand.IntN(300) {
		require.True(t, lines.Scan(), "the writer ended")
	}
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
}

// A reader that stays holds checkpoints back: what is moved then stays unknown until all has moved.
func TestAReaderHoldsACheckpointBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path)
	fill(t, db, "a", 1000)
	require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
		if _, err := database.Column[string](tx, "SELECT id FROM practices LIMIT 1"); err != nil {
			return err
		}
		fill(t, db, "b", 6000)
		return nil
	}))
	fill(t, db, "c", 1000)
	require.NoError(t, db.Close())
	report := verified(t, path)
	require.Empty(t, report.Wrong)
	require.Greater(t, report.Known, 3000)
	require.LessOrEqual(t, report.Unknown, 1)
}

// A database from before there were checksums is unknown until it is taken as it is; so are pages whose checksums were
// lost.
func TestADatabaseWithoutChecksums(t *testing.T) {
	t.Parallel()
	path := filled(t)
	require.NoError(t, os.Remove(path+".pages"))
	db := open(t, path)
	fill(t, db, "b", 20)
	require.NoError(t, db.Close())
	report := verified(t, path)
	require.Empty(t, report.Wrong)
	require.Greater(t, report.Unknown, 1900)
	adopted, err := database.AdoptFile(path)
	require.NoError(t, err)
	require.Equal(t, report.Unknown, adopted)
	require.Equal(t, database.FileReport{Known: report.Known + report.Unknown}, verified(t, path))
	require.NoError(t, os.WriteFile(path+".pages", []byte("something else"), 0o600))
	_, err = database.VerifyFile(path)
	require.ErrorContains(t, err, "not a file of checksums")
	_, err = database.Open(context.Background(), database.Options{Path: path, Clock: clock.NewManual(now)})
	require.ErrorContains(t, err, "not a file of checksums")
}

// Whoever takes an older backup as it is takes its pages too.
func TestAnAcceptedBackupIsNotAccused(t *testing.T) {
	t.Parallel()
	path := filled(t)
	backup, err := os.ReadFile(path)
	require.NoError(t, err)
	db := open(t, path)
	fill(t, db, "b", 1000)
	require.NoError(t, db.Close())
	require.NoError(t, os.WriteFile(path, backup, 0o600))
	require.NotEmpty(t, verified(t, path).Wrong)
	accepting := database.Options{Path: path, AcceptAnchor: true, Clock: clock.NewManual(now)}
	db, err = database.Open(context.Background(), accepting)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.Empty(t, verified(t, path).Wrong)
}

// A file that was filled without waiting for the disk has its checksums too.
func TestASealedFileIsKnown(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := database.Open(
		context.Background(), database.Options{Path: path, Unsafe: true, Clock: clock.NewManual(now)},
	)
	require.NoError(t, err)
	fill(t, db, "a", 4000)
	require.NoError(t, db.Seal(context.Background()))
	require.NoError(t, db.Close())
	report := verified(t, path)
	require.Empty(t, report.Wrong)
	require.Greater(t, report.Known, 1900)
}
