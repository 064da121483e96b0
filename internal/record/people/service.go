package people

import (
	"context"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/pkg/localtime"
)

// Observer is notified of changes that others must act on, in the same transaction.
type Observer interface {
	// PatientChanged is called after a change of zone, reminder wishes, phase or push registration.
	PatientChanged(tx *database.Tx, patient id.Patient) error
}

// Service implements the use cases of this package.
type Service struct {
	guard     *access.Guard
	passwords *auth.Passwords
	observers []Observer
}

// NewService returns the service. It notifies observers in the given order.
func NewService(guard *access.Guard, passwords *auth.Passwords, observers ...Observer) *Service {
	return &Service{guard: guard, passwords: passwords, observers: observers}
}

func (s *Service) notify(tx *database.Tx, patient id.Patient) error {
	for _, observer := range s.observers {
		if err := observer.PatientChanged(tx, patient); err != nil {
			return err
		}
	}
	return nil
}

// CreateMember adds a member to the viewer's practice.
func (s *Service) CreateMember(ctx context.Context, v access.Viewer, n NewMember) (Member, bool, error) {
	hash, err := s.passwords.Hash(ctx, n.Password)
	if err != nil {
		return Member{}, false, err
	}
	return access.Create(ctx, s.guard, v.Enters(access.CreateMember), func(tx *database.Tx) (Member, bool, error) {
		return newStore(tx).insertMember(v.Practice, n, hash)
	})
}

// Members lists the members of the viewer's practice.
func (s *Service) Members(ctx context.Context, v access.Viewer) ([]Member, error) {
	return access.Read(ctx, s.guard, v.Enters(access.ListMembers), func(tx *database.Tx) ([]Member, error) {
		return newStore(tx).members(v.Practice)
	})
}

// Self is the viewer's own account.
type Self struct {
	Patient      *Patient
	Member       *Member
	PracticeName string
}

// Self returns the viewer's own account.
func (s *Service) Self(ctx context.Context, v access.Viewer) (Self, error) {
	return access.Read(ctx, s.guard, v.Enters(access.GetMe), func(tx *database.Tx) (Self, error) {
		store := newStore(tx)
		name, err := store.practiceName(v.Practice)
		if err != nil {
			return Self{}, err
		}
		if v.Role == access.Patient {
			p, err := ByID(tx, v.Patient)
			return Self{PracticeName: name, Patient: &p}, err
		}
		m, err := store.member(v.Practice, v.Member)
		return Self{PracticeName: name, Member: &m}, err
	})
}

// CreatePatient registers a patient in the viewer's practice. A therapist who registers a patient also treats them.
func (s *Service) CreatePatient(ctx context.Context, v access.Viewer, n NewPatient) (Patient, bool, error) {
	return access.Create(ctx, s.guard, v.Enters(access.CreatePatient), func(tx *database.Tx) (Patient, bool, error) {
		if err := n.validate(tx.Now()); err != nil {
			return Patient{}, false, err
		}
		created, err := newStore(tx).insertPatient(v.Practice, n)
		if err != nil {
			return Patient{}, false, err
		}
		if created && v.Role == access.Therapist {
			if err := newStore(tx).assign(n.ID, v.Member); err != nil {
				return Patient{}, false, err
			}
		}
		if created {
			live.Announce(tx, live.Person, n.ID)
		}
		p, err := s.shown(tx, v, n.ID)
		return p, created, err
	})
}

// Patient returns one patient.
func (s *Service) Patient(ctx context.Context, v access.Viewer, patient id.Patient) (Patient, error) {
	return access.Read(ctx, s.guard, v.Asks(access.GetPatient, patient), func(tx *database.Tx) (Patient, error) {
		return WithTherapists(tx, patient)
	})
}

// shown returns a patient after a change, if the viewer may see them.
func (s *Service) shown(tx *database.Tx, v access.Viewer, patient id.Patient) (Patient, error) {
	if err := s.guard.Admit(tx, v.Asks(access.GetPatient, patient)); err != nil {
		return Patient{}, err
	}
	return WithTherapists(tx, patient)
}

// WithTherapists returns a patient, including who treats them.
func WithTherapists(tx *database.Tx, patient id.Patient) (Patient, error) {
	p, err := ByID(tx, patient)
	if err != nil {
		return Patient{}, err
	}
	p.Therapists, err = newStore(tx).therapists(patient)
	return p, err
}

// SetPhase moves a patient between treatment and prevention.
func (s *Service) SetPhase(ctx context.Context, v access.Viewer, patient id.Patient, phase Phase) (Patient, error) {
	return access.Write(ctx, s.guard, v.Asks(access.SetPhase, patient), func(tx *database.Tx) (Patient, error) {
		if err := newStore(tx).setPhase(patient, phase); err != nil {
			return Patient{}, err
		}
		if err := s.notify(tx, patient); err != nil {
			return Patient{}, err
		}
		return s.shown(tx, v, patient)
	})
}

// MoveTo moves a patient between treatment and prevention in the caller's transaction. The caller has checked the
// viewer. Nobody is notified if the patient is already in that phase.
func (s *Service) MoveTo(tx *database.Tx, patient id.Patient, phase Phase) error {
	p, err := ByID(tx, patient)
	if err != nil || p.Phase == phase {
		return err
	}
	if err := newStore(tx).setPhase(patient, phase); err != nil {
		return err
	}
	return s.notify(tx, patient)
}

