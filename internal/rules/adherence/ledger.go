package adherence

import (
	"reflect"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/record/barrier"
	"cadans/internal/record/intake"
	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/session"
	"cadans/internal/record/wish"
	"cadans/pkg/localtime"
)

// Ledger stores one row per patient and day on which something was done or pain was reported. It is
// derived data: Rebuild recomputes it from versions, pauses, sessions and what was reported. Other days have no row;
// Expect computes them.
type Ledger struct{}

var (
	_ session.Observer = Ledger{}
	_ barrier.Observer = Ledger{}
	_ wish.Observer    = Ledger{}
	_ program.Observer = Ledger{}
	_ people.Observer  = Ledger{}
	_ intake.Observer  = Ledger{}

	_ questionnaire.Observer = Ledger{}
)

// SessionChanged implements session.Observer.
func (Ledger) SessionChanged(tx *database.Tx, c session.Change) error {
	if err := keepDays(tx, c); err != nil {
		return err
	}
	return Touch(tx, c.Patient)
}

func keepDays(tx *database.Tx, c session.Change) error {
	if c.Logged != nil {
		return addSession(tx, c.History, *c.Logged)
	}
	for _, day := range slices.Compact(slices.Clone(c.Days)) {
		if err := rebuild(tx, c.Patient, c.History, day, day); err != nil {
			return err
		}
	}
	return nil
}

// BarrierReported implements barrier.Observer: a barrier can be a reason for attention.
func (Ledger) BarrierReported(tx *database.Tx, patient id.Patient) error { return Touch(tx, patient) }

// WishChanged implements wish.Observer: an open wish is a reason for attention.
func (Ledger) WishChanged(tx *database.Tx, patient id.Patient) error { return Touch(tx, patient) }

// CheckedIn implements intake.Observer: the pain of a check-in or an intake counts for its day.
func (Ledger) CheckedIn(tx *database.Tx, patient id.Patient, day localtime.Date) error {
	return PainReported(tx, patient, day)
}

// Scored implements questionnaire.Observer: an NPRS counts for its day.
func (Ledger) Scored(tx *database.Tx, patient id.Patient, score questionnaire.Score) error {
	if !score.IsPain() {
		return nil
	}
	return PainReported(tx, patient, score.Date)
}

// PainReported computes a day anew on which pain was reported.
func PainReported(tx *database.Tx, patient id.Patient, day localtime.Date) error {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	if err := rebuild(tx, patient, history, day, day); err != nil {
		return err
	}
	return Touch(tx, patient)
}

// PatientChanged implements people.Observer: a new zone has other days.
func (Ledger) PatientChanged(tx *database.Tx, patient id.Patient) error { return Touch(tx, patient) }

// addSession rebuilds the day of a new session, which usually is the only one.
func addSession(tx *database.Tx, h program.History, logged session.Session) error {
	ofDay, err := session.OthersOfDay(tx, logged)
	if err != nil {
		return err
	}
	ofDay = append(ofDay, logged)
	slices.SortFunc(ofDay, session.ByMoment)
	day := Build(h, logged.LocalDate, ofDay)
	if err := day.addReported(tx, logged.Patient); err != nil {
		return err
	}
	return putDay(tx, logged.Patient, day)
}

// addReported adds what was reported of the day besides its sessions.
func (d *Day) addReported(tx *database.Tx, patient id.Patient) error {
	is, err := pain.IsReported(tx, patient, d.Date)
	if err != nil || !is {
		return err
	}
	told, err := pain.Reported(tx, patient, d.Date, d.Date)
	d.addPoints(told)
	return err
}

// ExpectationChanged implements program.Observer.
func (Ledger) ExpectationChanged(tx *database.Tx, patient id.Patient, from, until localtime.Date) error {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	err = rebuild(tx, patient, history, from, until.AddDays(1))
	if err != nil { // the phone of a patient in a zone ahead may have logged tomorrow
		return err
	}
	return Touch(tx, patient)
}

// RebuildJob recomputes the rows of a patient; a migration that adds columns schedules it for everybody.
const RebuildJob queue.Kind = "ledger"

// RebuildLater handles RebuildJob.
func RebuildLater(tx *database.Tx, patient string) error {
	if err := tx.LockPatient(patient); err != nil {
		return err
	}
	if err := Rebuild(tx, id.Patient(patient)); err != nil {
		return err
	}
	return Touch(tx, id.Patient(patient))
}

