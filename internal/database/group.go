package database

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/mattn/go-sqlite3"
)

// maxBatch bounds how long the first of a batch waits for its commit.
const maxBatch = 128

var errStopped = ErrUnavailable.Because(errors.New("database is closing"))

// group commits the writes of many callers together. One goroutine owns the writer connection.
type group struct {
	file  *sqlite
	queue chan *write
	quit  chan struct{}
	done  chan struct{}
	once  sync.Once
}

type write struct {
	ctx    context.Context
	fn     func(*Tx) error
	err    error
	said   []string
	result chan struct{}
}

func newGroup(file *sqlite) *group {
	g := &group{file: file, queue: make(chan *write, maxBatch), quit: make(chan struct{}), done: make(chan struct{})}
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
		case <-g.quit:
			return
		}
	}
}

// join takes everybody who waits by now.
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

// commit runs the batch in one transaction and answers everybody once it is on disk.
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
			g.file.db.tell(w.said)
		}
		close(w.result)
	}
}

// transact returns an error when nothing of the batch is stored. Failures of single members are in their err.
func (g *group) transact(batch []*write) error {
	c := g.file.writer
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, w := range batch {
		if err := g.member(c, w); err != nil {
			return errors.Join(err, g.abandon(c))
		}
	}
	return g.finish(c)
}

// finish makes the batch durable and counts it.
func (g *group) finish(c *conn) error {
	anchor := g.file.anchor
	if anchor != nil {
		if err := anchor.count(c); err != nil {
			return errors.Join(err, g.abandon(c))
		}
	}
	if err := c.exec("COMMIT"); err != nil {
		return errors.Join(err, g.abandon(c))
	}
	if anchor != nil {
		anchor.committed()
	}
	return nil
}

// abandon leaves the transaction, which SQLite may have left by itself: on a full disk it rolls everything back.
func (g *group) abandon(c *conn) error {
	if err := c.exec("ROLLBACK"); err != nil && !strings.Contains(err.Error(), "no transaction is active") {
		return err
	}
	return nil
}

// member runs one write in a savepoint, so that its failure undoes only its own rows. It returns an error when the
// transaction itself is lost.
func (g *group) member(c *conn, w *write) error {
	if err := w.ctx.Err(); err != nil {
		w.err = unavailable(err)
		return nil
	}
	if err := c.exec("SAVEPOINT member"); err != nil {
		return err
	}
	tx := g.file.db.newTx(context.Background(), c, c.gorm)
	tx.writes = true
	w.err = classify(call(w.fn, tx))
	w.said = tx.said
	if w.err != nil {
		if err := c.exec("ROLLBACK TO member"); err != nil {
			return err
		}
	}
	return c.exec("RELEASE member")
}

// classify tells trouble with the disk, which trying again may cure, from a defect. A full disk has two faces:
// SQLITE_FULL, and SQLITE_IOERR under a quota.
func classify(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrNomem:
		return unavailable(err)
	default:
		return err
	}
}

// call keeps a panic of one caller from taking the writer, and with it everybody else, down.
func call(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("database: panic in a transaction: %v", p)
		}
	}()
	return fn(tx)
}
