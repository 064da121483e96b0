package pain

import (
	"database/sql"
	"errors"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/intake"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/session"
	"cadans/pkg/localtime"
)

// Of returns the scores of a patient on days of a range, both ends included, oldest first. The caller checks whether
// the viewer may see them.
func Of(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Point, error) {
	points, err := Reported(tx, patient, from, until)
	if err != nil {
		return nil, err
	}
	sessions, err := session.Between(tx, patient, from, until)
	for _, s := range sessions {
		points = append(points, OfSession(s)...)
	}
	return inOrder(points), err
}

// IsReported reports whether anything may say how much it hurt on a day besides its sessions. On most days nothing
// does, which is cheaper to know than to read.
func IsReported(tx *database.Tx, patient id.Patient, day localtime.Date) (bool, error) {
	var is bool
	err := tx.Value(&is, `SELECT EXISTS (SELECT 1 FROM check_ins WHERE patient_id = ? AND local_date = ?)
		OR EXISTS (SELECT 1 FROM intakes WHERE patient_id = ? AND submitted_on = ?)
		OR EXISTS (SELECT 1 FROM scores WHERE patient_id = ? AND local_date = ?)
		OR EXISTS (SELECT 1 FROM recurrence_checks WHERE patient_id = ? AND local_date = ?)`,
		patient, day, patient, day, patient, day, patient, day)
	return is, database.Wrap("pain: is reported", err)
}

// Reported returns the scores that belong to no session, as Of does.
func Reported(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Point, error) {
	points, err := asked(tx, patient, from, until)
	intakes, errIntakes := intake.Between(tx, patient, from, until)
	for _, i := range intakes {
		of := series{source: FromIntake, day: i.SubmittedOn, at: i.SubmittedAt}
		of.add(Average, i.Answers.PainAverage)
		of.add(Worst, i.Answers.PainWorst)
		points = append(points, of.points...)
	}
	scores, errScores := questionnaire.PainBetween(tx, patient, from, until)
	for _, score := range scores {
		points = append(points, ofScore(score)...)
	}
	return inOrder(points), errors.Join(err, errIntakes, errScores)
}

// Averages returns the reported averages of 24 hours alone.
func Averages(tx *database.Tx, patient id.Patient, from, until localtime.Date) (averages []Point, err error) {
	points, err := Reported(tx, patient, from, until)
	for _, p := range points {
		if p.Kind == Average {
			averages = append(averages, p)
		}
	}
	return averages, err
}

// asked reads the weekly and the monthly question. What a monthly answer says of an episode that is over says nothing
// of its day.
func asked(tx *database.Tx, patient id.Patient, from, until localtime.Date) (points []Point, err error) {
	err = tx.Rows(`SELECT 'check_in', local_date, received_at, nprs_avg24, nprs_worst, id FROM check_ins
		WHERE patient_id = ? AND local_date >= ? AND local_date <= ?
		UNION ALL SELECT 'recurrence', local_date, received_at, nprs_avg, nprs_worst, id FROM recurrence_checks
		WHERE patient_id = ? AND local_date >= ? AND local_date <= ? AND over_on IS NULL ORDER BY 2, 3, 6`,
		[]any{patient, from, until, patient, from, until}, func(rows *sql.Rows) error {
			var of series
			var received database.Instant
			var average, worst *int
			var answer string
			if err := rows.Scan(&of.source, &of.day, &received, &average, &worst, &answer); err != nil {
				return err
			}
			of.at = received.Time()
			of.add(Average, average)
			of.add(Worst, worst)
			points = append(points, of.points...)
			return nil
		})
	return points, database.Wrap("pain: asked", err)
}

// ofScore returns the scores of a pain questionnaire. One between whole numbers was not answered on its scale.
func ofScore(score questionnaire.Score) []Point {
	if score.Tenths%10 != 0 {
		return nil
	}
	of := series{source: FromQuestionnaire, day: score.Date, at: score.StoredAt}
	average := score.Tenths / 10
	of.add(Average, &average)
	if worst, answered := score.Answers["worst"]; answered {
		of.add(Worst, &worst)
	}
	return of.points
}
