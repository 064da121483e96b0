package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What can go wrong between this process and a PostgreSQL server, and what becomes of the transaction:
//
//	lost to another, or its plan outdated   undone; tried again at once
//	connection gone before the commit       undone; tried again at once, on a new connection
//	server takes no writes                  undone; tried again on a new connection, which may lead to another server
//	connection gone in the commit           ErrPerhapsStored; only the client knows what to send again
//	time is up, no connection to be had     ErrUnavailable
//	anything else                           a defect; nothing is tried again

const (
	attempts           = 4
	longestTransaction = 30 * time.Second
)

// The PostgreSQL error codes after which a transaction can run again, and those of a server that is of no use now.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	readOnlyTransaction  = "25006"
	queryCanceled        = "57014" // statement_timeout
	idleInTransaction    = "25P03"
)

// retry retries a transaction as long as that may help.
func (p *postgres) retry(ctx context.Context, transact func(context.Context) error) (err error) {
	if err := ctx.Err(); err != nil {
		return unavailable(err)
	}
	ctx, cancel := itsTime(ctx)
	defer cancel()
	for range attempts {
		err = transact(ctx)
		switch {
		case errors.Is(err, ErrPerhapsStored):
			return err
		case ctx.Err() != nil:
			return actionable(err)
		case isLoss(err):
			p.dropIdle() // what ended this one, as a restart does, has ended them too
		case !isUndone(err):
			return actionable(err)
		}
	}
	return actionable(err)
}

// itsTime returns a context that ends only at the deadline of ctx. Other reasons for ctx to end are ignored, because
// cancelling a running statement costs the connection.
func itsTime(ctx context.Context) (context.Context, context.CancelFunc) {
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestTransaction)
	deadline, is := ctx.Deadline()
	if !is {
		return whole, cancel
	}
	bounded, end := context.WithDeadline(whole, deadline)
	return bounded, func() { end(); cancel() }
}

// dropIdle closes the idle connections of the pool.
func (p *postgres) dropIdle() {
	p.pool.SetMaxIdleConns(-1)
	p.pool.SetMaxIdleConns(p.limits.Connections)
}

// actionable turns an error into one that tells the caller what to do.
func actionable(err error) error {
	if isLoss(err) || isUndone(err) || isCode(err, queryCanceled) || isTime(err) {
		return unavailable(err)
	}
	return err
}

// commitFailed distinguishes a refused commit from one whose answer was lost.
func commitFailed(err error) error {
	var pg *pgconn.PgError
	isAnswer := errors.As(err, &pg) && !hasClass(pg, "57", "08")
	// A statement had failed and nobody looked, or the transaction was over: nothing was asked of the server.
	if isAnswer || errors.Is(err, pgx.ErrTxCommitRollback) || errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("database: commit: %w", err)
	}
	return ErrPerhapsStored.Because(err)
}

// lost marks an error after which another connection may work: the transaction never began, or the server accepts no
// writes.
type lost struct{ error }

// Unwrap implements errors.Unwrap.
func (l lost) Unwrap() error { return l.error }

func hasClass(err *pgconn.PgError, classes ...string) bool {
	return slices.ContainsFunc(classes, func(class string) bool { return strings.HasPrefix(err.Code, class) })
}

// isUndone reports whether the server rolled the whole transaction back and may accept it next time.
func isUndone(err error) bool {
	return isCode(err, serializationFailure) || isCode(err, deadlockDetected) || isOutdatedPlan(err)
}

// isOutdatedPlan reports whether a migration has changed the result of a prepared statement. After this error pgx
// prepares it again.
func isOutdatedPlan(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "0A000" && pg.Routine == "RevalidateCachedQuery"
}

func isCode(err error, code string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == code
}

// isLoss reports whether the connection is gone, or leads to a server that is shutting down, full, or read-only.
func isLoss(err error) bool {
	var pg *pgconn.PgError
	var never lost
	if errors.As(err, &never) {
		return true
	}
	if errors.As(err, &pg) {
		return pg.Code != queryCanceled && hasClass(pg, "57", "08", "53", idleInTransaction)
	}
	var connect *pgconn.ConnectError
	var network *net.OpError
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
}

func isTime(err error) bool {
	return pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
