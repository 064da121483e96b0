package program

import (
	"cmp"
	"context"
	"slices"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// Observer is notified, in the same transaction, of the first day on which something else is expected of a patient.
type Observer interface {
	ExpectationChanged(tx *database.Tx, patient id.Patient, from, until localtime.Date) error
}

// Service implements the use cases of this package.
type Service struct {
	guard    *access.Guard
	library  *exercise.Library
	observer Observer
}

// NewService returns the service.
func NewService(guard *access.Guard, library *exercise.Library, observer Observer) *Service {
	return &Service{guard: guard, library: library, observer: observer}
}

// Etag identifies the state of a patient's program. The next version must name it.
func (h History) Etag() string {
	if len(h.Versions)+len(h.Withdrawn) == 0 {
		return database.BodyHash("no version yet")
	}
	if len(h.Withdrawn) == 0 {
		return database.BodyHash(h.Versions[len(h.Versions)-1].ID)
	}
	return database.BodyHash(h.inForceAndWithdrawn())
}

// inForceAndWithdrawn is what a withdrawal changes, with a mark between the two.
func (h History) inForceAndWithdrawn() (ids []id.ProgramVersion) {
	for _, v := range h.Versions {
		ids = append(ids, v.ID)
	}
	ids = append(ids, "withdrawn")
	for _, w := range h.Withdrawn {
		ids = append(ids, w.ID)
	}
	return ids
}

// Publish adds a version. Based is the last-read Etag: without it the result is ErrUnconditional, with another one
// ErrStale. Repeating it with the same version returns what is stored, or ErrWithdrawn.
func (s *Service) Publish(
	ctx context.Context, v access.Viewer, patient id.Patient, n NewVersion, based string,
) (History, bool, error) {
	ask := v.Asks(access.PublishProgramVersion, patient).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (History, bool, error) {
		created, err := s.publish(tx, v, patient, n, based)
		if err != nil {
			return History{}, false, err
		}
		h, err := HistoryOf(tx, patient)
		return h, created, err
	})
}

// PublishIn is Publish in the caller's transaction. The caller has checked the viewer.
func (s *Service) PublishIn(tx *database.Tx, v access.Viewer, patient id.Patient, n NewVersion, based string) error {
	_, err := s.publish(tx, v, patient, n, based)
	return err
}

