package adherence

import (
	"database/sql"
	"encoding/json"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

const (
	countColumns = `patient_id, local_date, active, paused, expected7, dose7000, done, complete, credit, extra,
		pause_done, pause_credit, sessions, late, uncounted, pain_sum, pain_count, pain_after_sum, pain_after_count,
		pain_max, rises, stopped_pain`
	dayColumns = countColumns + ", module_seconds"
)

var putDayStatement = "INSERT INTO adherence_days (" + dayColumns + ") VALUES (" + database.Marks(23) + `)
	ON CONFLICT (patient_id, local_date) DO UPDATE SET active = excluded.active, paused = excluded.paused,
	expected7 = excluded.expected7, dose7000 = excluded.dose7000, done = excluded.done, complete = excluded.complete,
	credit = excluded.credit, extra = excluded.extra, pause_done = excluded.pause_done,
	pause_credit = excluded.pause_credit,
	sessions = excluded.sessions, late = excluded.late, uncounted = excluded.uncounted, pain_sum = excluded.pain_sum,
	pain_count = excluded.pain_count, pain_after_sum = excluded.pain_after_sum,
	pain_after_count = excluded.pain_after_count,
	pain_max = excluded.pain_max, rises = excluded.rises, stopped_pain = excluded.stopped_pain,
	module_seconds = excluded.module_seconds`

// putDay inserts or replaces a day.
func putDay(tx *database.Tx, patient id.Patient, d Day) error {
	work, err := encodeWork(d.Work)
	if err != nil {
		return err
	}
	_, err = tx.Exec(putDayStatement,
		patient, d.Date.String(), d.Active, d.Paused, d.Expected7, d.Dose7000, d.Done, d.Complete, d.Credit, d.Extra,
		d.PauseDone, d.PauseCredit, d.Sessions, d.Late, d.Uncounted, d.Before.Sum, d.Before.Count, d.After.Sum,
		d.After.Count, d.PainMax, d.Rises, d.StoppedPain, work)
	return database.Wrap("adherence: put day", err)
}

// Rows returns the stored days of patients since a date, without Work: decoding it would cost lists more than
// everything else.
func Rows(tx *database.Tx, patients []id.Patient, from localtime.Date) (map[id.Patient][]Day, error) {
	days := make(map[id.Patient][]Day, len(patients))
	if len(patients) == 0 {
		return days, nil
	}
	args := append(database.Args(patients), from.String())
	err := tx.Rows("SELECT "+countColumns+" FROM adherence_days WHERE patient_id IN ("+database.List(patients)+
		") AND local_date >= ? ORDER BY patient_id, local_date", args, func(rows *sql.Rows) error {
		var patient id.Patient
		var d Day
		err := rows.Scan(d.counts(&patient)...)
		days[patient] = append(days[patient], d)
		return err
	})
	return days, database.Wrap("adherence: days", err)
}

// DaysOf returns a patient's stored days of a range, both ends included, with all fields.
func DaysOf(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Day, error) {
	var days []Day
	err := tx.Rows("SELECT "+dayColumns+
		" FROM adherence_days WHERE patient_id = ? AND local_date >= ? AND local_date <= ? ORDER BY local_date",
		[]any{patient, from, until}, func(rows *sql.Rows) error {
			var owner id.Patient
			var d Day
			var work []byte
			if err := rows.Scan(append(d.counts(&owner), &work)...); err != nil {
				return err
			}
			var err error
			d.Work, err = decodeWork(work)
			days = append(days, d)
			return err
		})
	return days, database.Wrap("adherence: days of a patient", err)
}

// counts returns the scan destinations of countColumns.
func (d *Day) counts(patient *id.Patient) []any {
	return []any{
		patient, &d.Date, &d.Active, &d.Paused, &d.Expected7, &d.Dose7000, &d.Done, &d.Complete, &d.Credit, &d.Extra,
		&d.PauseDone, &d.PauseCredit, &d.Sessions, &d.Late, &d.Uncounted, &d.Before.Sum, &d.Before.Count, &d.After.Sum,
		&d.After.Count, &d.PainMax, &d.Rises, &d.StoppedPain,
	}
}

const noWork = "{}"

func encodeWork(w Work) (string, error) {
	if len(w) == 0 {
		return noWork, nil
	}
	text, err := json.Marshal(w)
	return string(text), database.Wrap("adherence: encode work", err)
}

func decodeWork(text []byte) (Work, error) {
	if string(text) == noWork {
		return nil, nil
	}
	var w Work
	return w, database.Wrap("adherence: decode work", json.Unmarshal(text, &w))
}
