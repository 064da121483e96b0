package session

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// stored is a session with fields that only the store knows.
type stored struct {
	Session
	deleted   bool
	firstHash string // of the body it was logged with; corrections keep it
}

// hash identifies the content a phone sent. It is the same before storing and after reading back.
func (c Content) hash() string {
	c.PerformedAt = c.PerformedAt.Truncate(time.Millisecond).In(time.FixedZone("", offsetOf(c.PerformedAt)))
	said := contentHashed{
		PerformedAt: c.PerformedAt, Zone: c.Zone, LocalDate: c.LocalDate, Version: c.Version, Status: c.Status,
		StoppedReason: c.StoppedReason, DurationS: c.DurationS, PainBefore: c.PainBefore, PainAfter: c.PainAfter,
		Confidence: c.Confidence, Note: c.Note, NewSigns: c.NewSigns,
	}
	if c.Items != nil {
		said.Items = make([]itemHashed, len(c.Items))
	}
	for i, item := range c.Items {
		said.Items[i] = itemHashed(item)
	}
	return database.BodyHash(said)
}

// contentHashed is the form of a content that is hashed. Never change it: a phone may repeat a session that an older
// release stored. A new field must be omitted when empty.
type contentHashed struct {
	PerformedAt   time.Time         `json:"PerformedAt"`
	Zone          string            `json:"Zone"`
	LocalDate     localtime.Date    `json:"LocalDate"`
	Version       id.ProgramVersion `json:"Version"`
	Status        Status            `json:"Status"`
	StoppedReason string            `json:"StoppedReason"`
	DurationS     *int              `json:"DurationS"`
	Items         []itemHashed      `json:"Items"`
	PainBefore    *int              `json:"PainBefore"`
	PainAfter     *int              `json:"PainAfter"`
	Confidence    *int              `json:"Confidence"`
	Note          string            `json:"Note"`
	NewSigns      []safety.Sign     `json:"NewSigns,omitempty"`
}

// itemHashed is an item of contentHashed.
type itemHashed struct {
	Item         id.ProgramItem `json:"Item"`
	Sets         *int           `json:"Sets"`
	Reps         *int           `json:"Reps"`
	Minutes      *int           `json:"Minutes"`
	Difficulty   *int           `json:"Difficulty"`
	Pain         *int           `json:"Pain"`
	CouldDoMore  *bool          `json:"CouldDoMore,omitempty"`
	DangerBefore *int           `json:"DangerBefore,omitempty"`
	DangerAfter  *int           `json:"DangerAfter,omitempty"`
	Skipped      string         `json:"Skipped"`
}

const columns = `id, patient_id, performed_at, utc_offset_s, time_zone, local_date, program_version_id, status,
	stopped_reason, duration_s, items, pain_before, pain_after, confidence, note, credit_permille, received_at,
	revision, revised_at, deleted_at, body_hash, new_signs`

const selectSessions = "SELECT " + columns + " FROM sessions"

func scan(rows *sql.Rows) (stored, error) {
	var s stored
	var performed, received, revised database.Instant
	var deleted *database.Instant
	var offset int
	var items []byte
	var signs string
	err := rows.Scan(&s.ID, &s.Patient, &performed, &offset, &s.Zone, &s.LocalDate, &s.Version, &s.Status,
		&s.StoppedReason, &s.DurationS, &items, &s.PainBefore, &s.PainAfter, &s.Confidence, &s.Note, &s.Credit,
		&received, &s.Revision, &revised, &deleted, &s.firstHash, &signs)
	if err != nil {
		return s, err
	}
	s.PerformedAt = performed.Time().In(time.FixedZone("", offset))
	s.ReceivedAt, s.RevisedAt, s.deleted = received.Time(), revised.Time(), deleted != nil
	s.NewSigns = safety.ParseSigns(signs)
	s.Items, err = decodeItems(items)
	return s, err
}

var insertStatement = "INSERT INTO sessions (" + columns + ") VALUES (" + database.Marks(22) +
	") ON CONFLICT (patient_id, id) DO NOTHING"

// encoded is what was told in the forms in which it is stored and compared.
type encoded struct {
	Told
	items    string
	bodyHash string
}

func (t Told) encode() (encoded, error) {
	items, err := encodeItems(t.Items)
	return encoded{t, items, t.hash()}, err
}

// at returns the content with its moment written as in another place.
func (c Content) at(place *time.Location) Content {
	c.PerformedAt = c.PerformedAt.In(place)
	return c
}

