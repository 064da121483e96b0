package auth

import (
	"context"
	"errors"

	"cadans/internal/kernel/database"
)

// ErrForeignKey means that the database was used with another signing key.
var ErrForeignKey = errors.New(
	"CADANS_SIGNING_KEY is not the key that this database was used with: restore the right one, " +
		"or, to replace it, give the old one as CADANS_PREVIOUS_SIGNING_KEY",
)

// Adopt binds the database to the current key. It refuses a key that the database does not know, because no second
// factor could be verified with it. After a rotation it encrypts every second factor with the new key, so that the
// old key may be removed. Unused recovery codes still need the key that they were made with.
func (s *Service) Adopt(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.keys.admit(tx); err != nil {
			return err
		}
		return s.keys.sealAnew(tx)
	})
}

// admit records the current key. In a database that knows no key yet, the keys must be able to decrypt what is stored
// in it.
func (k *keys) admit(tx *database.Tx) error {
	known, err := database.Column[string](tx, "SELECT fingerprint FROM signing_keys")
	if err != nil {
		return database.Wrap("auth: known keys", err)
	}
	if len(known) > 0 && !k.isOneOf(known) {
		return ErrForeignKey
	}
	_, err = tx.Exec("INSERT INTO signing_keys (fingerprint, first_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
		k.fingerprints[0], database.At(tx.Now()))
	return database.Wrap("auth: note the key", err)
}

func (k *keys) isOneOf(known []string) bool {
	for _, fingerprint := range known {
		for _, own := range k.fingerprints {
			if own == fingerprint {
				return true
			}
		}
	}
	return false
}

// sealAnew encrypts with the current key what an older key has encrypted.
func (k *keys) sealAnew(tx *database.Tx) error {
	var factors []factorRow
	if err := tx.All(&factors, "SELECT member_id, secret FROM second_factors"); err != nil {
		return database.Wrap("auth: second factors", err)
	}
	for _, f := range factors {
		if _, err := openWith(k.factor[0], f.MemberID, f.Secret); err == nil {
			continue
		}
		secret, err := k.open(f.MemberID, f.Secret)
		if err != nil {
			return ErrForeignKey
		}
		sealed, err := k.seal(f.MemberID, secret)
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE second_factors SET secret = ? WHERE member_id = ?", sealed, f.MemberID)
		if err != nil {
			return database.Wrap("auth: seal a second factor anew", err)
		}
	}
	return nil
}
