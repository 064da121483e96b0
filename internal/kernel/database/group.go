package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mattn/go-sqlite3"
)

// maxBatch limits how long the first write of a batch waits for its commit.
const maxBatch = 128

var errStopped = ErrUnavailable.Because(errors.New("database is closing"))

// group commits the writes of many callers in one transaction. One goroutine owns the writer connection.
type group struct {
	file    *sqlite
	queue   chan *write
	between chan func() // what wants the connection for itself
	quit    chan struct{}
	done    chan struct{}
	once    sync.Once
	unmoved atomic.Pointer[error] // why the last checkpoint failed
}

type write struct {
	ctx    context.Context
	fn     func(*Tx) error
	err    error
	spoils bool // it failed after it had changed something
	said   []string
	// witness is what the anchor is to carry from then on; empty for what it carries already.
	witness string
	result  chan struct{}
}

func newGroup(file *sqlite) *group {
	g := &group{
		file:    file,
		queue:   make(chan *write, maxBatch),
		between: make(chan func()),
		quit:    make(chan struct{}),
		done:    make(chan struct{}),
	}
	go g.run()
	return g
}

func (g *group) stop() {
	g.once.Do(func() { close(g.quit) })
	<-g.done
}

func (g *group) write(ctx context.Context, fn func(*Tx) error) error {
	w := &write{ctx: ctx, fn: fn, result: make(chan struct{})}
	select {
	case g.queue <- w:
	case <-ctx.Done():
		return unavailable(ctx.Err())
	case <-g.quit:
		return errStopped
	}
	select {
	case <-w.result: // not ctx: an answer before the commit would be a guess
		return w.err
	case <-g.done:
		select {
		case <-w.result:
			return w.err
		default:
			return errStopped
		}
	}
}

func (g *group) run() {
	defer close(g.done)
	for {
		select {
		case first := <-g.queue:
			g.commit(g.join(first))
			g.checkpoint()
		case do := <-g.between:
			do()
		case <-g.quit:
			return
		}
	}
}

// alone runs a function on the writer connection while nothing else uses it. The group may still run a checkpoint
// after it has answered a write, so code outside the group must not use the connection directly.
func (g *group) alone(fn func(*conn) error) error {
	done := make(chan error, 1)
	select {
	case g.between <- func() { done <- fn(g.file.writer) }:
		return <-done
	case <-g.quit:
		return errStopped
	}
}

// join adds all waiting writes to the batch.
func (g *group) join(first *write) []*write {
	batch := []*write{first}
	for len(batch) < maxBatch {
		select {
		case w := <-g.queue:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the batch in one transaction and answers every caller once it is on disk.
func (g *group) commit(batch []*write) {
	if err := g.transact(batch); err != nil {
		for _, w := range batch {
			if w.err == nil {
				w.err = unavailable(err)
			}
		}
	}
	for _, w := range batch {
		if w.err == nil {
			g.file.db.deliver(w.said)
		}
		close(w.result)
	}
}

// errSpoiled means that a failed write had already changed something, so its rows must be undone and those of the
// others kept.
var errSpoiled = errors.New("a write of the batch has to be undone")

// errLost means that SQLite ended the transaction by itself, as it does on a full disk.
var errLost = errors.New("the transaction is lost")

// transact returns an error when nothing of the batch is stored. The failure of a single write is in its err.
//
// A savepoint makes SQLite copy every page that is touched in it, a seventh of the cost of logging a session, and a
// write rarely fails halfway. So the batch runs without savepoints first. When a write must be undone, the whole
// batch is rolled back, and the others run again with savepoints.
func (g *group) transact(batch []*write) error {
	err := g.attempt(batch, g.member)
	if !errors.Is(err, errSpoiled) {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(batch), func(w *write) bool { return w.spoils })
	if len(others) == 0 {
		return nil
	}
	return g.attempt(others, g.guarded)
}

// attempt runs the batch in one transaction.
func (g *group) attempt(batch []*write, member func(*conn, *write) error) error {
	c := g.file.writer
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, w := range batch {
		if err := member(c, w); err != nil {
			return errors.Join(err, g.abandon(c))
		}
	}
	return g.finish(c, lastWitness(batch))
}

func lastWitness(batch []*write) (witness string) {
	for _, w := range batch {
		if w.err == nil {
			witness = cmp.Or(w.witness, witness)
		}
	}
	return witness
}

// finish counts the batch and commits it.
func (g *group) finish(c *conn, witness string) error {
	anchor := g.file.anchor
	if anchor != nil {
		if err := anchor.count(c, g.file.db.clock.Now()); err != nil {
			return errors.Join(err, g.abandon(c))
		}
	}
	if err := c.exec("COMMIT"); err != nil {
		return errors.Join(err, g.abandon(c))
	}
	if anchor != nil {
		anchor.committed(witness)
	}
	return nil
}

// abandon rolls the transaction back. SQLite may already have done so: on a full disk it rolls everything back.
func (g *group) abandon(c *conn) error {
	if err := c.exec("ROLLBACK"); err != nil && !strings.Contains(err.Error(), "no transaction is active") {
		return err
	}
	return nil
}

// member runs one write. It returns an error when the transaction cannot continue.
func (g *group) member(c *conn, w *write) error {
	c.wrote = false
	g.call(c, w)
	switch {
	case w.err != nil && c.wrote:
		w.spoils = true
		return errSpoiled
	case !c.inTransaction():
		return errLost
	default:
		return nil
	}
}

// guarded runs member in a savepoint, so that a failure undoes only its own rows.
func (g *group) guarded(c *conn, w *write) error {
	if err := c.exec("SAVEPOINT member"); err != nil {
		return err
	}
	g.call(c, w)
	if w.err != nil {
		if err := c.exec("ROLLBACK TO member"); err != nil {
			return err
		}
	}
	return c.exec("RELEASE member")
}

// call runs the caller's function, unless the caller has stopped waiting.
func (g *group) call(c *conn, w *write) {
	if err := w.ctx.Err(); err != nil {
		w.err = unavailable(err)
		return
	}
	tx := g.file.db.newTx(context.Background(), c, c.gorm)
	tx.writes = true
	w.err = classify(call(w.fn, tx))
	w.said, w.witness = tx.said, tx.witness
}

// classify distinguishes disk trouble, which a retry may cure, from a defect. A full disk shows as SQLITE_FULL, or as
// SQLITE_IOERR under a quota.
func classify(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrBusy,
		sqlite3.ErrLocked, sqlite3.ErrNomem:
		return unavailable(err)
	default:
		return err
	}
}

// call turns a panic of one caller into an error, so that it does not stop the writer for everybody.
func call(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("database: panic in a transaction: %v", p)
		}
	}()
	return fn(tx)
}
