package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"cadans/internal/kernel/durable"
)

// minimumSQLite is 3.51.3: older versions can corrupt a WAL database when one connection writes while another
// checkpoints (the "WAL-reset" bug, sqlite.org release notes of 3.51.3).
const minimumSQLite = 3051003

// sqlite is an open file: one connection for writing, several for reading.
type sqlite struct {
	db          *DB
	writeTo     string // DSN of the writer, for migrations
	unlock      func() error
	writers     *sql.DB
	readers     *sql.DB
	writer      *conn
	group       *group
	anchor      *anchor // nil in a file that is only being filled
	checkpoints *checkpointer
	// witnessed is what the anchor held when the file was opened.
	witnessed string
	idle      chan *conn // readers that nobody uses
}

func openSQLite(ctx context.Context, db *DB, o Options) (*sqlite, error) {
	fewArenas()
	if _, number, _ := sqlite3.Version(); number < minimumSQLite {
		return nil, fmt.Errorf("database: SQLite %d is older than %d, which can lose data", number, minimumSQLite)
	}
	unlock, err := lockFile(o.Path + ".lock")
	if err != nil {
		return nil, err
	}
	if err := closeToOthers(o.Path, o.anchorPath()); err != nil {
		return nil, errors.Join(wrapOpen("sqlite", err), unlock())
	}
	s := &sqlite{db: db, unlock: unlock, idle: make(chan *conn, max(4, 2*runtime.NumCPU()))}
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(wrapOpen("sqlite", err), s.close())
	}
	s.group = newGroup(s)
	return s, nil
}

// closeToOthers creates the database file if it is missing, and makes it and the files next to it readable for their
// owner only, whatever the umask. SQLite gives its log the mode of the file.
func closeToOthers(path, anchor string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, durable.Mode)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm", path + ".lock", pagesPath(path), anchor} {
		if err := os.Chmod(name, durable.Mode); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s *sqlite) open(ctx context.Context, o Options) (err error) {
	synchronous, code := "FULL", "2"
	if o.Unsafe {
		synchronous, code = "OFF", "0"
	}
	s.writeTo = dsn(o.Path, "_txlock=immediate", "_synchronous="+synchronous, "_secure_delete=on", "_cache_size=-32000")
	s.writers, s.readers = sql.OpenDB(sqliteConnector(s.writeTo)),
		sql.OpenDB(sqliteConnector(dsn(o.Path, "mode=ro", "_query_only=1", "_synchronous=FULL", "_cache_size=-16000")))
	if s.writer, err = newConn(ctx, s.writers); err != nil {
		return err
	}
	if err := checkPragmas(ctx, s.writer, map[string]string{
		"journal_mode": "wal", "synchronous": code, "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1",
		"trusted_schema": "0", "cell_size_check": "1", "wal_autocheckpoint": "0",
	}); err != nil {
		return err
	}
	sums, err := openPages(o.Path)
	if err != nil {
		return err
	}
	s.checkpoints = &checkpointer{log: o.Path + "-wal", writer: s.writer, pages: sums}
	for range cap(s.idle) {
		reader, err := newConn(ctx, s.readers)
		if err != nil {
			return err
		}
		s.idle <- reader
		err = checkPragmas(
			ctx, reader, map[string]string{"foreign_keys": "1", "query_only": "1", "trusted_schema": "0"},
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// dsn returns a DSN with every setting: a PRAGMA by Exec would reach only one connection of a pool.
func dsn(path string, settings ...string) string {
	settings = append(settings, "_journal_mode=WAL", "_busy_timeout=5000", "_foreign_keys=1")
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + strings.Join(settings, "&")
}

// hardening lists settings that the DSN cannot hold. A damaged or hostile file must not run SQL of its own or go
// unnoticed, and no page may reach the file without its checksum.
var hardening = []string{"PRAGMA trusted_schema=0", "PRAGMA cell_size_check=1", "PRAGMA wal_autocheckpoint=0"}

// checkPragmas reads every setting back, because SQLite silently ignores a misspelt one in a DSN.
func checkPragmas(ctx context.Context, c *conn, want map[string]string) error {
	for name, value := range want {
		var got string
		if err := c.sql.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil {
			return fmt.Errorf("read pragma %s: %w", name, err)
		}
		if !strings.EqualFold(got, value) {
			return fmt.Errorf("pragma %s is %q, want %q", name, got, value)
		}
	}
	return nil
}

// read waits for a free reader. Its statements run to their end: a goroutine to interrupt each would cost more than
// most of them take, and all of them are short.
func (s *sqlite) read(ctx context.Context, fn func(*Tx) error) (err error) {
	var c *conn
	select {
	case c = <-s.idle:
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
	defer func() { s.idle <- c }()
	if err := c.exec("BEGIN"); err != nil {
		return unavailable(err)
	}
	defer func() { err = errors.Join(err, c.exec("ROLLBACK")) }()
	return call(fn, s.db.newTx(context.Background(), c, c.gorm))
}

// close closes the writer first, so that its last commit is on disk, and then the readers.
func (s *sqlite) close() error {
	var errs []error
	if s.group != nil {
		s.group.stop()
	}
	if s.anchor != nil {
		errs = append(errs, s.anchor.close())
	}
	for len(s.idle) > 0 {
		errs = append(errs, (<-s.idle).close())
	}
	if s.writer != nil {
		errs = append(errs, s.settle(), s.writer.close())
	}
	for _, pool := range []*sql.DB{s.readers, s.writers} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(append(errs, s.unlock())...)
}

// CheckStructure lets SQLite check the structure of its file. Checksums cannot detect a wrong structure, because they
// match whatever was written.
func (db *DB) CheckStructure(ctx context.Context) error {
	select {
	case c := <-db.sqlite.idle:
		defer func() { db.sqlite.idle <- c }()
		return checkStructure(c)
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
}

// Seal makes a file that was filled with Unsafe durable: it moves the log into the file and syncs the file. After
// that the database can only be read and closed.
func (db *DB) Seal(ctx context.Context) error {
	db.sqlite.group.stop() // nothing is written any more, so the connection is free
	if _, err := db.sqlite.writer.sql.ExecContext(ctx, "PRAGMA synchronous=FULL"); err != nil {
		return err
	}
	return db.sqlite.checkpoints.everything("TRUNCATE")
}

// lockFile refuses the file to a second process: two writers, each with its own group commit, would starve each
// other, and a second pod on the same volume is always a mistake.
func lockFile(path string) (func() error, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, wrapOpen("lock", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("database: %s is in use by another process", path), f.Close())
	}
	// Closing alone keeps the lock for as long as a child that was just forked has the file open as well.
	return func() error { return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close()) }, nil
}
