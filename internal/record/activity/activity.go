// Package activity keeps steps and walks that patients enter themselves or that a phone's health store provides.
//
// It stores one row for each record of a source: a higher version replaces it, the same or a lower version changes
// nothing. So a phone may send a batch as often as it likes. When both phone and watch count a walk, the source with
// the highest total for the day counts; sources are never added up.
package activity

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// Limits.
const (
	MaxBatch  = 100
	clockSkew = 5 * time.Minute
	oldest    = 366 * 24 * time.Hour
	longest   = 24 * time.Hour
)

// Record is one entry of a source. Count is the number of steps, Minutes the length of a walk; nil means not measured.
type Record struct {
	Source     string // manual, healthkit, health_connect
	ExternalID string
	Version    int64
	Kind       string // steps, walk
	Start, End time.Time
	Count      *int
	Minutes    *int
	DistanceM  *int
}

// Result says what happened to a record: applied, duplicate (this version is stored), stale (a higher one is).
type Result string

// The results.
const (
	Applied   Result = "applied"
	Duplicate Result = "duplicate"
	Stale     Result = "stale"
)

// Total is a day of a patient. Nil means that nothing was recorded.
type Total struct {
	Date    localtime.Date
	Steps   *int
	Minutes *int // walked
}

// Service implements the use cases of this package.
type Service struct {
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Store takes a batch of records of the viewer and returns a result for each, in the same order. One impossible record
// makes it refuse the whole batch; the error names the record.
func (s *Service) Store(ctx context.Context, v access.Viewer, records []Record) ([]Result, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(access.StoreActivity).Alone(), func(tx *database.Tx) ([]Result, error) {
		if err := check(records, tx.Now()); err != nil {
			return nil, err
		}
		var results []Result
		for _, r := range records {
			result, err := newStore(tx).put(v.Patient, r)
			if err != nil {
				return nil, err
			}
			results = append(results, result)
		}
		return results, nil
	})
}

func check(records []Record, now time.Time) error {
	var wrong []fault.Violation
	for i, r := range records {
		at := "/items/" + strconv.Itoa(i)
		switch {
		case r.End.Before(r.Start):
			wrong = append(wrong, fault.Violation{Pointer: at + "/end_at", Code: "before-start"})
		case r.End.Sub(r.Start) > longest:
			wrong = append(wrong, fault.Violation{Pointer: at + "/end_at", Code: "out-of-range"})
		case r.Start.After(now.Add(clockSkew)):
			wrong = append(wrong, fault.Violation{Pointer: at + "/start_at", Code: "in-the-future"})
		case now.Sub(r.Start) > oldest:
			wrong = append(wrong, fault.Violation{Pointer: at + "/start_at", Code: "too-old"})
		}
		if r.Kind == "steps" && r.Count == nil {
			wrong = append(wrong, fault.Violation{Pointer: at + "/count", Code: "required"})
		}
	}
	return fault.Input(wrong...)
}

var listing = access.Operations{Own: access.ListMyActivity, Others: access.ListPatientActivity}

// Totals returns the days on which something was recorded.
func (s *Service) Totals(
	ctx context.Context, v access.Viewer, patient id.Patient, from, until localtime.Date,
) ([]Total, error) {
	return access.Read(ctx, s.guard, v.Asks(listing.For(v), patient), func(tx *database.Tx) ([]Total, error) {
		return Totals(tx, patient, from, until)
	})
}

// Withdraw deletes everything that one source of the viewer has sent.
func (s *Service) Withdraw(ctx context.Context, v access.Viewer, source string) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.WithdrawActivity), func(tx *database.Tx) error {
		_, err := tx.Exec("DELETE FROM activities WHERE patient_id = ? AND source = ?", v.Patient, source)
		return database.Wrap("activity: withdraw", err)
	})
}

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

func (s store) put(patient id.Patient, r Record) (Result, error) {
	if r.Kind == "walk" && r.Minutes == nil {
		minutes := int(r.End.Sub(r.Start) / time.Minute)
		r.Minutes = &minutes
	}
	n, err := s.tx.Exec(`INSERT INTO activities (patient_id, source, external_id, version, kind, local_date, start_at,
		end_at, count, minutes,
		distance_m, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (patient_id, source, external_id) DO UPDATE SET version = excluded.version, kind = excluded.kind,
		local_date = excluded.local_date, start_at = excluded.start_at, end_at = excluded.end_at,
		count = excluded.count,
		minutes = excluded.minutes, distance_m = excluded.distance_m, received_at = excluded.received_at
		WHERE excluded.version > activities.version`,
		patient, r.Source, r.ExternalID, r.Version, r.Kind, localtime.DateOf(r.Start), database.At(r.Start),
		database.At(r.End), r.Count, r.Minutes, r.DistanceM, database.At(s.tx.Now()))
	if err != nil || n == 1 {
		return Applied, database.Wrap("activity: store", err)
	}
	var version int64
	err = s.tx.Value(
		&version, "SELECT version FROM activities WHERE patient_id = ? AND source = ? AND external_id = ?", patient,
		r.Source, r.ExternalID,
	)
	if version > r.Version {
		return Stale, err
	}
	return Duplicate, err
}

// Totals returns a patient's days, both ends included. Each number comes from the source with the highest value.
func Totals(tx *database.Tx, patient id.Patient, from, until localtime.Date) ([]Total, error) {
	var totals []Total
	err := tx.Rows(`SELECT local_date, max(steps), max(minutes) FROM (
		SELECT local_date, source, sum(CASE WHEN kind = 'steps' THEN count END) AS steps, sum(CASE WHEN kind = 'walk'
		THEN minutes END) AS minutes
		FROM activities WHERE patient_id = ? AND local_date >= ? AND local_date <= ?
		GROUP BY local_date, source) AS by_source
		GROUP BY local_date ORDER BY local_date`, []any{patient, from, until}, func(rows *sql.Rows) error {
		var t Total
		err := rows.Scan(&t.Date, &t.Steps, &t.Minutes)
		totals = append(totals, t)
		return err
	})
	return totals, database.Wrap("activity: totals", err)
}
