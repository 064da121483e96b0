package database

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate updates the schema to the version of this binary. Several replicas may start at once on PostgreSQL: one
// migrates, the others wait.
func (db *DB) migrate(ctx context.Context) error {
	provider, done, err := db.migrations()
	if err != nil {
		return err
	}
	defer done()
	if err := refuseNewer(ctx, provider); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("database: migrate: %w", err)
	}
	return nil
}

func refuseNewer(ctx context.Context, provider *goose.Provider) error {
	sources := provider.ListSources()
	stored, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("database: read schema version: %w", err)
	}
	if stored > sources[len(sources)-1].Version {
		return ErrNewerSchema
	}
	return nil
}

// migrations returns goose on a connection of its own, and a function that releases the connection.
func (db *DB) migrations() (*goose.Provider, func(), error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if db.sqlite != nil {
		pool := sql.OpenDB(sqliteConnector(db.sqlite.writeTo))
		pool.SetMaxOpenConns(1)
		provider, err := goose.NewProvider(goose.DialectSQLite3, pool, files, options...)
		return provider, func() { _ = pool.Close() }, Wrap("database: load migrations", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, nil, err
	}
	pool := db.postgres.unlimited()
	provider, err := goose.NewProvider(
		goose.DialectPostgres, pool, files, append(options, goose.WithSessionLocker(locker))...,
	)
	return provider, func() { _ = pool.Close() }, Wrap("database: load migrations", err)
}

// SchemaVersion returns the number of the last migration that ran.
func (db *DB) SchemaVersion(ctx context.Context) (int64, error) {
	provider, done, err := db.migrations()
	if err != nil {
		return 0, err
	}
	defer done()
	return provider.GetDBVersion(ctx)
}
