package session

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

type noteRow struct {
	PatientID string
	ID        string
	SessionID string
	Text      string
	WrittenAt database.Instant
}

// TableName tells gorm where.
func (noteRow) TableName() string { return "session_notes" }

func (s store) addNote(patient id.Patient, session id.Session, note id.Note, text string) (bool, error) {
	row := noteRow{
		PatientID: string(patient),
		ID:        string(note),
		SessionID: string(session),
		Text:      text,
		WrittenAt: database.At(s.tx.Now()),
	}
	created, err := s.tx.CreateOnce(&row)
	if err != nil || created {
		return created, err
	}
	var known noteRow
	err = s.tx.First(
		&known, "SELECT session_id, text FROM session_notes WHERE patient_id = ? AND id = ?", patient, note,
	)
	if err != nil {
		return false, err
	}
	if known.SessionID != row.SessionID || known.Text != row.Text {
		return false, database.ErrIDReused
	}
	return false, nil
}

func (s store) notes(patient id.Patient, session id.Session) ([]Note, error) {
	found := []Session{{ID: session}}
	err := s.attachNotes(patient, found)
	return found[0].Corrections, err
}

func (s store) attachNotes(patient id.Patient, sessions []Session) error {
	if len(sessions) == 0 {
		return nil
	}
	at := make(map[string]*Session, len(sessions))
	ids := make([]id.Session, len(sessions))
	for i := range sessions {
		at[string(sessions[i].ID)] = &sessions[i]
		ids[i] = sessions[i].ID
	}
	return s.tx.Rows("SELECT id, session_id, text, written_at FROM session_notes "+
		"WHERE patient_id = ? AND session_id IN ("+
		database.List(ids)+") ORDER BY written_at, id", append([]any{patient}, database.Args(ids)...),
		func(rows *sql.Rows) error {
			var n Note
			var session string
			var written database.Instant
			err := rows.Scan(&n.ID, &session, &n.Text, &written)
			n.WrittenAt = written.Time()
			at[session].Corrections = append(at[session].Corrections, n)
			return err
		})
}
