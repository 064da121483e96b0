package database

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"

	"cadans/internal/kernel/id"
)

// DefaultConnections lets five replicas share the 100 connections that a server has by default. Each replica has one
// more to listen with, and some are left for administrators.
const DefaultConnections = 18

// Pool configures the connections to a PostgreSQL server and the timeouts. A zero field means the default.
type Pool struct {
	Connections int           // at most; DefaultConnections
	Idle        time.Duration // until an unused connection is closed; 5 minutes
	Statement   time.Duration // that a statement may run on the server, where the URL does not say; 30 seconds
}

func (p Pool) orUsual() Pool {
	if p.Connections == 0 {
		p.Connections = DefaultConnections
	}
	if p.Idle == 0 {
		p.Idle = 5 * time.Minute
	}
	if p.Statement == 0 {
		p.Statement = 30 * time.Second
	}
	return p
}

// postgres is a pool of connections to a server.
type postgres struct {
	gorm      *gorm.DB
	pool      *sql.DB
	limits    Pool
	config    pgx.ConnConfig
	url       string
	announcer *announcer
	watch     *lossDetector
}

func openPostgres(ctx context.Context, db *DB, o Options) (*postgres, error) {
	config, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return nil, wrapOpen("postgres", withoutSecrets(err))
	}
	p := &postgres{limits: o.Pool.orUsual(), url: o.URL}
	for limit, usual := range map[string]time.Duration{
		statementTimeout: p.limits.Statement,
		idleTimeout:      longestTransaction,
	} {
		if config.RuntimeParams[limit] == "" {
			config.RuntimeParams[limit] = strconv.FormatInt(usual.Milliseconds(), 10)
		}
	}
	p.config = *config
	p.watch = newLossDetector(db, p)
	p.pool = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(p.watch.connected))
	p.pool.SetMaxOpenConns(p.limits.Connections)
	p.pool.SetMaxIdleConns(p.limits.Connections)
	p.pool.SetConnMaxIdleTime(p.limits.Idle)
	if err := checkPostgres(ctx, p.pool); err != nil {
		return nil, errors.Join(wrapOpen("postgres", err), p.pool.Close())
	}
	if p.gorm, err = openGorm(p.pool); err != nil {
		return nil, errors.Join(wrapOpen("postgres", err), p.pool.Close())
	}
	p.announcer = newAnnouncer(p.pool)
	p.watch.start()
	return p, nil
}

func openGorm(pool *sql.DB) (*gorm.DB, error) {
	return gorm.Open(gormpostgres.New(gormpostgres.Config{Conn: pool}), gormConfig())
}

// The limits that the server enforces.
const (
	statementTimeout = "statement_timeout"
	idleTimeout      = "idle_in_transaction_session_timeout"
)

// unlimited returns a pool without timeouts, for migrations.
func (p *postgres) unlimited() *sql.DB {
	config := p.config.Copy()
	config.RuntimeParams[statementTimeout], config.RuntimeParams[idleTimeout] = "0", "0"
	return stdlib.OpenDB(*config)
}

// checkPostgres refuses a server that would answer before a commit is on disk, and a pooler that shares sessions
// between connections.
func checkPostgres(ctx context.Context, pool *sql.DB) error {
	var commit string
	if err := pool.QueryRowContext(ctx, "SHOW synchronous_commit").Scan(&commit); err != nil {
		return err
	}
	if commit == "off" {
		return errors.New("synchronous_commit is off: acknowledged sessions could be lost")
	}
	shared, err := sharesSessions(ctx, pool)
	if err == nil && shared {
		err = errors.New("a pooler shares the server's sessions between connections, as PgBouncer does with " +
			"pool_mode=transaction; " +
			"connect to the server itself, or set pool_mode=session")
	}
	return err
}

// sharesSessions reports whether what one connection sets for its session is visible to another, because a pooler
// runs both on one server session. Prepared statements, session locks and LISTEN would fail.
func sharesSessions(ctx context.Context, pool *sql.DB) (bool, error) {
	one, err := pool.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer one.Close()
	other, err := pool.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer other.Close()
	mine, seen := id.New(), sql.NullString{}
	if _, err := one.ExecContext(ctx, "SELECT set_config('cadans.session', $1, false)", mine); err != nil {
		return false, err
	}
	err = other.QueryRowContext(ctx, "SELECT current_setting('cadans.session', true)").Scan(&seen)
	return seen.String == mine, err
}

// withoutSecrets keeps the password of a connection URL out of the log.
func withoutSecrets(err error) error {
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		return errors.New("CADANS_DATABASE_URL cannot be parsed")
	}
	return err
}

// readPostgres reads one snapshot of the database. Without it, statements would see commits that happened between
// them.
func (db *DB) readPostgres(ctx context.Context, fn func(*Tx) error) error {
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	return db.postgres.retry(ctx, func(ctx context.Context) error {
		gtx := db.postgres.gorm.WithContext(ctx).Begin(options)
		if gtx.Error != nil {
			return lost{gtx.Error}
		}
		defer gtx.Rollback()
		return call(fn, db.newTx(ctx, gtx.Statement.ConnPool, gtx))
	})
}

func (db *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	return db.postgres.retry(ctx, func(ctx context.Context) error { return db.transactPostgres(ctx, fn) })
}

func (db *DB) transactPostgres(ctx context.Context, fn func(*Tx) error) error {
	said, err := db.transactOn(ctx, db.postgres.gorm, fn)
	if err != nil {
		return err
	}
	db.postgres.watch.committed()
	db.postgres.announcer.enqueue(said)
	return nil
}

// transactOn runs one transaction and returns its announcements.
func (db *DB) transactOn(ctx context.Context, on *gorm.DB, fn func(*Tx) error) (said []string, err error) {
	gtx := on.WithContext(ctx).Begin()
	if gtx.Error != nil {
		return nil, lost{gtx.Error}
	}
	defer func() {
		if err != nil {
			gtx.Rollback()
		}
	}()
	tx := db.newTx(ctx, gtx.Statement.ConnPool, gtx)
	tx.writes = true
	if err := call(fn, tx); isCode(err, readOnlyTransaction) {
		return nil, lost{err}
	} else if err != nil {
		return nil, err
	}
	if err := gtx.Commit().Error; err != nil {
		return nil, commitFailed(err)
	}
	return tx.said, nil
}
