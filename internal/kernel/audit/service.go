package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// Page narrows a list: Before continues after the last row of a page.
type Page struct {
	Before Position
	Limit  int
}

// Position is where a page ended.
type Position struct{ Seq int64 }

// Service is the use cases of this package.
type Service struct {
	db    *database.DB // the log is written for whoever asked, also when it was denied
	guard *access.Guard
}

var listing = access.Operations{Own: access.ListMyAccess, Others: access.ListPatientAccess}

// NewService returns the service.
func NewService(db *database.DB, guard *access.Guard) *Service {
	return &Service{db: db, guard: guard}
}

// OfPatient returns which members looked at or changed what about a patient, latest first.
func (s *Service) OfPatient(ctx context.Context, v access.Viewer, patient id.Patient, p Page) ([]Entry, error) {
	return access.Read(ctx, s.guard, v.Asks(listing.For(v), patient), func(tx *database.Tx) ([]Entry, error) {
		return entries(
			tx, selectEntries+" WHERE practice_id = ? AND patient_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
			v.Practice, patient, p.before(), p.Limit,
		)
	})
}

// OfPractice returns everything that members of the viewer's practice did, latest first.
func (s *Service) OfPractice(ctx context.Context, v access.Viewer, p Page) ([]Entry, error) {
	return access.Read(ctx, s.guard, v.Enters(access.ListAuditEvents), func(tx *database.Tx) ([]Entry, error) {
		return entries(
			tx, selectEntries+" WHERE practice_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
			v.Practice, p.before(), p.Limit,
		)
	})
}

// before is the number that rows of the page stay below.
func (p Page) before() int64 {
	if p.Before.Seq > 0 {
		return p.Before.Seq
	}
	return math.MaxInt64
}

const selectEntries = `SELECT practice_id, seq, at, member_id, role, patient_id, operation, outcome, request_id, hash
	FROM access_log`

// entries returns the rows of a query that starts with selectEntries.
func entries(tx *database.Tx, query string, args ...any) ([]Entry, error) {
	var found []Entry
	err := eachEntry(tx, query, args, func(e Entry, _ string) error {
		found = append(found, e)
		return nil
	})
	return found, err
}

// eachEntry calls each with every row of a query that starts with selectEntries, and its hash.
func eachEntry(tx *database.Tx, query string, args []any, each func(Entry, string) error) error {
	err := tx.Rows(query, args, func(r *sql.Rows) error {
		var e Entry
		var at database.Instant
		var hash string
		err := r.Scan(
			&e.Practice, &e.Seq, &at, &e.Member, &e.Role, &e.Patient, &e.Operation, &e.Outcome, &e.Request, &hash,
		)
		if err != nil {
			return err
		}
		e.At = at.Time()
		return each(e, hash)
	})
	return database.Wrap("audit: list", err)
}

// digestOfHeads covers the end of every practice's chain.
func digestOfHeads(tx *database.Tx) (string, error) {
	sum := sha256.New()
	err := tx.Rows("SELECT practice_id, seq, hash FROM access_log_heads ORDER BY practice_id", nil,
		func(r *sql.Rows) error {
			var practice, hash string
			var seq int64
			err := r.Scan(&practice, &seq, &hash)
			fmt.Fprintf(sum, "%s %d %s\n", practice, seq, hash)
			return err
		})
	return hex.EncodeToString(sum.Sum(nil)), database.Wrap("audit: heads", err)
}

// Witness is the result of comparing the log with the anchor outside a SQLite database.
type Witness string

// The results.
const (
	Agrees  Witness = "agrees"
	Differs Witness = "differs"
	Unknown Witness = "unknown" // nothing was witnessed, or the anchor is behind the database
)

// Witnessed compares the ends of the chains with the anchor. Someone who can change the database can compute a valid
// chain, but cannot change an anchor on another disk.
func Witnessed(ctx context.Context, db *database.DB) (Witness, error) {
	seen := db.Witnessed()
	if seen == "" {
		return Unknown, nil
	}
	var w Witness
	err := db.Read(ctx, func(tx *database.Tx) error {
		digest, err := digestOfHeads(tx)
		if w = Differs; digest == seen {
			w = Agrees
		}
		return err
	})
	return w, err
}

// Broken says where the log of a practice differs from what was written.
type Broken struct {
	Practice id.Practice
	Seq      int64 // of the first row that does not fit
}

// Verify recomputes every chain. It returns the number of rows and the chains that do not match.
func Verify(ctx context.Context, db *database.DB) (int, []Broken, error) {
	var n int
	var broken []Broken
	err := db.Read(ctx, func(tx *database.Tx) error {
		n, broken = 0, nil
		heads, err := headsOf(tx)
		if err != nil {
			return err
		}
		for practice, end := range heads {
			rows, bad, err := verify(tx, practice, end)
			if err != nil {
				return err
			}
			n += rows
			if bad > 0 {
				broken = append(broken, Broken{practice, bad})
			}
		}
		return nil
	})
	return n, broken, err
}

// chainHead is the last row of a chain.
type chainHead struct {
	seq  int64
	hash string
}

func headsOf(tx *database.Tx) (map[id.Practice]chainHead, error) {
	heads := map[id.Practice]chainHead{}
	err := tx.Rows("SELECT practice_id, seq, hash FROM access_log_heads ORDER BY practice_id", nil,
		func(r *sql.Rows) error {
			var practice id.Practice
			var h chainHead
			err := r.Scan(&practice, &h.seq, &h.hash)
			heads[practice] = h
			return err
		})
	return heads, database.Wrap("audit: heads", err)
}

// verify recomputes the chain of a practice. It returns the number of rows, and the first that does not fit or zero.
func verify(tx *database.Tx, practice id.Practice, end chainHead) (n int, bad int64, err error) {
	last := chainHead{}
	err = eachEntry(tx, selectEntries+" WHERE practice_id = ? ORDER BY seq", []any{practice},
		func(e Entry, hash string) error {
			n++
			if bad == 0 && e.hash(last.hash) != hash { // it covers the number and the row before
				bad = last.seq + 1
			}
			last = chainHead{e.Seq, hash}
			return nil
		})
	if bad == 0 && last != end {
		bad = last.seq + 1
	}
	return n, bad, err
}
