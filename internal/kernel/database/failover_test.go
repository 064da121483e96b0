package database_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/run/testdb"
)

// A standby that lacks commits takes over and writes a lot before this process comes back. What it wrote itself hides
// nothing of what is missing, nor does a standby that was in step and did not take over; after a restart the server no
// longer knows, and then nobody says a number.
func TestWhatANewPrimaryWritesHidesNoLoss(t *testing.T) {
	t.Parallel()
	const lost = 200
	for name, tc := range map[string]struct {
		waitsFor    string
		isTwo       bool
		isRestarted bool
	}{
		"nobody was waited for":         {},
		"another standby was in step":   {waitsFor: "ANY 1 (beside, other)", isTwo: true},
		"the new primary was restarted": {isRestarted: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			primary := testdb.NewCluster(t)
			primary.Exec("postgres", "CREATE DATABASE cadans")
			standby := primary.Standby("beside")
			if tc.isTwo {
				primary.Standby("other")
			}
			set(primary, "synchronous_standby_names = '"+tc.waitsFor+"'")
			db, err := database.Open(
				context.Background(), database.Options{URL: primary.URL("cadans", standby), Clock: clock.System{}},
			)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, db.Close()) })
			store := func(tx *database.Tx) error { return insertOnce(tx, rowID()) }
			require.NoError(t, db.Write(context.Background(), store))
			awaits(
				t, primary, "SELECT (pg_current_wal_flush_lsn() <= min(flush_lsn))::text FROM pg_stat_replication",
				"true",
			)
			set(standby, "primary_conninfo = ''")
			awaits(t, primary, "SELECT count(*)::text FROM pg_stat_replication WHERE application_name = 'beside'", "0")
			for range lost {
				require.NoError(t, db.Write(context.Background(), store))
			}
			primary.Kill()
			standby.Promote()
			standby.Exec("postgres", "CREATE TABLE ballast AS SELECT repeat('x', 500) FROM generate_series(1, 20000)")
			if tc.isRestarted {
				standby.Stop()
				standby.Start()
			}

			require.NoError(t, db.Write(context.Background(), store))
			e := db.Epoch()
			require.Equal(t, database.Replaced, e.Reason)
			require.True(t, e.MayMiss())
			if tc.isRestarted {
				require.Nil(t, e.Missing)
				return
			}
			require.NotNil(t, e.Missing)
			require.GreaterOrEqual(t, *e.Missing, int64(lost))
			require.LessOrEqual(t, *e.Missing, int64(lost+2))
		})
	}
}

func set(c *testdb.Cluster, setting string) {
	c.Exec("postgres", "ALTER SYSTEM SET "+setting)
	c.Exec("postgres", "SELECT pg_reload_conf()")
}

func awaits(t *testing.T, c *testdb.Cluster, query, answer string) {
	t.Helper()
	require.Eventually(t, func() bool { return c.Value(query) == answer }, 20*time.Second, 10*time.Millisecond)
}
