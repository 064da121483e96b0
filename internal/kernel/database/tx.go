package database

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"cadans/internal/kernel/fault"
)

// Instant is a point in time as stored: milliseconds since 1970 in UTC. Integers compare the same way in SQLite,
// PostgreSQL and Go; text with offsets does not (decision record 2).
type Instant int64

// At returns the stored form of t, truncated to milliseconds.
func At(t time.Time) Instant { return Instant(t.UnixMilli()) }

// AtPtr is At for a moment that may be absent.
func AtPtr(t *time.Time) *Instant {
	if t == nil {
		return nil
	}
	at := At(*t)
	return &at
}

// Time returns the moment in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// TimePtr is Time for a moment that may be absent.
func (i *Instant) TimePtr() *time.Time {
	if i == nil {
		return nil
	}
	t := i.Time()
	return &t
}

// Tx is a running transaction with a fixed Now. Placeholders are ? on both databases. A Tx must not be used by
// several goroutines, nor after its function has returned.
type Tx struct {
	ctx      context.Context
	pool     gorm.ConnPool // of plain SQL: the hot paths
	gorm     *gorm.DB      // of rows and structs
	memory   memory
	now      time.Time
	postgres bool
	writes   bool
	said     []string // to be told after the commit; see Announce
	witness  string   // to be kept outside the database; see Witness
}

// Now returns the moment of the transaction, in UTC and whole milliseconds. It is the same at every call.
func (tx *Tx) Now() time.Time { return tx.now }

// Writes reports whether the transaction may change something.
func (tx *Tx) Writes() bool { return tx.writes }

// Witness stores a digest, 64 hexadecimal digits, outside the database once the transaction is on disk. Someone who
// changes only the database file cannot make the file match it; at best it looks like a database that is ahead of its
// anchor. PostgreSQL has no such place, so digest is not called there.
func (tx *Tx) Witness(digest func() (string, error)) (err error) {
	if !tx.postgres {
		tx.witness, err = digest()
	}
	return err
}

// Create inserts a row or a slice of rows; the struct's column tags and TableName determine the table and columns.
func (tx *Tx) Create(rows any) error { return tx.gorm.Create(rows).Error }

// ErrIDReused means that the id chosen by a caller already belongs to a record with other content.
var ErrIDReused = fault.New(fault.Conflict, "id-reused", "the id is taken by a record with another content")

// BodyHash identifies the content of a request, to distinguish a repetition from another request with the same id.
func BodyHash(body any) string {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // plain structs of ours always encode
	}
	return TextHash(text)
}

// TextHash identifies a text: half a SHA-256 in hexadecimal.
func TextHash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// CreateOnce inserts a row unless one with the same key exists, and reports whether it inserted it.
func (tx *Tx) CreateOnce(row any) (bool, error) {
	result := tx.gorm.Clauses(clause.OnConflict{DoNothing: true}).Create(row)
	return result.RowsAffected == 1, result.Error
}

// Exec runs a statement and returns how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	result, err := tx.pool.ExecContext(tx.ctx, tx.rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// All appends every row of a query to dest, a pointer to a slice of rows.
func (tx *Tx) All(dest any, query string, args ...any) error {
	return tx.gorm.Raw(query, args...).Scan(dest).Error
}

// First scans the first row of a query into dest, or returns a NotFound fault.
func (tx *Tx) First(dest any, query string, args ...any) error {
	result := tx.gorm.Raw(query, args...).Scan(dest)
	if result.Error == nil && result.RowsAffected == 0 {
		return errNotFound
	}
	return result.Error
}

// Value scans the first column of the first row into dest, a pointer to a single value, or returns a NotFound fault.
func (tx *Tx) Value(dest any, query string, args ...any) error {
	found := false
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return rows.Scan(dest)
	})
	if err == nil && !found {
		err = errNotFound
	}
	return err
}

// Column returns the first column of every row.
func Column[T any](tx *Tx, query string, args ...any) ([]T, error) {
	var values []T
	err := tx.Rows(query, args, func(rows *sql.Rows) error {
		var v T
		err := rows.Scan(&v)
		values = append(values, v)
		return err
	})
	return values, err
}

// Rows calls scan for every row of a query. The hot paths use it because it needs no reflection.
func (tx *Tx) Rows(query string, args []any, scan func(*sql.Rows) error) (err error) {
	rows, err := tx.pool.QueryContext(tx.ctx, tx.rebind(query), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// ForUpdate returns the clause that lets several replicas share a queue without waiting for each other. SQLite has
// one writer and needs no such clause.
func (tx *Tx) ForUpdate() string {
	if tx.postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// LockPatient makes writers about one patient wait for each other, so that a day is never rebuilt from parts of two
// concurrent changes. SQLite has one writer and needs no lock.
func (tx *Tx) LockPatient(patientID string) error {
	if !tx.postgres {
		return nil
	}
	_, err := tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", patientID)
	return err
}

// rebound caches the PostgreSQL form of each statement; there are as many as in the source.
var rebound sync.Map

// rebind numbers the placeholders for PostgreSQL. No statement of ours holds a ? inside a literal.
func (tx *Tx) rebind(query string) string {
	if !tx.postgres {
		return query
	}
	if known, ok := rebound.Load(query); ok {
		return known.(string)
	}
	var b strings.Builder
	n := 0
	for _, part := range strings.SplitAfter(query, "?") {
		if text, found := strings.CutSuffix(part, "?"); found {
			n++
			b.WriteString(text + "$" + strconv.Itoa(n))
			continue
		}
		b.WriteString(part)
	}
	rebound.Store(query, b.String())
	return b.String()
}

// MustAffect returns a NotFound fault unless exactly one row was affected; gorm and SQL treat other counts as
// success.
func MustAffect(n int64, err error) error {
	if err == nil && n != 1 {
		return errNotFound
	}
	return err
}

// ListLimit is the largest number of values for one IN list, because SQLite has a limit. Split longer lists with
// slices.Chunk.
const ListLimit = 500

// Marks returns n placeholders.
func Marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// List returns placeholders for an IN list of values; Args returns the arguments for them.
func List[T any](values []T) string { return Marks(padded(len(values))) }

// Args returns the arguments for a List; it repeats the last value to fill the list.
func Args[T any](values []T) []any {
	args := make([]any, padded(len(values)))
	for i := range args {
		args[i] = values[min(i, len(values)-1)]
	}
	return args
}

// padded rounds up to a power of two. Otherwise every list length would be a statement of its own, and connections
// keep hundreds of those, on both sides.
func padded(n int) int {
	if n == 0 {
		return 0
	}
	return 1 << bits.Len(uint(n-1))
}

// Wrap adds the operation to an error. A fault stays a fault.
func Wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", operation, err)
}
