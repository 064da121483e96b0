package prevention

import (
	"database/sql"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

func (s store) insert(patient id.Patient, p Stored, bodyHash string) error {
	_, err := s.tx.Exec(`INSERT INTO walking_plans (patient_id, id, start_on, track, week_one, rule_version, item_id,
		started_by, started_at, body_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, patient, p.ID, p.StartOn, p.Track, p.WeekOne, p.Rules, p.Item,
		p.StartedBy, database.At(p.StartedAt), bodyHash)
	return database.Wrap("prevention: insert plan", err)
}

const selectPlans = "SELECT id, start_on, track, week_one, rule_version, item_id, started_by, started_at, " +
	"body_hash FROM walking_plans"

// plan runs a query that starts with selectPlans and returns at most one plan, with its hash.
func (s store) plan(query string, args ...any) (Stored, string, error) {
	var p Stored
	var bodyHash string
	err := s.tx.Rows(query, args, func(rows *sql.Rows) error {
		var started database.Instant
		err := rows.Scan(
			&p.ID, &p.StartOn, &p.Track, &p.WeekOne, &p.Rules, &p.Item, &p.StartedBy, &started, &bodyHash,
		)
		p.StartedAt = started.Time()
		return err
	})
	return p, bodyHash, database.Wrap("prevention: plan", err)
}

// current returns the plan started last, or ErrNoPlan.
func (s store) current(patient id.Patient) (Stored, error) {
	p, _, err := s.plan(selectPlans+" WHERE patient_id = ? ORDER BY started_at DESC, id DESC LIMIT 1", patient)
	if err == nil && p.ID == "" {
		err = ErrNoPlan
	}
	return p, err
}

// planHashed is the form of a plan that is hashed. Never change it: a request that an older release stored may be
// repeated.
type planHashed struct {
	ID          id.WalkingPlan `json:"ID"`
	Track       Track          `json:"Track"`
	WeekMinutes *int           `json:"WeekMinutes"`
	Comfortable *int           `json:"Comfortable"`
}

func (n NewPlan) hashed() planHashed { return planHashed(n) }

// eventHashed is the form of an adverse event that is hashed; see planHashed.
type eventHashed struct {
	ID           id.AdverseEvent `json:"ID"`
	LocalDate    localtime.Date  `json:"LocalDate"`
	Site         string          `json:"Site"`
	DaysAffected *int            `json:"DaysAffected"`
	Related      string          `json:"Related"`
}

func (e Event) hashed() eventHashed { return eventHashed(e) }

// repeated returns the stored plan if the same one was sent before, or an empty plan if the id is free.
func (s store) repeated(patient id.Patient, n NewPlan) (Stored, error) {
	p, hash, err := s.plan(selectPlans+" WHERE patient_id = ? AND id = ?", patient, n.ID)
	if err == nil && p.ID != "" && hash != database.BodyHash(n.hashed()) {
		err = database.ErrIDReused
	}
	return p, err
}

// lowerLimb returns the days of new complaints of foot, knee or hip.
func (s store) lowerLimb(patient id.Patient, since localtime.Date) ([]localtime.Date, error) {
	return database.Column[localtime.Date](
		s.tx, "SELECT local_date FROM adverse_events WHERE patient_id = ? AND local_date >= ? AND site <> 'other'",
		patient, since,
	)
}

// insertEvent stores an event and reports whether it is new.
func (s store) insertEvent(patient id.Patient, e Event) (bool, error) {
	hash := database.BodyHash(e.hashed())
	n, err := s.tx.Exec(`INSERT INTO adverse_events (patient_id, id, local_date, site, days_affected, related,
		reported_at, body_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (patient_id, id) DO NOTHING`, patient, e.ID, e.LocalDate, e.Site,
		e.DaysAffected, e.Related, database.At(s.tx.Now()), hash)
	if err != nil || n == 1 {
		return n == 1, database.Wrap("prevention: insert event", err)
	}
	var stored string
	err = s.tx.Value(&stored, "SELECT body_hash FROM adverse_events WHERE patient_id = ? AND id = ?", patient, e.ID)
	if err == nil && stored != hash {
		err = database.ErrIDReused
	}
	return false, err
}

func (c Check) hash() string {
	return database.BodyHash([]any{
		c.LocalDate, c.NewEpisode, c.OnsetOn, c.OverOn, c.PainAverage, c.PainWorst, c.Limited, c.CareSought, c.HoursOff,
	})
}

// repeatedCheck returns the stored check if the same one was sent before, or an empty check if the id is free.
func (s store) repeatedCheck(patient id.Patient, c Check) (Check, error) {
	var stored string
	var received database.Instant
	err := s.tx.Rows(
		"SELECT body_hash, received_at FROM recurrence_checks WHERE patient_id = ? AND id = ?", []any{patient, c.ID},
		func(rows *sql.Rows) error { return rows.Scan(&stored, &received) },
	)
	switch {
	case err != nil || stored == "":
		return Check{}, database.Wrap("prevention: check", err)
	case stored != c.hash():
		return Check{}, database.ErrIDReused
	}
	c.ReceivedAt = received.Time()
	return c, nil
}

func (s store) insertCheck(patient id.Patient, c Check) error {
	_, err := s.tx.Exec(`INSERT INTO recurrence_checks (patient_id, id, local_date, new_episode, onset_on, over_on,
		nprs_avg, nprs_worst,
		limited, care_sought, hours_off, received_at, body_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		patient, c.ID, c.LocalDate, c.NewEpisode, c.OnsetOn, c.OverOn, c.PainAverage, c.PainWorst, c.Limited,
		c.CareSought, c.HoursOff, database.At(c.ReceivedAt), c.hash())
	return database.Wrap("prevention: insert check", err)
}

// checks returns the answers, latest first.
func (s store) checks(patient id.Patient) ([]Check, error) {
	var checks []Check
	err := s.tx.Rows(`SELECT id, local_date, new_episode, onset_on, over_on, nprs_avg, nprs_worst, limited, care_sought,
		hours_off, received_at
		FROM recurrence_checks WHERE patient_id = ? ORDER BY local_date DESC, received_at DESC`, []any{patient},
		func(rows *sql.Rows) error {
			var c Check
			var onset, over *string
			var received database.Instant
			err := rows.Scan(&c.ID, &c.LocalDate, &c.NewEpisode, &onset, &over, &c.PainAverage, &c.PainWorst,
				&c.Limited, &c.CareSought, &c.HoursOff, &received)
			if err != nil {
				return err
			}
			c.OnsetOn, c.OverOn, c.ReceivedAt = datePtr(onset), datePtr(over), received.Time()
			checks = append(checks, c)
			return nil
		})
	return checks, database.Wrap("prevention: checks", err)
}

func datePtr(text *string) *localtime.Date {
	if text == nil {
		return nil
	}
	d := localtime.MustParseDate(*text)
	return &d
}
