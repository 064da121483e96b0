package database

import "context"

// Remigrate runs what a binary does when it opens a database that is there already.
func Remigrate(db *DB) error { return db.migrate(context.Background()) }

// Downgrade takes the schema back to a number. From then on commits are neither counted nor watched, as the
// columns and the table for that may be gone.
func Downgrade(db *DB, version int64) error {
	if db.postgres != nil {
		db.postgres.watch.armed.Store(false)
	} else if err := db.sqlite.anchor.close(); err != nil {
		return err
	} else {
		db.sqlite.anchor = nil
	}
	provider, done, err := db.migrations()
	if err != nil {
		return err
	}
	defer done()
	_, err = provider.DownTo(context.Background(), version)
	return err
}

// SeesFurther lets a process have seen more of a server than it has.
func SeesFurther(db *DB) {
	w := db.postgres.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at.flushed += 1 << 40
}

// SeesAnother lets a process have seen another server.
func SeesAnother(db *DB) {
	w := db.postgres.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at.timeline = "0000000F"
}
