package flare

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

// all returns a patient's flares, latest first.
func (s store) all(patient id.Patient) ([]Flare, error) {
	var flares []Flare
	err := s.tx.Rows("SELECT id, start_date, end_date, declared_at FROM flares WHERE patient_id = ? "+
		"ORDER BY start_date DESC, declared_at DESC",
		[]any{patient}, func(rows *sql.Rows) error {
			var f Flare
			var declared database.Instant
			err := rows.Scan(&f.ID, &f.Start, &f.End, &declared)
			f.DeclaredAt = declared.Time()
			flares = append(flares, f)
			return err
		})
	return flares, database.Wrap("flare: list", err)
}

func (s store) insert(patient id.Patient, f Flare, bodyHash string) error {
	_, err := s.tx.Exec(
		"INSERT INTO flares (patient_id, id, start_date, end_date, declared_at, body_hash) VALUES (?, ?, ?, ?, ?, ?)",
		patient, f.ID, f.Start, f.End, database.At(f.DeclaredAt), bodyHash,
	)
	return database.Wrap("flare: insert", err)
}

// flareHashed is a declaration as it is hashed. Its form is for ever: what an older version stored may be sent again.
type flareHashed struct {
	ID       id.Flare      `json:"ID"`
	Days     int           `json:"Days"`
	NewSigns []safety.Sign `json:"NewSigns"`
}

func (n New) hashed() flareHashed { return flareHashed(n) }

// mustEqual refuses another flare with the id of a stored one.
func (s store) mustEqual(patient id.Patient, n New) error {
	var stored string
	err := s.tx.Value(&stored, "SELECT body_hash FROM flares WHERE patient_id = ? AND id = ?", patient, n.ID)
	if err == nil && stored != database.BodyHash(n.hashed()) {
		err = database.ErrIDReused
	}
	return err
}

// end makes a day the last of a flare; one before its start means that it was taken back on its first day.
func (s store) end(patient id.Patient, flare id.Flare, last localtime.Date) error {
	return database.MustAffect(s.tx.Exec(
		"UPDATE flares SET end_date = ? WHERE patient_id = ? AND id = ?", last, patient, flare,
	))
}