// Audit recomputes every row of a patient and returns the days whose rows differed. There are none unless this package
// has a defect or somebody else wrote to the table.
func Audit(tx *database.Tx, patient id.Patient) ([]localtime.Date, error) {
	if err := tx.LockPatient(string(patient)); err != nil {
		return nil, err
	}
	before, err := allRows(tx, patient)
	if err != nil {
		return nil, err
	}
	if err := Rebuild(tx, patient); err != nil {
		return nil, err
	}
	after, err := allRows(tx, patient)
	var wrong []localtime.Date
	for date, day := range after {
		if !reflect.DeepEqual(before[date], day) {
			wrong = append(wrong, date)
		}
	}
	for date := range before {
		if _, stays := after[date]; !stays {
			wrong = append(wrong, date)
		}
	}
	slices.SortFunc(wrong, func(a, b localtime.Date) int { return a.DaysSince(b) })
	return wrong, err
}

func allRows(tx *database.Tx, patient id.Patient) (map[localtime.Date]Day, error) {
	rows, err := DaysOf(tx, patient, localtime.FirstDay(), localtime.LastDay())
	days := make(map[localtime.Date]Day, len(rows))
	for _, day := range rows {
		days[day.Date] = day
	}
	return days, err
}

// Rebuild recomputes every row of a patient.
func Rebuild(tx *database.Tx, patient id.Patient) error {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	return rebuild(tx, patient, history, localtime.FirstDay(), localtime.LastDay())
}

// rebuild replaces the rows of a range of days.
func rebuild(tx *database.Tx, patient id.Patient, h program.History, from, until localtime.Date) error {
	sessions, err := session.Between(tx, patient, from, until)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM adherence_days WHERE patient_id = ? AND local_date >= ? AND local_date <= ?",
		patient, from, until); err != nil {
		return database.Wrap("adherence: clear days", err)
	}
	told, err := pain.Reported(tx, patient, from, until)
	if err != nil {
		return err
	}
	for _, day := range daysFrom(h, sessions, told) {
		if err := putDay(tx, patient, day); err != nil {
			return err
		}
	}
	return nil
}

// daysFrom computes the days on which something was done or reported.
func daysFrom(h program.History, sessions []session.Session, told []pain.Point) map[localtime.Date]Day {
	days, done := map[localtime.Date]Day{}, byDay(sessions)
	for date, ofDay := range done {
		days[date] = Build(h, date, ofDay)
	}
	for _, t := range told {
		if !t.Kind.IsLevel() {
			continue
		}
		day, exists := days[t.Day]
		if !exists {
			day = Expect(h, t.Day)
		}
		day.addPoints([]pain.Point{t})
		days[t.Day] = day
	}
	return days
}

// byDay groups sessions by day. A traveller's later session may belong to an earlier day.
func byDay(sessions []session.Session) map[localtime.Date][]session.Session {
	days := map[localtime.Date][]session.Session{}
	for _, s := range sessions {
		days[s.LocalDate] = append(days[s.LocalDate], s)
	}
	return days
}

// Fill completes stored days with the expectation of the days in between, from the start of the program (but not before
// from) up to and including until. The result is empty if the range is.
func Fill(h program.History, stored []Day, from, until localtime.Date) Series {
	start := h.Start()
	if start.IsZero() {
		return nil
	}
	if start.Before(from) {
		start = from
	}
	if until.Before(start) {
		return nil
	}
	series := make(Series, 0, until.DaysSince(start)+1)
	next := 0
	for date := start; !date.After(until); date = date.AddDays(1) {
		for next < len(stored) && stored[next].Date.Before(date) {
			next++
		}
		if next < len(stored) && stored[next].Date == date {
			series = append(series, stored[next])
			continue
		}
		series = append(series, Expect(h, date))
	}
	return series
}

// Lookback is how many days back rates and medians reach.
const Lookback = 7 * (medianSearch + 1)

// SeriesOf returns a patient's days up to today, Lookback days long.
func SeriesOf(tx *database.Tx, patient id.Patient, h program.History, today localtime.Date) (Series, error) {
	from := today.AddDays(-Lookback)
	rows, err := Rows(tx, []id.Patient{patient}, from)
	return Fill(h, rows[patient], from, today), err
}
