package alert

import (
	"cmp"
	"database/sql"
	"slices"

	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/internal/people"
)

var haste = []Urgency{"now", "today", "this_week", "next_visit"}

func byUrgency(a, b Alert) int {
	return cmp.Or(cmp.Compare(slices.Index(haste, a.Urgency), slices.Index(haste, b.Urgency)), a.OpenedAt.Compare(b.OpenedAt))
}

const columns = `id, patient_id, kind, subject, urgency, reason_nl, reason_en, rule_version, opened_at, resolved_at,
	COALESCE(resolved_by, ''), outcome, note`

func query(tx *database.Tx, where string, args ...any) (alerts []Alert, err error) {
	err = tx.Rows("SELECT "+columns+" FROM alerts WHERE "+where, args, func(rows *sql.Rows) error {
		var a Alert
		var opened database.Instant
		var resolved *database.Instant
		err := rows.Scan(&a.ID, &a.Patient, &a.Kind, &a.Subject, &a.Urgency, &a.NL, &a.EN, &a.RuleVersion, &opened, &resolved,
			&a.ResolvedBy, &a.Outcome, &a.Note)
		a.OpenedAt, a.ResolvedAt = opened.Time(), resolved.TimePtr()
		alerts = append(alerts, a)
		return err
	})
	return alerts, database.Wrap("alert: query", err)
}

func of(tx *database.Tx, patients []people.Patient, open bool) ([]Alert, error) {
	if len(patients) == 0 {
		return nil, nil
	}
	ids := make([]any, len(patients))
	for i, p := range patients {
		ids[i] = p.ID
	}
	where := "patient_id IN (" + database.Marks(len(ids)) + ")"
	if open {
		where += " AND resolved_at IS NULL"
	}
	return query(tx, where+" ORDER BY opened_at, id", ids...)
}

func find(tx *database.Tx, alert id.Alert) (Alert, error) {
	found, err := query(tx, "id = ?", alert)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Alert{}, err
	}
	return found[0], nil
}

func orNull(member id.Member) *id.Member {
	if member == "" {
		return nil
	}
	return &member
}
