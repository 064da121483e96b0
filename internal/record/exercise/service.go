package exercise

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

// Service implements the use cases of a practice's own exercises.
type Service struct {
	guard   *access.Guard
	library *Library
	reading chan struct{} // held while a picture is decoded
}

// NewService returns the service. The library picks up own exercises in Library.Refresh.
func NewService(guard *access.Guard, library *Library) *Service {
	return &Service{guard: guard, library: library, reading: make(chan struct{}, 1)}
}

// Library returns what the viewer's practice can choose from.
func (s *Service) Library(ctx context.Context, v access.Viewer) (*Library, error) {
	return access.Read(ctx, s.guard, v.Enters(access.ListExercises), func(tx *database.Tx) (*Library, error) {
		return s.library.Of(tx, v.Practice)
	})
}

// Own returns an exercise of the viewer's practice, archived or not, or ErrUnknown.
func (s *Service) Own(ctx context.Context, v access.Viewer, slug string) (Own, error) {
	return access.Read(ctx, s.guard, v.Enters(access.GetOwnExercise), func(tx *database.Tx) (Own, error) {
		return newStore(tx).ofPractice(v.Practice, slug)
	})
}

// Save stores an exercise of the viewer's practice. Replacing an existing one requires its last-read Etag, unless the
// content is the same. Saving an archived exercise offers it again.
func (s *Service) Save(ctx context.Context, v access.Viewer, o Own, based string) (Own, bool, error) {
	o, err := o.Complete()
	if err != nil {
		return Own{}, false, err
	}
	o.Practice = v.Practice
	ask := v.Enters(access.SaveExercise)
	saved, created, err := access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Own, bool, error) {
		return newStore(tx).change(v, o, based)
	})
	if err != nil {
		return Own{}, false, err
	}
	return saved, created, s.refresh(ctx, ask)
}

// Archive stops offering an exercise; programs that contain it keep it. Repeating it changes nothing.
func (s *Service) Archive(ctx context.Context, v access.Viewer, slug string) error {
	ask := v.Enters(access.ArchiveExercise)
	err := access.Change(ctx, s.guard, ask, func(tx *database.Tx) error {
		if _, err := newStore(tx).ofPractice(v.Practice, slug); err != nil {
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
	return s.refresh(ctx, ask)
}

// refresh loads into the library what the viewer changed, without waiting for the next Refresh.
func (s *Service) refresh(ctx context.Context, ask access.Request) error {
	_, err := access.Read(ctx, s.guard, ask, func(tx *database.Tx) (struct{}, error) {
		return struct{}{}, s.library.refresh(tx)
	})
	return err
}

// Refresh loads what every practice has added, so that describing a program needs no query. Replicas call it every few
// seconds, on nobody's behalf.
func (l *Library) Refresh(ctx context.Context, db *database.DB) error { return db.Read(ctx, l.refresh) }

func (l *Library) refresh(tx *database.Tx) error {
	own, err := newStore(tx).ownExercises(selectOwn + " ORDER BY id")
	if err != nil {
		return err
	}
	before, err := newStore(tx).ownExercises(selectRevisions)
	if err != nil {
		return err
	}
	now := added{map[string]Exercise{}, map[revision]Exercise{}, map[string]int{}}
	for _, o := range own {
		now.bySlug[o.Slug] = o.Exercise
	}
	for _, o := range before { // the latest first
		now.revisions[revision{o.Slug, o.Revision}] = o.Exercise
		now.first[o.Slug] = o.Revision
	}
	l.added.Store(&now)
	return nil
}

// ofPractice returns an exercise of a practice, or ErrUnknown. It does not reveal that another practice has an exercise
// with this id.
func (s store) ofPractice(practice id.Practice, slug string) (Own, error) {
	found, err := s.ownExercises(selectOwn+" WHERE practice_id = ? AND id = ? ORDER BY id", practice, slug)
	if err == nil && len(found) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return Own{}, err
	}
	return found[0], nil
}

func (s store) change(v access.Viewer, o Own, based string) (Own, bool, error) {
	found, err := s.ownExercises(selectOwn+" WHERE id = ? ORDER BY id", o.Slug)
	if err != nil {
		return Own{}, false, err
	}
	o.Revision = 1
	var created bool
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
