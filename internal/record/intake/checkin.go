package intake

import (
	"context"
	"database/sql"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// CheckIn is the answer to the weekly questions: anything new, and how much it hurts.
type CheckIn struct {
	ID          id.CheckIn
	LocalDate   localtime.Date
	NewSigns    []safety.Sign
	PainAverage *int
	PainWorst   *int
	ReceivedAt  time.Time
}

// Observer is notified of a check-in or an intake, both of which report pain, in the transaction that stores it.
type Observer interface {
	CheckedIn(tx *database.Tx, patient id.Patient, day localtime.Date) error
}

// CheckedIn is a check-in with the verdict of the safety gate.
type CheckedIn struct {
	CheckIn
	Verdict safety.Verdict
}

// CheckIn stores a check-in of the viewer. The safety gate sees it in the same transaction. Repeating it returns what
// is stored.
func (s *Service) CheckIn(ctx context.Context, v access.Viewer, c CheckIn) (CheckedIn, bool, error) {
	ask := v.AsksOwn(access.CheckIn).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (CheckedIn, bool, error) {
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return CheckedIn{}, false, err
		}
		c.ReceivedAt = tx.Now()
		stored, created, err := newStore(tx).insertCheckIn(v.Patient, c, p.Today(tx.Now()))
		if err != nil {
			return CheckedIn{}, false, err
		}
		if !created {
			verdict, err := s.gate.ToldBy(tx, v.Patient, safety.FromCheckIn, string(c.ID))
			return CheckedIn{stored, verdict}, false, err
		}
		verdict, err := s.gate.AdmitOnce(tx, p, safety.FromCheckIn, string(c.ID), c.NewSigns)
		if err != nil {
			return CheckedIn{}, false, err
		}
		return CheckedIn{stored, verdict}, true, s.tell(tx, v.Patient, c.LocalDate)
	})
}

func (s *Service) tell(tx *database.Tx, patient id.Patient, day localtime.Date) error {
	for _, o := range s.observers {
		if err := o.CheckedIn(tx, patient, day); err != nil {
			return err
		}
	}
	return nil
}

// insertCheckIn stores a check-in and reports whether it is new.
func (s store) insertCheckIn(patient id.Patient, c CheckIn, today localtime.Date) (CheckIn, bool, error) {
	hash := database.BodyHash([]any{c.LocalDate, c.NewSigns, c.PainAverage, c.PainWorst})
	var stored string
	var received database.Instant
	err := s.tx.Rows(
		"SELECT body_hash, received_at FROM check_ins WHERE patient_id = ? AND id = ?", []any{patient, c.ID},
		func(rows *sql.Rows) error { return rows.Scan(&stored, &received) },
	)
	switch {
	case err != nil:
		return c, false, database.Wrap("intake: check-in", err)
	case stored == hash:
		c.ReceivedAt = received.Time()
		return c, false, nil
	case stored != "":
		return c, false, database.ErrIDReused
	case c.LocalDate.After(today.AddDays(1)): // the phone may be in a time zone ahead of home
		return c, false, fault.Input(fault.Violation{Pointer: "/local_date", Code: "in-the-future"})
	}
	_, err = s.tx.Exec(`INSERT INTO check_ins (patient_id, id, local_date, new_signs, nprs_avg24, nprs_worst,
		received_at, body_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, patient, c.ID, c.LocalDate, safety.JoinSigns(c.NewSigns), c.PainAverage,
		c.PainWorst, database.At(c.ReceivedAt), hash)
	return c, true, database.Wrap("intake: insert check-in", err)
}
