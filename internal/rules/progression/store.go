package progression

import (
	"database/sql"
	"encoding/json"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/program"
)

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

type becauseDocument struct {
	NL string `json:"nl"`
	EN string `json:"en"`
}

func (s store) insert(c Change) error {
	before, err := c.Before.Encode()
	if err != nil {
		return err
	}
	after, err := c.After.Encode()
	if err != nil {
		return err
	}
	documents := make([]becauseDocument, len(c.Because))
	for i, b := range c.Because {
		documents[i] = becauseDocument(b)
	}
	because, err := json.Marshal(documents)
	if err != nil {
		return database.Wrap("progression: encode reasons", err)
	}
	_, err = s.tx.Exec(`INSERT INTO progressions (patient_id, id, item_id, rule, state, item_before, item_after,
		because, rule_version,
		session_id, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.Patient, c.ID, c.Before.ID, c.Rule, c.State,
		before, after, string(because), RuleVersion, c.Session, database.At(c.MadeAt))
	return database.Wrap("progression: insert", err)
}

func (s store) decide(patient id.Patient, change id.Progression, to State, by id.Member, reason string) error {
	var member *id.Member
	if by != "" {
		member = &by
	}
	return database.Wrap("progression: decide",
		database.MustAffect(s.tx.Exec(`UPDATE progressions SET state = ?, decided_at = ?, decided_by = ?,
		reason = ? WHERE patient_id = ? AND id = ?`, to, database.At(s.tx.Now()), member, reason, patient, change)))
}

const selectChanges = `SELECT patient_id, id, rule, state, item_before, item_after, because, session_id, made_at,
	decided_at, reason FROM progressions`

// changes runs a query that starts with selectChanges.
func (s store) changes(query string, args ...any) ([]Change, error) {
	var changes []Change
	err := s.tx.Rows(query, args, func(rows *sql.Rows) error {
		c, err := scan(rows)
		changes = append(changes, c)
		return err
	})
	return changes, database.Wrap("progression: query", err)
}

func scan(rows *sql.Rows) (Change, error) {
	var c Change
	var before, after, because []byte
	var made database.Instant
	var decided *database.Instant
	err := rows.Scan(
		&c.Patient, &c.ID, &c.Rule, &c.State, &before, &after, &because, &c.Session, &made, &decided, &c.Reason,
	)
	if err != nil {
		return c, err
	}
	c.MadeAt, c.DecidedAt = made.Time(), decided.TimePtr()
	if c.Before, err = program.DecodeItem(before); err != nil {
		return c, err
	}
	if c.After, err = program.DecodeItem(after); err != nil {
		return c, err
	}
	c.Because, err = decodeBecause(because)
	return c, err
}

func decodeBecause(text []byte) ([]words.Pair, error) {
	var documents []becauseDocument
	if err := json.Unmarshal(text, &documents); err != nil {
		return nil, err
	}
	var because []words.Pair
	for _, d := range documents {
		because = append(because, words.Pair(d))
	}
	return because, nil
}

func (s store) all(patient id.Patient) ([]Change, error) {
	return s.changes(selectChanges+" WHERE patient_id = ? ORDER BY made_at DESC, id DESC", patient)
}

// since returns the changes made since a moment and those that still wait, in no particular order.
func (s store) since(patient id.Patient, since time.Time) ([]Change, error) {
	return s.changes(
		selectChanges+" WHERE patient_id = ? AND (made_at >= ? OR state = ?)", patient, database.At(since), Open,
	)
}

func (s store) find(patient id.Patient, change id.Progression) (Change, error) {
	found, err := s.changes(selectChanges+" WHERE patient_id = ? AND id = ?", patient, change)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Change{}, err
	}
	return found[0], nil
}

func (s store) auto(patient id.Patient) (bool, error) {
	var auto bool
	err := s.tx.Value(&auto, "SELECT auto_progress FROM progression_settings WHERE patient_id = ?", patient)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return auto, err
}

func (s store) setAuto(patient id.Patient, auto bool, by id.Member) error {
	_, err := s.tx.Exec(`INSERT INTO progression_settings (patient_id, auto_progress, set_by, set_at)
		VALUES (?, ?, ?, ?)
		ON CONFLICT (patient_id) DO UPDATE SET auto_progress = excluded.auto_progress, set_by = excluded.set_by,
		set_at = excluded.set_at`,
		patient, auto, by, database.At(s.tx.Now()))
	return database.Wrap("progression: settings", err)
}
