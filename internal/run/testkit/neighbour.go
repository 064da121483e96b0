package testkit

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/queue"
	"cadans/internal/rules/prevention"
	"cadans/internal/rules/progression"
)

// Alone leaves the neighbours out of OnBoth, for a test that counts everyone's data.
func Alone(o *options) { o.alone = true }

// neighbours are people whom a test is not about: a patient of the same therapist, and one of another practice with
// its own therapist. They have a stop, a flare, a template, settings and alerts. A statement that forgets to filter
// by patient changes their rows, or returns them to the test.
type neighbours struct {
	sys     *System
	ids     []string
	settled time.Time
	before  map[string][]string
}

// settleNeighbours must come before the test's own patient, so that the neighbours'
// rows are the first that a query finds.
func (s *System) settleNeighbours(therapist *Member) *neighbours {
	s.t.Helper()
	n := &neighbours{sys: s, settled: s.Clock.Now()}
	practice, admin := s.NewPractice("Praktijk Buren")
	elsewhere := s.Therapist(admin, "E. Elders")
	far := n.furnish(elsewhere)
	near := n.furnish(therapist)
	template := s.template(elsewhere)
	s.near = near.ID
	s.Sweep() // what their own history brings about is done
	n.ids = []string{
		string(practice), string(admin.ID), string(elsewhere.ID), string(far.ID), string(near.ID), template,
	}
	return n
}

// furnish creates a patient of a therapist with the data that a neighbour needs.
func (n *neighbours) furnish(m *Member) *Patient {
	s := n.sys
	p := m.newPatient("N. Buur", "Europe/Amsterdam")
	m.Publishes(p, 3)
	at := "/v1/patients/" + string(p.ID)
	s.needs(http.StatusOK, "PUT", at+"/progression-settings", m, map[string]any{"auto_progress": true})
	s.needs(
		http.StatusCreated, "POST", at+"/feedback", m,
		map[string]any{"id": s.NewID(), "about": "program", "text": "Zo doorgaan."},
	)
	s.needs(http.StatusCreated, "POST", "/v1/me/sessions", p, p.SessionBody(s.Clock.Now().Add(-time.Minute)))
	s.needs(
		http.StatusCreated, "POST", "/v1/me/flares", p,
		map[string]any{"id": s.NewID(), "days": 5, "new_signs": []string{}},
	)
	p.Submits(Yes(Answers(map[string]any{"phq2_mood": 3}), "saddle_numbness"))
	return p
}

// Neighbour returns the id of the member's other patient in OnBoth, whom lists of all patients contain too.
func (m *Member) Neighbour() string { return string(m.sys.near) }

// template saves a template of a practice.
func (s *System) template(m *Member) string {
	template := s.NewID()
	s.needs(http.StatusOK, "PUT", "/v1/program-templates/"+template, m, map[string]any{"name": "Buren", "items": []any{
		map[string]any{"core": true, "item": map[string]any{
			"id": s.NewID(), "exercise": "bridge", "dose": map[string]any{"sets": 2, "reps": 8, "hold_s": 2},
			"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 3},
		}}}})
	return template
}

// needs sends a request that must succeed for a fixture.
func (s *System) needs(status int, method, path string, who interface{ Token() string }, body any) {
	s.t.Helper()
	answer := s.Call(method, path, who.Token(), body)
	require.Contains(s.t, []int{status, http.StatusCreated}, answer.Status, "%s %s: %s", method, path, answer.Body)
}

// never is a time that no test reaches.
const never = database.Instant(1 << 52)

// watch starts the check of the neighbours once the test's own patient exists. It adds jobs that must never move:
// those of other people, and one of another kind for the test's patient.
func (n *neighbours) watch(anna *Patient) {
	require.NoError(n.sys.t, n.sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		for _, job := range [][2]string{
			{string(progression.JobKind), "neighbour"}, {string(prevention.JobKind), "neighbour"},
			{"neighbour", string(anna.ID)},
		} {
			if err := queue.Schedule(tx, queue.Kind(job[0]), job[1], never.Time()); err != nil {
				return err
			}
		}
		return nil
	}))
	n.before = n.rows()
}

// byTime are tables that change over time because of what the neighbours did before. They are compared while the
// clock stands still.
var byTime = []string{
	"adherence_days", "alert_events", "alerts", "jobs", "patient_status", "questionnaire_tasks", "reminder_decisions",
	"reminder_due", "reminder_slots", "progressions", "flares", "ledger", "phase_changes", "program_proposals",
}

// byReading are tables that change when a member signs in or reads a list that contains the neighbours.
var byReading = []string{
	"access_log", "access_log_heads", "auth_sessions", "refresh_tokens", "devices", "heartbeat", "commits",
}

// expectUntouched fails if the neighbours' rows have changed.
func (n *neighbours) expectUntouched() {
	n.sys.t.Helper()
	moved := !n.sys.Clock.Now().Equal(n.settled)
	after := n.rows()
	for table, rows := range n.before {
		if moved && slices.Contains(byTime, table) {
			continue
		}
		require.Equal(n.sys.t, rows, after[table], "the test changed rows of its neighbours in %s", table)
	}
	require.Equal(n.sys.t, n.before["(for ever)"], after["(for ever)"], "the test moved a job of somebody else")
}

// rows returns every row that names a neighbour, by table.
func (n *neighbours) rows() map[string][]string {
	n.sys.t.Helper()
	found := map[string][]string{}
	require.NoError(n.sys.t, n.sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		tables, err := database.Column[string](tx, n.sys.tables())
		if err != nil {
			return err
		}
		for _, table := range tables {
			if slices.Contains(byReading, table) {
				continue
			}
			if found[table], err = n.named(tx, "SELECT * FROM "+table, n.ids); err != nil {
				return err
			}
		}
		found["(for ever)"], err = n.named(tx, "SELECT * FROM jobs", []string{"neighbour"})
		return err
	}))
	return found
}

// named returns the rows of a query that contain one of some words, in an order of their own.
func (n *neighbours) named(tx *database.Tx, query string, words []string) (found []string, err error) {
	err = tx.Rows(query, nil, func(rows *sql.Rows) error {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = readable(b)
			}
		}
		row := fmt.Sprint(values...)
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(row, w) }) {
			found = append(found, row)
		}
		return nil
	})
	slices.Sort(found)
	return found, err
}

// readable shows documents as they are and keys as digits.
func readable(b []byte) string {
	if len(b) > 0 && (b[0] == '{' || b[0] == '[') {
		return string(b)
	}
	return hex.EncodeToString(b)
}

// tables is the query for the names of all tables.
func (s *System) tables() string {
	if s.onPostgres {
		return "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	return "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
}
