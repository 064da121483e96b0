package database

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema to the version of this binary. Several replicas may start at once on PostgreSQL: one
// migrates, the others wait.
func (db *DB) migrate(ctx context.Context) error {
	provider, err := db.migrations()
	if err != nil {
		return err
	}
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

func (db *DB) migrations() (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	conn, err := db.writer.DB()
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if db.dialect == dialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return nil, err
		}
		dialect, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, conn, files, options...)
	if err != nil {
		return nil, fmt.Errorf("database: load migrations: %w", err)
	}
	return provider, nil
}

// SchemaVersion returns the number of the last migration that ran.
func (db *DB) SchemaVersion(ctx context.Context) (int64, error) {
	provider, err := db.migrations()
	if err != nil {
		return 0, err
	}
	return provider.GetDBVersion(ctx)
}
