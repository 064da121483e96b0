// Package activity keeps steps and walks that patients enter themselves or that a phone's health store provides.
//
// It stores one row for each record of a source: a higher version replaces it, the same or a lower version changes
// nothing. So a phone may send a batch as often as it likes, and a record that cannot be is refused alone. What a
// phone, a watch and the patient tell about the same time counts once.
package activity

import (
	"context"
	"slices"
	"strconv"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/told"
	"cadans/pkg/localtime"
)

// Limits.
const (
	MaxBatch  = 100
	clockSkew = 5 * time.Minute
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

// Result says what happened to a record: applied, duplicate (this version is stored), stale (a higher one is), refused.
type Result string

// The results.
const (
	Applied   Result = "applied"
	Duplicate Result = "duplicate"
	Stale     Result = "stale"
	Refused   Result = "refused"
)

// Stored is what happened to each record of a batch, in their order, and why.
type Stored struct {
	Results  []Result
	Warnings []fault.Violation
}

// Service implements the use cases of this package.
type Service struct {
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Store takes a batch of records of the viewer and keeps the phone's words where something was mended. A record without
// a source is one that could not be read.
func (s *Service) Store(ctx context.Context, v access.Viewer, records []Record, words told.Body) (Stored, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(access.StoreActivity).Alone(), func(tx *database.Tx) (Stored, error) {
		stored := Stored{Warnings: slices.Clone(words.Warnings)}
		for i, r := range records {
			result, err := stored.put(tx, v.Patient, i, r)
			if err != nil {
				return Stored{}, err
			}
			stored.Results = append(stored.Results, result)
		}
		said := told.Body{Text: words.Text, Warnings: stored.Warnings}
		return stored, told.Mark(tx, v.Patient, access.StoreActivity, "", said)
	})
}

func (s *Stored) put(tx *database.Tx, patient id.Patient, i int, r Record) (Result, error) {
	wrong, ok := r.check(tx.Now())
	if !ok {
		if wrong.Code != "" {
			wrong.Pointer = "/items/" + strconv.Itoa(i) + wrong.Pointer
			s.Warnings = append(s.Warnings, wrong)
		}
		return Refused, nil
	}
	return newStore(tx).put(patient, r)
}

// check says why a record cannot be; nothing when it could not be read, which was said.
func (r Record) check(now time.Time) (wrong fault.Violation, ok bool) {
	switch {
	case r.Source == "":
		return fault.Violation{}, false
	case r.End.Before(r.Start):
		return fault.Violation{Pointer: "/end_at", Code: "before-start"}, false
	case r.End.Sub(r.Start) > longest:
		return fault.Violation{Pointer: "/end_at", Code: "out-of-range"}, false
	case r.Start.After(now.Add(clockSkew)):
		return fault.Violation{Pointer: "/start_at", Code: "in-the-future"}, false
	case r.Kind == "steps" && r.Count == nil:
		return fault.Violation{Pointer: "/count", Code: "required"}, false
	}
	return fault.Violation{}, true
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
