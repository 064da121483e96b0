package database

import "context"

// Remigrate runs what a binary does when it opens a database that is there already.
func Remigrate(db *DB) error { return db.migrate(context.Background()) }
