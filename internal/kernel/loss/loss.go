// Package loss tells admins that acknowledged changes may be missing from the database, and how many.
//
// It promises that every admin of every practice sees the notice for 14 days, or until an admin of the practice
// dismisses it. Other roles do not see it, because a therapist or a patient can do nothing about it. The notice names
// no person and contains nothing about health.
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

// shownFor is how many days a loss is shown.
const shownFor = 14

// Service is the use cases of this package.
type Service struct {
	db    *database.DB
	clock clock.Clock
}

// NewService returns the service.
func NewService(db *database.DB, c clock.Clock) *Service { return &Service{db, c} }

// Notice returns the latest loss that nobody of the admin's practice has dismissed, or nil. It returns nil for other
// roles.
func (s *Service) Notice(ctx context.Context, v access.Viewer) (notice *database.Epoch, err error) {
	e, since := s.db.Epoch(), s.clock.Now().AddDate(0, 0, -shownFor)
	if v.Role != access.Admin || e.Reason == database.First || e.BegunAt.Before(since) {
		return nil, nil // the earlier ones are older still
	}
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		notice, err = notDismissed(tx, v.Practice, since)
		return err
	})
	return notice, err
}

func notDismissed(tx *database.Tx, practice id.Practice, since time.Time) (*database.Epoch, error) {
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

// latest returns the last epoch that may lack changes and was not dismissed, including the losses of earlier epochs
// that nobody has dismissed. Dismissing an epoch dismisses all earlier ones.
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

// Dismiss ends a notice for the admin's practice. Dismissing it again changes nothing.
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
