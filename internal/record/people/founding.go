package people

import (
	"context"
	"errors"

	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// Founding creates practices. At that point there is no member who could be authorised, so only the command line and
// the holder of the set-up link's key use it.
type Founding struct {
	db        *database.DB
	passwords *auth.Passwords
}

// NewFounding returns the service.
func NewFounding(db *database.DB, passwords *auth.Passwords) *Founding {
	return &Founding{db: db, passwords: passwords}
}

// CreatePractice stores a practice with its first admin. Only the command line may call it.
func (f *Founding) CreatePractice(ctx context.Context, practice id.Practice, name string, admin NewMember) error {
	return f.createPractice(ctx, practice, name, admin, func(*database.Tx) error { return nil })
}

// SetUp is CreatePractice for the holder of the set-up link's key, while there is no practice; see auth.NewSetup.
func (f *Founding) SetUp(ctx context.Context, key string, practice id.Practice, name string, admin NewMember) error {
	if err := f.db.Read(ctx, func(tx *database.Tx) error { return auth.CheckSetup(tx, key) }); err != nil {
		return err
	}
	return f.createPractice(ctx, practice, name, admin, func(tx *database.Tx) error {
		if empty, err := isEmpty(tx); err != nil || !empty {
			return errors.Join(err, auth.ErrSetup)
		}
		return auth.UseSetup(tx, key)
	})
}

// IsEmpty reports whether there is no practice yet.
func (f *Founding) IsEmpty(ctx context.Context) (bool, error) {
	var empty bool
	err := f.db.Read(ctx, func(tx *database.Tx) (err error) {
		empty, err = isEmpty(tx)
		return err
	})
	return empty, err
}

// HasMembers reports whether there is any member who could sign in.
func HasMembers(ctx context.Context, db *database.DB) (bool, error) {
	var has bool
	err := db.Read(ctx, func(tx *database.Tx) error {
		return tx.Value(&has, "SELECT EXISTS (SELECT 1 FROM members)")
	})
	return has, err
}

func isEmpty(tx *database.Tx) (bool, error) {
	n := 0
	err := tx.Value(&n, "SELECT count(*) FROM practices")
	return n == 0, err
}

func (f *Founding) createPractice(
	ctx context.Context, practice id.Practice, name string, admin NewMember, allowed func(*database.Tx) error,
) error {
	hash, err := f.passwords.Hash(ctx, admin.Password)
	if err != nil {
		return err
	}
	return f.db.Write(ctx, func(tx *database.Tx) error {
		if err := allowed(tx); err != nil {
			return err
		}
		store := newStore(tx)
		if err := store.insertPractice(practice, name); err != nil {
			return err
		}
		_, _, err := store.insertMember(practice, admin, hash)
		return err
	})
}
