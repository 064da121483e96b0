package people

import (
	"context"
	"errors"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/live"
	"cadans/pkg/localtime"
)

// Observer hears of changes that others have to act on, inside the same transaction.
type Observer interface {
	// PatientChanged follows a change of zone, wishes, phase or push registration.
	PatientChanged(tx *database.Tx, patient id.Patient) error
}

// Service is the use cases of this package.
type Service struct {
	db        *database.DB
	policy    *access.Policy
	passwords *auth.Passwords
	observers []Observer
}

// NewService returns the service; observers are told in this order.
func NewService(db *database.DB, policy *access.Policy, passwords *auth.Passwords, observers ...Observer) *Service {
	return &Service{db: db, policy: policy, passwords: passwords, observers: observers}
}

func (s *Service) notify(tx *database.Tx, patient id.Patient) error {
	for _, observer := range s.observers {
		if err := observer.PatientChanged(tx, patient); err != nil {
			return err
		}
	}
	return nil
}

// CreatePractice stores a practice with its first admin; for the command line only.
func (s *Service) CreatePractice(ctx context.Context, practice id.Practice, name string, admin NewMember) error {
	return s.createPractice(ctx, practice, name, admin, func(*database.Tx) error { return nil })
}

// SetUp is CreatePractice for whoever holds the key of the set-up link, while there is no practice; see auth.NewSetup.
func (s *Service) SetUp(ctx context.Context, key string, practice id.Practice, name string, admin NewMember) error {
	if err := s.db.Read(ctx, func(tx *database.Tx) error { return auth.CheckSetup(tx, key) }); err != nil {
		return err
	}
	return s.createPractice(ctx, practice, name, admin, func(tx *database.Tx) error {
		if empty, err := isEmpty(tx); err != nil || !empty {
			return errors.Join(err, auth.ErrSetup)
		}
		return auth.UseSetup(tx, key)
	})
}

// IsEmpty reports whether there is no practice yet.
func (s *Service) IsEmpty(ctx context.Context) (empty bool, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		empty, err = isEmpty(tx)
		return err
	})
	return empty, err
}

// HasMembers reports whether anybody could sign in.
func HasMembers(ctx context.Context, db *database.DB) (has bool, err error) {
	err = db.Read(ctx, func(tx *database.Tx) error {
		return tx.Value(&has, "SELECT EXISTS (SELECT 1 FROM members)")
	})
	return has, err
}

func isEmpty(tx *database.Tx) (bool, error) {
	n := 0
	err := tx.Value(&n, "SELECT count(*) FROM practices")
	return n == 0, err
}

func (s *Service) createPractice(
	ctx context.Context, practice id.Practice, name string, admin NewMember, allowed func(*database.Tx) error,
) error {
	hash, err := s.passwords.Hash(ctx, admin.Password)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
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

// CreateMember adds a member to the viewer's practice.
func (s *Service) CreateMember(ctx context.Context, v access.Viewer, n NewMember) (m Member, created bool, err error) {
	hash, err := s.passwords.Hash(ctx, n.Password)
	if err != nil {
		return Member{}, false, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		m, created, err = newStore(tx).insertMember(v.Practice, n, hash)
		return err
	})
	return m, created, err
}

// Members lists who works for the viewer's practice.
func (s *Service) Members(ctx context.Context, v access.Viewer) (members []Member, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		members, err = newStore(tx).members(v.Practice)
		return err
	})
	return members, err
}

// Self is the viewer's own account.
type Self struct {
	Patient      *Patient
	Member       *Member
	PracticeName string
}

// Self returns the viewer's own account.
func (s *Service) Self(ctx context.Context, v access.Viewer) (self Self, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		store := newStore(tx)
		if self.PracticeName, err = store.practiceName(v.Practice); err != nil {
			return err
		}
		if v.Role == access.Patient {
			p, err := ByID(tx, v.Patient)
			self.Patient = &p
			return err
		}
		m, err := store.member(v.Practice, v.Member)
		self.Member = &m
		return err
	})
	return self, err
}

// CreatePatient registers a patient in the viewer's practice; a therapist who does so treats the patient.
func (s *Service) CreatePatient(
	ctx context.Context, v access.Viewer, n NewPatient,
) (p Patient, created bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := n.validate(tx.Now()); err != nil {
			return err
		}
		store := newStore(tx)
		if created, err = store.insertPatient(v.Practice, n); err != nil {
			return err
		}
		if created && v.Role == access.Therapist {
			if err := store.assign(n.ID, v.Member); err != nil {
				return err
			}
		}
		if created {
			live.Announce(tx, live.Person, n.ID)
		}
		p, err = s.visible(tx, v, access.GetPatient, n.ID)
		return err
	})
	return p, created, err
}

// Patient returns one patient.
func (s *Service) Patient(ctx context.Context, v access.Viewer, patient id.Patient) (p Patient, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		p, err = s.visible(tx, v, access.GetPatient, patient)
		return err
	})
	return p, err
}

func (s *Service) visible(tx *database.Tx, v access.Viewer, op access.Operation, patient id.Patient) (Patient, error) {
	if err := s.policy.Check(tx, v, op, patient); err != nil {
		return Patient{}, err
	}
	p, err := ByID(tx, patient)
	if err != nil {
		return Patient{}, err
	}
	p.Therapists, err = newStore(tx).therapists(patient)
	return p, err
}

