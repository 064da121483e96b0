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

// ErrBehindAnchor means that commits which were acknowledged are no longer in the database.
//
// SQLite reads its write-ahead log up to the first frame whose checksum is wrong, as a crash leaves such frames behind.
// A byte that a disk got wrong, or a log that was cut or left out of a copy, looks the same: everything after it is
// gone, and integrity_check says ok. Only a count kept elsewhere can tell.
var ErrBehindAnchor = errors.New("acknowledged commits are missing from the database: restore it from a backup; " +
	"a backup that is older on purpose is accepted with --accept-anchor")

// ErrNoAnchor means that nothing says whether commits are missing.
var ErrNoAnchor = errors.New(
	"the file that counts the commits of the database is missing or empty, so nobody can say whether " +
		"acknowledged commits are missing: restore it, or take the database as it is with --accept-anchor",
)

// anchor counts the commits of a SQLite database in a file of its own. It is written after every commit and before the
// answer, and synced now and then: it outlives a crash of the process, and after a power cut it is at most as far as
// the database, never ahead of it. Beside the count it carries what the last commit wanted witnessed; see Tx.Witness.
type anchor struct {
	file     *os.File
	lineage  string
	commits  int64
	witness  string
	unsynced int
	failed   atomic.Pointer[error]
}

// anchorFormat has one length for ever, so that a write replaces all of the one before.
const anchorFormat = "%s %020d %64s\n"

// oldAnchorFormat is that of the versions that witnessed nothing.
const oldAnchorFormat = "%s %020d\n"

// syncedEvery is how many commits a power cut can take from the anchor. SQLite moves
// its log into the file about as often.
const syncedEvery = 256

// noWitness stands in the anchor until something was witnessed.
var noWitness = strings.Repeat("0", 64)

func (a *anchor) line() []byte {
	return fmt.Appendf(nil, anchorFormat, a.lineage, a.commits, cmp.Or(a.witness, noWitness))
}

var errNoLine = errors.New(
	"it is damaged: not one whole line of ours; restore it, or take the database as it is with --accept-anchor",
)

// parse reads a line, also of the versions that witnessed nothing. One that was cut off would count too little.
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

// testimony is what an anchor says about a database.
type testimony struct {
	witness string // what was witnessed last
	missing *int64 // commits, where it knows of any
}

// checkAnchor refuses a database that lacks what its anchor has seen, and one that counts commits but has no anchor.
// Nothing has been written to it yet.
func checkAnchor(path string, c *conn) (testimony, error) {
	var seen, stored anchor
	if err := stored.load(c); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return testimony{}, err
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && len(text) == 0:
		if stored.commits > 0 {
			err = ErrNoAnchor
		}
		return testimony{}, ignoreMissing(err)
	case err == nil:
		err = seen.parse(text)
	}
	says := seen.about(&stored)
	if err == nil && (stored.lineage != seen.lineage || stored.commits < seen.commits) {
		err = ErrBehindAnchor
	}
	return says, Wrap("anchor "+path, err)
}

// about compares what an anchor has seen with what the database has.
func (a *anchor) about(stored *anchor) testimony {
	says := testimony{witness: a.witness}
	if stored.commits > a.commits {
		says.witness = "" // what was witnessed last was lost with the power
	}
	if missing := a.commits - stored.commits; missing > 0 && stored.lineage == a.lineage {
		says.missing = &missing
	}
	return says
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// acceptAnchor takes a database as it is, once SQLite finds nothing wrong with it.
func acceptAnchor(c *conn) error {
	if err := checkStructure(c); err != nil {
		return fmt.Errorf("it is not taken as it is: %w", err)
	}
	return nil
}

// checkStructure asks SQLite whether the structure of the file holds.
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

// openAnchor goes on counting where the database is, from 0 in a new one.
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

// load reads what the database says, or returns sql.ErrNoRows when it has never counted.
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

// count is the last statement before a commit.
func (a *anchor) count(c *conn, now time.Time) error {
	_, err := c.ExecContext(context.Background(), "UPDATE commits SET count = ?, last_at = ?", a.commits+1, At(now))
	return err
}

// lastCommit is when the file was last written, or nil where that is not known.
func lastCommit(c *conn) (*time.Time, error) {
	var at *Instant
	err := c.QueryRowContext(context.Background(), "SELECT last_at FROM commits").Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return at.TimePtr(), err
}

// committed is called once the count is on disk. A failure does not undo that, so it is told by Ready.
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