// Assign starts a treatment relationship with a therapist of the same practice. Repeating it changes nothing.
func (s *Service) Assign(ctx context.Context, v access.Viewer, patient id.Patient, therapist id.Member) error {
	return access.Change(ctx, s.guard, v.Asks(access.AssignTherapist, patient), func(tx *database.Tx) error {
		store := newStore(tx)
		m, err := store.member(v.Practice, therapist)
		if err != nil {
			return err
		}
		if m.Role != access.Therapist {
			return ErrNotFound
		}
		live.Announce(tx, live.Person, patient)
		return store.assign(patient, therapist)
	})
}

// Unassign ends a treatment relationship. Repeating it changes nothing.
func (s *Service) Unassign(ctx context.Context, v access.Viewer, patient id.Patient, therapist id.Member) error {
	return access.Change(ctx, s.guard, v.Asks(access.UnassignTherapist, patient), func(tx *database.Tx) error {
		live.Announce(tx, live.Person, patient)
		return newStore(tx).unassign(patient, therapist)
	})
}

// Watched returns which patients a member gets events about: those of the caseload, single patients, or both. A single
// patient who is not theirs is NotFound.
func (s *Service) Watched(
	ctx context.Context, v access.Viewer, caseload bool, single []id.Patient,
) (map[id.Patient]bool, error) {
	return access.Read(ctx, s.guard, v.Enters(access.StreamEvents), func(tx *database.Tx) (map[id.Patient]bool, error) {
		seen := map[id.Patient]bool{}
		for _, patient := range single {
			if err := s.guard.Admit(tx, v.Asks(access.GetPatient, patient)); err != nil {
				return nil, err
			}
			seen[patient] = true
		}
		if !caseload {
			return seen, nil
		}
		patients, err := InScope(tx, v, access.GetCaseload)
		for _, p := range patients {
			seen[p.ID] = true
		}
		return seen, err
	})
}

// Preferences returns the viewer's own settings.
func (s *Service) Preferences(ctx context.Context, v access.Viewer) (Preferences, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.GetPreferences), func(tx *database.Tx) (Preferences, error) {
		patient, err := ByID(tx, v.Patient)
		return patient.Preferences(), err
	})
}

// Version identifies the content, for conditional writes.
func (p Preferences) Version() string {
	return database.BodyHash(p.hashed())
}

// SetPreferences replaces the viewer's settings. Based is the last-read Version: without it the result is
// ErrUnconditional, with another one ErrStale, unless the settings are already the same.
func (s *Service) SetPreferences(ctx context.Context, v access.Viewer, wanted Preferences, based string) error {
	if err := wanted.validate(); err != nil {
		return err
	}
	return access.Change(ctx, s.guard, v.AsksOwn(access.PutPreferences), func(tx *database.Tx) error {
		patient, err := ByID(tx, v.Patient)
		if err != nil {
			return err
		}
		current := patient.Preferences()
		switch {
		case current.Version() == wanted.Version():
			return nil
		case based == "":
			return ErrUnconditional
		case based != current.Version():
			return ErrStale
		}
		if err := newStore(tx).savePreferences(patient.with(wanted, tx.Now())); err != nil {
			return err
		}
		return s.notify(tx, v.Patient)
	})
}

// MoveAnchor sets the time of day at which a patient plans to exercise, in the transaction that stores a plan with that
// time. The caller checks whether the viewer may do so.
func (s *Service) MoveAnchor(tx *database.Tx, patient id.Patient, at localtime.TimeOfDay) error {
	p, err := ByID(tx, patient)
	if err != nil || p.Reminders.Anchor == at {
		return err
	}
	wanted := p.Preferences()
	wanted.Reminders.Anchor = at
	if err := newStore(tx).savePreferences(p.with(wanted, tx.Now())); err != nil {
		return err
	}
	return s.notify(tx, patient)
}

// Devices lists the viewer's phones.
func (s *Service) Devices(ctx context.Context, v access.Viewer) ([]Device, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListMyDevices), func(tx *database.Tx) ([]Device, error) {
		return newStore(tx).devices(v.Patient)
	})
}

// RegisterPush sets where messages for one of the viewer's phones go. It takes the address away from any other phone:
// on a shared phone a token outlives the log-out, and would show one patient's reminders to another. The target's zone,
// which may be empty, is where the phone is; it decides the time of reminders. Days of adherence follow the home zone.
func (s *Service) RegisterPush(ctx context.Context, v access.Viewer, target PushTarget) error {
	if _, err := localtime.LoadZone(target.Zone); target.Zone != "" && err != nil {
		return fault.Input(fault.Violation{Pointer: "/time_zone", Code: "unknown-time-zone"})
	}
	return access.Change(ctx, s.guard, v.AsksOwn(access.PutPushRegistration), func(tx *database.Tx) error {
		if err := newStore(tx).registerPush(v.Patient, target); err != nil {
			return err
		}
		return s.notify(tx, v.Patient)
	})
}

// UnregisterPush stops messages to one of the viewer's phones.
func (s *Service) UnregisterPush(ctx context.Context, v access.Viewer, device id.Device) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.DeletePushRegistration), func(tx *database.Tx) error {
		return newStore(tx).registerPush(v.Patient, PushTarget{Device: device})
	})
}

// InCare returns the patients in the viewer's list by id, for pages that show their names.
func (s *Service) InCare(ctx context.Context, v access.Viewer) (map[id.Patient]Patient, error) {
	ask := v.InScope(access.GetCaseload)
	return access.Read(ctx, s.guard, ask, func(tx *database.Tx) (map[id.Patient]Patient, error) {
		list, err := InScope(tx, v, access.GetCaseload)
		patients := make(map[id.Patient]Patient, len(list))
		for _, p := range list {
			patients[p.ID] = p
		}
		return patients, err
	})
}