// insert stores a new session made from its encoded content, and reports whether the id was free.
func (s store) insert(session Session, said encoded) (bool, error) {
	items := said.items
	if len(session.Warnings) > 0 { // they may be about the items
		var err error
		if items, err = encodeItems(session.Items); err != nil {
			return false, err
		}
	}
	n, err := s.tx.Exec(insertStatement,
		session.ID, session.Patient, database.At(session.PerformedAt), offsetOf(session.PerformedAt), session.Zone,
		session.LocalDate.String(), session.Version, session.Status, session.StoppedReason, session.DurationS,
		items, session.PainBefore, session.PainAfter, session.Confidence, session.Note, session.Credit,
		database.At(session.ReceivedAt), session.Revision, database.At(session.RevisedAt), nil, said.bodyHash,
		safety.JoinSigns(session.NewSigns))
	return n == 1, database.Wrap("session: insert", err)
}

// find returns a session, deleted or not, or ErrNotFound.
func (s store) find(patient id.Patient, session id.Session) (found stored, err error) {
	err = s.tx.Rows(selectSessions+" WHERE patient_id = ? AND id = ?", []any{patient, session},
		func(rows *sql.Rows) error { found, err = scan(rows); return err })
	if err == nil && found.ID == "" {
		err = ErrNotFound
	}
	if err != nil {
		return found, err
	}
	found.Corrections, err = s.notes(patient, session)
	return found, err
}

// live returns a session that was not deleted, or ErrNotFound.
func (s store) live(patient id.Patient, session id.Session) (Session, error) {
	found, err := s.find(patient, session)
	if err == nil && found.deleted {
		err = ErrNotFound
	}
	return found.Session, err
}

// revise stores a correction and keeps the previous content. Its key prevents two revisions with the same number.
func (s store) revise(old, corrected Session) error {
	before, err := json.Marshal(old.revision())
	if err != nil {
		return fmt.Errorf("session: encode revision: %w", err)
	}
	items, err := encodeItems(corrected.Items)
	if err != nil {
		return err
	}
	_, err = s.tx.Exec(
		"INSERT INTO session_revisions (patient_id, session_id, revision, content, replaced_at) VALUES (?, ?, ?, ?, ?)",
		old.Patient, old.ID, old.Revision, string(before), database.At(s.tx.Now()),
	)
	if err != nil {
		return database.Wrap("session: keep revision", err)
	}
	c := corrected
	return database.Wrap("session: revise",
		database.MustAffect(s.tx.Exec(`UPDATE sessions SET performed_at = ?, utc_offset_s = ?,
		time_zone = ?, local_date = ?, program_version_id = ?, status = ?, stopped_reason = ?,
		duration_s = ?, items = ?,
		pain_before = ?, pain_after = ?, confidence = ?, note = ?, credit_permille = ?, revision = ?,
		revised_at = ?, new_signs = ?
		WHERE patient_id = ? AND id = ? AND revision = ?`,
			database.At(c.PerformedAt), offsetOf(c.PerformedAt), c.Zone, c.LocalDate.String(), c.Version, c.Status,
			c.StoppedReason, c.DurationS, items, c.PainBefore, c.PainAfter, c.Confidence, c.Note, c.Credit, c.Revision,
			database.At(c.RevisedAt), safety.JoinSigns(c.NewSigns), c.Patient, c.ID, old.Revision)))
}

// delete leaves a tombstone, so that a late retry of the same session does not bring it back.
func (s store) delete(patient id.Patient, session id.Session) error {
	return database.MustAffect(s.tx.Exec(
		"UPDATE sessions SET deleted_at = ? WHERE patient_id = ? AND id = ? AND deleted_at IS NULL",
		database.At(s.tx.Now()), patient, session,
	))
}

// Filter narrows a list. A zero date leaves that end open; Before continues after the last row of a page.
type Filter struct {
	Since  localtime.Date
	Until  localtime.Date
	Before Position
	Limit  int
}

// Position is where a page ended.
type Position struct {
	PerformedAt database.Instant
	Session     id.Session
}

// At returns the position of a session in the list.
func (s Session) At() Position {
	return Position{PerformedAt: database.At(s.PerformedAt), Session: s.ID}
}

