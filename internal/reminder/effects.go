package reminder

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/access"
	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/pkg/localtime"
)

// Effects are what reminders do, in the viewer's practice and in all.
type Effects struct {
	Since, Until     localtime.Date
	Practice, Pooled []Estimated
}

const (
	effectDays = 26 * 7
	// outcomeAfter is how long after a decision its outcome is read: sessions of the 24 hours after it may come in late.
	outcomeAfter = 72 * time.Hour
	outcomeOf    = 24 * time.Hour
)

// Effects estimates from the log of decisions of a range of days, both ends included; without dates, the last 26 weeks.
// Outcomes are read from the sessions as they are now, so a late or corrected session counts as it should.
func (s *Service) Effects(ctx context.Context, v access.Viewer, since, until localtime.Date) (e Effects, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if until.IsZero() {
			until = localtime.Today(tx.Now(), time.UTC)
		}
		if since.IsZero() {
			since = until.AddDays(-effectDays)
		}
		e.Since, e.Until = since, until
		own, err := observe(tx, "practice_id = ? AND", []any{v.Practice}, since, until)
		if err != nil {
			return err
		}
		all, err := observe(tx, "", nil, since, until)
		e.Practice, e.Pooled = estimateAll(own), estimateAll(all)
		return err
	})
	return e, err
}

// observe reads decisions that chance made, with what followed.
func observe(tx *database.Tx, where string, args []any, since, until localtime.Date) (map[Kind]map[Arm][]Observation, error) {
	performed, err := performedBy(tx, where, args, since, until)
	if err != nil {
		return nil, err
	}
	found := map[Kind]map[Arm][]Observation{}
	err = tx.Rows("SELECT patient_id, kind, arms, arm, state, decided_at FROM reminder_decisions WHERE "+where+
		" arm <> '' AND local_date >= ? AND local_date <= ? AND decided_at <= ?",
		append(slices.Clone(args), since, until, database.At(tx.Now().Add(-outcomeAfter))), func(rows *sql.Rows) error {
			var l logged
			if err := rows.Scan(&l.patient, &l.kind, &l.arms, &l.arm, &l.state, &l.at); err != nil {
				return err
			}
			return l.into(found, performed[l.patient])
		})
	return found, database.Wrap("reminder: observe", err)
}

// performedBy returns when the patients of those decisions did their sessions, in order.
func performedBy(tx *database.Tx, where string, args []any, since, until localtime.Date) (map[id.Patient][]database.Instant, error) {
	performed := map[id.Patient][]database.Instant{}
	err := tx.Rows(`SELECT patient_id, performed_at FROM sessions WHERE deleted_at IS NULL AND local_date >= ? AND local_date <= ?
		AND patient_id IN (SELECT patient_id FROM reminder_decisions WHERE `+where+` arm <> '' AND local_date >= ? AND local_date <= ?)
		ORDER BY performed_at`, slices.Concat([]any{since.AddDays(-1), until.AddDays(2)}, args, []any{since, until}),
		func(rows *sql.Rows) error {
			var patient id.Patient
			var at database.Instant
			err := rows.Scan(&patient, &at)
			performed[patient] = append(performed[patient], at)
			return err
		})
	return performed, database.Wrap("reminder: sessions performed", err)
}

// logged is a row of the log as it is read.
type logged struct {
	patient     id.Patient
	kind        Kind
	arm         Arm
	arms, state []byte
	at          database.Instant
}

// done reports whether a session followed within a day, given when sessions were performed.
func (l logged) done(performed []database.Instant) bool {
	next, _ := slices.BinarySearch(performed, l.at+1)
	return next < len(performed) && performed[next] <= l.at+database.Instant(outcomeOf.Milliseconds())
}

// into adds the decision to every arm it tells something about: one that sent tells about its own, one that did not about
// all it could have been.
func (l logged) into(found map[Kind]map[Arm][]Observation, performed []database.Instant) error {
	var chances []chanceDocument
	var known State
	if err := json.Unmarshal(l.arms, &chances); err != nil {
		return err
	}
	if err := json.Unmarshal(l.state, &known); err != nil {
		return err
	}
	none := 0
	for _, c := range chances {
		if c.Arm == Nothing {
			none = c.Permille
		}
	}
	for _, c := range chances {
		isOpen := c.Arm != Nothing && c.Permille > 0 && none > 0
		if !isOpen || l.arm != c.Arm && l.arm != Nothing {
			continue
		}
		o := Observation{
			Patient: l.patient, Sent: l.arm != Nothing, Probability: float64(c.Permille) / float64(c.Permille+none), Done: l.done(performed),
		}
		if known.Week7 != nil {
			o.Recent = float64(*known.Week7) / 1000
		}
		if found[l.kind] == nil {
			found[l.kind] = map[Arm][]Observation{}
		}
		found[l.kind][c.Arm] = append(found[l.kind][c.Arm], o)
	}
	return nil
}
