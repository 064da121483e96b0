package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/mattn/go-sqlite3"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// minimumSQLite is 3.51.3: older versions can corrupt a WAL database when one connection writes while another
// checkpoints (the "WAL-reset" bug, sqlite.org release notes of 3.51.3).
const minimumSQLite = 3051003

func openSQLite(ctx context.Context, o Options) (*DB, error) {
	if _, number, _ := sqlite3.Version(); number < minimumSQLite {
		return nil, fmt.Errorf("database: SQLite %d is older than %d, which can lose data", number, minimumSQLite)
	}
	unlock, err := lockFile(o.Path + ".lock")
	if err != nil {
		return nil, err
	}
	db := &DB{clock: o.Clock, dialect: dialectSQLite, close: []func() error{unlock}}
	if err := db.openSQLitePools(ctx, o); err != nil {
		return nil, errors.Join(wrapOpen("sqlite", err), db.Close())
	}
	db.group = newGroup(db)
	return db, nil
}

func (db *DB) openSQLitePools(ctx context.Context, o Options) error {
	synchronous := "FULL"
	if o.Unsafe {
		synchronous = "OFF"
	}
	writer, err := db.openSQLitePool(o.Path, 1, "_txlock=immediate", "_synchronous="+synchronous, "_secure_delete=on")
	if err != nil {
		return err
	}
	if err := checkPragmas(ctx, writer, map[string]string{
		"journal_mode": "wal", "synchronous": map[bool]string{false: "2", true: "0"}[o.Unsafe],
		"foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1", "trusted_schema": "0", "cell_size_check": "1",
	}); err != nil {
		return err
	}
	reader, err := db.openSQLitePool(o.Path, max(4, 2*runtime.NumCPU()), "mode=ro", "_query_only=1", "_synchronous=FULL")
	if err != nil {
		return err
	}
	if err := checkPragmas(ctx, reader, map[string]string{"foreign_keys": "1", "query_only": "1"}); err != nil {
		return err
	}
	db.writer, db.reader = writer, reader
	return nil
}

// openSQLitePool opens connections whose settings stand in the DSN: a PRAGMA by Exec would reach one of them only.
func (db *DB) openSQLitePool(path string, connections int, settings ...string) (*gorm.DB, error) {
	settings = append(settings, "_journal_mode=WAL", "_busy_timeout=5000", "_foreign_keys=1", "_cache_size=-16000")
	dsn := "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + strings.Join(settings, "&")
	pool := sql.OpenDB(sqliteConnector(dsn))
	db.close = append([]func() error{pool.Close}, db.close...)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return gorm.Open(gormsqlite.New(gormsqlite.Config{Conn: pool}), gormConfig(true))
}

// hardening has no place in the DSN: a damaged or hostile file must not run SQL of its own or go unnoticed.
var hardening = []string{"PRAGMA trusted_schema=0", "PRAGMA cell_size_check=1"}

// checkPragmas reads every setting back: a misspelt one in a DSN is ignored without a word.
func checkPragmas(ctx context.Context, pool *gorm.DB, want map[string]string) error {
	for name, value := range want {
		var got string
		if err := pool.WithContext(ctx).Raw("PRAGMA " + name).Scan(&got).Error; err != nil {
			return fmt.Errorf("read pragma %s: %w", name, err)
		}
		if !strings.EqualFold(got, value) {
			return fmt.Errorf("pragma %s is %q, want %q", name, got, value)
		}
	}
	return nil
}

// Seal makes a file that was filled with Unsafe durable: everything moves from the log into the file and to the disk.
func (db *DB) Seal(ctx context.Context) error {
	return db.writer.WithContext(ctx).Exec("PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE)").Error
}

// lockFile keeps a second process away from the file: two writers with their own group commit would starve each other,
// and a second pod on the same volume is always a mistake.
func lockFile(path string) (func() error, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, wrapOpen("lock", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("database: %s is in use by another process", path), f.Close())
	}
	return f.Close, nil
}
