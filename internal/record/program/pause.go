package program

import (
	"slices"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// Limits of a pause, in days.
const (
	maxPause     = 180
	maxPauseBack = 7 // how far in the past a patient may start a pause
)

// PauseReason says why nothing is expected.
type PauseReason string

// The reasons that a person can give. SafetyPause is the only other one.
const (
	PauseIllness PauseReason = "illness"
	PauseHoliday PauseReason = "holiday"
	PauseFlare   PauseReason = "flare"
	PauseOther   PauseReason = "other"
)

// pauseReasons holds every reason that a person can give.
var pauseReasons = [...]PauseReason{PauseIllness, PauseHoliday, PauseFlare, PauseOther}

// PauseReasons returns every reason that a person can give.
func PauseReasons() []PauseReason { return slices.Clone(pauseReasons[:]) }

// Pause is a range of days, both ends included, on which nothing is expected.
type Pause struct {
	ID         id.Pause
	Patient    id.Patient
	Reason     PauseReason
	Start      localtime.Date
	End        localtime.Date // the last paused day
	DeclaredBy string         // patient, therapist or admin
}

// Covers reports whether the day is paused.
func (p Pause) Covers(day localtime.Date) bool { return !day.Before(p.Start) && !day.After(p.End) }

// PauseOn returns the pause that covers a day.
func (h History) PauseOn(day localtime.Date) (Pause, bool) {
	i := slices.IndexFunc(h.Pauses, func(p Pause) bool { return p.Covers(day) })
	if i < 0 {
		return Pause{}, false
	}
	return h.Pauses[i], true
}

// StopOn returns the safety gate's pause that covers a day.
func (h History) StopOn(day localtime.Date) (Pause, bool) {
	i := slices.IndexFunc(h.Pauses, func(p Pause) bool { return p.Reason == SafetyPause && p.Covers(day) })
	if i < 0 {
		return Pause{}, false
	}
	return h.Pauses[i], true
}

// NewPause is a pause to be declared.
type NewPause struct {
	ID     id.Pause
	Reason PauseReason
	Start  localtime.Date
	End    localtime.Date
}

// check refuses a range that ends before it starts or is longer than the declarer may choose. Today is the patient's;
// alone is the maximum number of days without a therapist.
func (n NewPause) check(today localtime.Date, byPatient bool, alone int) error {
	days, longest, tooLong := n.End.DaysSince(n.Start)+1, maxPause, "pause-over-180-days"
	if byPatient {
		longest, tooLong = alone, "pause-too-long"
	}
	var wrong []fault.Violation
	switch {
	case days < 1:
		wrong = append(wrong, fault.Violation{Pointer: "/end_date", Code: "before-start"})
	case days > longest:
		wrong = append(wrong, fault.Violation{Pointer: "/end_date", Code: tooLong})
	}
	if today.DaysSince(n.Start) > maxPauseBack {
		wrong = append(wrong, fault.Violation{Pointer: "/start_date", Code: "too-long-ago"})
	}
	if n.Start.DaysSince(today) > maxPublishAhead {
		wrong = append(wrong, fault.Violation{Pointer: "/start_date", Code: "too-far-ahead"})
	}
	return fault.Input(wrong...)
}
