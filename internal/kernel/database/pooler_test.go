package database_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/run/testdb"
)

// A pooler that hands the server's sessions around is refused with a sentence; one
// that does not is as good as the server.
func TestPoolers(t *testing.T) {
	t.Parallel()
	for mode, refused := range map[string]bool{"session": false, "transaction": true} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			url := testdb.Pooler(t, testdb.Postgres(t), mode)
			db, err := database.Open(context.Background(), database.Options{URL: url, Clock: clock.System{}})
			if refused {
				require.ErrorContains(t, err, "pool_mode=session")
				return
			}
			require.NoError(t, err)
			require.NoError(t, db.Write(context.Background(), func(tx *database.Tx) error { return insert(tx, "x") }))
			require.Equal(t, 1, count(t, db))
			require.NoError(t, db.Close())
		})
	}
}
