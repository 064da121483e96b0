package database

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/fault"
)

// position is the position of a PostgreSQL server in its history. A promoted standby, and a server restored to a point
// in time, begin another timeline; a copy of the data in another cluster has another system identifier.
type position struct {
	system   string
	timeline string
	flushed  int64  // bytes of the log that are on its disk
	replayed *int64 // how far it followed another server, or nil where it has not since it was started
}

func (p position) isSameHistory(other position) bool {
	return p.system == other.system && p.timeline == other.timeline
}

// continues reports whether a server continues the known history.
func (p position) continues(known position) bool {
	return p.isSameHistory(known) && p.flushed >= known.flushed
}

// knownUpTo returns up to which position a server has the known history, or nil when it cannot tell. What it wrote
// itself after a promotion does not count. Two timelines later it may have followed a server that had departed earlier.
func (p position) knownUpTo(known position) *int64 {
	switch {
	case p.isSameHistory(known):
		return &p.flushed
	case p.system == known.system && p.isNextTimeline(known):
		return p.replayed
	default:
		return nil
	}
}

func (p position) isNextTimeline(known position) bool {
	before, err := strconv.ParseUint(known.timeline, 16, 32)
	after, err2 := strconv.ParseUint(p.timeline, 16, 32)
	return errors.Join(err, err2) == nil && after == before+1
}

// lossDetector detects that a PostgreSQL server may lack acknowledged commits. It checks the position of the server on
// every new connection, before the connection is used. When that does not continue what this process has seen, a new
// epoch begins.
//
// To estimate the loss, it counts the commits of this process and records periodically how far the server's log had
// been flushed.
type lossDetector struct {
	db      *DB
	p       *postgres
	armed   atomic.Bool // the table of epochs is there
	commits atomic.Int64

	settling sync.Mutex // one looks for a new epoch
	mu       sync.Mutex
	at       position // the furthest that was seen
	before   int64    // how far the log was at the sample before the last
	inSync   bool     // a commit is answered once the only standby has it
	samples  samples

	wake, quit, done chan struct{}
	once             sync.Once
}

// Times of the lossDetector.
const (
	sampleGap     = 100 * time.Millisecond // between two samples at least
	sampleTimeout = 5 * time.Second
)

func newLossDetector(db *DB, p *postgres) *lossDetector {
	return &lossDetector{
		db: db, p: p, wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}),
	}
}

func (w *lossDetector) start() { go w.run() }

// stop ends the sampling. Stopping twice is allowed.
func (w *lossDetector) stop() {
	w.once.Do(func() { close(w.quit) })
	<-w.done
}

// begin reads the epoch of the server, or begins one. From then on every new connection is checked.
func (w *lossDetector) begin(ctx context.Context) error {
	if err := w.settle(ctx); err != nil {
		return err
	}
	w.p.dropIdle() // connections that nobody has looked at
	w.armed.Store(true)
	return nil
}

// committed counts a commit that is about to be acknowledged.
func (w *lossDetector) committed() {
	w.commits.Add(1)
	w.wakeUp()
}

func (w *lossDetector) wakeUp() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *lossDetector) run() {
	defer close(w.done)
	for {
		select {
		case <-w.quit:
			return
		case <-w.wake:
			_ = w.sample() // where it fails, the next one says more
		}
		select {
		case <-w.quit:
			return
		case <-clock.System{}.After(sampleGap):
		}
	}
}

// sample records how far the server is, and whether another replica has begun an epoch. A connection opened to a
// standby leads to another history once that standby is promoted.
func (w *lossDetector) sample() error {
	if !w.armed.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), sampleTimeout)
	defer cancel()
	taken := sample{commits: w.commits.Load(), at: w.db.clock.Now()}
	seen, err := w.inspectPooled(ctx)
	if err != nil || seen.isStandby {
		return err
	}
	taken.flushed = seen.at.flushed
	w.record(seen, taken)
	if seen.epoch == w.db.epoch.Load().ID && seen.at.isSameHistory(w.position()) {
		return nil
	}
	err = w.settle(ctx)
	if !seen.at.isSameHistory(w.position()) {
		w.p.dropIdle() // they lead to where the server was before
	}
	return err
}

// inspectPooled checks a connection of the pool.
func (w *lossDetector) inspectPooled(ctx context.Context) (seen serverState, err error) {
	conn, err := w.p.pool.Conn(ctx)
	if err != nil {
		return seen, err
	}
	defer func() { _ = conn.Close() }() // it goes back to the pool
	err = conn.Raw(func(driver any) (err error) {
		seen, err = inspect(ctx, driver.(*stdlib.Conn).Conn())
		return err
	})
	return seen, err
}

// record stores a sample of the known history. A sample taken while another server took over belongs to another
// history.
func (w *lossDetector) record(seen serverState, taken sample) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !seen.at.isSameHistory(w.at) {
		return
	}
	w.before = w.at.flushed
	w.at.flushed = max(w.at.flushed, seen.at.flushed)
	w.inSync = seen.inSync
	w.samples.add(taken)
}

// serverState is what a connection reports about its server.
type serverState struct {
	at        position
	isStandby bool
	inSync    bool
	epoch     string
}

// flushed is read only from a primary: a standby has no log of its own. When commits wait for one of several
// standbys, another may be promoted; so a standby counts as in step only when it is the only one and commits wait for
// it.
const selectServerState = `SELECT COALESCE(c.system_identifier::text, ''),
	CASE WHEN NOT r.standby THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END,
	CASE WHEN NOT r.standby THEN (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint END,
	CASE WHEN NOT r.standby THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END,
	current_setting('synchronous_standby_names') ~ '^[^(),*]+$' AND (SELECT count(*) FROM pg_stat_replication) = 1
		AND current_setting('synchronous_commit') IN ('on', 'remote_apply'),
	COALESCE((SELECT id FROM epochs ORDER BY number DESC LIMIT 1), '')
	FROM pg_control_system() c, (SELECT pg_is_in_recovery() AS standby) r`

