package database_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/run/testdb"
)

// An epoch outlives a restart, and whoever proves a loss begins another: once for each loss, however many prove it.
func TestAnEpoch(t *testing.T) {
	testdb.EachDatabase(t, func(t *testing.T, o database.Options) {
		var mu sync.Mutex
		var begun []database.Epoch
		o.Clock = clock.NewManual(now)
		o.Renewed = func(e database.Epoch) { mu.Lock(); defer mu.Unlock(); begun = append(begun, e) }
		open := func() *database.DB {
			db, err := database.Open(context.Background(), o)
			require.NoError(t, err)
			return db
		}
		db := open()
		first := db.Epoch()
		require.Equal(t, database.First, first.Reason)
		require.False(t, first.MayMiss())
		require.NoError(t, db.Close())
		db = open()
		require.Equal(t, first.ID, db.Epoch().ID)
		require.Empty(t, begun)

		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() { require.NoError(t, db.Renew(context.Background(), first.ID)) })
		}
		wait.Wait()
		second := db.Epoch()
		require.NotEqual(t, first.ID, second.ID)
		require.Equal(t, database.Proven, second.Reason)
		require.True(t, second.MayMiss(), "nobody knows how much")
		require.Len(t, begun, 1)
		require.NoError(t, db.Renew(context.Background(), first.ID), "an old proof")
		require.Equal(t, second.ID, db.Epoch().ID)
		require.NoError(t, db.Close())
		db = open()
		require.Equal(t, second.ID, db.Epoch().ID)
		require.NoError(t, db.Close())
		require.Len(t, begun, 1, "told once")
	})
}

// A server that went back behind what this process has seen begins an epoch before anybody uses it; so does a copy in
// another cluster, and another timeline, also where its connections stay, as those to a standby that takes over. Other
// replicas are in the same one without a restart.
func TestAServerThatWentBack(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change, reason string
		stays          bool
	}{
		"behind":                {"", "rolled_back", false},
		"another timeline":      {"UPDATE epochs SET timeline = '0000000F'", "replaced", false},
		"another cluster":       {"UPDATE epochs SET system = '1'", "replaced", false},
		"another, and it stays": {"UPDATE epochs SET timeline = '0000000F'", "replaced", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire := testdb.NewWire(t, testdb.Postgres(t))
			open := func() *database.DB {
				db, err := database.Open(context.Background(), database.Options{URL: wire.URL, Clock: clock.System{}})
				require.NoError(t, err)
				t.Cleanup(func() { require.NoError(t, db.Close()) })
				return db
			}
			one, two := open(), open()
			first := one.Epoch()
			require.Equal(t, first.ID, two.Epoch().ID)
			if tc.change == "" {
				database.SeesFurther(one)
			} else {
				require.NoError(t, one.Write(context.Background(), func(tx *database.Tx) error {
					_, err := tx.Exec(tc.change)
					return err
				}))
				database.SeesAnother(one)
			}
			if !tc.stays {
				wire.CutAll()
			}
			for _, db := range []*database.DB{one, two} {
				require.EventuallyWithT(t, func(c *assert.CollectT) {
					assert.NoError(
						c, db.Write(context.Background(), func(tx *database.Tx) error { return insertOnce(tx, "x") }),
					)
					assert.NotEqual(c, first.ID, db.Epoch().ID)
				}, 20*time.Second, 10*time.Millisecond)
			}
			require.Equal(t, one.Epoch().ID, two.Epoch().ID)
			require.Equal(t, tc.reason, string(one.Epoch().Reason))
		})
	}
}
