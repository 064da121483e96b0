package testdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
)

// A blank is a database with today's schema and nothing in it. It is made once in a test binary and copied for each
// test, since running every migration anew would take longer than most tests do.

// blankFiles are what a blank SQLite database consists of, by what their names end with.
var blankFiles = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "cadans-blank-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "blank")
	if err := migrated(database.Options{Path: path}); err != nil {
		return nil, err
	}
	names, err := filepath.Glob(path + "*")
	files := map[string][]byte{}
	for _, name := range names {
		text, failed := os.ReadFile(name)
		files[strings.TrimPrefix(name, path)], err = text, errors.Join(err, failed)
	}
	return files, err
})

// blankPostgres is the name of the blank in the server of this test binary.
const blankPostgres = "blank"

// makeBlank makes it, on a server that has just started.
func makeBlank(socket string) error {
	if err := createDatabase(socket, blankPostgres); err != nil {
		return err
	}
	return migrated(database.Options{URL: postgresURL(socket, blankPostgres)})
}

func migrated(o database.Options) error {
	o.Clock = clock.System{}
	db, err := database.Open(context.Background(), o)
	if err != nil {
		return err
	}
	return db.Close()
}

// SQLite writes a blank database to a path, and returns the path.
func SQLite(t testing.TB, path string) string {
	t.Helper()
	files, err := blankFiles()
	require.NoError(t, err)
	for name, text := range files {
		require.NoError(t, os.WriteFile(path+name, text, 0o600))
	}
	return path
}
