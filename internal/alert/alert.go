// Package alert keeps the open reasons for a therapist to look at a patient.
//
// It promises that the same thing is open once, that each alert says why in a sentence that was true when it was raised,
// and that what was resolved stays readable with who did so and how. It decides nothing: the rules live where the facts
// are, and raise what they find inside their own transaction.
package alert

import (
	"context"
	"slices"
	"time"

	"cadans/internal/access"
	"cadans/internal/database"
	"cadans/internal/fault"
	"cadans/internal/id"
	"cadans/internal/people"
)

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such alert")
	ErrResolved = fault.New(fault.Conflict, "already-resolved", "the alert was resolved already")
)

// Kind says which rule raised an alert.
type Kind string

// Urgency is how soon somebody has to act: now, today, this_week, next_visit.
type Urgency string

// Raised is what a rule found. Subject tells two findings of one kind apart.
type Raised struct {
	Kind        Kind
	Subject     string
	Urgency     Urgency
	NL, EN      string
	RuleVersion int
}

// Alert is a stored alert. ResolvedBy is empty when what raised it has resolved it.
type Alert struct {
	ID      id.Alert
	Patient id.Patient
	Raised
	OpenedAt   time.Time
	ResolvedAt *time.Time
	ResolvedBy id.Member
	Outcome    string
	Note       string
}

// Reason returns the sentence in a language.
func (a Alert) Reason(l people.Language) string { return l.Pick(a.NL, a.EN) }

// Raise opens an alert unless the same thing is open.
func Raise(tx *database.Tx, patient id.Patient, r Raised) error {
	_, err := tx.Exec(`INSERT INTO alerts (id, patient_id, kind, subject, urgency, reason_nl, reason_en, rule_version, opened_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		id.New(), patient, r.Kind, r.Subject, r.Urgency, r.NL, r.EN, r.RuleVersion, database.At(tx.Now()))
	return database.Wrap("alert: raise", err)
}

// Settle closes what is open of a kind and subject, because what raised it has been dealt with. By may be empty.
func Settle(tx *database.Tx, patient id.Patient, kind Kind, subject string, by id.Member, outcome string) error {
	_, err := tx.Exec(`UPDATE alerts SET resolved_at = ?, resolved_by = ?, outcome = ? WHERE patient_id = ? AND kind = ? AND subject = ?
		AND resolved_at IS NULL`, database.At(tx.Now()), orNull(by), outcome, patient, kind, subject)
	return database.Wrap("alert: settle", err)
}

// Service is the use cases of this package.
type Service struct {
	db      *database.DB
	policy  *access.Policy
	guarded []Kind
}

// NewService returns the service. Guarded kinds are resolved only where their decision is recorded.
func NewService(db *database.DB, policy *access.Policy, guarded ...Kind) *Service {
	return &Service{db: db, policy: policy, guarded: guarded}
}

// Filter narrows a list.
type Filter struct{ Open bool }

// List returns the alerts of the viewer's patients: the most urgent first, then the oldest.
func (s *Service) List(ctx context.Context, v access.Viewer, f Filter) (alerts []Alert, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		patients, err := people.InScope(tx, v, access.ListAlerts)
		if err != nil {
			return err
		}
		alerts, err = of(tx, patients, f.Open)
		slices.SortStableFunc(alerts, byUrgency)
		return err
	})
	return alerts, err
}

// Resolution says what came of an alert.
type Resolution struct {
	Outcome string
	Note    string
}

// ErrDecisionNeeded means that the alert ends with a recorded decision, not by closing it.
var ErrDecisionNeeded = fault.New(fault.Conflict, "decision-needed", "the alert needs a recorded safety decision")

// Resolve closes an alert of one of the viewer's patients. Repeating it with the same words changes nothing.
func (s *Service) Resolve(ctx context.Context, v access.Viewer, alert id.Alert, r Resolution) (a Alert, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if a, err = find(tx, alert); err != nil {
			return err
		}
		if err := s.policy.Check(tx, v, access.ResolveAlert, a.Patient); err != nil {
			return err
		}
		switch {
		case a.ResolvedAt != nil && a.Outcome == r.Outcome && a.Note == r.Note && a.ResolvedBy == v.Member:
			return nil
		case a.ResolvedAt != nil:
			return ErrResolved
		case slices.Contains(s.guarded, a.Kind):
			return ErrDecisionNeeded
		}
		_, err := tx.Exec("UPDATE alerts SET resolved_at = ?, resolved_by = ?, outcome = ?, note = ? WHERE id = ?",
			database.At(tx.Now()), v.Member, r.Outcome, r.Note, alert)
		if err != nil {
			return database.Wrap("alert: resolve", err)
		}
		a, err = find(tx, alert)
		return err
	})
	return a, err
}
