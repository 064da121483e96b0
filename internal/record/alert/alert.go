// Package alert keeps the open reasons for a therapist to look at a patient.
//
// The same condition is open at most once. Each alert states its reason in a sentence that was true when it was
// written. A resolved alert stays readable, with who resolved it and how. The package decides nothing: the rules live
// with the facts they read, and raise their findings in their own transaction.
//
//	         found                   outcome
//	(none) ────────► open ─────────────────────────► resolved
//	                 │  ▲   no reason holds any more    │
//	          snooze │  │ its time comes, or a          │ a new reason, or an old one
//	                 ▼  │ reason for now                │ that goes on past the quiet days
//	                snoozed                             └──────────► (another alert opens)
//
// Acknowledging records that somebody has seen an alert. It stays open, and its next reason makes it unseen again.
package alert

import (
	"time"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/people"
)

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such alert")
	ErrResolved = fault.New(fault.Conflict, "already-resolved", "the alert was resolved already")
	// ErrDecisionNeeded means that only a recorded safety decision ends the alert.
	ErrDecisionNeeded = fault.New(fault.Conflict, "decision-needed", "the alert needs a recorded safety decision")
)

// Kind is the subject area of an alert.
type Kind string

// SafetyKind is the kind of package safety's alerts. Those that cannot wait ask the patient to call 112.
const SafetyKind Kind = "safety"

// IsEmergency reports whether a safety sign asked the patient to call 112.
func (a Alert) IsEmergency() bool { return a.Kind == SafetyKind && a.Urgency == Now }

// Rule names the rule that found a reason.
type Rule string

// Raised is what a rule found. Subject distinguishes two findings of the same kind.
type Raised struct {
	Kind        Kind
	Subject     string
	Urgency     Urgency
	words.Pair  // the sentence
	RuleVersion int
}

// State is the state of an alert.
type State string

// The states.
const (
	Open     State = "open"
	Snoozed  State = "snoozed"
	Resolved State = "resolved"
)

// Alert is a stored alert. ResolvedBy is empty when a rule resolved it. Reasons is empty for alerts that do not collect
// reasons; those have only their sentence.
type Alert struct {
	ID      id.Alert
	Patient id.Patient
	Raised
	OpenedAt       time.Time
	UpdatedAt      time.Time // when it was raised, or got its latest reason
	AcknowledgedAt *time.Time
	AcknowledgedBy id.Member
	SnoozedUntil   *time.Time
	Reasons        []Reason
	ResolvedAt     *time.Time
	ResolvedBy     id.Member
	Outcome        string
	Note           string
}

// Reason returns the sentence in a language.
func (a Alert) Reason(l people.Language) string { return a.In(l) }

// State returns the state of the alert at a moment.
func (a Alert) State(now time.Time) State {
	switch {
	case a.ResolvedAt != nil:
		return Resolved
	case a.SnoozedUntil != nil && now.Before(*a.SnoozedUntil):
		return Snoozed
	default:
		return Open
	}
}

// Event is something that happened to an alert. By is empty when a rule did it.
type Event struct {
	What   What
	At     time.Time
	By     id.Member
	Until  *time.Time // of a snooze
	Detail string     // the rule of a reason, or an outcome
	Note   string
}

// What is the type of an event.
type What string

// The events.
const (
	WasRaised       What = "raised"
	ReasonAdded     What = "reason_added"
	WasAcknowledged What = "acknowledged"
	WasSnoozed      What = "snoozed"
	WasResolved     What = "resolved"
	WasSettled      What = "settled" // by the rules
	WasReopened     What = "reopened"
)