func (s *Service) publish(
	tx *database.Tx, v access.Viewer, patient id.Patient, n NewVersion, based string,
) (bool, error) {
	hash := database.BodyHash(n.hashed())
	if repeated, err := newStore(tx).isRepeatedVersion(patient, n.ID, hash); repeated || err != nil {
		return false, err
	}
	if err := safety.MayPublish(tx, patient); err != nil {
		return false, err
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

// add stores the next version of a history and notifies the observer.
func (s *Service) add(tx *database.Tx, h History, v Version, bodyHash string, today localtime.Date) error {
	v.Number, v.PublishedAt = len(h.Versions)+len(h.Withdrawn)+1, tx.Now()
	if err := newStore(tx).insertVersion(v, bodyHash); err != nil {
		return err
	}
	return s.observer.ExpectationChanged(tx, v.Patient, v.EffectiveFrom, today)
}

// accepts refuses a version that is not based on the current state, or that begins before a version that a member
// published. Versions that rules have planned do not prevent it.
func (h History) accepts(from localtime.Date, based string) error {
	switch {
	case based == "":
		return ErrUnconditional
	case based != h.Etag():
		return ErrStale
	case slices.ContainsFunc(
		h.Versions, func(v Version) bool { return !v.Origin.IsReplaceable() && from.Before(v.EffectiveFrom) },
	):
		return ErrBackwards
	default:
		return nil
	}
}

// Versions returns everything ever asked of a patient.
func (s *Service) Versions(ctx context.Context, v access.Viewer, patient id.Patient) (History, people.Language, error) {
	return s.history(ctx, v.Asks(access.ListProgramVersions, patient), patient)
}

// Cautioned returns everything ever asked of a patient, with what the latest intake calls for.
func (s *Service) Cautioned(
	ctx context.Context, v access.Viewer, patient id.Patient,
) (History, intake.Cautious, error) {
	ask := v.Asks(access.ListProgramVersions, patient)
	o, err := access.Read(ctx, s.guard, ask, func(tx *database.Tx) (outcome, error) { return outcomeOf(tx, patient) })
	return o.history, o.cautious, err
}

// Mine returns the viewer's version of today, or safety.ErrStopped during a safety stop.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (Version, people.Language, error) {
	type mine struct {
		version  Version
		language people.Language
	}
	m, err := access.Read(ctx, s.guard, v.AsksOwn(access.GetMyProgram), func(tx *database.Tx) (mine, error) {
		if _, blocked, err := safety.BlockOf(tx, v.Patient); blocked || err != nil {
			return mine{}, cmp.Or[error](err, safety.ErrStopped)
		}
		p, err := people.ByID(tx, v.Patient)
		if err != nil {
			return mine{}, err
		}
		history, err := HistoryOf(tx, v.Patient)
		if err != nil {
			return mine{}, err
		}
		version, err := history.Current(p.Today(tx.Now()))
		return mine{version, p.Language}, err
	})
	return m.version, m.language, err
}

// MyPauses returns the viewer's pauses, latest first.
func (s *Service) MyPauses(ctx context.Context, v access.Viewer) ([]Pause, error) {
	h, _, err := s.history(ctx, v.AsksOwn(access.ListMyPauses), v.Patient)
	return h.Pauses, err
}

// Pauses returns a patient's pauses, latest first.
func (s *Service) Pauses(ctx context.Context, v access.Viewer, patient id.Patient) ([]Pause, error) {
	h, _, err := s.history(ctx, v.Asks(access.ListPatientPauses, patient), patient)
	return h.Pauses, err
}

func (s *Service) history(
	ctx context.Context, ask access.Request, patient id.Patient,
) (History, people.Language, error) {
	type read struct {
		history  History
		language people.Language
	}
	r, err := access.Read(ctx, s.guard, ask, func(tx *database.Tx) (read, error) {
		p, err := people.ByID(tx, patient)
		if err != nil {
			return read{}, err
		}
		h, err := HistoryOf(tx, patient)
		return read{h, p.Language}, err
	})
	return r.history, r.language, err
}

// PauseMine pauses the viewer's own program, for at most 21 days, starting at most 7 days ago.
func (s *Service) PauseMine(ctx context.Context, v access.Viewer, n NewPause) (Pause, bool, error) {
	return s.pause(ctx, v.AsksOwn(access.PauseMyProgram), v.Patient, n, v.Role)
}

// Pause pauses a patient's program.
func (s *Service) Pause(ctx context.Context, v access.Viewer, patient id.Patient, n NewPause) (Pause, bool, error) {
	return s.pause(ctx, v.Asks(access.PausePatientProgram, patient), patient, n, v.Role)
}

func (s *Service) pause(
	ctx context.Context, ask access.Request, patient id.Patient, n NewPause, by access.Role,
) (Pause, bool, error) {
	return access.Create(ctx, s.guard, ask.Alone(), func(tx *database.Tx) (Pause, bool, error) {
		return s.declare(tx, by, patient, n)
	})
}

func (s *Service) declare(tx *database.Tx, by access.Role, patient id.Patient, n NewPause) (Pause, bool, error) {
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
	if err := n.check(today, by == access.Patient, set.SelfPauseMaxDays); err != nil {
		return Pause{}, false, err
	}
	if overlaps, err := store.overlaps(patient, n); overlaps || err != nil {
		return Pause{}, false, orOverlap(err)
	}
	pause := Pause{ID: n.ID, Patient: patient, Reason: n.Reason, Start: n.Start, End: n.End, DeclaredBy: string(by)}
	if err := store.insertPause(pause, database.BodyHash(n.hashed())); err != nil {
		return Pause{}, false, err
	}
	return pause, true, s.observer.ExpectationChanged(tx, patient, n.Start, today)
}

// EndMine ends one of the viewer's pauses; from today on exercises are expected again.
func (s *Service) EndMine(ctx context.Context, v access.Viewer, pause id.Pause) error {
	return s.endPause(ctx, v.AsksOwn(access.EndMyPause), v.Patient, pause)
}

// EndPause ends one of a patient's pauses. Only a decision ends a pause of the safety gate.
func (s *Service) EndPause(ctx context.Context, v access.Viewer, patient id.Patient, pause id.Pause) error {
	return s.endPause(ctx, v.Asks(access.EndPatientPause, patient), patient, pause)
}

func (s *Service) endPause(ctx context.Context, ask access.Request, patient id.Patient, pause id.Pause) error {
	return access.Change(ctx, s.guard, ask.Alone(), func(tx *database.Tx) error {
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
