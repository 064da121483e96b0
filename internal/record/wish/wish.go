// Package wish keeps the changes to the program that a patient asks for, and their outcomes.
//
// Repeating a wish stores it once. A wish is open until a therapist closes it or changes the program after it; a change
// made by a rule does not answer it. A second, different outcome is refused.
package wish

import (
	"slices"
	"time"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such request")
	ErrClosed   = fault.New(fault.Conflict, "already-closed", "the request was closed already")
)

// Reason says why a patient asks for another exercise or dose.
type Reason string

// The reasons.
const (
	TooHard      Reason = "too_hard"
	TooEasy      Reason = "too_easy"
	Hurts        Reason = "hurts"
	NoSpace      Reason = "no_space"
	NoEquipment  Reason = "no_equipment"
	TooLong      Reason = "too_long"
	Technique    Reason = "technique"
	FeltBetter   Reason = "felt_better"
	UnsureUseful Reason = "unsure_useful"
)

// reasons holds every reason.
var reasons = [...]Reason{
	TooHard, TooEasy, Hurts, NoSpace, NoEquipment, TooLong, Technique, FeltBetter, UnsureUseful,
}

// Reasons returns every reason.
func Reasons() []Reason { return slices.Clone(reasons[:]) }

// In names the reason for a therapist.
func (r Reason) In(l people.Language) string {
	if key := "wish.reason." + string(r); l.Has(key) {
		return l.Say(key)
	}
	return l.Say("wish.reason.other")
}

// Wish is a request for another exercise or dose.
type Wish struct {
	ID         id.ChangeRequest
	LocalDate  localtime.Date
	Reason     Reason
	Item       id.ProgramItem // of the program; empty for the whole program
	Note       string
	ReceivedAt time.Time
	Open       bool
	ClosedAt   *time.Time
	Outcome    string // changed or kept, if a therapist closed it
}
