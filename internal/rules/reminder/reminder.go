// Package reminder decides whether a patient gets a push, sends it once, records why, and measures whether it helped.
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
// A slot marked sent is never sent again unless the patient asks for it. A slot that was being sent when the program
// died is sent at most once more, with the same tag, so that the phone shows it once. No push service offers more,
// because a crash can come between its answer and our record of it. A message holds a neutral sentence and an opaque
// id, never health data.
//
// Every decision depends on Facts alone, carries the version of its policy, and is logged with the possible arms and
// their probabilities. Effect estimates from that log what reminders achieve.
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

// Sender hands a message to a push service. Its error is a *delivery.Failure unless the service accepted the message.
// It must return when ctx ends.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Facts is the input of a decision.
type Facts struct {
	Kind    Kind
	Policy  Policy
	Patient people.Patient
	Zone    *time.Location // of the phone if it reported one, otherwise the home zone
	Date    localtime.Date // of the slot, in that zone
	Snoozed bool           // the patient asked for this one

	Day        adherence.Course // of the slot, with what was done by now
	HasProgram bool
	SafetyStop bool
	WeekDone   bool           // this week's quota is met
	Dropped    bool           // the last 7 days lie far below the patient's own median
	DaysIn     int            // days since the program started
	Away       int            // days without a session, this one included
	Idle       int            // days since the patient last did a session, started the app or opened a reminder
	Week, Four adherence.Rate // the last 7 and 28 days
	Recent     adherence.Band // of the last 28 days
	HabitWeeks int            // how long there have been enough sessions a week for a habit; otherwise 0

	LastSeen  time.Time
	Phones    int
	Unread    int // feedback not opened
	Questions Waiting
	Sent      Counts

	Experience Experience      // the learner's observations; nil where it is off
	HasPlan    bool            // has an if-then plan
	Barrier    barrier.Barrier // named last, in the last two weeks
	Tried      *Tried          // the window that the learner chose for the cue; nil where it did not choose

	Ignored int // pushes in a row without a response: not opened, and no session within a day
}

// Waiting is how many questionnaires await an answer, and since when the latest of them is due.
type Waiting struct {
	Waiting int
	DueOn   localtime.Date
}

// Counts counts pushes that were sent or are about to be, without the slot itself. Weeks are the last 7 days.
type Counts struct {
	Today, TodayReminders int
	Week, WeekReminders   int
	WeekCues, WeekRescues int
	Last, LastCue         time.Time
	LastReminder          localtime.Date // cue, rescue, lapse, weekly check or milestone
	LastOther             localtime.Date // of those, other than cues
	LastMilestone         localtime.Date
}

// SlotID derives a slot's id before the slot exists, so that a phone can plan it offline and recognise it when it
// arrives.
func SlotID(patient id.Patient, day localtime.Date, kind Kind) id.Slot {
	sum := sha256.Sum256([]byte(string(patient) + " " + day.String() + " " + string(kind)))
	u := uuid.UUID(sum[:16])
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80 // version 8: custom
	return id.Slot(u.String())
}

// maxJitter is the most by which a slot is moved.
const maxJitter = 90 * time.Second

// jitter moves all slots of a patient's day by the same amount, so that 9:00 sends do not all happen at once.
func jitter(patient id.Patient, day localtime.Date) time.Duration {
	sum := sha256.Sum256([]byte("cadans spread " + string(patient) + " " + day.String()))
	const seconds = int(maxJitter / time.Second)
	return time.Duration((int(sum[0])<<8|int(sum[1]))%(2*seconds+1)-seconds) * time.Second
}
