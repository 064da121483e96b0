package database

import (
	"context"
	"database/sql"
	"fmt"
)

// MayLose explains in a sentence why a failover could lose acknowledged changes: a standby replicates the PostgreSQL
// server, and the server answers commits before the standby has them. It returns nothing when a failover loses
// nothing, without a standby, and on SQLite.
func (db *DB) MayLose(ctx context.Context) (why string, err error) {
	if db.postgres == nil {
		return "", nil
	}
	err = db.Read(ctx, func(tx *Tx) error {
		// An ordinary role sees that there are standbys, and not in which state each is.
		return tx.Rows(`SELECT (SELECT count(*) FROM pg_stat_replication), current_setting('synchronous_standby_names'),
			current_setting('synchronous_commit')`, nil, func(rows *sql.Rows) error {
			var standbys int
			var names, commit string
			err := rows.Scan(&standbys, &names, &commit)
			why = riskOf(standbys, names, commit)
			return err
		})
	})
	return why, err
}

// riskOf evaluates the settings of the server. With remote_write a standby has a commit in memory only.
func riskOf(standbys int, names, commit string) string {
	switch {
	case standbys == 0:
		return ""
	case names == "":
		return "synchronous_standby_names is empty: a standby that takes over may lack what was acknowledged"
	case commit != "on" && commit != "remote_apply":
		return fmt.Sprintf("synchronous_commit is %s: a standby that takes over may lack what was acknowledged", commit)
	default:
		return ""
	}
}
