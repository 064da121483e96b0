package testkit

import (
	"os"
	"path/filepath"
	"testing"

	"cadans/internal/kernel/database"
)

// EachDatabase keeps a promise on a blank SQLite file and on a blank PostgreSQL database, side by side. Where
// PostgreSQL is missing only its half is skipped.
func EachDatabase(t *testing.T, promise func(*testing.T, database.Options)) {
	t.Helper()
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		promise(t, database.Options{Path: SQLite(t, filepath.Join(t.TempDir(), "with ? and # in it.db"))})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		promise(t, database.Options{URL: Postgres(t)})
	})
}

// OnEach keeps a promise about a system on each database; the promise hands the option to Start.
func OnEach(t *testing.T, promise func(t *testing.T, on Option)) {
	t.Helper()
	EachDatabase(t, func(t *testing.T, o database.Options) { promise(t, on(o)) })
}

func on(d database.Options) Option {
	return func(o *options) { o.databasePath, o.databaseURL = d.Path, d.URL }
}

// Missing ends a test that needs a tool which is not installed: it is skipped on a developer's machine and fails in CI.
func Missing(t testing.TB, tool string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing; make deps installs it", tool)
	}
	t.Skipf("%s is not installed; make deps installs it", tool)
}
