package alert

import (
	"cadans/internal/database"
	"cadans/internal/id"
)

// Raise opens an alert unless the same thing is open.
func Raise(tx *database.Tx, patient id.Patient, r Raised) error {
	_, err := insert(tx, Alert{ID: id.Alert(id.New()), Patient: patient, Raised: r, OpenedAt: tx.Now()})
	return err
}

// Settle closes what is open of a kind and subject, because what raised it has been dealt with. By may be empty.
func Settle(tx *database.Tx, patient id.Patient, kind Kind, subject string, by id.Member, outcome string) error {
	open, err := query(tx, "patient_id = ? AND kind = ? AND subject = ? AND resolved_at IS NULL", patient, kind, subject)
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

// Plan is what findings come to, to be written where nothing has changed in between.
type Plan struct {
	patient   id.Patient
	kind      Kind
	version   int
	latest    *Alert
	collected Collected
	outcome   string
}

// Find looks up what findings make of the patient's alert of a kind; nil means nothing. Outcome is how the alert ends
// when there are none left.
func Find(tx *database.Tx, patient id.Patient, kind Kind, version int, found []Finding, quietDays int, outcome string) (*Plan, error) {
	last, err := latest(tx, patient, kind)
	if err != nil || last == nil && len(found) == 0 {
		return nil, err
	}
	c := collect(last, found, tx.Now(), quietDays)
	if !c.Opens && !c.Settles && same(last.Reasons, c.Reasons) {
		return nil, nil
	}
	return &Plan{patient: patient, kind: kind, version: version, latest: last, collected: c, outcome: outcome}, nil
}

// same reports whether two lists of reasons read alike.
func same(a, b []Reason) bool {
	before, errBefore := encodeReasons(a)
	after, errAfter := encodeReasons(b)
	return errBefore == nil && errAfter == nil && before == after
}

// Write stores the plan.
func (p *Plan) Write(tx *database.Tx) error {
	if p.collected.Opens {
		a := Alert{ID: id.Alert(id.New()), Patient: p.patient, OpenedAt: tx.Now(), Reasons: p.collected.Reasons}
		a.Raised = Raised{Kind: p.kind, RuleVersion: p.version}
		a.NL, a.EN, a.Urgency = sentences(a.Reasons)
		opened, err := insert(tx, a)
		if err != nil || !opened {
			return err
		}
		return p.recordAdded(tx, a)
	}
	if err := p.update(tx); err != nil || !p.collected.Settles {
		return err
	}
	return closeAlert(tx, *p.latest, "", p.outcome, "")
}

// update stores the reasons. A new one makes the alert unseen; one for now also ends a snooze.
func (p *Plan) update(tx *database.Tx) error {
	reasons, err := encodeReasons(p.collected.Reasons)
	if err != nil {
		return err
	}
	if p.latest.ResolvedAt != nil || p.collected.Settles { // what it said stays
		_, err := tx.Exec("UPDATE alerts SET reasons = ? WHERE id = ?", reasons, p.latest.ID)
		return database.Wrap("alert: update reasons", err)
	}
	nl, en, urgency := sentences(p.collected.Reasons)
	if _, err := tx.Exec("UPDATE alerts SET reasons = ?, reason_nl = ?, reason_en = ?, urgency = ? WHERE id = ?",
		reasons, nl, en, urgency, p.latest.ID); err != nil || len(p.collected.Added) == 0 {
		return database.Wrap("alert: update", err)
	}
	if _, err := tx.Exec("UPDATE alerts SET updated_at = ?, acknowledged_at = NULL, acknowledged_by = NULL WHERE id = ?",
		database.At(tx.Now()), p.latest.ID); err != nil {
		return database.Wrap("alert: unsee", err)
	}
	for _, f := range p.collected.Added {
		if f.Urgency != Now {
			continue
		}
		if _, err := tx.Exec("UPDATE alerts SET snoozed_until = NULL WHERE id = ?", p.latest.ID); err != nil {
			return database.Wrap("alert: wake", err)
		}
	}
	changed := *p.latest
	changed.Urgency = urgency
	return p.recordAdded(tx, changed)
}

func (p *Plan) recordAdded(tx *database.Tx, a Alert) error {
	for _, f := range p.collected.Added {
		if err := record(tx, a, Event{What: ReasonAdded, At: tx.Now(), Detail: string(f.Rule)}); err != nil {
			return err
		}
	}
	return nil
}
