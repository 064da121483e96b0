package database

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// maxStatements limits the prepared statements that a connection keeps: each list length makes a statement of its
// own.
const maxStatements = 1000

// conn is one SQLite connection with its prepared statements. It begins and ends transactions itself: database/sql
// and gorm prepare every statement again in each transaction, which cost more than running it. It is for one
// goroutine at a time, and the rows of a statement must be read to the end before it runs again.
type conn struct {
	sql        *sql.Conn
	statements map[string]*sql.Stmt
	gorm       *gorm.DB
	wrote      bool // set by every statement that may have changed something
}

var _ gorm.ConnPool = (*conn)(nil)

func newConn(ctx context.Context, pool *sql.DB) (*conn, error) {
	one, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{sql: one, statements: map[string]*sql.Stmt{}}
	c.gorm, err = gorm.Open(gormsqlite.New(gormsqlite.Config{Conn: c}), gormConfig())
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *conn) close() error {
	return errors.Join(c.forget(), c.sql.Close())
}

func (c *conn) forget() error {
	var errs []error
	for _, statement := range c.statements {
		errs = append(errs, statement.Close())
	}
	clear(c.statements)
	return errors.Join(errs...)
}

// PrepareContext implements gorm.ConnPool. It cannot see when the statement runs, so it counts it as run.
func (c *conn) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	c.wrote = true
	return c.prepare(ctx, query)
}

// prepare prepares a statement once; it is closed with the connection.
func (c *conn) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if statement, known := c.statements[query]; known {
		return statement, nil
	}
	if len(c.statements) >= maxStatements {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	statement, err := c.sql.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = statement
	return statement, nil
}

// ExecContext implements gorm.ConnPool.
func (c *conn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	c.wrote = true
	statement, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

// QueryContext implements gorm.ConnPool.
func (c *conn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	c.noteQuery(query)
	statement, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

// QueryRowContext implements gorm.ConnPool.
func (c *conn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	c.noteQuery(query)
	statement, err := c.prepare(ctx, query)
	if err != nil {
		return c.sql.QueryRowContext(ctx, query, args...) // reports the same error
	}
	return statement.QueryRowContext(ctx, args...)
}

// noteQuery treats everything except a plain SELECT as a change: INSERT and UPDATE may return rows.
func (c *conn) noteQuery(query string) {
	if !strings.HasPrefix(query, "SELECT") {
		c.wrote = true
	}
}

// inTransaction reports whether the transaction that was begun is still open.
func (c *conn) inTransaction() (there bool) {
	err := c.sql.Raw(func(driver any) error {
		there = !driver.(*sqlite3.SQLiteConn).AutoCommit()
		return nil
	})
	return err == nil && there
}

// exec runs a statement without arguments, such as BEGIN. It takes no context: interrupting it would make SQLite roll
// back the work of other writers.
func (c *conn) exec(statement string) error {
	_, err := c.ExecContext(context.Background(), statement)
	return err
}
