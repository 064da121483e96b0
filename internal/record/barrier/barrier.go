// Package barrier keeps why a session did not happen, as the patient said it.
//
// It promises that a report is about a day of the patient, that sending it again changes nothing, and that every
// barrier has a name for a therapist in each language. It refuses days that are too old or still to come. What helps
// against a barrier is decided in package coping.
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

// all holds the barriers in the order in which they are shown.
var all = [...]Barrier{
	Time, Motivation, Confidence, Forgot, Pain, Fatigue, Boredom, NoSpace, Ill, Holiday, FeltBetter, UnsureUseful,
	Other,
}

// All returns the barriers in the order in which they are shown.
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

// oldest is how many days back a report may go.
const oldest = 30

func (r Report) check(today localtime.Date) error {
	switch {
	case r.LocalDate.After(today.AddDays(1)): // the patient may be a zone ahead of home
		return fault.Input(fault.Violation{Pointer: "/local_date", Code: "in-the-future"})
	case today.DaysSince(r.LocalDate) > oldest:
		return fault.Input(fault.Violation{Pointer: "/local_date", Code: "too-old"})
	default:
		return nil
	}
}
