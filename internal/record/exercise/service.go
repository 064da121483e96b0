package exercise

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// Service is the use cases of a practice's own exercises.
type Service struct {
	db      *database.DB
	library *Library
	reading chan struct{} // held by who looks at a picture
}

// NewService returns the service. The library learns of own exercises by Refresh.
func NewService(db *database.DB, library *Library) *Service {
	return &Service{db: db, library: library, reading: make(chan struct{}, 1)}
}

// Library returns what the viewer's practice can choose from.
func (s *Service) Library(ctx context.Context, v access.Viewer) (of *Library, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		of, err = s.library.Of(tx, v.Practice)
		return err
	})
	return of, err
}

// Own returns an exercise of the viewer's practice, archived or not, or ErrUnknown.
func (s *Service) Own(ctx context.Context, v access.Viewer, slug string) (found Own, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		found, err = newStore(tx).mine(v.Practice, slug)
		return err
	})
	return found, err
}

// Save stores an exercise of the viewer's practice. A new one needs no base; one that is there needs its Etag last
// read, unless it is already what is asked for. One that was archived is offered again.
func (s *Service) Save(ctx context.Context, v access.Viewer, o Own, based string) (saved Own, created bool, err error) {
	o, err = o.Complete()
	if err != nil {
		return Own{}, false, err
	}
	o.Practice = v.Practice
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		saved, created, err = newStore(tx).change(v, o, based)
		return err
	})
	if err != nil {
		return Own{}, false, err
	}
	return saved, created, s.Refresh(ctx)
}

// Archive takes an exercise from what is offered; programs that have it keep it. Repeating it changes nothing.
func (s *Service) Archive(ctx context.Context, v access.Viewer, slug string) error {
	err := s.db.Write(ctx, func(tx *database.Tx) error {
		if _, err := newStore(tx).mine(v.Practice, slug); err != nil {
			return err
		}
		_, err := tx.Exec(
			"UPDATE exercises SET archived_at = ? WHERE practice_id = ? AND id = ? AND archived_at IS NULL",
			database.At(tx.Now()), v.Practice, slug,
		)
		return database.Wrap("exercise: archive", err)
	})
	if err != nil {
		return err
	}
	return s.Refresh(ctx)
}

// Refresh reads what every practice added, so that the words of a program need no
// query. Replicas do it every few seconds.
func (s *Service) Refresh(ctx context.Context) error {
	return s.db.Read(ctx, func(tx *database.Tx) error {
		own, err := newStore(tx).own("")
		if err != nil {
			return err
		}
		added := make(map[string]Exercise, len(own))
		for _, o := range own {
			added[o.Slug] = o.Exercise
		}
		s.library.added.Store(&added)
		return nil
	})
}

// mine returns an exercise of a practice, or ErrUnknown: that another practice has one of this id is not said.
func (s store) mine(practice id.Practice, slug string) (Own, error) {
	found, err := s.own(" WHERE practice_id = ? AND id = ?", practice, slug)
	if err == nil && len(found) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return Own{}, err
	}
	return found[0], nil
}

func (s store) change(v access.Viewer, o Own, based string) (saved Own, created bool, err error) {
	found, err := s.own(" WHERE id = ?", o.Slug)
	if err != nil {
		return Own{}, false, err
	}
	o.Revision = 1
	if created = len(found) == 0; !created {
		before := found[0]
		o.Revision = before.Revision
		switch {
		case before.Practice != v.Practice:
			return Own{}, false, ErrUnknown
		case o.Etag() == before.Etag():
			return before, false, nil
		case based == "":
			return Own{}, false, ErrUnconditional
		case based != before.Etag():
			return Own{}, false, ErrStale
		}
		o.Revision++
	}
	if err := s.checkMedia(v.Practice, o.Exercise); err != nil {
		return Own{}, false, err
	}
	return o, created, s.save(v, o)
}
