// Package barrier keeps why a session did not happen, in the patient's own terms.
//
// Each report is about one day of the patient, and repeating a report changes nothing. Every barrier has a name for
// therapists in each language. Days in the future are refused. Package coping decides what helps
// against a barrier.
package barrier

import (
	"slices"
	"time"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Barrier is why a session did not happen.
type Barrier string

// The barriers.
const (
	Time         Barrier = "time"
	Motivation   Barrier = "motivation"
	Confidence   Barrier = "confidence"
	Forgot       Barrier = "forgot"
	Pain         Barrier = "pain"
	Fatigue      Barrier = "fatigue"
	Boredom      Barrier = "boredom"
	NoSpace      Barrier = "no_space"
	Ill          Barrier = "ill"
	Holiday      Barrier = "holiday"
	FeltBetter   Barrier = "felt_better"
	UnsureUseful Barrier = "unsure_useful"
	Other        Barrier = "other"
)

// all holds the barriers in display order.
var all = [...]Barrier{
	Time, Motivation, Confidence, Forgot, Pain, Fatigue, Boredom, NoSpace, Ill, Holiday, FeltBetter, UnsureUseful,
	Other,
}

// All returns the barriers in display order.
func All() []Barrier { return slices.Clone(all[:]) }

// In names the barrier for a therapist.
func (b Barrier) In(l people.Language) string {
	if key := "barrier." + string(b); l.Has(key) {
		return l.Say(key)
	}
	return l.Say("barrier.other")
}

// Report is one answer to "why not?".
type Report struct {
	ID         id.Barrier
	LocalDate  localtime.Date
	Barrier    Barrier
	Note       string
	ReceivedAt time.Time
}

// check refuses a day that has not come anywhere: the phone may be in a time zone ahead of home.
func (r Report) check(today localtime.Date) error {
	if r.LocalDate.After(today.AddDays(1)) {
		return fault.Input(fault.Violation{Pointer: "/local_date", Code: "in-the-future"})
	}
	return nil
}
