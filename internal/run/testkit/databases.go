package testkit

import (
	"testing"

	"cadans/internal/kernel/database"
	"cadans/internal/run/testdb"
)

// OnEach runs a test on each database; the test passes the option to Start.
func OnEach(t *testing.T, promise func(t *testing.T, on Option)) {
	t.Helper()
	testdb.EachDatabase(t, func(t *testing.T, o database.Options) { promise(t, on(o)) })
}

func on(d database.Options) Option {
	return func(o *options) { o.databasePath, o.databaseURL = d.Path, d.URL }
}
