// Package database is the only package that accesses the database. It offers Read and Write, each with a transaction,
// and nothing else: a store can be made only from a Tx, so no code writes outside a transaction by mistake.
//
// It promises that a Write which returned nil is on disk: on SQLite with synchronous=FULL, on PostgreSQL with the
// server's own synchronous_commit. It refuses to start when SQLite ignored a setting, when SQLite is too old to be
// safe, and when the schema is newer than this binary.
//
// On SQLite one connection writes. A caller that waits for it joins the running batch; all callers of a batch return
// after the one commit that makes them durable. So full durability costs one fsync for many writers; see group.go for
// what happens when one of them fails.
package database

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/fault"
)

// Errors that callers may distinguish.
var (
	// ErrUnavailable means that nothing was stored, and that a retry may succeed.
	ErrUnavailable = fault.New(fault.Transient, "database-unavailable", "database unavailable")
	// ErrPerhapsStored means that the answer to a commit was lost. A retry of the request with the same id is safe,
	// and shows whether it was stored.
	ErrPerhapsStored = fault.New(fault.Transient, "perhaps-stored", "the answer to a commit was lost")
	// ErrNewerSchema means that a newer binary has migrated this database.
	ErrNewerSchema = errors.New("the database was migrated by a newer version of cadans; start that version")
	// errNotFound is what First returns; stores turn it into their own sentinel.
	errNotFound = fault.New(fault.NotFound, "not-found", "no such row")
)

// Options locates the data. With a URL it is a PostgreSQL database; without one, Path is a SQLite file.
type Options struct {
	Path string
	// Anchor is the file that counts the commits of the SQLite file, preferably on another disk; empty means Path +
	// ".anchor".
	Anchor string
	// AcceptAnchor opens a database that does not match its anchor, if SQLite finds the file sound.
	AcceptAnchor bool
	URL          string
	Pool         Pool
	Clock        clock.Clock
	// Renewed is called for each epoch that begins, also at another replica. It must not block.
	Renewed func(Epoch)
	// Unsafe skips every fsync. Use it only to fill a new file that is thrown away if that fails; see Seal.
	Unsafe bool
	// Rehearse runs every write twice and rolls the first run back. Tests use it, because a function given to Write
	// may run more than once.
	Rehearse bool
}

// DB is an open database, migrated to the schema of this binary.
type DB struct {
	clock    clock.Clock
	sqlite   *sqlite   // nil on PostgreSQL
	postgres *postgres // nil on SQLite
	listener atomic.Pointer[listener]
	memory   memory
	rehearse bool
	epoch    atomic.Pointer[Epoch]
	renewed  func(Epoch)
}

// Open opens the database and migrates it.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{clock: o.Clock, memory: newMemory(), rehearse: o.Rehearse, renewed: o.Renewed}
	var err error
	if o.URL != "" {
		db.postgres, err = openPostgres(ctx, db, o)
	} else {
		db.sqlite, err = openSQLite(ctx, db, o)
	}
	if err != nil {
		return nil, err
	}
	if err := db.prepare(ctx, o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) prepare(ctx context.Context, o Options) error {
	if db.postgres != nil || o.Unsafe {
		return db.prepareUncounted(ctx)
	}
	check, err := db.sqlite.verifyAnchor(o)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	var last *time.Time
	err = db.sqlite.group.alone(func(c *conn) (err error) {
		last, err = lastCommit(c)
		return err
	})
	if err != nil {
		return err
	}
	if o.AcceptAnchor { // before the new anchor counts for the file, so that a crash in between does not hide the loss
		if err := db.openEpoch(ctx, &loss{missing: check.missing, since: last}); err != nil {
			return err
		}
	}
	err = db.sqlite.group.alone(func(c *conn) (err error) {
		db.sqlite.anchor, err = openAnchor(o.anchorPath(), c, check.witness)
		return err
	})
	if err != nil || o.AcceptAnchor {
		return Wrap("database: anchor", err)
	}
	return db.openEpoch(ctx, nil)
}

// prepareUncounted is prepare for a database without an anchor.
func (db *DB) prepareUncounted(ctx context.Context) error {
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if db.postgres != nil {
		return db.postgres.watch.begin(ctx)
	}
	return db.openEpoch(ctx, nil)
}

