package detour

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// table is the statements of where detours of one kind are kept. What the patient asked for is kept as the hash of the
// request, or as its kind.
type table struct{ listed, inserted, ended string }

var flareTable = table{
	listed: `SELECT id, body_hash, start_date, end_date, declared_at FROM flares WHERE patient_id = ?
		ORDER BY start_date DESC, declared_at DESC`,
	inserted: `INSERT INTO flares (patient_id, id, body_hash, start_date, end_date, declared_at)
		VALUES (?, ?, ?, ?, ?, ?)`,
	ended: "UPDATE flares SET end_date = ? WHERE patient_id = ? AND id = ?",
}

var lighterTable = table{
	listed: `SELECT id, kind, start_date, end_date, chosen_at FROM lighter_programs WHERE patient_id = ?
		ORDER BY start_date DESC, chosen_at DESC`,
	inserted: `INSERT INTO lighter_programs (patient_id, id, kind, start_date, end_date, chosen_at)
		VALUES (?, ?, ?, ?, ?, ?)`,
	ended: "UPDATE lighter_programs SET end_date = ? WHERE patient_id = ? AND id = ?",
}

// all returns a patient's detours, latest first.
func (t table) all(tx *database.Tx, patient id.Patient) ([]Detour, error) {
	var all []Detour
	err := tx.Rows(t.listed, []any{patient}, func(rows *sql.Rows) error {
		var d Detour
		var begun database.Instant
		err := rows.Scan(&d.ID, &d.asked, &d.Start, &d.End, &begun)
		d.BegunAt = begun.Time()
		all = append(all, d)
		return err
	})
	return all, database.Wrap("detour: list", err)
}

func (t table) insert(tx *database.Tx, patient id.Patient, d Detour) error {
	_, err := tx.Exec(t.inserted, patient, d.ID, d.asked, d.Start, d.End, database.At(d.BegunAt))
	return database.Wrap("detour: insert", err)
}

// end makes a day the last; one before the start means that it was taken back on its first day.
func (t table) end(tx *database.Tx, patient id.Patient, detour id.Detour, last localtime.Date) error {
	return database.MustAffect(tx.Exec(t.ended, last, patient, detour))
}
