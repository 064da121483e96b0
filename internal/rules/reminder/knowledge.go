package reminder

import (
	"database/sql"
	"sync"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/barrier"
	"cadans/internal/rules/coping"
	"cadans/pkg/localtime"
)

// knowledgeCache reads the learner's observations from the log, once a day per practice. Every decision logs the
// beliefs it used, so that it can be reproduced whatever is learned later.
type knowledgeCache struct {
	mu         sync.Mutex
	day        localtime.Date
	byPractice map[id.Practice]knowledge
}

// knowledge holds the learner's observations in a practice.
type knowledge struct {
	arms  map[Kind]Experience
	times times
}

func newKnowledgeCache() *knowledgeCache {
	return &knowledgeCache{byPractice: map[id.Practice]knowledge{}}
}

const (
	memoryDays  = 180 // days of history: people change
	barrierDays = 14  // days for which a named barrier counts as current
)

// addTo adds the learner's observations to the data of patients.
func (s *knowledgeCache) addTo(tx *database.Tx, patients []id.Patient, loaded map[id.Patient]*patientData) error {
	if len(patients) == 0 {
		return nil
	}
	plans, err := coping.Planned(tx, patients)
	if err != nil {
		return err
	}
	today := localtime.Today(tx.Now(), time.UTC)
	barriers, err := barrier.Latest(tx, patients, today.AddDays(-barrierDays))
	if err != nil {
		return err
	}
	for _, patient := range patients {
		f := loaded[patient]
		known, err := s.ofPractice(tx, f.patient.Practice, today)
		if err != nil {
			return err
		}
		f.experience, f.times, f.tried = known.arms, known.times, map[localtime.Date]*Tried{}
		f.hasPlan, f.barrier = plans[patient], barriers[patient]
	}
	return nil
}

func (s *knowledgeCache) ofPractice(tx *database.Tx, practice id.Practice, today localtime.Date) (knowledge, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day != today {
		s.day, s.byPractice = today, map[id.Practice]knowledge{}
	}
	if known, isKnown := s.byPractice[practice]; isKnown {
		return known, nil
	}
	learned, err := learn(tx, practice, today.AddDays(-memoryDays), today)
	if err == nil {
		s.byPractice[practice] = learned
	}
	return learned, err
}

// learn counts the outcomes of the learner's decisions in a practice.
func learn(tx *database.Tx, practice id.Practice, since, until localtime.Date) (knowledge, error) {
	learned := knowledge{arms: map[Kind]Experience{}, times: newTimes()}
	for _, kind := range learnedKinds {
		learned.arms[kind] = Experience{}
	}
	performed, err := performedInPractice(tx, practice, since, until)
	if err != nil {
		return learned, err
	}
	err = tx.Rows(selectDecisions+" WHERE practice_id = ? AND arm <> '' AND local_date >= ? AND local_date <= ? "+
		"AND decided_at <= ?", []any{practice, since, until, outcomesKnown(tx)}, func(rows *sql.Rows) error {
		l, err := readLogged(rows)
		if err == nil && len(l.state.Believed) > 0 {
			learned.count(l, performed[l.patient])
		}
		return err
	})
	return learned, database.Wrap("reminder: learn", err)
}

// count counts a decision of the learner. It ignores other decisions, because their patients have not consented.
func (known knowledge) count(l logged, performed []database.Instant) {
	named, done := barrier.Barrier(l.state.Barrier), l.done(performed)
	if known.arms[l.kind][named] == nil {
		known.arms[l.kind][named] = map[Arm]Outcomes{}
	}
	known.arms[l.kind][named][l.arm] = known.arms[l.kind][named][l.arm].with(done)
	if l.state.Tried != nil && l.arm != Nothing {
		known.times.add(l.patient, trial{date: l.state.Tried.Date, window: l.state.Tried.Window, done: done})
	}
}
