package reminder

import (
	"database/sql"
	"sync"
	"time"

	"cadans/internal/coping"
	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/internal/session"
	"cadans/pkg/localtime"
)

// school reads what the learner knows from the log, once a day for each practice. Every decision logs the beliefs it was made
// from, so that it can be made again whatever is learned later.
type school struct {
	mu     sync.Mutex
	day    localtime.Date
	taught map[id.Practice]map[Kind]Experience
}

func newSchool() *school { return &school{taught: map[id.Practice]map[Kind]Experience{}} }

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
	barriers, err := session.LatestBarriers(tx, patients, today.AddDays(-barrierDays))
	if err != nil {
		return err
	}
	for _, patient := range patients {
		f := folders[patient]
		if f.experience, err = s.experience(tx, f.patient.Practice, today); err != nil {
			return err
		}
		f.hasPlan, f.barrier = plans[patient], barriers[patient]
	}
	return nil
}

func (s *school) experience(tx *database.Tx, practice id.Practice, today localtime.Date) (map[Kind]Experience, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.day != today {
		s.day, s.taught = today, map[id.Practice]map[Kind]Experience{}
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
func learn(tx *database.Tx, practice id.Practice, since, until localtime.Date) (map[Kind]Experience, error) {
	learned := map[Kind]Experience{}
	for _, kind := range learnedKinds {
		learned[kind] = Experience{}
	}
	where, args := "practice_id = ? AND", []any{practice}
	performed, err := performedBy(tx, where, args, since, until)
	if err != nil {
		return nil, err
	}
	err = tx.Rows("SELECT patient_id, kind, arms, arm, state, decided_at FROM reminder_decisions WHERE "+where+" arm <> '' AND local_date >= ? AND local_date <= ? AND decided_at <= ?",
		append(args, since, until, database.At(tx.Now().Add(-outcomeAfter))), func(rows *sql.Rows) error {
			l, err := readLogged(rows)
			if err == nil && len(l.state.Believed) > 0 {
				l.teaches(learned, performed[l.patient])
			}
			return err
		})
	return learned, database.Wrap("reminder: learn", err)
}

// teaches counts a decision of the learner. What was decided without it teaches nothing: nobody consented to that.
func (l logged) teaches(learned map[Kind]Experience, performed []database.Instant) {
	barrier := session.Barrier(l.state.Barrier)
	if learned[l.kind][barrier] == nil {
		learned[l.kind][barrier] = map[Arm]Outcomes{}
	}
	o := learned[l.kind][barrier][l.arm]
	if l.done(performed) {
		o.Done++
	} else {
		o.NotDone++
	}
	learned[l.kind][barrier][l.arm] = o
}
