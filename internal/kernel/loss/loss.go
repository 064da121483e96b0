// Package loss tells admins that changes which were acknowledged may be missing from the database, and how many.
//
// It promises that every admin of every practice is told for 14 days, or until one of the practice has read it. It
// refuses everybody else: a therapist or a patient can do nothing about it. The notice names no person and nothing
// about health.
package loss

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// toldFor is for how many days a loss is told.
const toldFor = 14

// Service is the use cases of this package.
type Service struct {
	db    *database.DB
	clock clock.Clock
}

// NewService returns the service.
func NewService(db *database.DB, c clock.Clock) *Service { return &Service{db, c} }

// Notice returns the latest loss that nobody of the admin's practice has dismissed, or nil. Nobody else gets one.
func (s *Service) Notice(ctx context.Context, v access.Viewer) (notice *database.Epoch, err error) {
	e, since := s.db.Epoch(), s.clock.Now().AddDate(0, 0, -toldFor)
	if v.Role != access.Admin || e.Reason == database.First || e.BegunAt.Before(since) {
		return nil, nil // the earlier ones are older still
	}
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		notice, err = told(tx, v.Practice, since)
		return err
	})
	return notice, err
}

func told(tx *database.Tx, practice id.Practice, since time.Time) (*database.Epoch, error) {
	epochs, err := tx.EpochsSince(since)
	if err != nil {
		return nil, err
	}
	dismissed, err := database.Column[string](
		tx, "SELECT epoch_id FROM loss_dismissals WHERE practice_id = ?", practice,
	)
	if err != nil {
		return nil, database.Wrap("loss: dismissals", err)
	}
	return latest(epochs, dismissed), nil
}

// latest returns the last epoch that may miss something and was not dismissed, with what those before it miss that
// nobody has read about. Who dismisses one has seen those before it.
func latest(epochs []database.Epoch, dismissed []string) (found *database.Epoch) {
	for _, e := range epochs {
		switch {
		case slices.Contains(dismissed, e.ID):
			found = nil
		case e.MayMiss() && found != nil:
			both := e.With(*found)
			found = &both
		case e.MayMiss():
			found = &e
		}
	}
	return found
}

// Dismiss ends a notice for the admin's practice; doing it again changes nothing.
func (s *Service) Dismiss(ctx context.Context, v access.Viewer, epoch string) error {
	if v.Role != access.Admin {
		return access.ErrForbidden
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		epochs, err := tx.EpochsSince(time.Time{})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(epochs, func(e database.Epoch) bool { return e.ID == epoch }) {
			return access.ErrNotFound
		}
		return dismiss(tx, v, epoch)
	})
}

func dismiss(tx *database.Tx, v access.Viewer, epoch string) error {
	_, err := tx.Exec(`INSERT INTO loss_dismissals (practice_id, epoch_id, dismissed_by, dismissed_at)
		VALUES (?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, v.Practice, epoch, v.Member, database.At(tx.Now()))
	return database.Wrap("loss: dismiss", err)
}