func (s store) list(patient id.Patient, f Filter) ([]Session, error) {
	query, args := selectSessions+" WHERE patient_id = ? AND deleted_at IS NULL", []any{patient}
	if !f.Since.IsZero() {
		query, args = query+" AND local_date >= ?", append(args, f.Since)
	}
	if !f.Until.IsZero() {
		query, args = query+" AND local_date <= ?", append(args, f.Until)
	}
	if f.Before.Session != "" {
		query, args = query+" AND (performed_at, id) < (?, ?)", append(args, f.Before.PerformedAt, f.Before.Session)
	}
	found, err := sessions(s.tx, query+" ORDER BY performed_at DESC, id DESC LIMIT ?", append(args, f.Limit)...)
	if err != nil {
		return nil, err
	}
	return found, s.attachNotes(patient, found)
}

// sessions runs a query that starts with selectSessions.
func sessions(tx *database.Tx, query string, args ...any) ([]Session, error) {
	var sessions []Session
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		row, err := scan(rows)
		sessions = append(sessions, row.Session)
		return err
	})
	return sessions, database.Wrap("session: query", err)
}

// Between returns a patient's sessions of a range of days, both ends included, in the order they were done. The caller
// checks whether the viewer may see them.
func Between(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Session, error) {
	found, err := sessions(tx, selectBetween, patient, from, until)
	slices.SortFunc(found, ByMoment)
	return found, err
}

// selectBetween has no ORDER BY: SQLite would sort the rows of the index, and prepare the statement again for each
// bound value.
const selectBetween = selectSessions +
	" WHERE patient_id = ? AND local_date >= ? AND local_date <= ? AND deleted_at IS NULL"

// ByMoment orders sessions by when they were done.
func ByMoment(a, b Session) int {
	return cmp.Or(a.PerformedAt.Compare(b.PerformedAt), cmp.Compare(a.ID, b.ID))
}

// Latest returns a patient's most recent sessions since a day, up to a maximum, in the order they were done.
func Latest(tx *database.Tx, patient id.Patient, since localtime.Date, most int) ([]Session, error) {
	found, err := sessions(tx, selectSessions+" WHERE patient_id = ? AND local_date >= ? AND deleted_at IS NULL "+
		"ORDER BY local_date DESC, performed_at DESC, id DESC LIMIT ?", patient, since, most)
	slices.Reverse(found)
	return found, err
}

// SettledOf returns, for sessions since a day, whether pain settled within 24 hours, where that was answered.
func SettledOf(tx *database.Tx, patient id.Patient, since localtime.Date) (map[id.Session]bool, error) {
	settled := map[id.Session]bool{}
	err := tx.Rows(`SELECT a.session_id, a.settled FROM session_aftermath a
		JOIN sessions s ON s.patient_id = a.patient_id AND s.id = a.session_id
		WHERE a.patient_id = ? AND s.local_date >= ?`, []any{patient, since}, func(rows *sql.Rows) error {
		var session id.Session
		var yes bool
		err := rows.Scan(&session, &yes)
		settled[session] = yes
		return err
	})
	return settled, database.Wrap("session: aftermath", err)
}

// settle stores the answer and reports whether it differs from the stored one.
func (s store) settle(patient id.Patient, session id.Session, settled bool) (bool, error) {
	n, err := s.tx.Exec(`INSERT INTO session_aftermath (patient_id, session_id, settled, answered_at)
		VALUES (?, ?, ?, ?)
		ON CONFLICT (patient_id, session_id) DO UPDATE
		SET settled = excluded.settled, answered_at = excluded.answered_at
		WHERE session_aftermath.settled <> excluded.settled`, patient, session, settled, database.At(s.tx.Now()))
	return n == 1, database.Wrap("session: settle", err)
}

// OthersOfDay returns the other sessions of a session's day, in no particular order.
func OthersOfDay(tx *database.Tx, s Session) ([]Session, error) {
	return sessions(tx, selectSessions+" WHERE patient_id = ? AND local_date = ? AND id <> ? AND deleted_at IS NULL",
		s.Patient, s.LocalDate.String(), s.ID)
}

// Last returns a patient's latest session, or nil.
func Last(tx *database.Tx, patient id.Patient) (*Session, error) {
	found, err := newStore(tx).list(patient, Filter{Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// NotesSince counts the sessions with a patient's note that arrived after a moment.
func NotesSince(tx *database.Tx, patient id.Patient, since time.Time) (int, error) {
	var n int
	err := tx.Value(&n,
		"SELECT count(*) FROM sessions WHERE patient_id = ? AND note <> '' AND deleted_at IS NULL AND received_at > ?",
		patient, database.At(since))
	return n, err
}

// Exists reports whether the patient has such a session.
func Exists(tx *database.Tx, patient id.Patient, session id.Session) (bool, error) {
	_, err := newStore(tx).live(patient, session)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func offsetOf(t time.Time) int {
	_, offset := t.Zone()
	return offset
}
