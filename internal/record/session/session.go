// Package session keeps what a patient did: home sessions with pain scores, and corrections.
//
// It promises that a session counts on the patient's own day it was done, however late it arrives; that a score which
// was not given is absent and never zero; that sending a session again changes nothing; and that no correction destroys
// what was said before. It refuses what cannot be: the future, more than 30 days ago, items that were never asked.
package session

import (
	"strconv"
	"time"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// Limits on time.
const (
	clockSkew  = 5 * time.Minute     // a phone's clock may run ahead
	oldest     = 30 * 24 * time.Hour // older sessions are refused
	EditDays   = 7                   // after logging, a session can be corrected or deleted
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

// StoppedByPain is the reason that a therapist must hear of.
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
	CouldDoMore  *bool // two repetitions more
	DangerBefore *int  // how dangerous the movement was expected to be
	DangerAfter  *int  // and how dangerous it felt
	Skipped      string
}

// Content is what the patient says about a session. PerformedAt keeps the offset of the phone. Pain scores are NPRS,
// whole numbers 0 to 10; nil means not asked or not answered.
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

// Session is a stored session. Credit is the share of the prescribed time that was done, in permille of the version it
// was done under.
type Session struct {
	ID      id.Session
	Patient id.Patient
	Content
	ReceivedAt  time.Time
	Revision    int
	RevisedAt   time.Time
	Credit      int
	Corrections []Note
}

// Note says afterwards what was wrong with an older session.
type Note struct {
	ID        id.Note
	Text      string
	WrittenAt time.Time
}

// Counting says whether a session counts, by how late it arrived.
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

// New returns a valid session, or a fault that names every field that cannot be. ReceivedAt is when the server first
// had the session; a correction keeps it.
func New(session id.Session, patient id.Patient, c Content, h program.History, receivedAt time.Time) (Session, error) {
	wrong := c.checkTime(receivedAt)
	version, known := h.Version(c.Version)
	if !known {
		wrong = append(wrong, fault.Violation{Pointer: "/program_version_id", Code: "unknown-version"})
	} else {
		wrong = append(wrong, c.checkItems(version)...)
	}
	if c.Status != Stopped && c.StoppedReason != "" {
		wrong = append(wrong, fault.Violation{Pointer: "/stopped_reason", Code: "only-when-stopped"})
	}
	if err := fault.Input(wrong...); err != nil {
		return Session{}, err
	}
	c.PerformedAt = c.PerformedAt.Truncate(time.Millisecond)
	return Session{
		ID: session, Patient: patient, Content: c, ReceivedAt: receivedAt, Revision: 1, RevisedAt: receivedAt,
		Credit: Credit(version, c.Items),
	}, nil
}

func (c Content) checkTime(receivedAt time.Time) (wrong []fault.Violation) {
	switch age := receivedAt.Sub(c.PerformedAt); {
	case age < -clockSkew:
		wrong = append(wrong, fault.Violation{Pointer: "/performed_at", Code: "in-the-future"})
	case age > oldest:
		wrong = append(wrong, fault.Violation{Pointer: "/performed_at", Code: "too-old"})
	}
	zone, err := localtime.LoadZone(c.Zone)
	if err != nil {
		return append(wrong, fault.Violation{Pointer: "/time_zone", Code: "unknown-time-zone"})
	}
	if localtime.DateOf(c.PerformedAt.In(zone)) != c.LocalDate {
		wrong = append(wrong, fault.Violation{Pointer: "/local_date", Code: "not-the-day-performed"})
	}
	return wrong
}

func (c Content) checkItems(version program.Version) (wrong []fault.Violation) {
	if c.Status == Completed && len(c.Items) == 0 {
		wrong = append(wrong, fault.Violation{Pointer: "/items", Code: "required"})
	}
	seen := map[id.ProgramItem]bool{}
	for i, done := range c.Items {
		at := "/items/" + strconv.Itoa(i)
		if _, asked := version.Item(done.Item); !asked {
			wrong = append(wrong, fault.Violation{Pointer: at + "/item_id", Code: "unknown-item"})
		}
		if seen[done.Item] {
			wrong = append(wrong, fault.Violation{Pointer: at + "/item_id", Code: "duplicate"})
		}
		seen[done.Item] = true
		recorded := done.Sets != nil || done.Reps != nil || done.Minutes != nil
		switch {
		case !recorded && done.Skipped == "":
			wrong = append(wrong, fault.Violation{Pointer: at, Code: "nothing-recorded"})
		case recorded && done.Skipped != "":
			wrong = append(wrong, fault.Violation{Pointer: at + "/skipped_reason", Code: "skipped-but-done"})
		}
	}
	return wrong
}

// Full is the credit of a session with everything in it, in permille.
const Full = 1000

// Fraction returns how much of an item was done, 0 to 1000 permille: sets times reps, or minutes, against the dose.
// Sets without reps are taken as prescribed, reps or minutes without sets as one set.
func Fraction(item program.Item, done ItemDone) int {
	did, asked := amounts(item, done)
	if did >= asked {
		return Full
	}
	return did * Full / asked
}

// Seconds returns how long an item was worked on: its prescribed seconds times what was done of it, also beyond the
// dose.
func Seconds(item program.Item, done ItemDone) int {
	did, asked := amounts(item, done)
	if asked == 0 {
		return 0
	}
	return (2*item.Work()*did + asked) / (2 * asked)
}

// amounts returns repetitions, or minutes, as done and as asked.
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

// Credit returns the share of the prescribed time that was done, rounded to permille:
// c = 1000 · Σ w·min(1, done/prescribed) / Σ w with w the item's seconds of work.
func Credit(version program.Version, items []ItemDone) int {
	weighted, total := 0, 0
	for _, item := range version.Items {
		total += item.Work()
	}
	for _, done := range items {
		if item, asked := version.Item(done.Item); asked {
			weighted += item.Work() * Fraction(item, done)
		}
	}
	if total == 0 {
		return 0
	}
	return (weighted + total/2) / total
}

func or(n *int, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return *n
}
