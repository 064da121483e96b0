package feedback

import (
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

type feedbackRow struct {
	PatientID   string
	ID          string
	MemberID    string
	About       string
	SessionID   *string
	Text        string
	SentAt      database.Instant
	DeliveredAt *database.Instant
	OpenedAt    *database.Instant
	BodyHash    string
	WrittenBy   string `gorm:"->;-:migration"`
}

// TableName tells gorm where.
func (feedbackRow) TableName() string { return "feedback" }

func (r feedbackRow) toFeedback() Feedback {
	f := Feedback{
		ID:          id.Feedback(r.ID),
		Patient:     id.Patient(r.PatientID),
		WrittenBy:   r.WrittenBy,
		About:       About(r.About),
		Text:        r.Text,
		SentAt:      r.SentAt.Time(),
		DeliveredAt: r.DeliveredAt.TimePtr(),
		OpenedAt:    r.OpenedAt.TimePtr(),
	}
	if r.SessionID != nil {
		f.Session = id.Session(*r.SessionID)
	}
	return f
}

const feedbackQuery = `SELECT f.patient_id, f.id, f.about, f.session_id, f.text, f.sent_at, f.delivered_at, f.opened_at,
	f.body_hash, m.name AS written_by FROM feedback f JOIN members m ON m.id = f.member_id WHERE f.patient_id = ? `

// textHashed is feedback as it is hashed. Its form is for ever: what an older version stored may be sent again.
type textHashed struct {
	ID      id.Feedback `json:"ID"`
	About   About       `json:"About"`
	Session id.Session  `json:"Session"`
	Text    string      `json:"Text"`
}

func (n New) hashed(by id.Member) []any { return []any{by, textHashed(n)} }

func (s store) insert(patient id.Patient, member id.Member, n New) (bool, error) {
	row := feedbackRow{
		PatientID: string(patient), ID: string(n.ID), MemberID: string(member), About: string(n.About), Text: n.Text,
		SentAt: database.At(s.tx.Now()), BodyHash: database.BodyHash(n.hashed(member)),
	}
	if n.Session != "" {
		session := string(n.Session)
		row.SessionID = &session
	}
	created, err := s.tx.CreateOnce(&row)
	if err != nil || created {
		return created, database.Wrap("feedback: insert", err)
	}
	var hash string
	err = s.tx.Value(&hash, "SELECT body_hash FROM feedback WHERE patient_id = ? AND id = ?", patient, n.ID)
	if err == nil && hash != row.BodyHash {
		err = database.ErrIDReused
	}
	return false, err
}

func (s store) find(patient id.Patient, feedback id.Feedback) (Feedback, error) {
	var row feedbackRow
	err := s.tx.First(&row, feedbackQuery+"AND f.id = ?", patient, feedback)
	if fault.Is(err, fault.NotFound) {
		err = ErrNotFound
	}
	return row.toFeedback(), err
}

func (s store) list(patient id.Patient, p Page) ([]Feedback, error) {
	where, args := "", []any{patient}
	if p.Before.Feedback != "" {
		where, args = "AND (f.sent_at, f.id) < (?, ?) ", append(args, p.Before.SentAt, p.Before.Feedback)
	}
	var rows []feedbackRow
	err := s.tx.All(&rows, feedbackQuery+where+"ORDER BY f.sent_at DESC, f.id DESC LIMIT ?", append(args, p.Limit)...)
	found := make([]Feedback, len(rows))
	for i, row := range rows {
		found[i] = row.toFeedback()
	}
	return found, err
}

func (s store) lastSent(patient id.Patient) (time.Time, error) {
	var at database.Instant
	err := s.tx.Value(&at, "SELECT sent_at FROM feedback WHERE patient_id = ? ORDER BY sent_at DESC LIMIT 1", patient)
	if fault.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return at.Time(), err
}
