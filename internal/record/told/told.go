// Package told keeps what a patient's phone told, word for word, where it is not stored as it was told.
//
// A phone cannot correct a record. So what is understood is stored by its own room, and the words themselves are kept
// here: when something was mended, and when the record was refused. Repeating a record keeps nothing twice. The signs
// in a refused record reach the safety gate all the same. It decides nothing else and refuses nothing.
package told

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// Body is what was told, and what was mended in it.
type Body struct {
	Text     string
	Warnings []fault.Violation
}

// With returns the body with further warnings. What was said about a field first stays.
func (b Body) With(more []fault.Violation) Body {
	b.Warnings = slices.Clone(b.Warnings)
	for _, v := range more {
		if !slices.ContainsFunc(b.Warnings, func(said fault.Violation) bool { return said.Pointer == v.Pointer }) {
			b.Warnings = append(b.Warnings, v)
		}
	}
	return b
}

// Outcome is what became of a record.
type Outcome string

// The outcomes.
const (
	Adjusted Outcome = "adjusted"
	Refused  Outcome = "refused"
)

// Mark keeps what was told about a record in which its room mended something, and what. Without a warning it keeps
// nothing.
func Mark(tx *database.Tx, patient id.Patient, as access.Operation, record string, b Body) error {
	if len(b.Warnings) == 0 {
		return nil
	}
	return row{patient, as, record, b.Text, "", Adjusted, b.Warnings}.keep(tx)
}

// row is what is kept of one record.
type row struct {
	patient   id.Patient
	operation access.Operation
	record    string
	body      string
	mended    string
	outcome   Outcome
	findings  []fault.Violation
}

type finding struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
}

// keep keeps a row. What was kept of the same words before stays, but for what became of them.
func (r row) keep(tx *database.Tx) error {
	findings := make([]finding, len(r.findings))
	for i, v := range r.findings {
		findings[i] = finding(v)
	}
	encoded, err := json.Marshal(findings)
	if err != nil {
		return fmt.Errorf("told: encode findings: %w", err)
	}
	_, err = tx.Exec(`INSERT INTO told (patient_id, operation, record_id, body_hash, body, mended, outcome, findings,
		received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (patient_id, operation, record_id, body_hash) DO UPDATE SET outcome = excluded.outcome,
		findings = excluded.findings, mended = CASE WHEN told.mended = '' THEN excluded.mended ELSE told.mended END`,
		r.patient, r.operation, r.record, hash(r.body), storable(r.body), r.mended, r.outcome, string(encoded),
		database.At(tx.Now()))
	return database.Wrap("told: keep", err)
}

// mendedBefore returns how the same words were read before, or "".
func (r row) mendedBefore(tx *database.Tx) (string, error) {
	var before string
	err := tx.Rows(`SELECT mended FROM told WHERE patient_id = ? AND operation = ? AND record_id = ? AND body_hash = ?`,
		[]any{r.patient, r.operation, r.record, hash(r.body)},
		func(rows *sql.Rows) error { return rows.Scan(&before) })
	return before, database.Wrap("told: read", err)
}

func hash(body string) string { return database.BodyHash(body) }

// storable is a body without what no column of text takes.
func storable(body string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(body, "\uFFFD"), "\x00", "\uFFFD")
}
