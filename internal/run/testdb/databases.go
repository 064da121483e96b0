// Package testdb gives a test real databases: SQLite files and PostgreSQL databases that are migrated already, towns
// with two practices in them, servers that can be killed and promoted, and wires to them that can be cut. It knows what
// is kept about people, and nothing that is decided, shown or served.
package testdb

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

// Missing ends a test that needs a tool which is not installed: it is skipped on a developer's machine and fails in CI.
func Missing(t testing.TB, tool string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing; make deps installs it", tool)
	}
	t.Skipf("%s is not installed; make deps installs it", tool)
}
