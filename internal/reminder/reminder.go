// Package reminder decides whether a patient gets a push, sends it once, and remembers why.
//
// A slot is one chance to send: a patient, a local date and a kind, unique in the database. Its life:
//
//	(moment has come) ──Decide──> skipped                       with the reason
//	                      └─────> due ──claim, Decide again──> skipped, or due later (quiet hours)
//	                               │
//	                               └──> sending ──> sent
//	                                       ├──────> due           the service asked to wait; tried later
//	                                       ├──────> dead          no phone takes it
//	                                       └──────> expired       nobody would understand it any more
//
// It promises that a slot marked sent is never sent again, and that one which was being sent when the program died is
// sent once more at most, with the same tag, so that the phone shows it once. No push service offers more: between its
// yes and our note of it there is a gap. A message holds a neutral sentence and an opaque id, never health data.
//
// Every decision is made from Facts alone and carries the number of the policy that made it.
package reminder

import (
	"context"
	"errors"
	"time"

	"cadans/internal/adherence"
	"cadans/internal/id"
	"cadans/internal/people"
	"cadans/pkg/localtime"
)

// PolicyVersion is the number of the rules in this package; it changes with every change of them.
const PolicyVersion = 1

// Kind is why a push would be sent.
type Kind string

// The kinds of push.
const (
	Cue      Kind = "cue"      // shortly before the moment the patient plans to exercise
	Rescue   Kind = "rescue"   // in the evening, when adherence has dropped and today was planned and not logged
	Feedback Kind = "feedback" // the therapist wrote
)

// The policy: design choices, not evidence.
const (
	cueLead        = 10 * time.Minute // before the anchor time
	usefulFor      = 2 * time.Hour    // a cue or rescue later than this helps nobody
	feedbackFor    = 48 * time.Hour
	minGap         = 4 * time.Hour
	minCueGap      = 20 * time.Hour
	cuesPerWeek    = 5
	rescuesPerWeek = 2
	pushesPerDay   = 2 // all kinds together
	pushesPerWeek  = 7
	unknownAfter   = 5 * 24 * time.Hour // without contact nobody knows what was done
)

// rescueAt is when an evening rescue is due.
var rescueAt = localtime.MustParseTimeOfDay("18:30")

// Message is one push to one phone.
type Message struct {
	Slot    id.Slot
	Kind    Kind
	Target  people.PushTarget
	Title   string
	Body    string
	Expires time.Time
}

// ErrUnregistered means that the address is dead and must be forgotten.
var ErrUnregistered = errors.New("push address is no longer registered")

// RetryError means that the push service could not take the message now. Wait is what it asked for; zero leaves that to
// the caller.
type RetryError struct {
	Wait  time.Duration
	Cause error
}

// Error implements error.
func (e *RetryError) Error() string { return "push service asks to wait: " + e.Cause.Error() }

// Unwrap returns what the service said.
func (e *RetryError) Unwrap() error { return e.Cause }

// Sender hands a message to a push service. It returns ErrUnregistered for a dead address, a *RetryError when trying
// again may help, and any other error when it will not. It must give up when ctx ends.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Facts is all that a decision rests on.
type Facts struct {
	Kind       Kind
	Patient    people.Patient
	Zone       *time.Location
	Day        adherence.Day // of the slot, with what was done by now
	HasProgram bool
	InFlare    bool // a worse period: the flare program asks little and reminds of nothing
	WeekDone   bool // this week's quota is reached
	Dropped    bool // the last 7 days lie far below the patient's own median
	LastSeen   time.Time
	Phones     int
	Unread     int // feedback not opened
	Sent       Counts
}

// Counts are pushes that were sent or are about to be.
type Counts struct {
	Today, TodayReminders int
	Week, WeekCues        int
	WeekRescues           int
	Last, LastCue         time.Time
}

// text is what a locked phone may show: no pain, no exercise, no name, no number.
func (k Kind) text(l people.Language) string {
	switch k {
	case Cue:
		return l.Pick("Uw plan voor vandaag staat klaar.", "Your plan for today is ready.")
	case Rescue:
		return l.Pick("Komt het nu uit? Een ander moment kiezen mag ook.", "A good moment? You can also pick another time.")
	default:
		return l.Pick("Er is een bericht voor u.", "There is a message for you.")
	}
}

// moment returns when a kind is due on a day and until when it helps.
func (k Kind) moment(p people.Patient, day localtime.Date, zone *time.Location) (due, expires time.Time) {
	if k == Rescue {
		due = localtime.Resolve(day, rescueAt, zone)
	} else {
		due = localtime.Resolve(day, p.Reminders.Anchor, zone).Add(-cueLead)
	}
	return due, due.Add(usefulFor)
}

// nextMoment returns when a patient's next cue or rescue may be due, after now.
func nextMoment(p people.Patient, now time.Time) time.Time {
	zone := p.HomeZone(now)
	today := localtime.Today(now, zone)
	var next time.Time
	for _, day := range []localtime.Date{today, today.AddDays(1), today.AddDays(2)} {
		for _, kind := range []Kind{Cue, Rescue} {
			due, _ := kind.moment(p, day, zone)
			if due.After(now) && (next.IsZero() || due.Before(next)) {
				next = due
			}
		}
	}
	return next
}
