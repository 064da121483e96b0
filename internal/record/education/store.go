package education

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// responses returns what a patient wrote, by module.
func (s store) responses(patient id.Patient) (map[int]Response, error) {
	responses := map[int]Response{}
	err := s.tx.Rows("SELECT module, id, text, saved_at, submitted_at, feedback, feedback_at FROM module_responses "+
		"WHERE patient_id = ?",
		[]any{patient}, func(rows *sql.Rows) error {
			var r Response
			var module int
			var saved database.Instant
			var submitted, answered *database.Instant
			err := rows.Scan(&module, &r.ID, &r.Text, &saved, &submitted, &r.Feedback, &answered)
			r.SavedAt, r.SubmittedAt, r.FeedbackAt = saved.Time(), submitted.TimePtr(), answered.TimePtr()
			responses[module] = r
			return err
		})
	return responses, database.Wrap("education: responses", err)
}

// save stores a response; a submitted response stays submitted.
func (s store) save(patient id.Patient, module int, response id.ModuleResponse, text string, submit bool) error {
	var submitted *database.Instant
	if submit {
		now := database.At(s.tx.Now())
		submitted = &now
	}
	_, err := s.tx.Exec(`INSERT INTO module_responses (patient_id, module, id, text, saved_at, submitted_at)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (patient_id, module) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at,
		submitted_at = COALESCE(module_responses.submitted_at, excluded.submitted_at)`,
		patient, module, response, text, database.At(s.tx.Now()), submitted)
	return database.Wrap("education: save response", err)
}

func (s store) answer(patient id.Patient, module int, by id.Member, text string) error {
	return database.Wrap("education: answer",
		database.MustAffect(s.tx.Exec(`UPDATE module_responses SET feedback = ?, feedback_at = ?, feedback_by = ?
		WHERE patient_id = ? AND module = ?`, text, database.At(s.tx.Now()), by, patient, module)))
}

func (s store) activities(patient id.Patient) ([]Activity, error) {
	var activities []Activity
	err := s.tx.Rows("SELECT id, activity, planned_on, done FROM valued_activities WHERE patient_id = ? "+
		"ORDER BY planned_on DESC, id",
		[]any{patient}, func(rows *sql.Rows) error {
			var a Activity
			err := rows.Scan(&a.ID, &a.Activity, &a.PlannedOn, &a.Done)
			activities = append(activities, a)
			return err
		})
	return activities, database.Wrap("education: activities", err)
}

func (s store) saveActivity(patient id.Patient, a Activity) error {
	_, err := s.tx.Exec(`INSERT INTO valued_activities (patient_id, id, activity, planned_on, done, saved_at)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (patient_id, id) DO UPDATE SET activity = excluded.activity, planned_on = excluded.planned_on,
		done = excluded.done,
		saved_at = excluded.saved_at`, patient, a.ID, a.Activity, a.PlannedOn, a.Done, database.At(s.tx.Now()))
	return database.Wrap("education: save activity", err)
}

// Unanswered counts the responses a patient has submitted that no therapist has answered.
func Unanswered(tx *database.Tx, patient id.Patient) (int, error) {
	var n int
	err := tx.Value(&n, "SELECT count(*) FROM module_responses WHERE patient_id = ? AND submitted_at IS NOT NULL "+
		"AND feedback_at IS NULL", patient)
	return n, err
}
