package alert

import (
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// Raise opens an alert unless the same thing is open.
func Raise(tx *database.Tx, patient id.Patient, r Raised) error {
	_, err := insert(tx, Alert{ID: id.Alert(id.New()), Patient: patient, Raised: r, OpenedAt: tx.Now()})
	return err
}

// Settle closes what is open of a kind and subject, because what raised it has been dealt with. By may be empty.
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

// Plan is what rules found about a patient, to be written where nothing about the patient has changed in between.
type Plan struct {
	Kind        Kind
	RuleVersion int
	Found       []Finding
	QuietDays   int
	Outcome     string // how the alert ends when nothing is found any more
}

// Changes reports whether the plan would change anything. Most do not, and then nobody has to write.
func (p Plan) Changes(tx *database.Tx, patient id.Patient) (bool, error) {
	last, err := latest(tx, patient, p.Kind)
	if err != nil || last == nil {
		return len(p.Found) > 0, err
	}
	c := collect(last, p.Found, tx.Now(), p.QuietDays)
	return c.Opens || c.Settles || !same(last.Reasons, c.Reasons), nil
}

// same reports whether two lists of reasons read alike.
func same(a, b []Reason) bool {
	before, errBefore := encodeReasons(a)
	after, errAfter := encodeReasons(b)
	return errBefore == nil && errAfter == nil && before == after
}

// Write decides on the alert as it is by now: a therapist may have been faster than the rules.
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

// keepReasons notes which reasons have ended; what the alert said stays.
func keepReasons(tx *database.Tx, alert id.Alert, reasons []Reason) error {
	text, err := encodeReasons(reasons)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE alerts SET reasons = ? WHERE id = ?", text, alert)
	return database.Wrap("alert: keep reasons", err)
}

// extend says what holds now. A new reason makes the alert unseen; one for now also ends a snooze.
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
