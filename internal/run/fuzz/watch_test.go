package fuzz_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
)

// bookkeeping is what a refusal may change: who asked (the access log), how often somebody tried to sign in, what
// a sign-in leaves behind, and what a phone told. Nothing of it changes a patient's care.
var bookkeeping = []string{
	"access_log", "access_log_heads", "wrong_tries", "known_browsers", "auth_sessions", "refresh_tokens",
	"heartbeat",
	"commits", "told",
}

// counters change by themselves: when a phone was seen last, and how often an invite was tried.
var counters = map[string]string{"devices": "last_seen_at", "pairings": "tries"}

// changes tells what a request changed, by triggers on every table: a row that is written as it was is no change, and
// what is rolled back leaves nothing.
type changes struct {
	w    *world
	seen int
}

// change is one row that was written.
type change struct{ Table, Patient, Practice string }

func watchChanges(w *world) *changes {
	err := w.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		tables, err := database.Column[string](tx,
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`CREATE TABLE fuzz_changes
			(id integer PRIMARY KEY, name text, patient_id text, practice_id text)`); err != nil {
			return err
		}
		for _, table := range tables {
			if slices.Contains(bookkeeping, table) {
				continue
			}
			if err := watch(tx, table); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(w.t, err)
	return &changes{w: w}
}

// watch puts the triggers on a table.
func watch(tx *database.Tx, table string) error {
	columns, err := database.Column[string](tx, "SELECT name FROM pragma_table_info('"+table+"')")
	if err != nil {
		return err
	}
	owner := func(row, column string) string {
		switch {
		case slices.Contains(columns, column):
			return row + "." + column
		case table == strings.TrimSuffix(column, "_id")+"s":
			return row + ".id"
		default:
			return "''"
		}
	}
	var differs []string
	for _, column := range columns {
		if counters[table] != column {
			differs = append(differs, fmt.Sprintf("OLD.%s IS NOT NEW.%s", column, column))
		}
	}
	for event, row := range map[string]string{"INSERT": "NEW", "DELETE": "OLD", "UPDATE": "NEW"} {
		when := ""
		if event == "UPDATE" {
			when = "WHEN " + strings.Join(differs, " OR ")
		}
		if _, err := tx.Exec(fmt.Sprintf(`CREATE TRIGGER fuzz_%s_%s AFTER %s ON %s %s BEGIN
			INSERT INTO fuzz_changes (name, patient_id, practice_id) VALUES ('%s', %s, %s); END`,
			table, event, event, table, when, table, owner(row, "patient_id"), owner(row, "practice_id"))); err != nil {
			return err
		}
	}
	return nil
}

// since returns what changed since the last look.
func (c *changes) since() (list []change) {
	err := c.w.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		return tx.Rows(`SELECT id, name, coalesce(patient_id, ''), coalesce(practice_id, '') FROM fuzz_changes
			WHERE id > ? ORDER BY id`, []any{c.seen},
			func(rows *sql.Rows) error {
				var one change
				err := rows.Scan(&c.seen, &one.Table, &one.Patient, &one.Practice)
				list = append(list, one)
				return err
			})
	})
	require.NoError(c.w.t, err)
	return list
}