// verifyAnchor compares the file with its anchor, unless the operator accepts the database as it is.
func (s *sqlite) verifyAnchor(o Options) (anchorCheck, error) {
	check, err := checkAnchor(o.anchorPath(), s.writer)
	if err != nil && o.AcceptAnchor {
		check.witness = "" // it was of what is gone
		err = errors.Join(acceptAnchor(s.writer), s.checkpoints.pages.forget())
	}
	s.witnessed = check.witness
	return check, err
}

// Witnessed returns the last digest that Tx.Witness had stored when the database was opened. It is empty when that is
// unknown: on PostgreSQL, after the operator accepted the database as it is, and when the anchor is behind, as after
// a power cut.
func (db *DB) Witnessed() string {
	if db.sqlite == nil {
		return ""
	}
	return db.sqlite.witnessed
}

func (o Options) anchorPath() string {
	if o.Anchor != "" {
		return o.Anchor
	}
	return o.Path + ".anchor"
}

// IsExclusive reports whether no other process can change the data: a SQLite file belongs to one process.
func (db *DB) IsExclusive() bool { return db.sqlite != nil }

// Close waits for running writes and closes every connection.
func (db *DB) Close() error {
	if e := db.listener.Load(); e != nil {
		e.stop()
	}
	if db.postgres != nil {
		db.postgres.watch.stop()
		db.postgres.announcer.stop()
		return db.postgres.pool.Close()
	}
	return db.sqlite.close()
}

// Read runs fn in a transaction that sees one snapshot of the database. fn must not write. It may run again when the
// connection was lost, so it must first discard earlier results. ctx limits the wait for a connection.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if db.postgres != nil {
		return db.readPostgres(ctx, fn)
	}
	return db.sqlite.read(ctx, fn)
}

// Write runs fn in a transaction. It returns nil after everything that fn wrote is on disk, or an error when nothing
// was stored; only ErrPerhapsStored leaves that open. fn may run more than once, so it must have no effect except on
// the database, and it must never wait for a network.
//
// ctx limits the wait for the writer. On SQLite a write that has begun runs to its end, because an interrupted
// statement would roll back the other writers of its batch. On PostgreSQL the deadline of ctx ends it, even when the
// server does not answer.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if db.rehearse {
		if err := db.write(ctx, rehearsed(fn)); !errors.Is(err, errRehearsed) {
			return err
		}
	}
	return db.write(ctx, fn)
}

// errRehearsed rolls back the rehearsal of a write.
var errRehearsed = errors.New("rehearsed")

func rehearsed(fn func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errRehearsed
	}
}

func (db *DB) write(ctx context.Context, fn func(*Tx) error) error {
	if db.postgres != nil {
		return db.writePostgres(ctx, fn)
	}
	return db.sqlite.group.write(ctx, fn)
}

func (db *DB) newTx(ctx context.Context, pool gorm.ConnPool, gtx *gorm.DB) *Tx {
	return &Tx{
		ctx:      ctx,
		pool:     pool,
		gorm:     gtx,
		memory:   db.memory,
		now:      db.clock.Now().UTC().Truncate(time.Millisecond),
		postgres: db.postgres != nil,
	}
}

func unavailable(cause error) error { return ErrUnavailable.Because(cause) }

// Ready returns an error unless the database accepts writes and its anchor counts them. With a full or read-only disk
// the database is not ready.
func (db *DB) Ready(ctx context.Context) error {
	err := db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO heartbeat (id, beat_at) VALUES (1, ?)
			ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at`, At(tx.Now()))
		return err
	})
	if err == nil && db.sqlite != nil {
		err = db.sqlite.group.err()
	}
	if err == nil && db.sqlite != nil && db.sqlite.anchor != nil {
		err = db.sqlite.anchor.err()
	}
	return err
}

func gormConfig() *gorm.Config {
	return &gorm.Config{
		Logger:                 logger.Discard, // statements carry health data; errors travel up instead
		SkipDefaultTransaction: true,
		TranslateError:         true,
	}
}

func wrapOpen(what string, err error) error { return fmt.Errorf("database: open %s: %w", what, err) }
