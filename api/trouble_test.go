package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/run/testkit"
)

// Trouble with the database is told as trouble: while a table cannot be read, no page of data says that
// something does not exist, or is empty.
func TestTroubleIsNeverNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.renew("getAlert")
	w.renew("getActionPlan")
	w.renew("getWalkingPlan")
	w.renew("getRiskProfile")
	reads := map[string]request{}
	for operation, r := range w.requests() {
		if r.method == http.MethodGet && operation != "streamEvents" {
			reads[operation] = r
		}
	}
	tokens := map[bool]string{true: w.patient.Token(), false: w.own.Token()}
	read := func(r request) testkit.Answer {
		return w.Call(r.method, r.path, tokens[strings.HasPrefix(r.path, "/v1/me")], nil, r.headers...)
	}
	healthy := map[string]int{}
	for operation, r := range reads {
		healthy[operation] = read(r).Status
	}
	troubled := 0
	for _, table := range w.carried(t) {
		w.rename(t, table, "gone_"+table)
		for operation, r := range reads {
			got := read(r).Status
			require.Contains(
				t, []int{healthy[operation], http.StatusInternalServerError}, got, "%s without %s", operation, table,
			)
			if got != healthy[operation] {
				troubled++
			}
		}
		w.rename(t, "gone_"+table, table)
	}
	require.Greater(t, troubled, 200)
	w.ExpectedErrors()
}

// carried are the tables of records. Those that every request needs, to know who asks, are left out.
func (w *world) carried(t *testing.T) (tables []string) {
	t.Helper()
	require.NoError(t, w.App.DB.Read(context.Background(), func(tx *database.Tx) (err error) {
		tables, err = database.Column[string](tx,
			`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
			AND name NOT IN ('members', 'devices', 'auth_sessions', 'commits', 'heartbeat') ORDER BY name`)
		return err
	}))
	return tables
}

func (w *world) rename(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, w.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("ALTER TABLE " + from + " RENAME TO " + to)
		return err
	}))
}
