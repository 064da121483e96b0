// Package session keeps what a patient did: home sessions with pain scores, and corrections.
//
// A session counts on the patient's own day on which it was done, however late it arrives. A missing score is absent,
// never zero. Repeating a session changes nothing, and no correction destroys the previous content. A phone cannot
// correct what it told, so what is impossible is mended and said: a clock that is wrong, a zone that nobody knows, an
// item told twice. Refused is only a program version or an item that is not the patient's.
package session

import (
	"time"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/told"
	"cadans/pkg/localtime"
)

// Limits on time.
const (
	clockSkew  = 5 * time.Minute // a phone's clock may be so wrong
	EditDays   = 7               // after logging, a session can be corrected or deleted
	EditWindow = EditDays * 24 * time.Hour
	promptFor  = 48 * time.Hour     // then a session is late
	countedFor = 7 * 24 * time.Hour // then it is kept, but does not count
)

// Errors of this package.
var (
	ErrNotFound         = fault.New(fault.NotFound, "not-found", "no such session")
	ErrDeleted          = fault.New(fault.Conflict, "session-deleted", "the session was deleted")
	ErrEditWindowClosed = fault.New(fault.Conflict, "edit-window-closed", "the session was logged more than 7 days ago")
	ErrStillEditable    = fault.New(fault.Conflict, "still-editable", "the session can still be corrected itself")
)

// Status says how a session ended.
type Status string

// The ways a session ends.
const (
	Completed Status = "completed"
	Partial   Status = "partial"
	Stopped   Status = "stopped"
)

// StoppedByPain is the reason that must reach the therapist.
const StoppedByPain = "pain"

// ItemDone is what was done of one item. Absent numbers were not recorded.
// Difficulty, pain and danger run from 0 to 10.
type ItemDone struct {
	Item         id.ProgramItem
	Sets         *int
	Reps         *int // per set
	Minutes      *int
	Difficulty   *int
	Pain         *int
	CouldDoMore  *bool // could do two repetitions more
	DangerBefore *int  // how dangerous the movement seemed beforehand
	DangerAfter  *int  // how dangerous it felt
	Skipped      string
}

// Content is what the patient reports about a session. PerformedAt keeps the offset of the phone. Pain scores are NPRS,
// whole numbers from 0 to 10; nil means not asked or not answered.
type Content struct {
	PerformedAt   time.Time
	Zone          string
	LocalDate     localtime.Date
	Version       id.ProgramVersion
	Status        Status
	StoppedReason string
	DurationS     *int
	Items         []ItemDone
	PainBefore    *int
	PainAfter     *int
	Confidence    *int
	Note          string
	NewSigns      []safety.Sign // "anything new?"
}

// Told is what a phone told about a session, in words that Content has understood.
type Told struct {
	Content
	ClientTime time.Time // what the phone's clock said when it sent; zero when it did not say
	Words      told.Body
}

// Session is a stored session. Credit is the share of the prescribed time that was done, in permille of the version in
// force.
type Session struct {
	ID      id.Session
	Patient id.Patient
	Content
	ReceivedAt  time.Time
	Revision    int
	RevisedAt   time.Time
	Credit      int
	Corrections []Note
	Verdict     safety.Verdict    // of the signs; only where the patient reads the session
	Warnings    []fault.Violation // what was mended; only in the answer to who logged it
}

// Note says what was wrong with an older session.
type Note struct {
	ID        id.Note
	Text      string
	WrittenAt time.Time
}

// Counting says whether a session counts, depending on how late it arrived.
type Counting string

// The ways of counting.
const (
	Prompt     Counting = "prompt"      // within 48 hours
	Late       Counting = "late"        // within 7 days: counts, but pain was recalled rather than felt
	NotCounted Counting = "not_counted" // later: kept for the therapist to read
)

// Counting returns whether the session counts.
func (s Session) Counting() Counting {
	switch delay := s.ReceivedAt.Sub(s.PerformedAt); {
	case delay <= promptFor:
		return Prompt
	case delay <= countedFor:
		return Late
	default:
		return NotCounted
	}
}

// PainRise returns how much pain rose during the session; ok is false unless both scores were given.
func (s Session) PainRise() (rise int, ok bool) {
	if s.PainBefore == nil || s.PainAfter == nil {
		return 0, false
	}
	return *s.PainAfter - *s.PainBefore, true
}

// New makes a session of what a phone told, with a warning for each thing that was mended. It refuses a version or an
// item that is not the patient's. ReceivedAt is when the server first received the session; a correction keeps it.
func New(
	session id.Session, patient id.Patient, said Told, home Home, h program.History, receivedAt time.Time,
) (Session, error) {
	heard := hearing{Told: said}
	version, err := heard.understand(home, h, receivedAt)
	if err != nil {
		return Session{}, err
	}
	s := Session{
		ID: session, Patient: patient, Content: heard.Content, ReceivedAt: receivedAt, Revision: 1,
		RevisedAt: receivedAt, Credit: Credit(version, heard.Items), Warnings: heard.warnings,
	}
	_, governed, _ := Governed(s, h)
	s.Credit = governed.Credit
	return s, nil
}

// Full is the credit of a complete session, in permille.
const Full = 1000

// Whole is all of an item, in the unit of Share: small enough that adding shares and rounding once loses nothing.
const Whole = 1_000_000_000

// Share returns how much of an item was done, 0 to Whole: sets times reps, or minutes, against the dose. Sets without
// reps are taken as prescribed, reps or minutes without sets as one set.
func Share(item program.Item, done ItemDone) int {
	did, asked := amounts(item, done)
	if did >= asked {
		return Whole
	}
	return (2*did*Whole + asked) / (2 * asked)
}

// Part is a share of an item with the item's weight, its seconds of work.
type Part struct{ Weight, Share int }

// Permille is the one rule by which shares become a credit: their mean by weight, rounded once,
// halves up. Nothing asked is no credit.
func Permille(parts []Part) int {
	sum, total := 0, 0
	for _, p := range parts {
		sum, total = sum+p.Weight*p.Share, total+p.Weight
	}
	if total == 0 {
		return 0
	}
	unit := total * (Whole / Full)
	return (sum + unit/2) / unit
}

// Seconds returns how long an item was worked on: its prescribed seconds times the fraction done, which may exceed the
// dose.
func Seconds(item program.Item, done ItemDone) int {
	did, asked := amounts(item, done)
	if asked == 0 {
		return 0
	}
	return (2*item.Work()*did + asked) / (2 * asked)
}

// amounts returns repetitions, or minutes, done and asked.
func amounts(item program.Item, done ItemDone) (did, asked int) {
	if item.Dose.IsTimed() {
		return or(done.Minutes, or(done.Sets, 0)*item.Dose.Minutes), item.Dose.Sets * item.Dose.Minutes
	}
	asked = item.Dose.Sets * item.Dose.Reps
	if done.Sets == nil && done.Reps == nil {
		return 0, asked
	}
	return or(done.Sets, 1) * or(done.Reps, item.Dose.Reps), asked
}

// Credit returns the share of the prescribed time that was done, in permille:
// c = 1000 · Σ w·min(1, done/prescribed) / Σ w with w the item's seconds of work.
func Credit(version program.Version, items []ItemDone) int {
	var parts []Part
	for _, item := range version.Items {
		part := Part{Weight: item.Work()}
		for _, done := range items {
			if done.Item == item.ID {
				part.Share = Share(item, done)
			}
		}
		parts = append(parts, part)
	}
	return Permille(parts)
}

func or(n *int, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return *n
}
