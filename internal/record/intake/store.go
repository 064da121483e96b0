package intake

import (
	"database/sql"
	"errors"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// draft returns the saved draft; an empty one if nothing was saved.
func (s store) draft(patient id.Patient) (d Draft, err error) {
	err = s.tx.Rows("SELECT answers, saved_at FROM intake_drafts WHERE patient_id = ?", []any{patient},
		func(rows *sql.Rows) error {
			var answers []byte
			var saved database.Instant
			if err := rows.Scan(&answers, &saved); err != nil {
				return err
			}
			d.SavedAt = saved.Time()
			d.Answers, err = decode(answers)
			return err
		})
	return d, database.Wrap("intake: draft", err)
}

func (s store) saveDraft(patient id.Patient, a Answers) error {
	answers, err := encode(a)
	if err != nil {
		return err
	}
	_, err = s.tx.Exec(`INSERT INTO intake_drafts (patient_id, answers, saved_at) VALUES (?, ?, ?)
		ON CONFLICT (patient_id) DO UPDATE SET answers = excluded.answers, saved_at = excluded.saved_at`,
		patient, answers, database.At(s.tx.Now()))
	return database.Wrap("intake: save draft", err)
}

// insert stores a submission and empties the draft. The next intake starts without answers, because old scores could
// pass for new ones.
func (s store) insert(i Intake) error {
	answers, err := encode(i.Answers)
	if err != nil {
		return err
	}
	var by *id.Member
	if i.SubmittedBy != "" {
		by = &i.SubmittedBy
	}
	_, err = s.tx.Exec(`INSERT INTO intakes (patient_id, id, number, answers, submitted_on, submitted_at, submitted_by)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, i.Patient, i.ID, i.Number, answers, i.SubmittedOn,
		database.At(i.SubmittedAt), by)
	if err != nil {
		return database.Wrap("intake: insert", err)
	}
	_, err = s.tx.Exec("DELETE FROM intake_drafts WHERE patient_id = ?", i.Patient)
	return database.Wrap("intake: empty draft", err)
}

// intakes returns every submission, oldest first.
func (s store) intakes(patient id.Patient) ([]Intake, error) {
	return s.list(patient, selectIntakes+" ORDER BY number", patient)
}

const selectIntakes = `SELECT id, number, answers, submitted_on, submitted_at, COALESCE(submitted_by, '') FROM intakes
	WHERE patient_id = ?`

// list runs a query about a patient that starts with selectIntakes.
func (s store) list(patient id.Patient, query string, args ...any) (all []Intake, err error) {
	err = s.tx.Rows(query, args, func(rows *sql.Rows) error {
		i := Intake{Patient: patient}
		var answers []byte
		var submitted database.Instant
		if err := rows.Scan(&i.ID, &i.Number, &answers, &i.SubmittedOn, &submitted, &i.SubmittedBy); err != nil {
			return err
		}
		i.SubmittedAt = submitted.Time()
		i.Answers, err = decode(answers)
		all = append(all, i)
		return err
	})
	return all, database.Wrap("intake: list", err)
}

// ToldOf returns what a patient answered in the latest intake as far as it may combine with a later sign, and its day;
// nothing without one. The caller checks whether the viewer may see them.
func ToldOf(tx *database.Tx, patient id.Patient) (safety.Answers, localtime.Date, error) {
	latest, err := LatestOf(tx, patient)
	if errors.Is(err, ErrNone) {
		return safety.Answers{}, localtime.Date{}, nil
	}
	if err != nil {
		return safety.Answers{}, localtime.Date{}, err
	}
	a := latest.Answers
	return safety.Answers{
		Yes: a.Yes(), Neck: a.Region.HasNeck(), Weeks: *a.Weeks, WeakLimb: a.isLimbWeak(),
	}, latest.SubmittedOn, nil
}

// Between returns the intakes submitted on days of a range, both ends included, in order. The caller checks whether the
// viewer may see them.
func Between(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Intake, error) {
	return newStore(tx).list(patient, selectIntakes+" AND submitted_on >= ? AND submitted_on <= ? ORDER BY number",
		patient, from, until)
}
