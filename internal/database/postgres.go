package database

import (
	"context"
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
	longestWrite        = 30 * time.Second
)

func openPostgres(ctx context.Context, o Options) (*DB, error) {
	pool, err := gorm.Open(gormpostgres.Open(o.URL), gormConfig(false))
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
	db := &DB{clock: o.Clock, dialect: dialectPostgres, reader: pool, writer: pool, close: []func() error{conn.Close}}
	if err := checkPostgres(ctx, pool); err != nil {
		return nil, errors.Join(wrapOpen("postgres", err), db.Close())
	}
	return db, nil
}

// checkPostgres refuses a server that would answer before a commit is on disk.
func checkPostgres(ctx context.Context, pool *gorm.DB) error {
	var fsync string
	if err := pool.WithContext(ctx).Raw("SHOW synchronous_commit").Scan(&fsync).Error; err != nil {
		return err
	}
	if fsync == "off" {
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

// writePostgres repeats a transaction that lost to another replica.
func (db *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	var err error
	for range postgresAttempts {
		if err = db.transactPostgres(ctx, fn); !isRetryable(err) {
			break
		}
	}
	if isConnectionLoss(err) || isRetryable(err) {
		return db.unavailable(err)
	}
	return err
}

func (db *DB) transactPostgres(ctx context.Context, fn func(*Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return db.unavailable(err)
	}
	// Cancelling a running statement costs the connection, and whoever gets it next an error.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestWrite)
	defer cancel()
	gtx := db.writer.WithContext(ctx).Begin()
	if gtx.Error != nil {
		return gtx.Error
	}
	defer func() {
		if err != nil {
			gtx.Rollback()
		}
	}()
	if err := call(fn, db.newTx(ctx, gtx)); err != nil {
		return err
	}
	if err := gtx.Commit().Error; err != nil {
		return fmt.Errorf("database: commit: %w", err)
	}
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
