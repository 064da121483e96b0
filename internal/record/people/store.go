package people

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/text"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

type memberRow struct {
	ID           string
	PracticeID   string
	Name         string
	Email        string
	Role         string
	PasswordHash string
	BodyHash     string
	CreatedAt    database.Instant
}

// TableName tells gorm where.
func (memberRow) TableName() string { return "members" }

func (r memberRow) toMember() Member {
	return Member{
		ID:       id.Member(r.ID),
		Practice: id.Practice(r.PracticeID),
		Name:     r.Name,
		Email:    r.Email,
		Role:     access.Role(r.Role),
	}
}

type patientRow struct {
	ID          string
	PracticeID  string
	Name        string
	BirthYear   int
	Complaint   string
	Phase       string
	Language    string
	TimeZone    string
	NextZone    string
	NextZoneOn  *string
	PushConsent bool
	AnchorTime  string
	QuietFrom   string
	QuietUntil  string
	MaxPerDay   int
	MaxPerWeek  int
	BodyHash    string
	CreatedAt   database.Instant

	ReminderDays    Weekdays
	ReminderWindows windowList
	ResearchConsent bool
}

// TableName tells gorm where.
func (patientRow) TableName() string { return "patients" }

func (r patientRow) toPatient() Patient {
	p := Patient{
		ID: id.Patient(r.ID), Practice: id.Practice(r.PracticeID), Name: r.Name, BirthYear: r.BirthYear,
		Complaint: Complaint(r.Complaint), Phase: Phase(r.Phase), Language: Language(r.Language),
		Zone: r.TimeZone, NextZone: r.NextZone, CreatedAt: r.CreatedAt.Time(), Research: r.ResearchConsent,
		Reminders: ReminderWishes{
			Consent: r.PushConsent, Anchor: localtime.MustParseTimeOfDay(r.AnchorTime),
			Quiet: localtime.Window{
				From: localtime.MustParseTimeOfDay(r.QuietFrom), Until: localtime.MustParseTimeOfDay(r.QuietUntil),
			},
			Days: r.ReminderDays, Windows: r.ReminderWindows, MaxPerDay: r.MaxPerDay, MaxPerWeek: r.MaxPerWeek,
		},
	}
	if r.NextZoneOn != nil {
		p.NextZoneOn = localtime.MustParseDate(*r.NextZoneOn)
	}
	return p
}

// windowList is windows as stored: "09:00-12:00,17:00-20:00".
type windowList []localtime.Window

// Value implements driver.Valuer.
func (l windowList) Value() (driver.Value, error) {
	texts := make([]string, len(l))
	for i, w := range l {
		texts[i] = w.String()
	}
	return strings.Join(texts, ","), nil
}

// Scan implements sql.Scanner.
func (l *windowList) Scan(src any) error {
	text, isText := src.(string)
	if !isText {
		return fmt.Errorf("people: windows are stored as text, not %T", src)
	}
	*l = nil
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' }) {
		window, err := localtime.ParseWindow(one)
		if err != nil {
			return err
		}
		*l = append(*l, window)
	}
	return nil
}

// selectPatients selects the columns of patientRow.
const selectPatients = `SELECT p.id, p.practice_id, p.name, p.birth_year, p.complaint, p.phase, p.language, p.time_zone,
	p.next_zone, p.next_zone_on, p.push_consent, p.anchor_time, p.quiet_from, p.quiet_until, p.max_per_day,
	p.max_per_week, p.body_hash, p.created_at, p.reminder_days, p.reminder_windows, p.research_consent
	FROM patients p`

// ByID returns a patient by id, or ErrNotFound. The caller checks whether the viewer may see them.
func ByID(tx *database.Tx, patient id.Patient) (Patient, error) {
	found, err := patients(tx, selectPatients+" WHERE p.id = ?", patient)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Patient{}, err
	}
	return found[0], nil
}

// ByIDs returns patients in the order of their ids.
func ByIDs(tx *database.Tx, ids []id.Patient) ([]Patient, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return patients(
		tx, selectPatients+" WHERE p.id IN ("+database.List(ids)+") ORDER BY p.id", database.Args(ids)...,
	)
}

