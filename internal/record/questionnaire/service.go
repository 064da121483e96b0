package questionnaire

import (
	"context"
	"maps"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// Errors of this package.
var (
	ErrUnknown    = fault.New(fault.NotFound, "not-found", "no such questionnaire")
	ErrTaskClosed = fault.New(fault.Conflict, "task-closed", "no such task is open")
)

// Score is one measurement, in tenths. Task is empty for an imported score, StoredBy for one that the patient answered.
// Answers of an imported score are its parts, as far as they were given.
type Score struct {
	ID         id.Score
	Instrument string
	Version    string
	Date       localtime.Date
	Task       string
	Tenths     int
	Min, Max   int
	Direction  Direction
	Source     string
	Answers    map[string]int
	StoredAt   time.Time
	StoredBy   id.Member
}

// Service implements the use cases of this package.
type Service struct {
	guard     *access.Guard
	observers []Observer
}

// Observer is notified of a score in the transaction that stores it.
type Observer interface {
	Scored(tx *database.Tx, patient id.Patient, score Score) error
}

// NewService returns the service.
func NewService(guard *access.Guard, observers ...Observer) *Service {
	return &Service{guard: guard, observers: observers}
}

// stored tells of a new score, and raises what it calls for.
func (s *Service) stored(tx *database.Tx, patient id.Patient, score Score) error {
	for _, o := range s.observers {
		if err := o.Scored(tx, patient, score); err != nil {
			return err
		}
	}
	return raiseMood(tx, patient, score)
}

// IsPain reports whether a score is an NPRS, by its name and its scale.
func (s Score) IsPain() bool {
	form, known := s.form()
	return known && form.Key == pain().Key
}

// Tasks returns what is due for the viewer today.
func (s *Service) Tasks(ctx context.Context, v access.Viewer) ([]Task, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListQuestionnaireTasks), func(tx *database.Tx) ([]Task, error) {
		tasks, _, err := due(tx, v.Patient)
		return tasks, err
	})
}

// Pending tells reminders which questionnaires await an answer.
type Pending struct{}

// Waiting returns how many questionnaires await an answer, and since when the latest of them is due.
func (Pending) Waiting(tx *database.Tx, patient id.Patient) (int, localtime.Date, error) {
	tasks, _, err := due(tx, patient)
	var dueOn localtime.Date
	for _, t := range tasks {
		if dueOn.IsZero() || t.DueOn.After(dueOn) {
			dueOn = t.DueOn
		}
	}
	return len(tasks), dueOn, err
}

func due(tx *database.Tx, patient id.Patient) ([]Task, people.Patient, error) {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return nil, p, err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return nil, p, err
	}
	scores, err := newStore(tx).list(patient)
	if err != nil {
		return nil, p, err
	}
	answered, today := map[string]bool{}, p.Today(tx.Now())
	for _, score := range scores {
		answered[score.Task] = true
	}
	tasks := Tasks(history.Start(), today, answered)
	low, err := lowDay(tx, patient, today)
	if err != nil || low.IsZero() || !needsMood(scores, tasks, today) {
		return tasks, p, err
	}
	return append(tasks, moodTask(low)), p, nil
}

// lowDay returns the first recent day on which the patient was too tired or low to exercise, or zero.
func lowDay(tx *database.Tx, patient id.Patient, today localtime.Date) (localtime.Date, error) {
	reports, err := barrier.Since(tx, patient, today.AddDays(1-moodOpen))
	var first localtime.Date
	for _, r := range reports {
		if r.Barrier == barrier.Fatigue && (first.IsZero() || r.LocalDate.Before(first)) {
			first = r.LocalDate
		}
	}
	return first, err
}

// Answer scores the viewer's answers to a task that is due. Repeating it returns what is stored.
func (s *Service) Answer(
	ctx context.Context, v access.Viewer, response id.Score, task string, answers map[string]int,
) (Score, bool, error) {
	ask := v.AsksOwn(access.AnswerQuestionnaire).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (Score, bool, error) {
		hash := database.BodyHash([]any{task, answers})
		if stored, err := newStore(tx).repeated(v.Patient, response, hash); stored.ID != "" || err != nil {
			return stored, false, err
		}
		tasks, p, err := due(tx, v.Patient)
		if err != nil {
			return Score{}, false, err
		}
		score, err := answer(tasks, task, answers)
		if err != nil {
			return Score{}, false, err
		}
		score.ID, score.Date, score.StoredAt = response, p.Today(tx.Now()), tx.Now()
		if err := newStore(tx).insert(v.Patient, score, hash); err != nil {
			return Score{}, false, err
		}
		return score, true, s.stored(tx, v.Patient, score)
	})
}

