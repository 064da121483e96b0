package session

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/told"
	"cadans/pkg/localtime"
)

// Change tells which of a patient's days changed and how. It carries what the transaction has already loaded: always
// History, and Logged when the change is one new session.
type Change struct {
	Patient id.Patient
	Days    []localtime.Date
	History program.History
	Logged  *Session
	Settled *Session // the next morning's answer about it arrived
}

// Observer is notified when a session is logged, corrected or deleted. It runs in the same transaction, so the
// therapist never sees a session without its adherence.
type Observer interface {
	SessionChanged(tx *database.Tx, c Change) error
}

// Service implements the use cases of this package.
type Service struct {
	guard     *access.Guard
	gate      *safety.Gate
	observers []Observer
}

// NewService returns the service. It notifies observers in the given order.
func NewService(guard *access.Guard, gate *safety.Gate, observers ...Observer) *Service {
	return &Service{guard: guard, gate: gate, observers: observers}
}

// Log stores a session of the viewer. Repeating it with the same id and content returns the stored session and false;
// with other content it returns database.ErrIDReused, and after a deletion ErrDeleted.
func (s *Service) Log(ctx context.Context, v access.Viewer, session id.Session, t Told) (Session, bool, error) {
	said, err := t.encode() // before the write transaction, which others wait for
	if err != nil {
		return Session{}, false, err
	}
	return access.Create(ctx, s.guard, v.AsksOwn(access.LogSession).Alone(),
		func(tx *database.Tx) (Session, bool, error) {
			logged, created, err := s.log(tx, v.Patient, session, said)
			if err != nil {
				return Session{}, false, err
			}
			logged, err = s.advised(tx, logged)
			return logged, created, err
		})
}

// log expects a new session, as nearly all are. It looks for an earlier one only if the insert fails.
func (s *Service) log(tx *database.Tx, patient id.Patient, session id.Session, said encoded) (Session, bool, error) {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return Session{}, false, err
	}
	logged, refused := New(session, patient, said.Told, homeOf(tx, patient), history, tx.Now())
	if refused == nil {
		created, err := newStore(tx).insert(logged, said)
		if err != nil {
			return Session{}, false, err
		}
		if created {
			return logged, true, s.logged(tx, logged, said, history)
		}
	}
	stored, err := repeated(tx, patient, session, said)
	if fault.Is(err, fault.NotFound) {
		err = refused
	}
	stored.Warnings = logged.Warnings
	return stored, false, err
}

// logged keeps the words of a new session, shows its signs to the safety gate, and tells the observers.
func (s *Service) logged(tx *database.Tx, logged Session, said encoded, history program.History) error {
	if err := said.mark(tx, access.LogSession, logged); err != nil {
		return err
	}
	history, err := s.screen(tx, logged, nil, history)
	if err != nil {
		return err
	}
	return s.notify(tx, Change{
		Patient: logged.Patient, Days: []localtime.Date{logged.LocalDate}, History: history, Logged: &logged,
	})
}

// mark keeps the words of a session in which something was mended.
func (t Told) mark(tx *database.Tx, as access.Operation, s Session) error {
	if len(s.Warnings) == 0 {
		return nil
	}
	return told.Mark(tx, s.Patient, as, string(s.ID), t.Words.With(s.Warnings))
}

func homeOf(tx *database.Tx, patient id.Patient) Home {
	return func() (*time.Location, error) {
		p, err := people.ByID(tx, patient)
		if err != nil {
			return nil, err
		}
		return p.HomeZone(tx.Now()), nil
	}
}

// repeated returns the stored session if it was sent before with this content; the same moment may be written with
// another offset. Otherwise its error says what is stored.
func repeated(tx *database.Tx, patient id.Patient, session id.Session, said encoded) (Session, error) {
	stored, err := newStore(tx).find(patient, session)
	switch {
	case err != nil:
		return Session{}, err
	case stored.deleted:
		return Session{}, ErrDeleted
	case stored.firstHash != said.bodyHash && stored.firstHash != said.at(stored.PerformedAt.Location()).hash():
		return Session{}, database.ErrIDReused
	default:
		return stored.Session, nil
	}
}

// Correct replaces the content of a session of the viewer and keeps the previous content. After EditWindow it returns
// ErrEditWindowClosed. Repeating a correction changes nothing.
func (s *Service) Correct(ctx context.Context, v access.Viewer, session id.Session, t Told) (Session, error) {
	return access.Write(ctx, s.guard, v.AsksOwn(access.CorrectSession).Alone(), func(tx *database.Tx) (Session, error) {
		corrected, err := s.correct(tx, v.Patient, session, t)
		if err != nil {
			return Session{}, err
		}
		return s.advised(tx, corrected)
	})
}

