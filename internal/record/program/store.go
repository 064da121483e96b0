package program

import (
	"database/sql"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

type versionRow struct {
	ID            string
	PatientID     string
	Number        int
	EffectiveFrom string
	Items         string
	PublishedAt   database.Instant
	PublishedBy   string
	BodyHash      string
	Origin        string
	ReasonNl      string
	ReasonEn      string
}

// TableName tells gorm where.
func (versionRow) TableName() string { return "program_versions" }

type pauseRow struct {
	ID         string
	PatientID  string
	Reason     string
	StartDate  localtime.Date
	EndDate    localtime.Date
	DeclaredBy string
	BodyHash   string
	CreatedAt  database.Instant
}

// TableName tells gorm where.
func (pauseRow) TableName() string { return "pauses" }

func (r pauseRow) toPause() Pause {
	return Pause{
		ID: id.Pause(r.ID), Patient: id.Patient(r.PatientID), Reason: PauseReason(r.Reason),
		Start: r.StartDate, End: r.EndDate, DeclaredBy: r.DeclaredBy,
	}
}

// HistoryOf returns everything ever asked of a patient. The caller checks whether the viewer may see it.
func HistoryOf(tx *database.Tx, patient id.Patient) (History, error) {
	histories, err := HistoriesOf(tx, []id.Patient{patient})
	return histories[patient], err
}

// selectPauses has no ORDER BY, because no index provides the order.
const selectPauses = "SELECT id, patient_id, reason, start_date, end_date, declared_by FROM pauses WHERE patient_id"

const selectVersions = `SELECT v.id, v.patient_id, v.number, v.effective_from, v.items, v.published_at, v.published_by,
	v.origin, v.reason_nl, v.reason_en, w.withdrawn_at, coalesce(w.withdrawn_by, '') FROM program_versions v
	LEFT JOIN program_withdrawals w ON w.patient_id = v.patient_id AND w.version_id = v.id WHERE v.patient_id`

// HistoriesOf is HistoryOf for many patients, in two queries.
func HistoriesOf(tx *database.Tx, patients []id.Patient) (map[id.Patient]History, error) {
	histories := make(map[id.Patient]History, len(patients))
	if len(patients) == 0 {
		return histories, nil
	}
	in, args := " IN ("+database.List(patients)+")", database.Args(patients)
	err := tx.Rows(selectVersions+in+" ORDER BY v.patient_id, v.number", args, func(rows *sql.Rows) error {
		w, isWithdrawn, err := scanVersion(tx, rows)
		h := histories[w.Patient]
		if isWithdrawn {
			h.Withdrawn = append(h.Withdrawn, w)
		} else {
			h.Versions = append(h.Versions, w.Version)
		}
		histories[w.Patient] = h
		return err
	})
	if err != nil {
		return nil, database.Wrap("program: versions", err)
	}
	err = tx.Rows(selectPauses+in+" AND end_date >= start_date", args, func(rows *sql.Rows) error {
		var r pauseRow
		err := rows.Scan(&r.ID, &r.PatientID, &r.Reason, &r.StartDate, &r.EndDate, &r.DeclaredBy)
		h := histories[id.Patient(r.PatientID)]
		h.Pauses = append(h.Pauses, r.toPause())
		histories[id.Patient(r.PatientID)] = h
		return err
	})
	for _, h := range histories {
		slices.SortFunc(h.Pauses, func(a, b Pause) int { return b.Start.Compare(a.Start) })
	}
	return histories, database.Wrap("program: pauses", err)
}

// scanVersion reads a version and reports whether it was withdrawn.
func scanVersion(tx *database.Tx, rows *sql.Rows) (w Withdrawal, isWithdrawn bool, err error) {
	var stored sql.RawBytes
	var published database.Instant
	var withdrawn *database.Instant
	v := &w.Version
	err = rows.Scan(
		&v.ID, &v.Patient, &v.Number, &v.EffectiveFrom, &stored, &published, &v.PublishedBy, &v.Origin,
		&v.Reason.NL, &v.Reason.EN, &withdrawn, &w.By,
	)
	if err != nil {
		return w, false, err
	}
	v.PublishedAt = published.Time()
	if withdrawn != nil {
		w.At = withdrawn.Time()
	}
	shared, err := database.Decoded(tx, stored, decodeItems)
	v.Items = cloneItems(shared)
	return w, withdrawn != nil, err
}

// isRepeatedVersion reports whether the version is already stored. If it has other content, it returns
// database.ErrIDReused, and ErrWithdrawn if it was taken back since.
func (s store) isRepeatedVersion(patient id.Patient, version id.ProgramVersion, bodyHash string) (bool, error) {
	var hash string
	err := s.tx.Value(&hash, "SELECT body_hash FROM program_versions WHERE patient_id = ? AND id = ?", patient, version)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, nil
	case err != nil:
		return false, err
	case hash != bodyHash:
		return false, database.ErrIDReused
	}
	withdrawn := 0
	err = s.tx.Value(
		&withdrawn, "SELECT count(*) FROM program_withdrawals WHERE patient_id = ? AND version_id = ?", patient,
		version,
	)
	if err == nil && withdrawn > 0 {
		err = ErrWithdrawn
	}
	return err == nil, err
}

