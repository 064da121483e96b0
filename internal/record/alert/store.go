package alert

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/internal/kernel/words"
)

// byUrgency puts what cannot wait first. Of that an emergency comes first, however long other alerts have been open.
func byUrgency(a, b Alert) int {
	return cmp.Or(
		b.Urgency.Compare(a.Urgency), emergencyFirst(a, b), a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Subject, b.Subject),
	)
}

func emergencyFirst(a, b Alert) int {
	switch {
	case a.IsEmergency() == b.IsEmergency():
		return 0
	case a.IsEmergency():
		return -1
	default:
		return 1
	}
}

const selectAlerts = `SELECT id, patient_id, kind, subject, urgency, reason_nl, reason_en, rule_version, opened_at,
	updated_at, acknowledged_at, COALESCE(acknowledged_by, ''), snoozed_until, reasons, resolved_at,
	COALESCE(resolved_by, ''), outcome, note FROM alerts`

// alerts runs a query that starts with selectAlerts.
func alerts(tx *database.Tx, query string, args ...any) ([]Alert, error) {
	var alerts []Alert
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		a, err := scan(rows)
		alerts = append(alerts, a)
		return err
	})
	return alerts, database.Wrap("alert: query", err)
}

func scan(rows *sql.Rows) (a Alert, err error) {
	var opened, updated database.Instant
	var acknowledged, snoozed, resolved *database.Instant
	var reasons []byte
	if err := rows.Scan(
		&a.ID, &a.Patient, &a.Kind, &a.Subject, &a.Urgency, &a.NL, &a.EN, &a.RuleVersion, &opened, &updated,
		&acknowledged, &a.AcknowledgedBy, &snoozed, &reasons, &resolved, &a.ResolvedBy, &a.Outcome, &a.Note,
	); err != nil {
		return a, err
	}
	a.OpenedAt, a.UpdatedAt, a.AcknowledgedAt = opened.Time(), updated.Time(), acknowledged.TimePtr()
	a.SnoozedUntil, a.ResolvedAt = snoozed.TimePtr(), resolved.TimePtr()
	a.Reasons, err = decodeReasons(reasons)
	return a, err
}

// reasonDocument is a reason as stored.
type reasonDocument struct {
	Rule    Rule             `json:"rule"`
	Key     string           `json:"key,omitempty"`
	Urgency Urgency          `json:"urgency"`
	NL      string           `json:"nl"`
	EN      string           `json:"en"`
	Stays   bool             `json:"stays,omitempty"`
	Since   database.Instant `json:"since"`
	Ended   bool             `json:"ended,omitempty"`
}

func encodeReasons(reasons []Reason) (string, error) {
	documents := make([]reasonDocument, len(reasons))
	for i, r := range reasons {
		documents[i] = reasonDocument{r.Rule, r.Key, r.Urgency, r.NL, r.EN, r.Stays, database.At(r.Since), r.Ended}
	}
	text, err := json.Marshal(documents)
	return string(text), database.Wrap("alert: encode reasons", err)
}

func decodeReasons(text []byte) ([]Reason, error) {
	var documents []reasonDocument
	if err := json.Unmarshal(text, &documents); err != nil {
		return nil, database.Wrap("alert: decode reasons", err)
	}
	reasons := make([]Reason, len(documents))
	for i, d := range documents {
		reasons[i] = Reason{
			Finding: Finding{
				Rule: d.Rule, Key: d.Key, Urgency: d.Urgency, Pair: words.Pair{NL: d.NL, EN: d.EN}, Stays: d.Stays,
			},
			Since: d.Since.Time(), Ended: d.Ended,
		}
	}
	return reasons, nil
}

// unresolved returns the alerts of patients that have not ended, in the order of their ids, which decides between those
// that byUrgency ranks equal.
func unresolved(tx *database.Tx, patients []id.Patient) ([]Alert, error) {
	return inChunks(patients, func(chunk []id.Patient) ([]Alert, error) {
		return alerts(tx, selectAlerts+" WHERE patient_id IN ("+database.List(chunk)+
			") AND resolved_at IS NULL ORDER BY id", database.Args(chunk)...)
	})
}

// HasReason reports whether a patient has an unresolved alert with one of these reasons that has not ended.
func HasReason(tx *database.Tx, patient id.Patient, rules ...Rule) (bool, error) {
	alerts, err := unresolved(tx, []id.Patient{patient})
	for _, a := range alerts {
		if slices.ContainsFunc(a.Reasons, func(r Reason) bool { return !r.Ended && slices.Contains(rules, r.Rule) }) {
			return true, err
		}
	}
	return false, err
}

// since returns the alerts of patients that have not ended, or did so after a moment, in the order of their ids.
func since(tx *database.Tx, patients []id.Patient, moment time.Time) ([]Alert, error) {
	return inChunks(patients, func(chunk []id.Patient) ([]Alert, error) {
		return alerts(tx, selectAlerts+" WHERE patient_id IN ("+database.List(chunk)+
			") AND (resolved_at IS NULL OR resolved_at > ?) ORDER BY id",
			append(database.Args(chunk), database.At(moment))...)
	})
}

// inChunks joins what find returns for as many patients as fit in one IN list.
func inChunks(patients []id.Patient, find func([]id.Patient) ([]Alert, error)) ([]Alert, error) {
	var alerts []Alert
	for chunk := range slices.Chunk(patients, database.ListLimit) {
		found, err := find(chunk)
		if err != nil {
			return nil, err
		}
		alerts = append(alerts, found...)
	}
	return alerts, nil
}

