package database

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"cadans/internal/kernel/durable"
)

// ErrBehindAnchor means that acknowledged commits are no longer in the database.
//
// SQLite reads its write-ahead log up to the first frame with a wrong checksum, because a crash leaves such frames
// behind. A byte that the disk corrupted, and a log that was truncated or not copied, look the same: everything after
// it is gone, and integrity_check says ok. Only a count kept elsewhere reveals the loss.
var ErrBehindAnchor = errors.New("acknowledged commits are missing from the database: restore it from a backup; " +
	"a backup that is older on purpose is accepted with --accept-anchor")

// ErrNoAnchor means that it is unknown whether commits are missing, because the anchor is.
var ErrNoAnchor = errors.New(
	"the file that counts the commits of the database is missing or empty, so nobody can say whether " +
		"acknowledged commits are missing: restore it, or take the database as it is with --accept-anchor",
)

// anchor counts the commits of a SQLite database in a separate file. The file is written after every commit and
// before the answer, and synced periodically. It survives a crash of the process; after a power cut it may be behind
// the database, but never ahead of it. It also holds the last witness; see Tx.Witness.
type anchor struct {
	file     *os.File
	lineage  string
	commits  int64
	witness  string
	unsynced int
	failed   atomic.Pointer[error]
}

// anchorFormat has a fixed length, so that each write overwrites the previous one completely.
const anchorFormat = "%s %020d %64s\n"

// oldAnchorFormat is the format of versions without a witness.
const oldAnchorFormat = "%s %020d\n"

// syncedEvery is how many commits the anchor may lose in a power cut. SQLite checkpoints about as often.
const syncedEvery = 256

// noWitness is the witness before anything was witnessed.
var noWitness = strings.Repeat("0", 64)

func (a *anchor) line() []byte {
	return fmt.Appendf(nil, anchorFormat, a.lineage, a.commits, cmp.Or(a.witness, noWitness))
}

var errNoLine = errors.New(
	"it is damaged: not one whole line of ours; restore it, or take the database as it is with --accept-anchor",
)

// parse reads a line, also in the format without a witness. It refuses a truncated line, which would count too
// little.
func (a *anchor) parse(text []byte) error {
	fields := strings.Fields(string(text))
	if len(fields) < 2 || len(fields) > 3 {
		return errNoLine
	}
	var err error
	if a.commits, err = strconv.ParseInt(fields[1], 10, 64); err != nil {
		return errNoLine
	}
	if a.lineage = fields[0]; len(fields) == 3 && fields[2] != noWitness {
		a.witness = fields[2]
	}
	whole := string(a.line())
	if len(fields) == 2 {
		whole = fmt.Sprintf(oldAnchorFormat, a.lineage, a.commits)
	}
	if string(text) != whole {
		return errNoLine
	}
	return nil
}

// anchorCheck is the result of comparing a database with its anchor.
type anchorCheck struct {
	witness string // what was witnessed last
	missing *int64 // commits, where it knows of any
}

// checkAnchor refuses a database that lacks commits which its anchor has counted, and one that counts commits but has
// no anchor. It runs before anything is written to the database.
func checkAnchor(path string, c *conn) (anchorCheck, error) {
	var seen, stored anchor
	if err := stored.load(c); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return anchorCheck{}, err
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && len(text) == 0:
		if stored.commits > 0 {
			err = ErrNoAnchor
		}
		return anchorCheck{}, ignoreMissing(err)
	case err == nil:
		err = seen.parse(text)
	}
	check := seen.about(&stored)
	if err == nil && (stored.lineage != seen.lineage || stored.commits < seen.commits) {
		err = ErrBehindAnchor
	}
	return check, Wrap("anchor "+path, err)
}

// about compares the count of the anchor with the count in the database.
func (a *anchor) about(stored *anchor) anchorCheck {
	check := anchorCheck{witness: a.witness}
	if stored.commits > a.commits {
		check.witness = "" // what was witnessed last was lost with the power
	}
	if missing := a.commits - stored.commits; missing > 0 && stored.lineage == a.lineage {
		check.missing = &missing
	}
	return check
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// acceptAnchor accepts a database as it is, if SQLite finds no fault in it.
func acceptAnchor(c *conn) error {
	if err := checkStructure(c); err != nil {
		return fmt.Errorf("it is not taken as it is: %w", err)
	}
	return nil
}

// checkStructure lets SQLite check the structure of the file.
func checkStructure(c *conn) error {
	var found string
	if err := c.QueryRowContext(context.Background(), "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return errors.New("the database is damaged: " + found)
	}
	return nil
}

// openAnchor continues counting from the count in the database; a new database starts at 0.
func openAnchor(path string, c *conn, witness string) (_ *anchor, err error) {
	a := &anchor{witness: witness}
	if err := a.load(c); errors.Is(err, sql.ErrNoRows) {
		a.lineage = rand.Text()
		_, err = c.ExecContext(
			context.Background(), "INSERT INTO commits (id, lineage, count) VALUES (1, ?, 0)", a.lineage,
		)
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	if err := durable.WriteFile(path, a.line()); err != nil {
		return nil, err
	}
	a.file, err = os.OpenFile(path, os.O_RDWR, durable.Mode)
	return a, err
}

// load reads the count in the database, or returns sql.ErrNoRows when there is none yet.
func (a *anchor) load(c *conn) error {
	var tables int
	err := c.QueryRowContext(
		context.Background(), "SELECT count(*) FROM sqlite_master WHERE name = 'commits'",
	).Scan(&tables)
	if err != nil {
		return err
	}
	if tables == 0 {
		return sql.ErrNoRows
	}
	return c.QueryRowContext(context.Background(), "SELECT lineage, count FROM commits").Scan(&a.lineage, &a.commits)
}

// count increments the count in the database; it is the last statement before a commit.
func (a *anchor) count(c *conn, now time.Time) error {
	_, err := c.ExecContext(context.Background(), "UPDATE commits SET count = ?, last_at = ?", a.commits+1, At(now))
	return err
}

// lastCommit returns when the database was last written, or nil when that is unknown.
func lastCommit(c *conn) (*time.Time, error) {
	var at *Instant
	err := c.QueryRowContext(context.Background(), "SELECT last_at FROM commits").Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return at.TimePtr(), err
}

// committed writes the anchor once the commit is on disk. A failure cannot undo the commit, so Ready reports it.
func (a *anchor) committed(witness string) {
	a.commits++
	a.witness = cmp.Or(witness, a.witness)
	if err := a.write(); err != nil {
		err = fmt.Errorf("database: anchor: %w", err)
		a.failed.Store(&err)
		return
	}
	a.failed.Store(nil)
}

func (a *anchor) write() error {
	if _, err := a.file.WriteAt(a.line(), 0); err != nil {
		return err
	}
	if a.unsynced++; a.unsynced < syncedEvery {
		return nil
	}
	a.unsynced = 0
	return a.file.Sync()
}

func (a *anchor) close() error { return errors.Join(a.file.Sync(), a.file.Close()) }

func (a *anchor) err() error {
	if failed := a.failed.Load(); failed != nil {
		return *failed
	}
	return nil
}
