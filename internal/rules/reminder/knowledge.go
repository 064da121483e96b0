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

// school reads what the learner knows from the log, once a day for each practice. Every decision logs the beliefs it
// was made from, so that it can be made again whatever is learned later.
type school struct {
	mu     sync.Mutex
	day    localtime.Date
	taught map[id.Practice]lessons
}

// lessons is what the learner knows in a practice.
type lessons struct {
	arms  map[Kind]Experience
	times times
}

func newSchool() *school { return &school{taught: map[id.Practice]lessons{}} }

const (
	memoryDays  = 180 // how far back the learner looks: people change
	barrierDays = 14  // how long a named barrier is about now
)

// teach gives the folders of patients what the learner needs.
func (s *school) teach(tx *database.Tx, patients []id.Patient, folders map[id.Patient]*folder) error {
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
		f := folders[patient]
		known, err := s.lessons(tx, f.patient.Practice, today)
		if err != nil {
			return err
		}
		f.experience, f.times, f.tried = known.arms, known.times, map[localtime.Date]*Tried{}
		f.hasPlan, f.barrier = plans[patient], barriers[patient]
	}
	return nil
}

func (s *school) lessons(tx *database.Tx, practice id.Practice, today localtime.Date) (lessons, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day != today {
		s.day, s.taught = today, map[id.Practice]lessons{}
	}
	if known, taught := s.taught[practice]; taught {
		return known, nil
	}
	learned, err := learn(tx, practice, today.AddDays(-memoryDays), today)
	if err == nil {
		s.taught[practice] = learned
	}
	return learned, err
}

// learn counts what followed the decisions that the learner made in a practice.
func learn(tx *database.Tx, practice id.Practice, since, until localtime.Date) (lessons, error) {
	learned := lessons{arms: map[Kind]Experience{}, times: newTimes()}
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
			learned.take(l, performed[l.patient])
		}
		return err
	})
	return learned, database.Wrap("reminder: learn", err)
}

// take counts a decision of the learner. What was decided without it teaches nothing: nobody consented to that.
func (known lessons) take(l logged, performed []database.Instant) {
	named, done := barrier.Barrier(l.state.Barrier), l.done(performed)
	if known.arms[l.kind][named] == nil {
		known.arms[l.kind][named] = map[Arm]Outcomes{}
	}
	known.arms[l.kind][named][l.arm] = known.arms[l.kind][named][l.arm].with(done)
	if l.state.Tried != nil && l.arm != Nothing {
		known.times.add(l.patient, trial{date: l.state.Tried.Date, window: l.state.Tried.Window, done: done})
	}
}
