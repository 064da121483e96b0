package activity

import (
	"cmp"
	"database/sql"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// Total is a day of a patient. Nil means that nothing was recorded.
type Total struct {
	Date    localtime.Date
	Steps   *int
	Minutes *int // walked
	Merged  bool // whether something was told more than once, and counts once
}

// span is what one record says about a stretch of time: steps, or minutes of walking.
type span struct {
	source     string
	start, end int64 // milliseconds
	amount     int
}

// overlaps reports whether two records are about the same time. What is told for one moment overlaps itself.
func (s span) overlaps(other span) bool {
	return s.start == other.start || s.start < other.end && other.start < s.end
}

// once adds up what was done, each stretch of time once. The source that says most about the day is taken whole; what
// others tell counts where it tells nothing.
func once(spans []span) (total *int, merged bool) {
	if len(spans) == 0 {
		return nil, false
	}
	said := map[string]int{}
	for _, s := range spans {
		said[s.source] += s.amount
	}
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(said[b.source], said[a.source]), cmp.Compare(a.source, b.source),
			cmp.Compare(b.amount, a.amount), cmp.Compare(a.start, b.start))
	})
	var counted []span
	sum := 0
	for _, s := range spans {
		if slices.ContainsFunc(counted, s.overlaps) {
			merged = true
			continue
		}
		counted = append(counted, s)
		sum += s.amount
	}
	return &sum, merged
}

// day is what was told about a day.
type day struct{ steps, walks []span }

// Totals returns a patient's days, both ends included, in their order.
func Totals(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Total, error) {
	days := map[localtime.Date]*day{}
	err := tx.Rows(`SELECT local_date, source, kind, start_at, end_at, count, minutes FROM activities
		WHERE patient_id = ? AND local_date >= ? AND local_date <= ?`, []any{patient, from, until},
		func(rows *sql.Rows) error { return scan(rows, days) })
	totals := make([]Total, 0, len(days))
	for date, told := range days {
		steps, stepsMerged := once(told.steps)
		minutes, walksMerged := once(told.walks)
		totals = append(totals, Total{date, steps, minutes, stepsMerged || walksMerged})
	}
	slices.SortFunc(totals, func(a, b Total) int { return a.Date.DaysSince(b.Date) })
	return totals, database.Wrap("activity: totals", err)
}

func scan(rows *sql.Rows, days map[localtime.Date]*day) error {
	var date localtime.Date
	var s span
	var kind string
	var start, end database.Instant
	var count, minutes *int
	if err := rows.Scan(&date, &s.source, &kind, &start, &end, &count, &minutes); err != nil {
		return err
	}
	s.start, s.end = start.Time().UnixMilli(), end.Time().UnixMilli()
	if days[date] == nil {
		days[date] = &day{}
	}
	switch {
	case kind == "steps" && count != nil:
		s.amount = *count
		days[date].steps = append(days[date].steps, s)
	case kind == "walk" && minutes != nil:
		s.amount = *minutes
		s.end = max(s.end, s.start+int64(*minutes)*time.Minute.Milliseconds()) // a walk typed in has only its length
		days[date].walks = append(days[date].walks, s)
	}
	return nil
}
