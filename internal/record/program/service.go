package program

import (
	"cmp"
	"context"
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// Observer hears, inside the same transaction, from which day on something else is expected of a patient.
type Observer interface {
	ExpectationChanged(tx *database.Tx, patient id.Patient, from, until localtime.Date) error
}

// Service is the use cases of this package.
type Service struct {
	db       *database.DB
	policy   *access.Policy
	library  *exercise.Library
	observer Observer
}

// NewService returns the service.
func NewService(db *database.DB, policy *access.Policy, library *exercise.Library, observer Observer) *Service {
	return &Service{db: db, policy: policy, library: library, observer: observer}
}

// Etag identifies the state of a patient's program: based on it, the next version is published.
func (h History) Etag() string {
	if len(h.Versions) == 0 {
		return database.BodyHash("no version yet")
	}
	return database.BodyHash(h.Versions[len(h.Versions)-1].ID)
}

// Publish adds a version. Based is the Etag last read: without it ErrUnconditional, with another one ErrStale. The same
// version again returns what is stored.
func (s *Service) Publish(
	ctx context.Context, v access.Viewer, patient id.Patient, n NewVersion, based string,
) (h History, created bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.PublishProgramVersion, patient); err != nil {
			return err
		}
		if err := tx.LockPatient(string(patient)); err != nil {
			return err
		}
		created, err = s.publish(tx, v, patient, n, based)
		if err != nil {
			return err
		}
		h, err = HistoryOf(tx, patient)
		return err
	})
	return h, created, err
}

// PublishIn is Publish inside a transaction of the caller, who has checked the viewer.
func (s *Service) PublishIn(tx *database.Tx, v access.Viewer, patient id.Patient, n NewVersion, based string) error {
	_, err := s.publish(tx, v, patient, n, based)
	return err
}

func (s *Service) publish(
	tx *database.Tx, v access.Viewer, patient id.Patient, n NewVersion, based string,
) (bool, error) {
	hash := database.BodyHash(n)
	if repeated, err := newStore(tx).isRepeatedVersion(patient, n.ID, hash); repeated || err != nil {
		return false, err
	}
	if _, blocked, err := safety.BlockOf(tx, patient); blocked || err != nil {
		return false, cmp.Or[error](err, safety.ErrStopped)
	}
	p, err := people.ByID(tx, patient)
	if err != nil {
		return false, err
	}
	today := p.Today(tx.Now())
	library, err := s.library.Of(tx, p.Practice)
	if err != nil {
		return false, err
	}
	items, err := n.build(library, today)
	if err != nil {
		return false, err
	}
	history, err := HistoryOf(tx, patient)
	if err != nil {
		return false, err
	}
	if err := history.accepts(n.EffectiveFrom, based); err != nil {
		return false, err
	}
	return true, s.add(tx, history, Version{
		ID:            n.ID,
		Patient:       patient,
		EffectiveFrom: n.EffectiveFrom,
		Items:         items,
		PublishedBy:   v.Member,
		Origin:        Published,
	}, hash, today)
}

// add stores the next version of a history and tells whoever depends on it.
func (s *Service) add(tx *database.Tx, h History, v Version, bodyHash string, today localtime.Date) error {
	v.Number, v.PublishedAt = len(h.Versions)+1, tx.Now()
	if err := newStore(tx).insertVersion(v, bodyHash); err != nil {
		return err
	}
	return s.observer.ExpectationChanged(tx, v.Patient, v.EffectiveFrom, today)
}

// accepts refuses a version that is not based on what is there, or that begins before one a member
// published. What rules planned ahead gives way.
func (h History) accepts(from localtime.Date, based string) error {
	switch {
	case based == "":
		return ErrUnconditional
	case based != h.Etag():
		return ErrStale
	case slices.ContainsFunc(
		h.Versions, func(v Version) bool { return !v.Origin.GivesWay() && from.Before(v.EffectiveFrom) },
	):
		return ErrBackwards
	default:
		return nil
	}
}

// Versions returns everything ever asked of a patient.
func (s *Service) Versions(ctx context.Context, v access.Viewer, patient id.Patient) (History, people.Language, error) {
	return s.history(ctx, v, access.ListProgramVersions, patient)
}

// Mine returns the viewer's version of today, or safety.ErrStopped while a stop is open.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (version Version, language people.Language, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.GetMyProgram, v.Patient); err != nil {
			return err
		}
		if _, blocked, err := safety.BlockOf(tx, v.Patient); blocked || err != nil {
			return cmp.Or[error](err, safety.ErrStopped)
		}
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return err
		}
		history, err := HistoryOf(tx, v.Patient)
		if err != nil {
			return err
		}
		language = p.Language
		version, err = history.Current(p.Today(tx.Now()))
		return err
	})
	return version, language, err
}

