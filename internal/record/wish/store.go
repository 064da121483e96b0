package wish

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

func (r Wish) hash() string {
	return database.BodyHash([]string{string(r.Reason), string(r.Item), r.Note})
}

// selectWishes is a query without its condition. A wish is open until it is closed, or a therapist has changed the
// program since.
const selectWishes = `SELECT id, local_date, reason, item_id, note, received_at, closed_at, outcome,
	closed_at IS NULL AND NOT EXISTS (
	SELECT 1 FROM program_versions v WHERE v.patient_id = change_requests.patient_id
	AND v.published_at > change_requests.received_at
	AND NOT EXISTS (SELECT 1 FROM program_withdrawals w WHERE w.patient_id = v.patient_id AND w.version_id = v.id)
	AND v.origin IN ('` + string(program.Published) + "', '" + string(program.ByAdjustment) + `'))
	FROM change_requests`

// wishes runs a query that starts with selectWishes.
func (s store) wishes(query string, args ...any) ([]Wish, error) {
	var found []Wish
	err := s.tx.Rows(query, args, func(rows *sql.Rows) error {
		var r Wish
		var received database.Instant
		var closed *database.Instant
		err := rows.Scan(&r.ID, &r.LocalDate, &r.Reason, &r.Item, &r.Note, &received, &closed, &r.Outcome, &r.Open)
		r.ReceivedAt, r.ClosedAt = received.Time(), closed.TimePtr()
		found = append(found, r)
		return err
	})
	return found, database.Wrap("wish: query", err)
}

// OldestOpen returns the oldest open wish, or nil.
func OldestOpen(tx *database.Tx, patient id.Patient) (*Wish, error) {
	found, err := newStore(tx).wishes(
		selectWishes+" WHERE patient_id = ? AND closed_at IS NULL ORDER BY received_at, id", patient,
	)
	for _, r := range found {
		if r.Open {
			return &r, err
		}
	}
	return nil, err
}

// CountOpen counts a patient's open wishes.
func CountOpen(tx *database.Tx, patient id.Patient) (int, error) {
	found, err := newStore(tx).wishes(selectWishes+" WHERE patient_id = ? AND closed_at IS NULL", patient)
	var n int
	for _, r := range found {
		if r.Open {
			n++
		}
	}
	return n, err
}

func (s store) find(patient id.Patient, request id.ChangeRequest) (Wish, error) {
	found, err := s.wishes(selectWishes+" WHERE patient_id = ? AND id = ?", patient, request)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Wish{}, err
	}
	return found[0], nil
}

// insert stores a wish unless it was sent before. If the id has other content, it returns database.ErrIDReused.
func (s store) insert(patient id.Patient, r Wish) (bool, error) {
	n, err := s.tx.Exec(`INSERT INTO change_requests (patient_id, id, local_date, reason, item_id, note,
		received_at, body_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		patient, r.ID, r.LocalDate, r.Reason, r.Item, r.Note, database.At(r.ReceivedAt), r.hash())
	if err != nil || n == 1 {
		return n == 1, database.Wrap("wish: insert", err)
	}
	var known string
	err = s.tx.Value(&known, "SELECT body_hash FROM change_requests WHERE patient_id = ? AND id = ?", patient, r.ID)
	if err != nil {
		return false, err
	}
	if known != r.hash() {
		return false, database.ErrIDReused
	}
	return false, nil
}

func (s store) close(patient id.Patient, request id.ChangeRequest, by id.Member, outcome string) error {
	_, err := s.tx.Exec(
		"UPDATE change_requests SET closed_at = ?, closed_by = ?, outcome = ? WHERE patient_id = ? AND id = ?",
		database.At(s.tx.Now()), by, outcome, patient, request,
	)
	return database.Wrap("wish: close", err)
}
