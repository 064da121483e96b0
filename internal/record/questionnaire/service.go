package questionnaire

import (
	"context"
	"database/sql"
	"encoding/json"
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
	guard *access.Guard
}

// NewService returns the service.
func NewService(guard *access.Guard) *Service {
	return &Service{guard: guard}
}

// Tasks returns what is due for the viewer today.
func (s *Service) Tasks(ctx context.Context, v access.Viewer) ([]Task, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListQuestionnaireTasks), func(tx *database.Tx) ([]Task, error) {
		tasks, _, err := due(tx, v.Patient)
		return tasks, err
	})
}

// Desk tells reminders which questionnaires await an answer.
type Desk struct{}

// Waiting returns how many questionnaires await an answer, and since when the latest of them is due.
func (Desk) Waiting(tx *database.Tx, patient id.Patient) (int, localtime.Date, error) {
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
		return score, true, raiseMoodAlert(tx, v.Patient, score)
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
			Max:        d.MaxTenths,
			Direction:  d.Direction,
			Source:     "app",
			Answers:    answers,
		}, err
	}
	return Score{}, ErrTaskClosed
}

// raiseMoodAlert raises an alert about mood for a PHQ-2 of 3 or more.
func raiseMoodAlert(tx *database.Tx, patient id.Patient, s Score) error {
	if s.Instrument != "phq2" || s.Tenths < intake.MoodAlert*10 {
		return nil
	}
	return intake.RaiseMood(tx, patient, s.Tenths/10, s.Date)
}

// Import stores a score of an instrument that was completed elsewhere. Repeating it returns what is stored.
func (s *Service) Import(
	ctx context.Context, v access.Viewer, patient id.Patient, score Score,
) (Score, bool, error) {
	if err := score.check(); err != nil {
		return Score{}, false, err
	}
	return access.Create(ctx, s.guard, v.Asks(access.ImportScore, patient), func(tx *database.Tx) (Score, bool, error) {
		hash := database.BodyHash([]any{
			score.Instrument, score.Version, score.Date, score.Tenths, score.Min, score.Max, score.Direction,
			score.Source,
		})
		if stored, err := newStore(tx).repeated(patient, score.ID, hash); stored.ID != "" || err != nil {
			return stored, false, err
		}
		score.StoredAt, score.StoredBy = tx.Now(), v.Member
		return score, true, newStore(tx).insert(patient, score, hash)
	})
}

func (s Score) check() error {
	var wrong []fault.Violation
	if s.Max <= s.Min {
		wrong = append(wrong, fault.Violation{Pointer: "/max", Code: "out-of-range"})
	}
	if s.Tenths < s.Min || s.Tenths > s.Max {
		wrong = append(wrong, fault.Violation{Pointer: "/score", Code: "out-of-range"})
	}
	return fault.Input(wrong...)
}

// Measured is a score with its change since the first score of the same instrument.
type Measured struct {
	Score
	Change    *int // tenths; nil for the first
	Important int
	Verdict   string
}

// Scores returns every measurement of a patient, oldest first, each with its change.
func (s *Service) Scores(ctx context.Context, v access.Viewer, patient id.Patient) ([]Measured, error) {
	return access.Read(ctx, s.guard, v.Asks(access.ListScores, patient), func(tx *database.Tx) ([]Measured, error) {
		scores, err := newStore(tx).list(patient)
		return compare(scores), err
	})
}

func compare(scores []Score) (measured []Measured) {
	baseline := map[string]Score{}
	for _, score := range scores {
		m := Measured{Score: score, Important: Important(score.Instrument)}
		if start, known := baseline[score.Instrument]; known && start.Direction == score.Direction {
			change := score.Tenths - start.Tenths
			m.Change, m.Verdict = &change, Verdict(change, m.Important, score.Direction)
		} else if !known {
			baseline[score.Instrument] = score
		}
		measured = append(measured, m)
	}
	return measured
}

type store struct{ tx *database.Tx }

func newStore(tx *database.Tx) store { return store{tx} }

const selectScores = `SELECT id, instrument, version, local_date, task, score_tenths, min_tenths, max_tenths,
	direction, source, answers, stored_at, COALESCE(stored_by, ''), body_hash FROM scores`

// scores runs a query that starts with selectScores, and returns the hashes of the scores beside them.
func (s store) scores(query string, args ...any) ([]Score, []string, error) {
	var scores []Score
	var hashes []string
	err := s.tx.Rows(query, args, func(rows *sql.Rows) error {
		var score Score
		var stored database.Instant
		var answers []byte
		var hash string
		err := rows.Scan(&score.ID, &score.Instrument, &score.Version, &score.Date, &score.Task, &score.Tenths,
			&score.Min, &score.Max, &score.Direction, &score.Source, &answers, &stored, &score.StoredBy, &hash)
		if err != nil {
			return err
		}
		score.StoredAt = stored.Time()
		scores, hashes = append(scores, score), append(hashes, hash)
		if len(answers) == 0 {
			return nil
		}
		return json.Unmarshal(answers, &scores[len(scores)-1].Answers)
	})
	return scores, hashes, database.Wrap("questionnaire: scores", err)
}

func (s store) list(patient id.Patient) ([]Score, error) {
	scores, _, err := s.scores(selectScores+" WHERE patient_id = ? ORDER BY local_date, stored_at, id", patient)
	return scores, err
}

// repeated returns the stored score if it was sent before, or the zero Score if the id is free.
func (s store) repeated(patient id.Patient, score id.Score, hash string) (Score, error) {
	scores, hashes, err := s.scores(selectScores+" WHERE patient_id = ? AND id = ?", patient, score)
	switch {
	case err != nil || len(scores) == 0:
		return Score{}, err
	case hashes[0] != hash:
		return Score{}, database.ErrIDReused
	default:
		return scores[0], nil
	}
}

func (s store) insert(patient id.Patient, score Score, hash string) error {
	answers := []byte("")
	if score.Answers != nil {
		var err error
		if answers, err = json.Marshal(score.Answers); err != nil {
			return database.Wrap("questionnaire: encode answers", err)
		}
	}
	var by *id.Member
	if score.StoredBy != "" {
		by = &score.StoredBy
	}
	_, err := s.tx.Exec(`INSERT INTO scores (patient_id, id, instrument, version, local_date, task, score_tenths,
		min_tenths, max_tenths,
		direction, answers, source, stored_at, stored_by, body_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		patient, score.ID, score.Instrument, score.Version, score.Date, score.Task, score.Tenths, score.Min, score.Max,
		score.Direction, string(answers), score.Source, database.At(score.StoredAt), by, hash)
	return database.Wrap("questionnaire: insert", err)
}