// OfPractice returns every patient of a practice in the order of their ids, for statistics.
func OfPractice(tx *database.Tx, practice id.Practice) ([]Patient, error) {
	return patients(tx, selectPatients+" WHERE p.practice_id = ? ORDER BY p.id", practice)
}

// patients runs a query that starts with selectPatients.
func patients(tx *database.Tx, query string, args ...any) ([]Patient, error) {
	var patients []Patient
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		var r patientRow
		err := rows.Scan(&r.ID, &r.PracticeID, &r.Name, &r.BirthYear, &r.Complaint, &r.Phase, &r.Language, &r.TimeZone,
			&r.NextZone, &r.NextZoneOn, &r.PushConsent, &r.AnchorTime, &r.QuietFrom, &r.QuietUntil, &r.MaxPerDay,
			&r.MaxPerWeek, &r.BodyHash, &r.CreatedAt, &r.ReminderDays, &r.ReminderWindows, &r.ResearchConsent)
		if err == nil {
			patients = append(patients, r.toPatient())
		}
		return err
	})
	return patients, database.Wrap("people: patients", err)
}

// InScope returns the patients in a viewer's list: those the viewer treats, or all of the practice.
func InScope(tx *database.Tx, v access.Viewer, op access.Operation) ([]Patient, error) {
	switch access.RelationFor(v, op) {
	case access.Assigned:
		return patients(tx, selectPatients+" JOIN treatments t ON t.patient_id = p.id "+
			"WHERE t.member_id = ? ORDER BY p.name, p.id", v.Member)
	case access.SamePractice:
		return patients(tx, selectPatients+" WHERE p.practice_id = ? ORDER BY p.name, p.id", v.Practice)
	default:
		return nil, access.ErrForbidden
	}
}

func (s store) insertPractice(practice id.Practice, name string) error {
	_, err := s.tx.Exec(
		"INSERT INTO practices (id, name, created_at) VALUES (?, ?, ?)", practice, name, database.At(s.tx.Now()),
	)
	return database.Wrap("people: insert practice", err)
}

func (s store) practiceName(practice id.Practice) (string, error) {
	var name string
	err := s.tx.Value(&name, "SELECT name FROM practices WHERE id = ?", practice)
	return name, notFound(err)
}

// insertMember stores a member, or returns the stored one if it was sent before. The comparison leaves out the
// password, because two hashes of the same password differ.
func (s store) insertMember(practice id.Practice, n NewMember, passwordHash string) (Member, bool, error) {
	row := memberRow{
		ID:           string(n.ID),
		PracticeID:   string(practice),
		Name:         n.Name,
		Email:        text.Email(n.Email),
		Role:         string(n.Role),
		PasswordHash: passwordHash,
		CreatedAt:    database.At(s.tx.Now()),
	}
	row.BodyHash = database.BodyHash([]string{row.PracticeID, row.Name, row.Email, row.Role})
	created, err := s.tx.CreateOnce(&row)
	if err != nil || created {
		return row.toMember(), created, database.Wrap("people: insert member", err)
	}
	var stored memberRow
	if err := s.tx.First(&stored, "SELECT * FROM members WHERE id = ?", n.ID); err != nil {
		if fault.Is(err, fault.NotFound) { // the e-mail address is taken, not the id
			return Member{}, false, ErrEmailTaken
		}
		return Member{}, false, err
	}
	if stored.BodyHash != row.BodyHash {
		return Member{}, false, database.ErrIDReused
	}
	return stored.toMember(), false, nil
}

func (s store) members(practice id.Practice) ([]Member, error) {
	var rows []memberRow
	err := s.tx.All(
		&rows, "SELECT id, practice_id, name, email, role FROM members WHERE practice_id = ? ORDER BY name, id",
		practice,
	)
	members := make([]Member, len(rows))
	for i, row := range rows {
		members[i] = row.toMember()
	}
	return members, err
}

func (s store) member(practice id.Practice, member id.Member) (Member, error) {
	var row memberRow
	err := s.tx.First(
		&row, "SELECT id, practice_id, name, email, role FROM members WHERE id = ? AND practice_id = ?", member,
		practice,
	)
	return row.toMember(), notFound(err)
}

