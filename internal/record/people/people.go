// Package people keeps the practices, their members, who treats whom, and each patient's phones and preferences.
//
// A push address belongs to at most one phone. A change of time zone takes effect on a Monday and rewrites no past day.
// Every list contains only what the viewer may see. Names stay in this package: no error and no log line contains one.
package people

import (
	"slices"
	"strconv"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/pkg/localtime"
)

// Errors of this package.
var (
	ErrEmailTaken    = fault.New(fault.Conflict, "email-taken", "another member has this e-mail address")
	ErrStale         = fault.New(fault.Stale, "stale-version", "changed since it was read")
	ErrUnconditional = fault.New(fault.Unconditional, "if-match-required", "If-Match is missing")
	ErrNotFound      = fault.New(fault.NotFound, "not-found", "no such person or device")
)

// Language is what a person reads.
type Language = words.Language

// The languages of every text that patients and therapists see.
const (
	Dutch   = words.Dutch
	English = words.English
)

// Complaint is the part of the body that hurts.
type Complaint string

// The complaints.
const (
	LowBack   Complaint = "low_back"
	Neck      Complaint = "neck"
	UpperBack Complaint = "upper_back"
)

// complaints holds every complaint.
var complaints = [...]Complaint{LowBack, Neck, UpperBack}

// Complaints returns every complaint.
func Complaints() []Complaint { return slices.Clone(complaints[:]) }

// Phase is the stage of care: in treatment, or recovered and in prevention.
type Phase string

// The phases.
const (
	Treatment  Phase = "treatment"
	Prevention Phase = "prevention"
)

// Member works for a practice.
type Member struct {
	ID       id.Member
	Practice id.Practice
	Name     string
	Email    string
	Role     access.Role
}

// Patient is a person in treatment. Therapists is set only when a single patient is read.
type Patient struct {
	ID         id.Patient
	Practice   id.Practice
	Name       string
	BirthYear  int
	Complaint  Complaint
	Phase      Phase
	Language   Language
	Zone       string // IANA name of the home zone
	NextZone   string // takes effect on NextZoneOn; empty without a pending change
	NextZoneOn localtime.Date
	Reminders  ReminderWishes
	Research   bool // consents to the learner using the effect of reminders
	CreatedAt  time.Time
	Therapists []id.Member
}

// IDs returns the ids of patients.
func IDs(patients []Patient) []id.Patient {
	ids := make([]id.Patient, len(patients))
	for i, p := range patients {
		ids[i] = p.ID
	}
	return ids
}

// HomeZone returns the zone that defines the patient's days at a moment.
func (p Patient) HomeZone(now time.Time) *time.Location {
	current := mustZone(p.Zone)
	if p.NextZone != "" && !localtime.Today(now, current).Before(p.NextZoneOn) {
		return mustZone(p.NextZone)
	}
	return current
}

// Today returns the patient's calendar day at a moment.
func (p Patient) Today(now time.Time) localtime.Date { return localtime.Today(now, p.HomeZone(now)) }

// mustZone loads a zone that was validated before it was stored.
func mustZone(name string) *time.Location {
	zone, err := localtime.LoadZone(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// ReminderWishes is what the patient allows. The policy may send less, never more.
type ReminderWishes struct {
	Consent    bool
	Anchor     localtime.TimeOfDay // the moment the patient plans to exercise
	Quiet      localtime.Window    // no push inside
	Days       Weekdays            // days on which a reminder may come
	Windows    []localtime.Window  // in which a reminder may come; empty means any time outside quiet hours
	MaxPerDay  int                 // 0 to 2
	MaxPerWeek int                 // 0 to 7
}

// Weekdays is a set of days of the week.
type Weekdays uint8

// EveryDay is all seven days.
const EveryDay Weekdays = 127

// WeekdaysOf returns the set of the given days.
func WeekdaysOf(days ...time.Weekday) (set Weekdays) {
	for _, day := range days {
		set |= 1 << day
	}
	return set
}

// Has reports whether a day is in the set.
func (w Weekdays) Has(day time.Weekday) bool { return w&(1<<day) != 0 }

// List returns the days, Monday first.
func (w Weekdays) List() (days []time.Weekday) {
	for i := range 7 {
		if day := time.Weekday((i + 1) % 7); w.Has(day) {
			days = append(days, day)
		}
	}
	return days
}

// DefaultWishes are the preferences of a new patient (design choice: quiet from 21:00 to 08:00, at most one reminder a
// day and five a week).
var DefaultWishes = ReminderWishes{
	Consent:    true,
	Anchor:     localtime.TimeOfDay(9 * 60),
	Quiet:      localtime.Window{From: 21 * 60, Until: 8 * 60},
	Days:       EveryDay,
	MaxPerDay:  1,
	MaxPerWeek: 5,
}

// minimumQuiet is the minimum length of quiet hours in minutes, and minimumWindow that of a window: a reminder due
// outside the windows waits for the next one (design choices).
const (
	minimumQuiet  = 8 * 60
	minimumWindow = 60
)

// Preferences are the settings that a patient controls.
type Preferences struct {
	Language  Language
	Zone      string
	Reminders ReminderWishes
	Research  bool
}

// Preferences returns the patient's current settings.
func (p Patient) Preferences() Preferences {
	zone := p.Zone
	if p.NextZone != "" {
		zone = p.NextZone
	}
	return Preferences{Language: p.Language, Zone: zone, Reminders: p.Reminders, Research: p.Research}
}

func (p Preferences) validate() error {
	var wrong []fault.Violation
	if _, err := localtime.LoadZone(p.Zone); err != nil {
		wrong = append(wrong, fault.Violation{Pointer: "/time_zone", Code: "unknown-time-zone"})
	}
	if p.Reminders.Quiet.Minutes() < minimumQuiet {
		wrong = append(wrong, fault.Violation{Pointer: "/reminders/quiet_until", Code: "quiet-too-short"})
	}
	for i, w := range p.Reminders.Windows {
		if w.Until <= w.From || w.Minutes() < minimumWindow {
			wrong = append(
				wrong,
				fault.Violation{Pointer: "/reminders/windows/" + strconv.Itoa(i) + "/until", Code: "window-too-short"},
			)
		}
	}
	return fault.Input(wrong...)
}

// NewPatient is what a practice provides when it registers a patient.
type NewPatient struct {
	ID        id.Patient
	Name      string
	BirthYear int
	Complaint Complaint
	Language  Language
	Zone      string
}

func (n NewPatient) validate(now time.Time) error {
	var wrong []fault.Violation
	if _, err := localtime.LoadZone(n.Zone); err != nil {
		wrong = append(wrong, fault.Violation{Pointer: "/time_zone", Code: "unknown-time-zone"})
	}
	if n.BirthYear > now.Year() {
		wrong = append(wrong, fault.Violation{Pointer: "/birth_year", Code: "in-the-future"})
	}
	return fault.Input(wrong...)
}

// NewMember is a member to be added.
type NewMember struct {
	ID       id.Member
	Name     string
	Email    string
	Password string
	Role     access.Role
}

// Device is a paired phone.
type Device struct {
	ID       id.Device
	Name     string
	Platform string
	PairedAt time.Time
	SeenAt   time.Time
	HasPush  bool
}

// PushTarget is where a patient's messages go. The address is a secret of the phone.
type PushTarget struct {
	Device  id.Device
	Kind    string
	Address string
	Zone    string // the zone that the phone last reported; empty if it never did
	SeenAt  time.Time
}
