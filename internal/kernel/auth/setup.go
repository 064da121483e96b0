package auth

import (
	"context"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
)

// setupFor is how long the link for the first practice works.
const setupFor = 24 * time.Hour

// ErrSetup means that the link for the first practice was used, has expired, or is wrong.
var ErrSetup = fault.New(fault.NotFound, "setup-link", "no such set-up link")

// NewSetup returns the key of a link that can create the first practice, once. Earlier links become invalid. There is
// no default password that somebody could forget to change.
func (s *Service) NewSetup(ctx context.Context) (key string, err error) {
	key = newBrowserToken()
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if _, err := tx.Exec("DELETE FROM setup_links"); err != nil {
			return database.Wrap("auth: end set-up links", err)
		}
		_, err := tx.Exec(
			"INSERT INTO setup_links (token_hash, expires_at) VALUES (?, ?)", tokenHash(key),
			database.At(tx.Now().Add(setupFor)),
		)
		return database.Wrap("auth: new set-up link", err)
	})
	return key, err
}

// CheckSetup returns ErrSetup for a wrong key. Call it before doing anything expensive for the caller.
func CheckSetup(tx *database.Tx, key string) error {
	n := 0
	err := tx.Value(
		&n, "SELECT count(*) FROM setup_links WHERE token_hash = ? AND expires_at > ?", tokenHash(key),
		database.At(tx.Now()),
	)
	if err == nil && n != 1 {
		err = ErrSetup
	}
	return err
}

// UseSetup consumes a key in the transaction that creates the practice, or returns ErrSetup.
func UseSetup(tx *database.Tx, key string) error {
	n, err := tx.Exec(
		"DELETE FROM setup_links WHERE token_hash = ? AND expires_at > ?", tokenHash(key), database.At(tx.Now()),
	)
	if err == nil && n != 1 {
		err = ErrSetup
	}
	return err
}
