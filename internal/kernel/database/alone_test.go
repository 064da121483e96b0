package database_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
)

// A database that is taken as it is begins an epoch before its anchor is made. What that write moves into the file is
// done before anything else uses its connection: the race detector, and now and then Go's maps, notice where it is not.
func TestTakingADatabaseAsItIsUsesItsConnectionAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cadans.db")
	for range 20 {
		db, err := database.Open(
			context.Background(), database.Options{Path: path, AcceptAnchor: true, Clock: clock.System{}},
		)
		require.NoError(t, err)
		require.NoError(t, db.Close())
	}
}
