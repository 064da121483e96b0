package database

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
)

const (
	// somethingMissed is announced when some announcements may not have reached every listener.
	somethingMissed = "missed"
	// mostWaiting is how many announcements are queued for a server that does not answer. When there are more,
	// listeners are told to reload.
	mostWaiting = 4096
	// announceTimeout limits one attempt.
	announceTimeout = 5 * time.Second
)

// announcer sends announcements to every replica on PostgreSQL, after the commit and in batches. A NOTIFY inside each
// transaction would make all commits queue for one lock of the server.
//
// A process that dies between a commit and its announcement never sends it. So each process starts by announcing that
// something may have been missed.
type announcer struct {
	pool    *sql.DB
	mu      sync.Mutex
	waiting []string
	wake    chan struct{}
	quit    chan struct{}
	done    chan struct{}
	once    sync.Once
}

func newAnnouncer(pool *sql.DB) *announcer {
	a := &announcer{
		pool: pool, waiting: []string{somethingMissed},
		wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}),
	}
	a.wake <- struct{}{}
	go a.run()
	return a
}

// enqueue queues the announcements of a commit. It never blocks.
func (a *announcer) enqueue(said []string) {
	if len(said) == 0 {
		return
	}
	a.mu.Lock()
	if a.waiting = append(a.waiting, said...); len(a.waiting) > mostWaiting {
		a.waiting = []string{somethingMissed}
	}
	a.mu.Unlock()
	a.wakeUp()
}

func (a *announcer) wakeUp() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// stop sends what is queued and ends. Stopping twice is allowed.
func (a *announcer) stop() {
	a.once.Do(func() { close(a.quit) })
	<-a.done
}

func (a *announcer) run() {
	defer close(a.done)
	for {
		select {
		case <-a.quit:
			_ = a.send() // best effort: the next process to start says that something may have been missed
			return
		case <-a.wake:
			if a.send() != nil {
				a.retry()
			}
		}
	}
}

// retry waits a moment, and then announces that something was missed.
func (a *announcer) retry() {
	select {
	case <-a.quit:
	case <-clock.System{}.After(reconnect):
	}
	a.enqueue([]string{somethingMissed})
}

func (a *announcer) send() error {
	a.mu.Lock()
	said := a.waiting
	a.waiting = nil
	a.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), announceTimeout)
	defer cancel()
	for chunk := range slices.Chunk(said, ListLimit) {
		_, err := a.pool.ExecContext(
			ctx, "SELECT pg_notify('"+channel+"', what) FROM unnest($1::text[]) AS what", chunk,
		)
		if err != nil {
			return err
		}
	}
	return nil
}