func answer(tasks []Task, task string, answers map[string]int) (Score, error) {
	for _, t := range tasks {
		if t.Key != task {
			continue
		}
		d, _ := Find(t.Questionnaire)
		tenths, err := d.Score(answers)
		return Score{
			Instrument: d.Key,
			Version:    d.Version,
			Task:       task,
			Tenths:     tenths,
			Min:        d.Scale().Min,
			Max:        d.Scale().Max,
			Direction:  d.Direction,
			Source:     "app",
			Answers:    answers,
		}, err
	}
	return Score{}, ErrTaskClosed
}

// Import stores a score of an instrument that was completed elsewhere. Repeating it returns what is stored.
func (s *Service) Import(
	ctx context.Context, v access.Viewer, patient id.Patient, score Score,
) (Score, bool, error) {
	if err := score.check(); err != nil {
		return Score{}, false, err
	}
	return access.Create(ctx, s.guard, v.Asks(access.ImportScore, patient), func(tx *database.Tx) (Score, bool, error) {
		hash := score.hash()
		if stored, err := newStore(tx).repeated(patient, score.ID, hash); stored.ID != "" || err != nil {
			return stored, false, err
		}
		score.StoredAt, score.StoredBy = tx.Now(), v.Member
		if err := setRisk(tx, patient, score); err != nil {
			return Score{}, false, err
		}
		if err := newStore(tx).insert(patient, score, hash); err != nil {
			return Score{}, false, err
		}
		return score, true, s.stored(tx, patient, score)
	})
}

// hash identifies what was imported. Parts are in it only where there are any:
// otherwise it is that of earlier versions.
func (s Score) hash() string {
	body := []any{s.Instrument, s.Version, s.Date, s.Tenths, s.Min, s.Max, s.Direction, s.Source}
	if len(s.Answers) > 0 {
		body = append(body, s.Answers)
	}
	return database.BodyHash(body)
}

func (s Score) check() error {
	var wrong []fault.Violation
	if s.Max <= s.Min {
		wrong = append(wrong, fault.Violation{Pointer: "/max", Code: "out-of-range"})
	}
	if s.Tenths < s.Min || s.Tenths > s.Max {
		wrong = append(wrong, fault.Violation{Pointer: "/score", Code: "out-of-range"})
	}
	return fault.Input(append(wrong, s.checkParts()...)...)
}

// checkParts refuses parts that the instrument does not have, and those that are out of range.
func (s Score) checkParts() (wrong []fault.Violation) {
	var d Definition
	if forms := formsOf(s.Instrument); len(forms) > 0 {
		d = forms[0]
	}
	for _, key := range slices.Sorted(maps.Keys(s.Answers)) {
		i := slices.IndexFunc(d.Items, func(i Item) bool { return i.Key == key })
		switch {
		case i < 0:
			wrong = append(wrong, fault.Violation{Pointer: "/parts/" + key, Code: "unknown-field"})
		case s.Answers[key] < d.Items[i].Min || s.Answers[key] > d.Items[i].Max:
			wrong = append(wrong, fault.Violation{Pointer: "/parts/" + key, Code: "out-of-range"})
		}
	}
	return wrong
}

// Measured is a score with what its change means.
type Measured struct {
	Score
	Judgement
}

// Scores returns every measurement of a patient, oldest first, each with its change.
func (s *Service) Scores(ctx context.Context, v access.Viewer, patient id.Patient) ([]Measured, error) {
	return access.Read(ctx, s.guard, v.Asks(access.ListScores, patient), func(tx *database.Tx) ([]Measured, error) {
		scores, err := newStore(tx).list(patient)
		if err != nil {
			return nil, err
		}
		intakes, err := intake.Of(tx, patient)
		return Compare(scores, intakes), err
	})
}
