package reminder

import (
	"strings"

	"cadans/internal/record/people"
)

// Reason says why: as a metric label, in the decision log, and as text for the patient.
type Reason string

// The reasons.
const (
	Due             Reason = "due"
	Chosen          Reason = "put off by the patient"
	NoConsent       Reason = "no consent"
	Stopped         Reason = "stopped by the patient"
	NoDevice        Reason = "no device"
	NoProgram       Reason = "no program"
	SafetyStop      Reason = "safety stop"
	DoneAlready     Reason = "done already"
	WeekComplete    Reason = "week complete"
	Paused          Reason = "paused"
	RestDay         Reason = "rest day"
	InFlare         Reason = "flare"
	Unknown         Reason = "phone not in contact"
	Ignored         Reason = "ignored in a row"
	AwayTooLong     Reason = "away too long"
	DayOff          Reason = "not a day for reminders"
	QuietHours      Reason = "quiet hours"
	OutsideWindows  Reason = "not a time for reminders"
	AppInUse        Reason = "app just used"
	DailyCap        Reason = "daily cap"
	WeeklyCap       Reason = "weekly cap"
	TooSoon         Reason = "too soon after the last push"
	RescueInstead   Reason = "evening rescue instead"
	LapseInstead    Reason = "question about a lapse instead"
	NothingUnread   Reason = "nothing unread"
	NothingWaiting  Reason = "no questions waiting"
	LeftOut         Reason = "left out by chance"
	TooLate         Reason = "too late to help"
	Ambiguous       Reason = "interrupted twice while sending"
	Undeliverable   Reason = "no phone took it"
	ServiceRejected Reason = "push service refused it"
)

// In returns the reason as text for a patient.
func (r Reason) In(l people.Language) string {
	if r == "" {
		return ""
	}
	if key := "reminder.reason." + strings.ReplaceAll(string(r), " ", "_"); l.Has(key) {
		return l.Say(key)
	}
	return l.Say("reminder.reason.other")
}