func find(tx *database.Tx, alert id.Alert) (Alert, error) {
	found, err := alerts(tx, selectAlerts+" WHERE id = ?", alert)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Alert{}, err
	}
	return found[0], nil
}

// latest returns a patient's latest alert of a kind, or nil.
func latest(tx *database.Tx, patient id.Patient, kind Kind) (*Alert, error) {
	found, err := alerts(tx,
		selectAlerts+" WHERE patient_id = ? AND kind = ? ORDER BY opened_at DESC, id DESC LIMIT 1", patient, kind)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// insert stores an alert unless the same thing is open, and reports whether it did.
func insert(tx *database.Tx, a Alert) (bool, error) {
	reasons, err := encodeReasons(a.Reasons)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`INSERT INTO alerts (id, patient_id, kind, subject, urgency, reason_nl, reason_en, rule_version,
		opened_at, updated_at, reasons)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		a.ID, a.Patient, a.Kind, a.Subject, a.Urgency, a.NL, a.EN, a.RuleVersion, database.At(a.OpenedAt),
		database.At(a.OpenedAt), reasons)
	if err != nil || n == 0 {
		return false, database.Wrap("alert: insert", err)
	}
	return true, record(tx, a, Event{What: WasRaised, At: a.OpenedAt})
}

// record adds an event to an alert, and announces it to listeners.
func record(tx *database.Tx, a Alert, e Event) error {
	_, err := tx.Exec(`INSERT INTO alert_events (alert_id, number, what, at, member_id, until, detail, note)
		SELECT ?, COALESCE(max(number), 0) + 1, ?, ?, ?, ?, ?, ? FROM alert_events WHERE alert_id = ?`,
		a.ID, e.What, database.At(e.At), orNull(e.By), database.AtPtr(e.Until), e.Detail, e.Note, a.ID)
	if err != nil {
		return database.Wrap("alert: record", err)
	}
	what := live.Alert
	if a.Urgency == Now && (e.What == WasRaised || e.What == ReasonAdded) {
		what = live.AlertNow
	}
	live.Announce(tx, what, a.Patient)
	return nil
}

func events(tx *database.Tx, alert id.Alert) ([]Event, error) {
	var list []Event
	err := tx.Rows("SELECT what, at, COALESCE(member_id, ''), until, detail, note FROM alert_events "+
		"WHERE alert_id = ? ORDER BY number",
		[]any{alert}, func(rows *sql.Rows) error {
			var e Event
			var at database.Instant
			var until *database.Instant
			err := rows.Scan(&e.What, &at, &e.By, &until, &e.Detail, &e.Note)
			e.At, e.Until = at.Time(), until.TimePtr()
			list = append(list, e)
			return err
		})
	return list, database.Wrap("alert: events", err)
}

// closeAlert ends an alert; by is empty when a rule did it.
func closeAlert(tx *database.Tx, a Alert, by id.Member, outcome, note string) error {
	_, err := tx.Exec("UPDATE alerts SET resolved_at = ?, resolved_by = ?, outcome = ?, note = ? WHERE id = ?",
		database.At(tx.Now()), orNull(by), outcome, note, a.ID)
	if err != nil {
		return database.Wrap("alert: close", err)
	}
	what := WasResolved
	if by == "" {
		what = WasSettled
	}
	return record(tx, a, Event{What: what, At: tx.Now(), By: by, Detail: outcome, Note: note})
}

func snooze(tx *database.Tx, a Alert, by id.Member, until time.Time) error {
	if _, err := tx.Exec("UPDATE alerts SET snoozed_until = ? WHERE id = ?", database.At(until), a.ID); err != nil {
		return database.Wrap("alert: snooze", err)
	}
	return record(tx, a, Event{What: WasSnoozed, At: tx.Now(), By: by, Until: &until})
}

// isRaisedAgain reports whether another alert of the same kind and subject is open now.
func isRaisedAgain(tx *database.Tx, a Alert) (bool, error) {
	n := 0
	err := tx.Value(
		&n, "SELECT count(*) FROM alerts WHERE patient_id = ? AND kind = ? AND subject = ? AND resolved_at IS NULL",
		a.Patient, a.Kind, a.Subject,
	)
	return n > 0, database.Wrap("alert: raised again", err)
}

func reopen(tx *database.Tx, a Alert, by id.Member) error {
	_, err := tx.Exec("UPDATE alerts SET snoozed_until = NULL, resolved_at = NULL, resolved_by = NULL, outcome = '', "+
		"note = '' WHERE id = ?", a.ID)
	if err != nil {
		return database.Wrap("alert: reopen", err)
	}
	return record(tx, a, Event{What: WasReopened, At: tx.Now(), By: by})
}

func acknowledge(tx *database.Tx, a Alert, by id.Member) error {
	_, err := tx.Exec(
		"UPDATE alerts SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ?", database.At(tx.Now()), by, a.ID,
	)
	if err != nil {
		return database.Wrap("alert: acknowledge", err)
	}
	return record(tx, a, Event{What: WasAcknowledged, At: tx.Now(), By: by})
}

func orNull(member id.Member) *id.Member {
	if member == "" {
		return nil
	}
	return &member
}
