package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"cadans/internal/kernel/auth"
	"cadans/internal/record/people"
)

// seeds returns the signing key and the one before its last rotation, if there is one.
func (a *App) seeds(ctx context.Context) ([]auth.Seed, error) {
	current, err := a.currentSeed(ctx)
	if err != nil {
		return nil, fmt.Errorf("CADANS_SIGNING_KEY: %w", err)
	}
	if a.config.PreviousSigningKey == "" {
		return []auth.Seed{current}, nil
	}
	previous, err := auth.ParseSeed(a.config.PreviousSigningKey)
	if err != nil {
		return nil, fmt.Errorf("CADANS_PREVIOUS_SIGNING_KEY: %w", err)
	}
	return []auth.Seed{current, previous}, nil
}

// currentSeed creates a key only for a database without members. With a new key every existing member would be locked
// out, because second factors are encrypted with the key.
func (a *App) currentSeed(ctx context.Context) (auth.Seed, error) {
	if a.config.SigningKey != "" {
		return auth.ParseSeed(a.config.SigningKey)
	}
	path := filepath.Join(filepath.Dir(a.config.DatabasePath), "cadans.key")
	seed, err := auth.LoadSeed(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return seed, err
	}
	used, err := people.HasMembers(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	if used {
		return nil, fmt.Errorf("%s is missing, and the database has members whose second factors it opens: "+
			"restore it from the backup of the database", path)
	}
	return auth.CreateSeed(path)
}