type scanner interface{ Scan(...any) error }

func (s *serverState) read(row scanner) error {
	var timeline sql.NullString
	var flushed sql.NullInt64
	err := row.Scan(&s.at.system, &timeline, &flushed, &s.at.replayed, &s.inSync, &s.epoch)
	s.at.timeline, s.at.flushed, s.isStandby = timeline.String, flushed.Int64, !flushed.Valid
	return err
}

func inspect(ctx context.Context, conn *pgx.Conn) (s serverState, err error) {
	err = s.read(conn.QueryRow(ctx, selectServerState))
	return s, err
}

// connected checks a new connection before the pool gets it. A standby accepts no writes, so it is let through.
func (w *lossDetector) connected(ctx context.Context, conn *pgx.Conn) error {
	if !w.armed.Load() {
		return nil
	}
	known := w.position()
	seen, err := inspect(ctx, conn)
	if err != nil || seen.isStandby || seen.at.continues(known) {
		return err
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	if !seen.at.isSameHistory(w.position()) {
		return errOtherServer
	}
	return nil
}

// errOtherServer means that two servers accept writes at once, or one shortly after the other.
var errOtherServer = errors.New("database: the connection leads to another server than the one that was looked at")

// position returns the furthest position seen. Call it before asking a server for its position to compare: the log only
// grows.
func (w *lossDetector) position() position {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// settle determines the epoch of the server, on a connection of its own, because those of the pool wait for it.
func (w *lossDetector) settle(ctx context.Context) error {
	w.settling.Lock()
	defer w.settling.Unlock()
	var e epochs
	err := w.p.onOwnConnection(ctx, w.db, func(tx *Tx) (err error) {
		e, err = w.decide(tx)
		return err
	})
	if err != nil {
		return err
	}
	w.adopt(e)
	return nil
}

// epochs are the epoch that was found, the one that is valid from now on, and the position of the server.
type epochs struct {
	found, now Epoch
	at         position
}

func (w *lossDetector) decide(tx *Tx) (e epochs, err error) {
	if err := tx.lockEpochs(); err != nil {
		return e, err
	}
	known := w.position()
	var seen serverState
	if err := tx.Rows(selectServerState, nil, func(rows *sql.Rows) error { return seen.read(rows) }); err != nil {
		return e, err
	}
	e.at = seen.at
	if e.found, err = tx.latestEpoch(); fault.Is(err, fault.NotFound) {
		e.now, err = tx.beginEpoch(Epoch{}, First, loss{}, e.at)
		return e, err
	} else if err != nil {
		return e, err
	}
	e.now, err = w.follow(tx, e, e.at.continues(known))
	return e, err
}

// follow returns the epoch to use with a server that already has one.
func (w *lossDetector) follow(tx *Tx, e epochs, continues bool) (Epoch, error) {
	known := w.db.epoch.Load()
	switch {
	case !e.found.place.isSameHistory(e.at):
		return tx.beginEpoch(e.found, Replaced, w.loss(e.at), e.at)
	case known == nil || known.ID == e.found.ID && continues:
		return e.found, nil
	case e.found.isAfter(*known):
		return w.addLoss(tx, e)
	default:
		return tx.beginEpoch(e.found, RolledBack, w.loss(e.at), e.at)
	}
}

// addLoss adds the loss of this process to an epoch that another process began.
func (w *lossDetector) addLoss(tx *Tx, e epochs) (Epoch, error) {
	at := e.at
	at.flushed = e.found.place.flushed // what was written since then hides nothing
	l := w.loss(at)
	if e.found.Reason == Proven || l.isNothing() {
		return e.found, nil
	}
	l = loss{e.found.Missing, e.found.Since}.plus(l)
	if _, err := tx.Exec("UPDATE epochs SET missing = ?, since = ? WHERE number = ?",
		l.missing, AtPtr(l.since), e.found.number); err != nil {
		return e.found, Wrap("database: account for an epoch", err)
	}
	return tx.latestEpoch()
}

// loss returns what a server lacks of the commits of this process. If the standby was in step, commits after the last
// sample exist there too. The log of the last sample may not have reached the standby yet; that of the sample before
// it has.
func (w *lossDetector) loss(at position) loss {
	w.mu.Lock()
	defer w.mu.Unlock()
	has := at.knownUpTo(w.at)
	if has == nil {
		return loss{}
	}
	if w.inSync && !at.isSameHistory(w.at) && *has >= w.before {
		return loss{missing: new(int64)}
	}
	return w.samples.since(*has, w.commits.Load())
}

func (w *lossDetector) adopt(e epochs) {
	before := w.db.epoch.Load()
	w.mu.Lock()
	w.at = e.at
	if before == nil || before.ID != e.now.ID {
		w.before = e.at.flushed
		w.samples = samples{{commits: w.commits.Load(), flushed: e.at.flushed, at: w.db.clock.Now()}}
	}
	w.mu.Unlock()
	if before == nil && e.found.ID != "" {
		w.db.enter(e.found)
	}
	w.db.enter(e.now)
}

// onOwnConnection runs a transaction on a connection that the lossDetector does not check.
func (p *postgres) onOwnConnection(ctx context.Context, db *DB, fn func(*Tx) error) error {
	pool := stdlib.OpenDB(p.config)
	on, err := openGorm(pool)
	if err == nil {
		_, err = db.transactOn(ctx, on, fn)
	}
	return errors.Join(err, pool.Close())
}
