package intake

import (
	"context"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// ErrNone means that the patient has not submitted an intake.
var ErrNone = fault.New(fault.Conflict, "intake-missing", "the patient has not submitted an intake")

// Intake is a submission. SubmittedBy is empty when the patient submitted it.
type Intake struct {
	ID          id.Intake
	Patient     id.Patient
	Number      int
	Answers     Answers
	SubmittedOn localtime.Date
	SubmittedAt time.Time
	SubmittedBy id.Member
}

// Draft is an intake that is being filled in. SavedAt is zero before the first answer.
type Draft struct {
	Answers Answers
	SavedAt time.Time
	DueOn   localtime.Date // zero means due now, because there is no intake yet
	Last    *Intake
}

// repeats are the days after the first intake at which it is repeated; after the last one, every threeMonths.
var repeats = []int{4 * 7, 8 * 7, 12 * 7}

const threeMonths = 13 * 7

// DueOn returns when the intake after the last one is due, counted from the first: after 4, 8 and 12 weeks, then every
// 13 weeks.
func DueOn(first, last localtime.Date) localtime.Date {
	for _, days := range repeats {
		if due := first.AddDays(days); due.After(last) {
			return due
		}
	}
	due := first.AddDays(repeats[len(repeats)-1])
	for !due.After(last) {
		due = due.AddDays(threeMonths)
	}
	return due
}

// What patients do for themselves, and therapists for them.
var (
	reading    = access.Operations{Own: access.GetMyIntake, Others: access.GetPatientIntake}
	saving     = access.Operations{Own: access.SaveMyIntake, Others: access.SavePatientIntake}
	submitting = access.Operations{Own: access.SubmitMyIntake, Others: access.SubmitPatientIntake}
)

// Service implements the use cases of this package.
type Service struct {
	guard *access.Guard
	gate  *safety.Gate
	// observers are notified of check-ins and intakes.
	observers []Observer
}

// NewService returns the service.
func NewService(guard *access.Guard, gate *safety.Gate, observers ...Observer) *Service {
	return &Service{guard: guard, gate: gate, observers: observers}
}

// Draft returns the answers saved for a patient since the last submission.
func (s *Service) Draft(ctx context.Context, v access.Viewer, patient id.Patient) (Draft, error) {
	return access.Read(ctx, s.guard, v.Asks(reading.For(v), patient), func(tx *database.Tx) (Draft, error) {
		return draftOf(tx, patient)
	})
}

func draftOf(tx *database.Tx, patient id.Patient) (Draft, error) {
	store := newStore(tx)
	d, err := store.draft(patient)
	if err != nil {
		return d, err
	}
	all, err := store.intakes(patient)
	if err != nil || len(all) == 0 {
		return d, err
	}
	d.Last = &all[len(all)-1]
	d.DueOn = DueOn(all[0].SubmittedOn, d.Last.SubmittedOn)
	return d, nil
}

// Save replaces the draft. Answers may be missing, but not impossible.
func (s *Service) Save(ctx context.Context, v access.Viewer, patient id.Patient, a Answers) (Draft, error) {
	if err := fault.Input(a.check()...); err != nil {
		return Draft{}, err
	}
	return access.Write(ctx, s.guard, v.Asks(saving.For(v), patient), func(tx *database.Tx) (Draft, error) {
		if err := newStore(tx).saveDraft(patient, a); err != nil {
			return Draft{}, err
		}
		return draftOf(tx, patient)
	})
}

// Submitted is an intake with the verdict of the safety gate.
type Submitted struct {
	Intake
	Verdict safety.Verdict
}

// Submit makes the draft the patient's next intake and empties the draft. It names all missing answers. The safety gate
// sees the answers in the same transaction. Repeating it with the same id returns what is stored.
func (s *Service) Submit(
	ctx context.Context, v access.Viewer, patient id.Patient, intake id.Intake,
) (Submitted, bool, error) {
	ask := v.Asks(submitting.For(v), patient).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Submitted, bool, error) {
		return s.submit(tx, v, patient, intake)
	})
}