func (s *Service) correct(tx *database.Tx, patient id.Patient, session id.Session, t Told) (Session, error) {
	old, err := newStore(tx).live(patient, session)
	if err != nil {
		return old, err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return Session{}, err
	}
	corrected, err := New(session, patient, t.since(old, tx.Now()), homeOf(tx, patient), history, old.ReceivedAt)
	if err != nil {
		return Session{}, err
	}
	old.Warnings = corrected.Warnings
	if old.hash() == corrected.hash() {
		return old, nil
	}
	if tx.Now().Sub(old.ReceivedAt) > EditWindow {
		return Session{}, ErrEditWindowClosed
	}
	corrected.Revision, corrected.RevisedAt, corrected.Corrections = old.Revision+1, tx.Now(), old.Corrections
	return corrected, s.revise(tx, old, corrected, t, history)
}

// revise stores a correction with its words, shows its new signs to the safety gate, and tells the observers.
func (s *Service) revise(tx *database.Tx, old, corrected Session, said Told, h program.History) error {
	if err := newStore(tx).revise(old, corrected); err != nil {
		return err
	}
	if err := said.mark(tx, access.CorrectSession, corrected); err != nil {
		return err
	}
	h, err := s.screen(tx, corrected, old.NewSigns, h)
	if err != nil {
		return err
	}
	days := []localtime.Date{old.LocalDate, corrected.LocalDate}
	return s.notify(tx, Change{Patient: old.Patient, Days: days, History: h})
}

// Delete deletes a session within EditWindow. Repeating it changes nothing.
func (s *Service) Delete(ctx context.Context, v access.Viewer, session id.Session) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.DeleteSession).Alone(), func(tx *database.Tx) error {
		store := newStore(tx)
		stored, err := store.find(v.Patient, session)
		if err != nil || stored.deleted {
			return err
		}
		if tx.Now().Sub(stored.ReceivedAt) > EditWindow {
			return ErrEditWindowClosed
		}
		if err := store.delete(v.Patient, session); err != nil {
			return err
		}
		history, err := program.HistoryOf(tx, v.Patient)
		if err != nil {
			return err
		}
		return s.notify(tx, Change{Patient: v.Patient, Days: []localtime.Date{stored.LocalDate}, History: history})
	})
}

// Settle stores whether pain returned to its previous level within 24 hours, which the app asks the next morning.
// Within EditWindow a later answer replaces an earlier one.
func (s *Service) Settle(ctx context.Context, v access.Viewer, session id.Session, settled bool) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.SetAftermath).Alone(), func(tx *database.Tx) error {
		store := newStore(tx)
		stored, err := store.live(v.Patient, session)
		if err != nil {
			return err
		}
		if tx.Now().Sub(stored.ReceivedAt) > EditWindow {
			return ErrEditWindowClosed
		}
		changed, err := store.settle(v.Patient, session, settled)
		if err != nil || !changed {
			return err
		}
		history, err := program.HistoryOf(tx, v.Patient)
		if err != nil {
			return err
		}
		return s.notify(tx, Change{Patient: v.Patient, History: history, Settled: &stored})
	})
}

// AddNote adds a note about an error in a session that can no longer be corrected.
func (s *Service) AddNote(
	ctx context.Context, v access.Viewer, session id.Session, note id.Note, text string,
) (Session, bool, error) {
	ask := v.AsksOwn(access.AddCorrectionNote).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Session, bool, error) {
		store := newStore(tx)
		stored, err := store.live(v.Patient, session)
		if err != nil {
			return Session{}, false, err
		}
		if tx.Now().Sub(stored.ReceivedAt) <= EditWindow {
			return Session{}, false, ErrStillEditable
		}
		created, err := store.addNote(v.Patient, session, note, text)
		if err != nil {
			return Session{}, false, err
		}
		noted, err := store.live(v.Patient, session)
		return noted, created, err
	})
}

func (s *Service) notify(tx *database.Tx, c Change) error {
	for _, observer := range s.observers {
		if err := observer.SessionChanged(tx, c); err != nil {
			return err
		}
	}
	return nil
}

// Mine returns one of the viewer's sessions.
func (s *Service) Mine(ctx context.Context, v access.Viewer, session id.Session) (Session, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.GetMySession), func(tx *database.Tx) (Session, error) {
		mine, err := newStore(tx).live(v.Patient, session)
		if err != nil {
			return Session{}, err
		}
		return s.advised(tx, mine)
	})
}

// ListMine returns a page of the viewer's sessions, latest first.
func (s *Service) ListMine(ctx context.Context, v access.Viewer, f Filter) ([]Session, error) {
	return s.list(ctx, v.AsksOwn(access.ListMySessions), v.Patient, f)
}

// List returns a page of a patient's sessions, latest first.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient, f Filter) ([]Session, error) {
	return s.list(ctx, v.Asks(access.ListPatientSessions, patient), patient, f)
}

func (s *Service) list(ctx context.Context, ask access.Request, patient id.Patient, f Filter) ([]Session, error) {
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) ([]Session, error) {
		return newStore(tx).list(patient, f)
	})
}