func (s store) insertVersion(v Version, bodyHash string) error {
	items, err := encodeItems(v.Items)
	if err != nil {
		return err
	}
	return database.Wrap("program: insert version", s.tx.Create(&versionRow{
		ID: string(v.ID), PatientID: string(v.Patient), Number: v.Number, EffectiveFrom: v.EffectiveFrom.String(),
		Items: items, PublishedAt: database.At(v.PublishedAt), PublishedBy: string(v.PublishedBy), BodyHash: bodyHash,
		Origin: string(v.Origin), ReasonNl: v.Reason.NL, ReasonEn: v.Reason.EN,
	}))
}

func (s store) repeatedPause(patient id.Patient, n NewPause) (*Pause, error) {
	var row pauseRow
	err := s.tx.First(&row, "SELECT * FROM pauses WHERE patient_id = ? AND id = ?", patient, n.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if row.BodyHash != database.BodyHash(n.hashed()) {
		return nil, database.ErrIDReused
	}
	pause := row.toPause()
	return &pause, nil
}

func (s store) overlaps(patient id.Patient, n NewPause) (bool, error) {
	var count int
	err := s.tx.Value(&count, `SELECT count(*) FROM pauses WHERE patient_id = ? AND start_date <= ? AND end_date >= ?
		AND end_date >= start_date AND reason <> ?`, patient, n.End, n.Start, SafetyPause)
	return count > 0, err
}

func (s store) insertPause(p Pause, bodyHash string) error {
	return database.Wrap("program: insert pause", s.tx.Create(&pauseRow{
		ID: string(p.ID), PatientID: string(p.Patient), Reason: string(p.Reason), StartDate: p.Start, EndDate: p.End,
		DeclaredBy: p.DeclaredBy, BodyHash: bodyHash, CreatedAt: database.At(s.tx.Now()),
	}))
}

// endPause makes last the last paused day; a pause that ended earlier does not change.
func (s store) endPause(patient id.Patient, pause id.Pause, last localtime.Date) error {
	var row pauseRow
	err := s.tx.First(
		&row, "SELECT reason, start_date, end_date FROM pauses WHERE patient_id = ? AND id = ?", patient, pause,
	)
	if fault.Is(err, fault.NotFound) {
		return ErrNoPause
	}
	if err != nil || row.EndDate.Before(last) {
		return err
	}
	_, err = s.tx.Exec("UPDATE pauses SET end_date = ? WHERE patient_id = ? AND id = ?", last, patient, pause)
	return err
}

// ParseWeekday parses mon to sun.
func ParseWeekday(name string) (time.Weekday, bool) {
	i := slices.Index(weekdays, name)
	return time.Weekday(i), i >= 0
}

// WeekdayName returns mon to sun.
func WeekdayName(day time.Weekday) string { return weekdays[day] }

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