// SetPhase moves a patient between treatment and prevention.
func (s *Service) SetPhase(
	ctx context.Context, v access.Viewer, patient id.Patient, phase Phase,
) (p Patient, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.SetPhase, patient); err != nil {
			return err
		}
		if err := newStore(tx).setPhase(patient, phase); err != nil {
			return err
		}
		if err := s.notify(tx, patient); err != nil {
			return err
		}
		p, err = s.visible(tx, v, access.GetPatient, patient)
		return err
	})
	return p, err
}

// MoveTo moves a patient between treatment and prevention inside a transaction of the caller.
func MoveTo(tx *database.Tx, patient id.Patient, phase Phase) error {
	return newStore(tx).setPhase(patient, phase)
}

// Assign starts a treatment relation with a therapist of the same practice; repeating it changes nothing.
func (s *Service) Assign(ctx context.Context, v access.Viewer, patient id.Patient, therapist id.Member) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.AssignTherapist, patient); err != nil {
			return err
		}
		store := newStore(tx)
		m, err := store.member(v.Practice, therapist)
		if err != nil {
			return err
		}
		if m.Role != access.Therapist {
			return ErrNotFound
		}
		if err := store.assign(patient, therapist); err != nil {
			return err
		}
		live.Announce(tx, live.Person, patient)
		return nil
	})
}

// Unassign ends a treatment relation; repeating it changes nothing.
func (s *Service) Unassign(ctx context.Context, v access.Viewer, patient id.Patient, therapist id.Member) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.UnassignTherapist, patient); err != nil {
			return err
		}
		if err := newStore(tx).unassign(patient, therapist); err != nil {
			return err
		}
		live.Announce(tx, live.Person, patient)
		return nil
	})
}

// Watched returns which patients a member hears of who looks at the caseload, at single patients, or both. A single one
// that is not theirs is NotFound.
func (s *Service) Watched(
	ctx context.Context, v access.Viewer, caseload bool, single []id.Patient,
) (seen map[id.Patient]bool, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		seen = map[id.Patient]bool{}
		for _, patient := range single {
			if err := s.policy.Check(tx, v, access.GetPatient, patient); err != nil {
				return err
			}
			seen[patient] = true
		}
		if !caseload {
			return nil
		}
		patients, err := InScope(tx, v, access.GetCaseload)
		for _, p := range patients {
			seen[p.ID] = true
		}
		return err
	})
	return seen, err
}

// Preferences returns the viewer's own settings.
func (s *Service) Preferences(ctx context.Context, v access.Viewer) (p Preferences, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.GetPreferences, v.Patient); err != nil {
			return err
		}
		patient, err := ByID(tx, v.Patient)
		p = patient.Preferences()
		return err
	})
	return p, err
}

// Version identifies the content, so that a write can say what it is based on.
func (p Preferences) Version() string {
	p.Reminders.Windows = append([]localtime.Window(nil), p.Reminders.Windows...) // none is none, however it came
	return database.BodyHash(p)
}

// SetPreferences replaces the viewer's settings. Based is the Version last read: without it ErrUnconditional, with
// another one ErrStale, unless the settings are already what is asked for.
func (s *Service) SetPreferences(ctx context.Context, v access.Viewer, wanted Preferences, based string) error {
	if err := wanted.validate(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.PutPreferences, v.Patient); err != nil {
			return err
		}
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

// MoveAnchor makes a time of day the one at which a patient plans to exercise, inside the transaction of a plan that
// says so. Whether the viewer may is the caller's question.
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
func (s *Service) Devices(ctx context.Context, v access.Viewer) (devices []Device, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.ListMyDevices, v.Patient); err != nil {
			return err
		}
		devices, err = newStore(tx).devices(v.Patient)
		return err
	})
	return devices, err
}

// RegisterPush says where messages for one of the viewer's phones go. The address moves here from any other phone:
// on a shared phone a token outlives the log-out, and the reminder of one patient would show up
// for another. The target's zone is where the phone is, for the moments of reminders; days of
// adherence keep the home zone. It may be empty.
func (s *Service) RegisterPush(ctx context.Context, v access.Viewer, target PushTarget) error {
	if _, err := localtime.LoadZone(target.Zone); target.Zone != "" && err != nil {
		return fault.Input(fault.Violation{Pointer: "/time_zone", Code: "unknown-time-zone"})
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.PutPushRegistration, v.Patient); err != nil {
			return err
		}
		if err := newStore(tx).registerPush(v.Patient, target); err != nil {
			return err
		}
		return s.notify(tx, v.Patient)
	})
}

// UnregisterPush stops messages for one of the viewer's phones.
func (s *Service) UnregisterPush(ctx context.Context, v access.Viewer, device id.Device) error {
	return s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.DeletePushRegistration, v.Patient); err != nil {
			return err
		}
		return newStore(tx).registerPush(v.Patient, PushTarget{Device: device})
	})
}

// InCare returns the patients of the viewer's list by id, for pages that name them.
func (s *Service) InCare(ctx context.Context, v access.Viewer) (patients map[id.Patient]Patient, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		list, err := InScope(tx, v, access.GetCaseload)
		patients = make(map[id.Patient]Patient, len(list))
		for _, p := range list {
			patients[p.ID] = p
		}
		return err
	})
	return patients, err
}
