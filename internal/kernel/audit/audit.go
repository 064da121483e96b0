// Package audit keeps the access log: which member of a practice looked at or changed what about whom. Dutch law
// requires it of electronic records (NEN 7513), for at least five years.
//
// It promises one row for each request of a member and each patient it touched, also when access was denied; that a
// change and its row are stored together or not at all; that no answer about a patient leaves before its row is
// stored; and that Verify finds a row that was changed, removed, added or moved afterwards. It holds ids and
// operations, never health data or names. It does not log what patients do themselves.
package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// Outcome says whether a member got what was asked for.
type Outcome string

// The outcomes.
const (
	Allowed Outcome = "allowed"
	Denied  Outcome = "denied" // no right to it; for the member it does not exist
	Failed  Outcome = "failed" // allowed, but nothing came of it
)

// Entry is a row of the log. Patient is empty for a list and for an operation on the practice itself.
type Entry struct {
	Practice  id.Practice
	Seq       int64
	At        time.Time
	Member    id.Member
	Role      access.Role
	Patient   id.Patient
	Operation access.Operation
	Outcome   Outcome
	Request   string
}

// Trail collects the rows of one request of a member. It is not safe for use by several goroutines at once.
type Trail struct {
	viewer    access.Viewer
	operation access.Operation
	request   string
	asked     []asked
}

type asked struct {
	patient id.Patient
	allowed bool
	in      *database.Tx // that the row was added to; nil when it still has to be
}

var _ access.Trail = (*Trail)(nil)

// Follow returns the viewer with a trail if the viewer is a member, and otherwise unchanged.
func Follow(v access.Viewer, operation access.Operation, request string) (access.Viewer, *Trail) {
	if v.Member == "" {
		return v, nil
	}
	t := &Trail{viewer: v, operation: operation, request: request}
	v.Trail = t
	return v, t
}

// Asked implements access.Trail. Inside a transaction that changes something, the row is part of it.
func (t *Trail) Asked(tx *database.Tx, patient id.Patient, allowed bool) error {
	i := slices.IndexFunc(t.asked, func(a asked) bool { return a.patient == patient && a.allowed == allowed })
	if i < 0 {
		i = len(t.asked)
		t.asked = append(t.asked, asked{patient: patient, allowed: allowed})
	}
	if !allowed || !tx.Writes() || t.asked[i].in == tx {
		return nil
	}
	t.asked[i].in = tx // another one when the database asked for another try
	return t.add(tx, patient, Allowed)
}

// End stores the rows that no change has stored: reads, denied requests, and requests that failed. It must succeed
// before the answer leaves. A nil trail has nothing to store.
func (s *Service) End(ctx context.Context, t *Trail, failure error) error {
	if t == nil {
		return nil
	}
	rows := t.left(failure)
	if len(rows) == 0 {
		return nil
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		for _, row := range rows {
			if err := t.add(tx, row.Patient, row.Outcome); err != nil {
				return err
			}
		}
		return nil
	})
}

// left returns the rows that no change has stored.
func (t *Trail) left(failure error) (rows []Entry) {
	if len(t.asked) == 0 {
		return t.aboutNobody(failure)
	}
	allowed := Allowed
	if failure != nil {
		allowed = Failed
	}
	for _, a := range t.asked {
		switch {
		case !a.allowed:
			rows = append(rows, Entry{Patient: a.patient, Outcome: Denied})
		case a.in == nil || failure != nil:
			rows = append(rows, Entry{Patient: a.patient, Outcome: allowed})
		}
	}
	return rows
}

// aboutNobody returns the row of a list or of the practice itself. A request that failed for another reason than a
// missing permission showed nothing and gets no row.
func (t *Trail) aboutNobody(failure error) []Entry {
	switch {
	case !access.Concerns(t.operation):
		return nil
	case failure == nil:
		return []Entry{{Outcome: Allowed}}
	case fault.Is(failure, fault.Forbidden):
		return []Entry{{Outcome: Denied}}
	default:
		return nil
	}
}

func (t *Trail) add(tx *database.Tx, patient id.Patient, outcome Outcome) error {
	return add(tx, Entry{
		Practice: t.viewer.Practice, At: tx.Now(), Member: t.viewer.Member, Role: t.viewer.Role, Patient: patient,
		Operation: t.operation, Outcome: outcome, Request: t.request,
	})
}

// add appends a row to its practice's chain. The head is locked until the transaction ends, so the chain cannot fork.
func add(tx *database.Tx, e Entry) error {
	if _, err := tx.Exec(
		"INSERT INTO access_log_heads (practice_id, seq, hash) VALUES (?, 0, '') ON CONFLICT DO NOTHING", e.Practice,
	); err != nil {
		return database.Wrap("audit: head", err)
	}
	var before string
	err := tx.Rows(
		"UPDATE access_log_heads SET seq = seq + 1 WHERE practice_id = ? RETURNING seq, hash", []any{e.Practice},
		func(rows *sql.Rows) error { return rows.Scan(&e.Seq, &before) },
	)
	if err != nil {
		return database.Wrap("audit: next", err)
	}
	hash := e.hash(before)
	if _, err := tx.Exec(`INSERT INTO access_log (practice_id, seq, at, member_id, role, patient_id, operation,
		outcome, request_id, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.Practice, e.Seq, database.At(e.At), e.Member, e.Role, e.Patient,
		e.Operation, e.Outcome, e.Request, hash); err != nil {
		return database.Wrap("audit: add", err)
	}
	if _, err = tx.Exec("UPDATE access_log_heads SET hash = ? WHERE practice_id = ?", hash, e.Practice); err != nil {
		return database.Wrap("audit: head", err)
	}
	return tx.Witness(func() (string, error) { return digestOfHeads(tx) })
}

// hash chains the row to the one before it. The format must never change.
func (e Entry) hash(before string) string {
	text, err := json.Marshal([]any{
		before, e.Practice, e.Seq, database.At(e.At), e.Member, e.Role, e.Patient, e.Operation, e.Outcome, e.Request,
	})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
