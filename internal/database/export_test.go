package database

import "context"

// Remigrate runs what a binary does when it opens a database that is there already.
func Remigrate(db *DB) error { return db.migrate(context.Background()) }

// Downgrade takes the schema back to a number.
func Downgrade(db *DB, version int64) error {
	provider, done, err := db.migrations()
	if err != nil {
		return err
	}
	defer done()
	_, err = provider.DownTo(context.Background(), version)
	return err
}
