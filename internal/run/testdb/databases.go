// Package testdb gives tests real databases: migrated SQLite files and PostgreSQL databases, databases with two
// practices in them (towns), PostgreSQL servers that can be killed and promoted, and connections to them that can be
// cut. It imports from the wings kernel and record only.
package testdb

import (
	"os"
	"path/filepath"
	"testing"

	"cadans/internal/kernel/database"
)

// EachDatabase runs a test on a blank SQLite file and on a blank PostgreSQL database, in parallel. Without PostgreSQL
// only its half is skipped.
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

// Missing ends a test that needs a tool which is not installed: on a developer's machine the test is skipped, in CI
// it fails.
func Missing(t testing.TB, tool string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing; make deps installs it", tool)
	}
	t.Skipf("%s is not installed; make deps installs it", tool)
}
