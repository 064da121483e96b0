package walker_test

import (
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
)

// bookkeeping is what may change though nothing was done: who asked, with which token, from how many
// tries, and that the program lives. The status of a patient is made of the rest, when somebody
// reads it; access_log says who was refused, and told what a phone told.
var bookkeeping = []string{
	"access_log", "access_log_heads", "auth_sessions", "browser_sessions", "commits", "devices", "goose_db_version",
	"heartbeat", "known_browsers", "patient_status", "refresh_tokens", "sqlite_sequence", "told", "wrong_tries",
}

// digest is a sum of the rows of each table, whatever their order.
type digest map[string]uint64

// differs names the tables that are not the same in both.
func (d digest) differs(other digest) (tables []string) {
	for table := range d {
		if d[table] != other[table] {
			tables = append(tables, table)
		}
	}
	slices.Sort(tables)
	return tables
}

var digestSeed = maphash.MakeSeed()

// digest sums everything but bookkeeping.
func (w *walk) digest() digest {
	if w.done.searching() {
		return nil
	}
	return w.digestOf(func(string) bool { return true }, bookkeeping)
}

// digestOf sums the rows that are wanted, of all tables but some.
func (w *walk) digestOf(wanted func(row string) bool, without []string) digest {
	sums := digest{}
	require.NoError(w.t, w.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		tables, err := database.Column[string](tx, w.tablesQuery())
		for _, table := range tables {
			if slices.Contains(without, table) {
				continue
			}
			if sums[table], err = sumOf(tx, table, wanted); err != nil {
				return err
			}
		}
		return err
	}))
	return sums
}

func (w *walk) tablesQuery() string {
	if w.App.DB.IsExclusive() {
		return "SELECT name FROM sqlite_master WHERE type = 'table'"
	}
	return "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
}

func sumOf(tx *database.Tx, table string, wanted func(string) bool) (sum uint64, err error) {
	return sum, tx.Rows("SELECT * FROM "+table, nil, func(rows *sql.Rows) error {
		row, err := textOf(rows)
		if err == nil && wanted(row) {
			sum += maphash.String(digestSeed, row)
		}
		return err
	})
}

// textOf writes a row as text.
func textOf(rows *sql.Rows) (string, error) {
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	if err := rows.Scan(values...); err != nil {
		return "", err
	}
	var row strings.Builder
	for _, value := range values {
		switch v := (*value.(*any)).(type) {
		case []byte:
			row.Write(v)
		default:
			fmt.Fprint(&row, v)
		}
		row.WriteByte('|')
	}
	return row.String(), nil
}

// byTime are tables in which the background writes about everybody as time passes.
var byTime = slices.Concat(
	bookkeeping, []string{"alerts", "alert_events", "jobs", "reminder_due", "reminder_slots", "reminder_decisions",
		"phase_changes"},
)

// ofNeighbour sums the rows of the other practice, without what time alone writes.
func (w *walk) ofNeighbour() digest {
	return maps.Clone(w.digestOf(w.next.owns, byTime))
}
