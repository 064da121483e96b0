package inbox

import (
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// store keeps the receipts of messages, in the rows that feedback made.
type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

const (
	deliveredQuery = `UPDATE feedback SET delivered_at = coalesce(delivered_at, ?) WHERE patient_id = ? AND id = ?`
	openedQuery    = `UPDATE feedback SET opened_at = coalesce(opened_at, ?) WHERE patient_id = ? AND id = ?`
)

func (s store) receipt(patient id.Patient, message id.Feedback, event Event, at time.Time) error {
	_, err := s.tx.Exec(deliveredQuery, database.At(at), patient, message)
	if err == nil && event == Opened {
		_, err = s.tx.Exec(openedQuery, database.At(at), patient, message)
	}
	return database.Wrap("inbox: receipt", err)
}

func (s store) unopened(patient id.Patient) (int, error) {
	var n int
	err := s.tx.Value(&n, "SELECT count(*) FROM feedback WHERE patient_id = ? AND opened_at IS NULL", patient)
	return n, err
}
