package alert

import (
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// Raise opens an alert unless the same one is open.
func Raise(tx *database.Tx, patient id.Patient, r Raised) error {
	_, err := insert(tx, Alert{ID: id.Alert(id.New()), Patient: patient, Raised: r, OpenedAt: tx.Now()})
	return err
}

// Settle closes the open alerts of a kind and subject because their cause has been dealt with. By may be empty.
func Settle(tx *database.Tx, patient id.Patient, kind Kind, subject string, by id.Member, outcome string) error {
	open, err := alerts(
		tx, selectAlerts+" WHERE patient_id = ? AND kind = ? AND subject = ? AND resolved_at IS NULL",
		patient, kind, subject,
	)
	if err != nil {
		return err
	}
	for _, a := range open {
		if err := closeAlert(tx, a, by, outcome, ""); err != nil {
			return err
		}
	}
	return nil
}

// Outcomes of alerts that end by themselves.
const (
	Recovered = "recovered" // no reason holds any more
	Rests     = "paused"
	Over      = "program_ended"
)

// Plan holds what rules found about a patient. It is written only if nothing about the patient has changed in between.
type Plan struct {
	Kind        Kind
	RuleVersion int
	Found       []Finding
	QuietDays   int
	Outcome     string // how the alert ends when no finding is left
}

// Changes reports whether the plan would change anything. Most do not, and need no write transaction.
func (p Plan) Changes(tx *database.Tx, patient id.Patient) (bool, error) {
	last, err := latest(tx, patient, p.Kind)
	if err != nil || last == nil {
		return len(p.Found) > 0, err
	}
	c := collect(last, p.Found, tx.Now(), p.QuietDays)
	return c.Opens || c.Settles || !same(last.Reasons, c.Reasons), nil
}

// same reports whether two lists of reasons have the same text.
func same(a, b []Reason) bool {
	before, errBefore := encodeReasons(a)
	after, errAfter := encodeReasons(b)
	return errBefore == nil && errAfter == nil && before == after
}

// Write works on the current state of the alert, because a therapist may have changed it since the plan was made.
func (p Plan) Write(tx *database.Tx, patient id.Patient) error {
	last, err := latest(tx, patient, p.Kind)
	if err != nil {
		return err
	}
	c := collect(last, p.Found, tx.Now(), p.QuietDays)
	switch {
	case c.Opens:
		return p.open(tx, patient, c)
	case last == nil:
		return nil
	case last.ResolvedAt != nil:
		return keepReasons(tx, last.ID, c.Reasons)
	case c.Settles:
		if err := keepReasons(tx, last.ID, c.Reasons); err != nil {
			return err
		}
		return closeAlert(tx, *last, "", p.Outcome, "")
	default:
		return extend(tx, *last, c)
	}
}

func (p Plan) open(tx *database.Tx, patient id.Patient, c Collected) error {
	a := Alert{ID: id.Alert(id.New()), Patient: patient, OpenedAt: tx.Now(), Reasons: c.Reasons}
	a.Raised = Raised{Kind: p.Kind, RuleVersion: p.RuleVersion}
	a.Pair, a.Urgency = sentences(a.Reasons)
	opened, err := insert(tx, a)
	if err != nil || !opened {
		return err
	}
	return recordAdded(tx, a, c.Added)
}

// keepReasons stores which reasons have ended; the alert's sentence stays.
func keepReasons(tx *database.Tx, alert id.Alert, reasons []Reason) error {
	text, err := encodeReasons(reasons)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE alerts SET reasons = ? WHERE id = ?", text, alert)
	return database.Wrap("alert: keep reasons", err)
}

// extend updates the alert's sentence to the reasons that hold now. A new reason makes the alert unseen; an urgent one
// also ends a snooze.
func extend(tx *database.Tx, a Alert, c Collected) error {
	if err := keepReasons(tx, a.ID, c.Reasons); err != nil {
		return err
	}
	a.Pair, a.Urgency = sentences(c.Reasons)
	if len(c.Added) > 0 {
		a.UpdatedAt, a.AcknowledgedAt, a.AcknowledgedBy = tx.Now(), nil, ""
	}
	if slices.ContainsFunc(c.Added, func(f Finding) bool { return f.Urgency == Now }) {
		a.SnoozedUntil = nil
	}
	_, err := tx.Exec(`UPDATE alerts SET reason_nl = ?, reason_en = ?, urgency = ?, updated_at = ?, acknowledged_at = ?,
		acknowledged_by = ?,
		snoozed_until = ? WHERE id = ?`, a.NL, a.EN, a.Urgency, database.At(a.UpdatedAt),
		database.AtPtr(a.AcknowledgedAt), orNull(a.AcknowledgedBy), database.AtPtr(a.SnoozedUntil), a.ID)
	if err != nil {
		return database.Wrap("alert: extend", err)
	}
	return recordAdded(tx, a, c.Added)
}

func recordAdded(tx *database.Tx, a Alert, added []Finding) error {
	for _, f := range added {
		if err := record(tx, a, Event{What: ReasonAdded, At: tx.Now(), Detail: string(f.Rule)}); err != nil {
			return err
		}
	}
	return nil
}
