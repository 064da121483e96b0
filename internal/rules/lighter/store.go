package lighter

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// all returns a patient's lighter programs, latest first.
func (s store) all(patient id.Patient) ([]Lighter, error) {
	var all []Lighter
	err := s.tx.Rows("SELECT id, kind, start_date, end_date, chosen_at FROM lighter_programs WHERE patient_id = ? "+
		"ORDER BY start_date DESC, chosen_at DESC",
		[]any{patient}, func(rows *sql.Rows) error {
			var l Lighter
			var chosen database.Instant
			err := rows.Scan(&l.ID, &l.Kind, &l.Start, &l.End, &chosen)
			l.ChosenAt = chosen.Time()
			all = append(all, l)
			return err
		})
	return all, database.Wrap("lighter: list", err)
}

func (s store) insert(patient id.Patient, l Lighter) error {
	_, err := s.tx.Exec("INSERT INTO lighter_programs (patient_id, id, kind, start_date, end_date, chosen_at) "+
		"VALUES (?, ?, ?, ?, ?, ?)",
		patient, l.ID, l.Kind, l.Start, l.End, database.At(l.ChosenAt))
	return database.Wrap("lighter: insert", err)
}

// end makes a day the last; one before the start means that it was taken back on its first day.
func (s store) end(patient id.Patient, choice id.Lighter, last localtime.Date) error {
	return database.MustAffect(s.tx.Exec(
		"UPDATE lighter_programs SET end_date = ? WHERE patient_id = ? AND id = ?", last, patient, choice,
	))
}