func (s *Service) submit(
	tx *database.Tx, v access.Viewer, patient id.Patient, intake id.Intake,
) (Submitted, bool, error) {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return Submitted{}, false, err
	}
	store := newStore(tx)
	all, err := store.intakes(patient)
	if err != nil {
		return Submitted{}, false, err
	}
	for _, stored := range all {
		if stored.ID == intake {
			done, err := stored.screened(tx, p)
			return done, false, err
		}
	}
	draft, err := store.draft(patient)
	if err != nil {
		return Submitted{}, false, err
	}
	if err := draft.Answers.Complete(); err != nil {
		return Submitted{}, false, err
	}
	done := Submitted{Intake: Intake{
		ID: intake, Patient: patient, Number: len(all) + 1, Answers: draft.Answers, SubmittedOn: p.Today(tx.Now()),
		SubmittedAt: tx.Now(), SubmittedBy: v.Member,
	}}
	if err := store.insert(done.Intake); err != nil {
		return Submitted{}, false, err
	}
	if done.Verdict, err = s.screen(tx, p, done.Intake); err != nil {
		return Submitted{}, false, err
	}
	return done, true, s.tell(tx, patient, done.SubmittedOn)
}

// MoodKind is the kind of the alert about a PHQ-2 of 3 or more.
const MoodKind alert.Kind = "mood"

func (s *Service) screen(tx *database.Tx, p people.Patient, intake Intake) (safety.Verdict, error) {
	answers, err := intake.forGate(tx, p)
	if err != nil {
		return safety.Verdict{}, err
	}
	verdict, err := s.gate.Admit(tx, p, safety.FromIntake, string(intake.ID), answers)
	if err != nil {
		return verdict, err
	}
	score := intake.Answers.PHQ2()
	if score < MoodAlert {
		return verdict, nil
	}
	return verdict, RaiseMood(tx, p.ID, "intake.mood", score, intake.SubmittedOn)
}

// RaiseMood tells the therapist of a low mood, wherever it was asked: the key's text names the score and its day.
func RaiseMood(tx *database.Tx, patient id.Patient, key string, score int, on localtime.Date) error {
	return alert.Raise(tx, patient, alert.Raised{
		Kind: MoodKind, Urgency: alert.Today, RuleVersion: safety.RuleVersion,
		Pair: words.KeepAs(func(l words.Language) string {
			return l.Say(key, "score", score, "day", l.Date(on))
		}),
	})
}

// List returns every intake of a patient, oldest first, with the verdict of the current rules.
func (s *Service) List(ctx context.Context, v access.Viewer, patient id.Patient) ([]Submitted, error) {
	return access.Read(ctx, s.guard, v.Asks(access.ListIntakes, patient), func(tx *database.Tx) ([]Submitted, error) {
		p, err := people.ByID(tx, patient)
		if err != nil {
			return nil, err
		}
		intakes, err := newStore(tx).intakes(patient)
		if err != nil {
			return nil, err
		}
		var all []Submitted
		for _, i := range intakes {
			submitted, err := i.screened(tx, p)
			if err != nil {
				return nil, err
			}
			all = append(all, submitted)
		}
		return all, nil
	})
}

// screened runs the safety gate on a stored intake again, without raising anything.
func (i Intake) screened(tx *database.Tx, p people.Patient) (Submitted, error) {
	answers, err := i.forGate(tx, p)
	return Submitted{Intake: i, Verdict: safety.Screen(answers)}, err
}

func (i Intake) forGate(tx *database.Tx, p people.Patient) (safety.Answers, error) {
	set, err := settings.Of(tx, p.Practice)
	year, _, _ := i.SubmittedOn.Date()
	return i.Answers.ForGate(p, year, set), err
}

// Of returns a patient's intakes in order. The caller checks whether the viewer may see them.
func Of(tx *database.Tx, patient id.Patient) ([]Intake, error) { return newStore(tx).intakes(patient) }

// LatestOf returns a patient's last intake, or ErrNone. The caller checks whether the viewer may see it.
func LatestOf(tx *database.Tx, patient id.Patient) (Intake, error) {
	latest, err := newStore(tx).list(patient, selectIntakes+" ORDER BY number DESC LIMIT 1", patient)
	if err == nil && len(latest) == 0 {
		err = ErrNone
	}
	if err != nil {
		return Intake{}, err
	}
	return latest[0], nil
}
