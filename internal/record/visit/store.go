package visit

import (
	"database/sql"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// LastOf returns a patient's latest visit, or nil. The caller checks whether the viewer may see it.
func LastOf(tx *database.Tx, patient id.Patient) (*Visit, error) {
	found, err := visits(
		tx, selectVisits+" WHERE patient_id = ? ORDER BY local_date DESC, recorded_at DESC LIMIT 1", patient,
	)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// NextOf returns, for each patient who has one, the first next visit on or after a day.
func NextOf(tx *database.Tx, patients []id.Patient, from localtime.Date) (map[id.Patient]localtime.Date, error) {
	next := map[id.Patient]localtime.Date{}
	for some := range slices.Chunk(patients, database.ListLimit) {
		err := tx.Rows("SELECT patient_id, min(next_on) FROM visits WHERE patient_id IN ("+database.List(some)+
			") AND next_on >= ? GROUP BY patient_id",
			append(database.Args(some), from), func(rows *sql.Rows) error {
				var patient id.Patient
				var day localtime.Date
				err := rows.Scan(&patient, &day)
				next[patient] = day
				return err
			})
		if err != nil {
			return nil, database.Wrap("visit: next", err)
		}
	}
	return next, nil
}

func insert(tx *database.Tx, patient id.Patient, v Visit) error {
	_, err := tx.Exec("INSERT INTO visits (patient_id, id, kind, local_date, next_on, recorded_by, recorded_at, "+
		"body_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		patient, v.ID, v.Kind, v.LocalDate, v.Next, v.RecordedBy, database.At(v.RecordedAt), v.hash())
	return database.Wrap("visit: insert", err)
}

const selectVisits = "SELECT id, kind, local_date, next_on, recorded_by, recorded_at FROM visits"

// visits runs a query that starts with selectVisits.
func visits(tx *database.Tx, query string, args ...any) ([]Visit, error) {
	var found []Visit
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		var v Visit
		var recorded database.Instant
		err := rows.Scan(&v.ID, &v.Kind, &v.LocalDate, &v.Next, &v.RecordedBy, &recorded)
		v.RecordedAt = recorded.Time()
		found = append(found, v)
		return err
	})
	return found, database.Wrap("visit: visits", err)
}
