package questionnaire

import (
	"database/sql"
	"encoding/json"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

const selectScores = `SELECT id, instrument, version, local_date, task, score_tenths, min_tenths, max_tenths,
	direction, source, answers, stored_at, COALESCE(stored_by, ''), body_hash FROM scores`

// scores runs a query that starts with selectScores, and returns the hashes of the scores beside them.
func (s store) scores(query string, args ...any) ([]Score, []string, error) {
	var scores []Score
	var hashes []string
	err := s.tx.Rows(query, args, func(rows *sql.Rows) error {
		var score Score
		var stored database.Instant
		var answers []byte
		var hash string
		err := rows.Scan(&score.ID, &score.Instrument, &score.Version, &score.Date, &score.Task, &score.Tenths,
			&score.Min, &score.Max, &score.Direction, &score.Source, &answers, &stored, &score.StoredBy, &hash)
		if err != nil {
			return err
		}
		score.StoredAt = stored.Time()
		scores, hashes = append(scores, score), append(hashes, hash)
		if len(answers) == 0 {
			return nil
		}
		return json.Unmarshal(answers, &scores[len(scores)-1].Answers)
	})
	return scores, hashes, database.Wrap("questionnaire: scores", err)
}

func (s store) list(patient id.Patient) ([]Score, error) {
	scores, _, err := s.scores(selectScores+" WHERE patient_id = ? ORDER BY local_date, stored_at, id", patient)
	return scores, err
}

// PainBetween returns the scores of the pain questionnaire on days of a range, both ends included, oldest first. The
// caller checks whether the viewer may see them.
func PainBetween(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Score, error) {
	scores, _, err := newStore(tx).scores(selectScores+` WHERE patient_id = ? AND local_date >= ? AND local_date <= ?
		ORDER BY local_date, stored_at, id`, patient, from, until)
	return slices.DeleteFunc(scores, func(s Score) bool { return !s.IsPain() }), err
}

// repeated returns the stored score if it was sent before, or the zero Score if the id is free.
func (s store) repeated(patient id.Patient, score id.Score, hash string) (Score, error) {
	scores, hashes, err := s.scores(selectScores+" WHERE patient_id = ? AND id = ?", patient, score)
	switch {
	case err != nil || len(scores) == 0:
		return Score{}, err
	case hashes[0] != hash:
		return Score{}, database.ErrIDReused
	default:
		return scores[0], nil
	}
}

func (s store) insert(patient id.Patient, score Score, hash string) error {
	answers := []byte("")
	if score.Answers != nil {
		var err error
		if answers, err = json.Marshal(score.Answers); err != nil {
			return database.Wrap("questionnaire: encode answers", err)
		}
	}
	var by *id.Member
	if score.StoredBy != "" {
		by = &score.StoredBy
	}
	_, err := s.tx.Exec(`INSERT INTO scores (patient_id, id, instrument, version, local_date, task, score_tenths,
		min_tenths, max_tenths,
		direction, answers, source, stored_at, stored_by, body_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		patient, score.ID, score.Instrument, score.Version, score.Date, score.Task, score.Tenths, score.Min, score.Max,
		score.Direction, string(answers), score.Source, database.At(score.StoredAt), by, hash)
	return database.Wrap("questionnaire: insert", err)
}
