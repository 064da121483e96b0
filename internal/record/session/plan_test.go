package session_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/record/session"
	"cadans/internal/run/testkit"
)

// The sessions of a few days come from an index and are not sorted by SQLite: they are read at every look at today.
func TestBetweenSortsNothing(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	var plan []string
	require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		arguments := []any{"p", "2026-03-01", "2026-03-02"}
		return tx.Rows("EXPLAIN QUERY PLAN "+session.SelectBetween, arguments, func(rows *sql.Rows) error {
			var id, parent, unused int
			var detail string
			err := rows.Scan(&id, &parent, &unused, &detail)
			plan = append(plan, detail)
			return err
		})
	}))
	require.Len(t, plan, 1, "one search, no sorter: %v", plan)
	require.Contains(t, plan[0], "INDEX sessions_date")
}
