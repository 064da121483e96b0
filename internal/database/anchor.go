package database

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
)

// ErrBehindAnchor means that commits which were acknowledged are no longer in the database.
//
// SQLite reads its write-ahead log up to the first frame whose checksum is wrong, as a crash leaves such frames behind.
// A byte that a disk got wrong, or a log that was cut or left out of a copy, looks the same: everything after it is gone,
// and integrity_check says ok. Only a count kept elsewhere can tell.
var ErrBehindAnchor = errors.New("acknowledged commits are missing from the database: restore it from a backup; " +
	"a backup that is older on purpose is accepted once the anchor file is deleted")

// anchor counts the commits of a SQLite database in a file of its own. It is written after every commit and before the
// answer, without an fsync: it outlives a crash of the process, and after a power cut it is at most as far as the
// database, never ahead of it.
type anchor struct {
	file    *os.File
	lineage string
	commits int64
	failed  atomic.Pointer[error]
}

const anchorFormat = "%s %020d\n" // one length for ever, so that a write replaces all of the one before

// checkAnchor refuses a database that lacks what its anchor has seen. Nothing has been written to it yet.
func checkAnchor(path string, c *conn) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(text) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	var seen, stored anchor
	if _, err := fmt.Sscanf(string(text), anchorFormat, &seen.lineage, &seen.commits); err != nil {
		return fmt.Errorf("anchor %s: %w", path, err)
	}
	if err := stored.load(c); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if stored.lineage != seen.lineage || stored.commits < seen.commits {
		return fmt.Errorf("anchor %s: %w", path, ErrBehindAnchor)
	}
	return nil
}

// openAnchor goes on counting where the database is, from 0 in a new one.
func openAnchor(path string, c *conn) (_ *anchor, err error) {
	a := &anchor{}
	if err := a.load(c); errors.Is(err, sql.ErrNoRows) {
		a.lineage = rand.Text()
		_, err = c.ExecContext(context.Background(), "INSERT INTO commits (id, lineage, count) VALUES (1, ?, 0)", a.lineage)
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	a.file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	return a, err
}

// load reads what the database says, or returns sql.ErrNoRows when it has never counted.
func (a *anchor) load(c *conn) error {
	var tables int
	if err := c.QueryRowContext(context.Background(), "SELECT count(*) FROM sqlite_master WHERE name = 'commits'").Scan(&tables); err != nil {
		return err
	}
	if tables == 0 {
		return sql.ErrNoRows
	}
	return c.QueryRowContext(context.Background(), "SELECT lineage, count FROM commits").Scan(&a.lineage, &a.commits)
}

// count is the last statement before a commit.
func (a *anchor) count(c *conn) error {
	_, err := c.ExecContext(context.Background(), "UPDATE commits SET count = ?", a.commits+1)
	return err
}

// committed is called once the count is on disk. A failure does not undo that, so it is told by Ready.
func (a *anchor) committed() {
	a.commits++
	if _, err := a.file.WriteAt(fmt.Appendf(nil, anchorFormat, a.lineage, a.commits), 0); err != nil {
		err = fmt.Errorf("database: anchor: %w", err)
		a.failed.Store(&err)
		return
	}
	a.failed.Store(nil)
}

func (a *anchor) err() error {
	if failed := a.failed.Load(); failed != nil {
		return *failed
	}
	return nil
}
