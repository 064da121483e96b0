package database

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"cadans/internal/kernel/clock"
)

// channel is the PostgreSQL channel on which replicas announce their commits to each other.
const channel = "cadans"

// Announce sends a message to all listeners, in this process and in every replica, once the transaction is on disk.
// The message is short and contains no personal data except ids.
func (tx *Tx) Announce(what string) { tx.said = append(tx.said, what) }

// listener holds the callbacks given to Listen. heard gets every announcement, on SQLite in the order of the commits,
// on PostgreSQL nearly so. lost is called when some may have been missed.
type listener struct {
	heard func(string)
	lost  func()
	stop  func()
}

// Listen passes every announcement from now on to heard, which must not block, until Close. There can be only one
// listener.
func (db *DB) Listen(heard func(string), lost func()) {
	e := &listener{heard: heard, lost: lost, stop: func() {}}
	if db.postgres != nil {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			db.postgres.listen(ctx, e)
		}()
		e.stop = func() { cancel(); <-done }
	}
	db.listener.Store(e)
}

// deliver passes on the announcements of a commit on SQLite.
func (db *DB) deliver(said []string) {
	if e := db.listener.Load(); e != nil {
		for _, what := range said {
			e.heard(what)
		}
	}
}

// reconnect is the pause before a lost connection is opened again.
const reconnect = time.Second

// listen keeps a connection of its own. Announcements made while it is down are lost.
func (p *postgres) listen(ctx context.Context, e *listener) {
	for first := true; ctx.Err() == nil; first = false {
		if !first {
			select {
			case <-ctx.Done():
				return
			case <-clock.System{}.After(reconnect):
			}
		}
		_ = p.listenOnce(ctx, e) // the next try is all there is to do about it; nothing is promised but lost
		e.lost()
	}
}

func (p *postgres) listenOnce(ctx context.Context, e *listener) error {
	conn, err := pgx.Connect(ctx, p.url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // nothing was left to be sent
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	e.lost() // what was said before the first word was heard
	for {
		notification, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if notification.Payload == somethingMissed {
			e.lost()
			continue
		}
		e.heard(notification.Payload)
	}
}
