// Package reminder decides whether a patient gets a push, sends it once, remembers
// why, and finds out whether it helped.
//
// A slot is one chance to send: a patient, a local date and a kind, unique in the database. Its life:
//
//	(moment has come) ──Decide──> skipped                       with the reason
//	                      └─Draw─> skipped                      left out by chance
//	                        └────> due ──claim, Decide again──> skipped, or due later (quiet hours)
//	                                │ ▲
//	                                │ └── sent ── put off by the patient
//	                                └──> sending ──> sent
//	                                        ├──────> due           the service asked to wait; tried later
//	                                        ├──────> dead          no phone takes it
//	                                        └──────> expired       nobody would understand it any more
//
// It promises that a slot marked sent is never sent again unless the patient asks for it, and that one which was
// being sent when the program died is sent once more at most, with the same tag, so that the phone shows it once.
// No push service offers more: between its yes and our note of it there is a gap. A message holds a neutral
// sentence and an opaque id, never health data.
//
// Every decision is made from Facts alone, carries the number of the policy that made it, and is logged with what could
// have been chosen and how likely each was. Effect estimates from that log what reminders do.
package reminder

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"

	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Message is one push to one phone.
type Message struct {
	Slot    id.Slot
	Kind    Kind
	Target  people.PushTarget
	Title   string
	Body    string
	Expires time.Time
}

// Sender hands a message to a push service. What it returns is a *delivery.Failure unless the service accepted the
// message. It must give up when ctx ends.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Facts is all that a decision rests on.
type Facts struct {
	Kind    Kind
	Policy  Policy
	Patient people.Patient
	Zone    *time.Location // where the phone is, as far as it said so; else the home zone
	Date    localtime.Date // of the slot, in that zone
	Snoozed bool           // the patient asked for this one

	Day        adherence.Course // of the slot, with what was done by now
	HasProgram bool
	SafetyStop bool
	WeekDone   bool           // this week's quota is reached
	Dropped    bool           // the last 7 days lie far below the patient's own median
	DaysIn     int            // days since the program started
	Away       int            // days without a session, this one included
	Idle       int            // days since the patient did anything: a session, starting the app, opening a reminder
	Week, Four adherence.Rate // the last 7 and 28 days
	Recent     adherence.Band // of the last 28 days
	HabitWeeks int            // how long there have been enough sessions a week for a habit; 0 when there have not

	LastSeen  time.Time
	Phones    int
	Unread    int // feedback not opened
	Questions Waiting
	Sent      Counts

	Experience Experience      // what the learner has seen; nil where it is off
	HasPlan    bool            // an if-then plan
	Barrier    barrier.Barrier // named last, in the last two weeks
	Tried      *Tried          // the window that the learner chose for the cue; nil where it did not

	Ignored int // pushes in a row that nobody answered: not opened, and no session within a day
}

// Waiting is how many questions wait for a patient, and since when the latest have.
type Waiting struct {
	Waiting int
	DueOn   localtime.Date
}

// Counts are pushes that were sent or are about to be, besides the slot itself. Weeks are the last 7 days.
type Counts struct {
	Today, TodayReminders int
	Week, WeekReminders   int
	WeekCues, WeekRescues int
	Last, LastCue         time.Time
	LastReminder          localtime.Date // cue, rescue, lapse, weekly check or milestone
	LastOther             localtime.Date // of those, what is no cue
	LastMilestone         localtime.Date
}

// SlotID names a slot before it exists, so that a phone can plan it while it is
// offline and knows it again when it comes.
func SlotID(patient id.Patient, day localtime.Date, kind Kind) id.Slot {
	sum := sha256.Sum256([]byte(string(patient) + " " + day.String() + " " + string(kind)))
	u := uuid.UUID(sum[:16])
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80 // version 8: made by a rule of our own
	return id.Slot(u.String())
}

// mostSpread is how far a slot is moved at most.
const mostSpread = 90 * time.Second

// spread moves the slots of a patient's day to either side, all alike, so that not
// everybody's nine o'clock is one moment.
func spread(patient id.Patient, day localtime.Date) time.Duration {
	sum := sha256.Sum256([]byte("cadans spread " + string(patient) + " " + day.String()))
	const seconds = int(mostSpread / time.Second)
	return time.Duration((int(sum[0])<<8|int(sum[1]))%(2*seconds+1)-seconds) * time.Second
}
