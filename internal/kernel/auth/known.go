package auth

import (
	"encoding/hex"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/text"
)

// knownFor is how long a browser that does not sign in is remembered.
const knownFor = 365 * 24 * time.Hour

// pair is what is stored about a browser that has presented the right password of an account: a hash of both.
func (l Login) pair() string {
	return hex.EncodeToString(sum([]byte(text.Email(l.Email) + " " + l.Browser)))
}

// isKnown reports whether the browser has signed in to the account before.
func (l Login) isKnown(tx *database.Tx) (bool, error) {
	if l.Browser == "" {
		return false, nil
	}
	n := 0
	err := tx.Value(&n, "SELECT count(*) FROM known_browsers WHERE pair_hash = ? AND seen_at > ?",
		l.pair(), database.At(tx.Now().Add(-knownFor)))
	return n == 1, database.Wrap("auth: known browser", err)
}

// remember records the browser as known, and deletes those that have not signed in for a year.
func (l Login) remember(tx *database.Tx) error {
	if l.Browser == "" {
		return nil
	}
	if _, err := tx.Exec(
		"DELETE FROM known_browsers WHERE seen_at <= ?", database.At(tx.Now().Add(-knownFor)),
	); err != nil {
		return database.Wrap("auth: forget browsers", err)
	}
	_, err := tx.Exec(`INSERT INTO known_browsers (pair_hash, seen_at) VALUES (?, ?)
		ON CONFLICT (pair_hash) DO UPDATE SET seen_at = excluded.seen_at`, l.pair(), database.At(tx.Now()))
	return database.Wrap("auth: remember a browser", err)
}

// NewBrowser returns the random value of the cookie that identifies a browser.
func NewBrowser() string { return newBrowserToken() }
