package barrier

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

type reportRow struct {
	PatientID  string
	ID         string
	LocalDate  localtime.Date
	Barrier    string
	Note       string
	ReceivedAt database.Instant
	BodyHash   string
}

// TableName tells gorm where.
func (reportRow) TableName() string { return "barrier_reports" }

func (r reportRow) toReport() Report {
	return Report{
		ID:         id.Barrier(r.ID),
		LocalDate:  r.LocalDate,
		Barrier:    Barrier(r.Barrier),
		Note:       r.Note,
		ReceivedAt: r.ReceivedAt.Time(),
	}
}

func (r Report) hash() string {
	return database.BodyHash([]string{r.LocalDate.String(), string(r.Barrier), r.Note})
}

// repeated returns the stored report if this one was sent before, otherwise an empty one.
func (s store) repeated(patient id.Patient, r Report) (Report, error) {
	var row reportRow
	err := s.tx.First(&row, "SELECT * FROM barrier_reports WHERE patient_id = ? AND id = ?", patient, r.ID)
	if fault.Is(err, fault.NotFound) {
		return Report{}, nil
	}
	if err == nil && row.BodyHash != r.hash() {
		err = database.ErrIDReused
	}
	return row.toReport(), err
}

func (s store) insert(patient id.Patient, r Report) error {
	return s.tx.Create(&reportRow{
		PatientID: string(patient), ID: string(r.ID), LocalDate: r.LocalDate, Barrier: string(r.Barrier), Note: r.Note,
		ReceivedAt: database.At(r.ReceivedAt), BodyHash: r.hash(),
	})
}

// Since returns a patient's reports about days from a date on, latest first.
func Since(tx *database.Tx, patient id.Patient, since localtime.Date) ([]Report, error) {
	var rows []reportRow
	err := tx.All(&rows, `SELECT * FROM barrier_reports WHERE patient_id = ? AND local_date >= ?
		ORDER BY local_date DESC, received_at DESC LIMIT 20`, patient, since)
	reports := make([]Report, len(rows))
	for i, row := range rows {
		reports[i] = row.toReport()
	}
	return reports, err
}

// Latest returns the barrier that each patient named last for days since a date. Patients who named none are absent.
func Latest(tx *database.Tx, patients []id.Patient, since localtime.Date) (map[id.Patient]Barrier, error) {
	latest := make(map[id.Patient]Barrier, len(patients))
	err := tx.Rows("SELECT patient_id, barrier FROM barrier_reports WHERE patient_id IN ("+database.List(patients)+
		") AND local_date >= ? ORDER BY local_date, received_at, id", append(database.Args(patients), since),
		func(rows *sql.Rows) error {
			var patient id.Patient
			var named Barrier
			err := rows.Scan(&patient, &named)
			latest[patient] = named
			return err
		})
	return latest, database.Wrap("barrier: latest", err)
}

// CountsOf counts, by barrier, the patients of a practice who named it for days in a range, both ends included.
func CountsOf(tx *database.Tx, practice id.Practice, from, until localtime.Date) (map[Barrier]int, error) {
	counts := map[Barrier]int{}
	err := tx.Rows(`SELECT b.barrier, count(DISTINCT b.patient_id) FROM barrier_reports b
		JOIN patients p ON p.id = b.patient_id
		WHERE p.practice_id = ? AND b.local_date >= ? AND b.local_date <= ? GROUP BY b.barrier`,
		[]any{practice, from, until},
		func(rows *sql.Rows) error {
			var named Barrier
			var n int
			err := rows.Scan(&named, &n)
			counts[named] = n
			return err
		})
	return counts, database.Wrap("barrier: counts of a practice", err)
}
