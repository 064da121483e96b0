package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	postgresConnections = 24
	postgresAttempts    = 4
	longestTransaction  = 30 * time.Second
)

// postgres is a pool of connections to a server.
type postgres struct {
	gorm      *gorm.DB
	pool      *sql.DB
	url       string
	announcer *announcer
}

func openPostgres(ctx context.Context, o Options) (*postgres, error) {
	pool, err := gorm.Open(gormpostgres.Open(o.URL), gormConfig())
	if err != nil {
		return nil, wrapOpen("postgres", withoutSecrets(err))
	}
	conn, err := pool.DB()
	if err != nil {
		return nil, wrapOpen("postgres", err)
	}
	conn.SetMaxOpenConns(postgresConnections)
	conn.SetMaxIdleConns(postgresConnections)
	conn.SetConnMaxIdleTime(5 * time.Minute)
	if err := checkPostgres(ctx, pool); err != nil {
		return nil, errors.Join(wrapOpen("postgres", err), conn.Close())
	}
	return &postgres{gorm: pool, pool: conn, url: o.URL, announcer: newAnnouncer(conn)}, nil
}

// checkPostgres refuses a server that would answer before a commit is on disk.
func checkPostgres(ctx context.Context, pool *gorm.DB) error {
	var commit string
	if err := pool.WithContext(ctx).Raw("SHOW synchronous_commit").Scan(&commit).Error; err != nil {
		return err
	}
	if commit == "off" {
		return errors.New("synchronous_commit is off: acknowledged sessions could be lost")
	}
	return nil
}

// withoutSecrets keeps the password of a connection URL out of the log.
func withoutSecrets(err error) error {
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		return errors.New("CADANS_DATABASE_URL cannot be parsed")
	}
	return err
}

// readPostgres reads one state of the database: each statement alone would see commits of others in between.
func (db *DB) readPostgres(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return unavailable(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestTransaction)
	defer cancel()
	gtx := db.postgres.gorm.WithContext(ctx).Begin(&sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if gtx.Error != nil {
		return unavailable(gtx.Error)
	}
	defer gtx.Rollback()
	return call(fn, db.newTx(ctx, gtx.Statement.ConnPool, gtx))
}

// writePostgres repeats a transaction that lost to another replica.
func (db *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	var err error
	for range postgresAttempts {
		if err = db.transactPostgres(ctx, fn); !isRetryable(err) {
			break
		}
	}
	if isConnectionLoss(err) || isRetryable(err) {
		return unavailable(err)
	}
	return err
}

func (db *DB) transactPostgres(ctx context.Context, fn func(*Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return unavailable(err)
	}
	// Cancelling a running statement costs the connection, and whoever gets it next an error.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestTransaction)
	defer cancel()
	gtx := db.postgres.gorm.WithContext(ctx).Begin()
	if gtx.Error != nil {
		return gtx.Error
	}
	defer func() {
		if err != nil {
			gtx.Rollback()
		}
	}()
	tx := db.newTx(ctx, gtx.Statement.ConnPool, gtx)
	tx.writes = true
	if err := call(fn, tx); err != nil {
		return err
	}
	if err := gtx.Commit().Error; err != nil {
		return fmt.Errorf("database: commit: %w", err)
	}
	db.postgres.announcer.say(tx.said)
	return nil
}

// isRetryable: serialization failure and deadlock undo the whole transaction and ask for another try; a connection that
// was dead when it came from the pool never began one.
func isRetryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01") || errors.Is(err, driver.ErrBadConn)
}

// isConnectionLoss: class 57 (the server is going away) and errors without an answer at all.
func isConnectionLoss(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return len(pg.Code) == 5 && (pg.Code[:2] == "57" || pg.Code[:2] == "08" || pg.Code[:2] == "53")
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.SafeToRetry(err)
}