// MyPauses returns the viewer's pauses, latest first.
func (s *Service) MyPauses(ctx context.Context, v access.Viewer) ([]Pause, error) {
	h, _, err := s.history(ctx, v, access.ListMyPauses, v.Patient)
	return h.Pauses, err
}

// Pauses returns a patient's pauses, latest first.
func (s *Service) Pauses(ctx context.Context, v access.Viewer, patient id.Patient) ([]Pause, error) {
	h, _, err := s.history(ctx, v, access.ListPatientPauses, patient)
	return h.Pauses, err
}

func (s *Service) history(
	ctx context.Context, v access.Viewer, op access.Operation, patient id.Patient,
) (h History, l people.Language, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, op, patient); err != nil {
			return err
		}
		p, err := people.ByID(tx, patient)
		if err != nil {
			return err
		}
		l = p.Language
		h, err = HistoryOf(tx, patient)
		return err
	})
	return h, l, err
}

// PauseMine pauses the viewer's own program: at most 21 days at once, at most 7 days back.
func (s *Service) PauseMine(ctx context.Context, v access.Viewer, n NewPause) (Pause, bool, error) {
	return s.pause(ctx, v, access.PauseMyProgram, v.Patient, n)
}

// Pause pauses a patient's program.
func (s *Service) Pause(ctx context.Context, v access.Viewer, patient id.Patient, n NewPause) (Pause, bool, error) {
	return s.pause(ctx, v, access.PausePatientProgram, patient, n)
}

func (s *Service) pause(
	ctx context.Context, v access.Viewer, op access.Operation, patient id.Patient, n NewPause,
) (p Pause, created bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, op, patient); err != nil {
			return err
		}
		if err := tx.LockPatient(string(patient)); err != nil {
			return err
		}
		p, created, err = s.declare(tx, v, patient, n)
		return err
	})
	return p, created, err
}

func (s *Service) declare(tx *database.Tx, v access.Viewer, patient id.Patient, n NewPause) (Pause, bool, error) {
	store := newStore(tx)
	stored, err := store.repeatedPause(patient, n)
	if stored != nil || err != nil {
		return deref(stored), false, err
	}
	person, err := people.ByID(tx, patient)
	if err != nil {
		return Pause{}, false, err
	}
	today := person.Today(tx.Now())
	set, err := settings.Of(tx, person.Practice)
	if err != nil {
		return Pause{}, false, err
	}
	if err := n.check(today, v.Role == access.Patient, set.SelfPauseMaxDays); err != nil {
		return Pause{}, false, err
	}
	if overlaps, err := store.overlaps(patient, n); overlaps || err != nil {
		return Pause{}, false, orOverlap(err)
	}
	pause := Pause{ID: n.ID, Patient: patient, Reason: n.Reason, Start: n.Start, End: n.End, DeclaredBy: string(v.Role)}
	if err := store.insertPause(pause, database.BodyHash(n)); err != nil {
		return Pause{}, false, err
	}
	return pause, true, s.observer.ExpectationChanged(tx, patient, n.Start, today)
}

// EndMine ends one of the viewer's pauses: from today on exercises are expected again.
func (s *Service) EndMine(ctx context.Context, v access.Viewer, pause id.Pause) error {
	return s.endPause(ctx, v, access.EndMyPause, v.Patient, pause)
}

// EndPause ends one of a patient's pauses. A pause of the safety gate ends with a decision only.
func (s *Service) EndPause(ctx context.Context, v access.Viewer, patient id.Patient, pause id.Pause) error {
	return s.endPause(ctx, v, access.EndPatientPause, patient, pause)
}

func (s *Service) endPause(
	ctx context.Context, v access.Viewer, op access.Operation, patient id.Patient, pause id.Pause,
) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, op, patient); err != nil {
			return err
		}
		if err := tx.LockPatient(string(patient)); err != nil {
			return err
		}
		person, err := people.ByID(tx, patient)
		if err != nil {
			return err
		}
		open, err := newStore(tx).safetyPause(patient)
		if err != nil {
			return err
		}
		if open == pause {
			return ErrSafetyPause
		}
		today := person.Today(tx.Now())
		if err := newStore(tx).endPause(patient, pause, today.AddDays(-1)); err != nil {
			return err
		}
		return s.observer.ExpectationChanged(tx, patient, today, today)
	})
}

func orOverlap(err error) error {
	if err != nil {
		return err
	}
	return ErrOverlaps
}

func deref(p *Pause) Pause {
	if p == nil {
		return Pause{}
	}
	return *p
}