// patientHashed is the form of a new patient that is hashed. Never change it: a phone or page may repeat a request that
// an older release stored.
type patientHashed struct {
	ID        id.Patient `json:"ID"`
	Name      string     `json:"Name"`
	BirthYear int        `json:"BirthYear"`
	Complaint Complaint  `json:"Complaint"`
	Language  Language   `json:"Language"`
	Zone      string     `json:"Zone"`
}

func (n NewPatient) hashed() patientHashed { return patientHashed(n) }

func (s store) insertPatient(practice id.Practice, n NewPatient) (bool, error) {
	w := DefaultWishes
	row := patientRow{
		ID: string(n.ID), PracticeID: string(practice), Name: n.Name, BirthYear: n.BirthYear,
		Complaint: string(n.Complaint), Phase: string(Treatment), Language: string(n.Language), TimeZone: n.Zone,
		PushConsent: w.Consent, AnchorTime: w.Anchor.String(),
		QuietFrom: w.Quiet.From.String(), QuietUntil: w.Quiet.Until.String(), MaxPerDay: w.MaxPerDay,
		MaxPerWeek: w.MaxPerWeek, ReminderDays: w.Days, BodyHash: database.BodyHash(n.hashed()),
		CreatedAt: database.At(s.tx.Now()),
	}
	created, err := s.tx.CreateOnce(&row)
	if err != nil || created {
		return created, database.Wrap("people: insert patient", err)
	}
	var stored patientRow
	if err := s.tx.First(&stored, "SELECT practice_id, body_hash FROM patients WHERE id = ?", n.ID); err != nil {
		return false, err
	}
	if stored.BodyHash != row.BodyHash || stored.PracticeID != row.PracticeID {
		return false, database.ErrIDReused
	}
	return false, nil
}

func (s store) therapists(patient id.Patient) ([]id.Member, error) {
	return database.Column[id.Member](
		s.tx, "SELECT member_id FROM treatments WHERE patient_id = ? ORDER BY since, member_id", patient,
	)
}

func (s store) setPhase(patient id.Patient, phase Phase) error {
	return notFound(database.MustAffect(s.tx.Exec("UPDATE patients SET phase = ? WHERE id = ?", phase, patient)))
}

func (s store) assign(patient id.Patient, member id.Member) error {
	_, err := s.tx.Exec("INSERT INTO treatments (patient_id, member_id, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		patient, member, database.At(s.tx.Now()))
	return database.Wrap("people: assign", err)
}

func (s store) unassign(patient id.Patient, member id.Member) error {
	_, err := s.tx.Exec("DELETE FROM treatments WHERE patient_id = ? AND member_id = ?", patient, member)
	return database.Wrap("people: unassign", err)
}

func (s store) savePreferences(p Patient) error {
	w := p.Reminders
	return notFound(database.MustAffect(s.tx.Exec(`UPDATE patients SET language = ?, time_zone = ?, next_zone = ?,
		next_zone_on = ?, push_consent = ?, anchor_time = ?, quiet_from = ?, quiet_until = ?, max_per_day = ?,
		max_per_week = ?, reminder_days = ?, reminder_windows = ?, research_consent = ? WHERE id = ?`, p.Language,
		p.Zone, p.NextZone, p.NextZoneOn, w.Consent, w.Anchor, w.Quiet.From, w.Quiet.Until, w.MaxPerDay, w.MaxPerWeek,
		w.Days, windowList(w.Windows), p.Research, p.ID)))
}

// with returns the patient with new settings. A new zone takes effect on the next Monday of the current zone, so that
// no week has days of two zones. A change that was already due takes effect first.
func (p Patient) with(wanted Preferences, now time.Time) Patient {
	today := p.Today(now)
	p.Zone = p.HomeZone(now).String()
	p.NextZone, p.NextZoneOn = "", localtime.Date{}
	if wanted.Zone != p.Zone {
		p.NextZone, p.NextZoneOn = wanted.Zone, today.Monday().AddDays(7)
	}
	p.Language, p.Reminders, p.Research = wanted.Language, wanted.Reminders, wanted.Research
	return p
}

func notFound(err error) error {
	if fault.Is(err, fault.NotFound) {
		return ErrNotFound
	}
	return err
}
