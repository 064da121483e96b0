// Package alert keeps the open reasons for a therapist to look at a patient.
//
// It promises that the same thing is open once, that each alert says why in a sentence that was true when it was said,
// and that what was resolved stays readable with who did so and how. It decides nothing: the rules live where the facts
// are, and raise what they find inside their own transaction.
//
//	         found                   outcome
//	(none) ────────► open ─────────────────────────► resolved
//	                 │  ▲   no reason holds any more    │
//	          snooze │  │ its time comes, or a          │ a new reason, or an old one
//	                 ▼  │ reason for now                │ that goes on past the quiet days
//	                snoozed                             └──────────► (another alert opens)
//
// Acknowledging says that somebody has seen an alert; it stays open, and counts as unseen again with its next reason.
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
	// ErrDecisionNeeded means that the alert ends with a recorded decision, not by closing it.
	ErrDecisionNeeded = fault.New(fault.Conflict, "decision-needed", "the alert needs a recorded safety decision")
)

// Kind says what an alert is about.
type Kind string

// Rule says which rule found a reason.
type Rule string

// Raised is what a rule found. Subject tells two findings of one kind apart.
type Raised struct {
	Kind        Kind
	Subject     string
	Urgency     Urgency
	words.Pair  // what it says
	RuleVersion int
}

// State is where an alert stands.
type State string

// The states.
const (
	Open     State = "open"
	Snoozed  State = "snoozed"
	Resolved State = "resolved"
)

// Alert is a stored alert. ResolvedBy is empty when what raised it has resolved it. Reasons are those of an alert that
// collects them; one that does not has its sentence alone.
type Alert struct {
	ID      id.Alert
	Patient id.Patient
	Raised
	OpenedAt       time.Time
	UpdatedAt      time.Time // raised, or got its latest reason
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

// State returns where the alert stands at a moment.
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

// What happened.
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
