package proposal

import (
	"database/sql"
	"errors"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// PhaseJob looks whether the complaints have come to another phase.
const PhaseJob queue.Kind = "phase"

// PhaseKind is the kind of the alert that tells so.
const PhaseKind alert.Kind = "phase"

// PhaseRuleVersion is stored with every change of phase.
const PhaseRuleVersion = 1

// phaseAt is when a change is told: a working hour, so that nobody reads it as urgent.
var phaseAt = localtime.MustParseTimeOfDay("07:00")

// Limits (design choices).
const (
	phaseNews    = 14 // days after which a change is no news any more, as when a server was down
	sameOnset    = 28 // days by which the onsets may differ that two intakes give for one episode
	phaseHorizon = 15 // weeks after the intake, when the last phase has come
)

// Moved is a change of phase that was told.
type Moved struct {
	Phase intake.Phase
	On    localtime.Date
}

// PhaseObserver schedules the next look after each intake and check-in.
type PhaseObserver struct{}

var _ intake.Observer = PhaseObserver{}

// CheckedIn implements intake.Observer.
func (PhaseObserver) CheckedIn(tx *database.Tx, patient id.Patient, _ localtime.Date) error {
	last, err := intake.LatestOf(tx, patient)
	if errors.Is(err, intake.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	if isNew, err := isUntold(tx, p, last); err != nil || isNew {
		return errors.Join(err, queue.Schedule(tx, PhaseJob, string(p.ID), tx.Now()))
	}
	return lookAtNext(tx, p, last)
}

// isUntold reports whether the complaints have come to another phase lately and nobody has been told: then the look
// that is due must not be put off.
func isUntold(tx *database.Tx, p people.Patient, last intake.Intake) (bool, error) {
	change, isNew := changeOf(last, p.Today(tx.Now()))
	if !isNew {
		return false, nil
	}
	told, err := newStore(tx).changes(p.ID)
	return !slices.ContainsFunc(told, change.isOf), err
}

// changeOf is the change to the phase of a day, or false where it is none or no news any more.
func changeOf(last intake.Intake, today localtime.Date) (phaseChange, bool) {
	change := phaseChange{intake: last.ID, onset: onsetOf(last), Moved: Moved{last.PhaseOn(today), today}}
	isNew := change.Phase != last.Answers.Phase() && today.DaysSince(firstDayOf(last, change.Phase)) <= phaseNews
	return change, isNew
}

// lookAtNext schedules the next look for the first morning of the next phase, if there is one.
func lookAtNext(tx *database.Tx, p people.Patient, last intake.Intake) error {
	today := p.Today(tx.Now())
	for day := today.AddDays(1); day.DaysSince(last.SubmittedOn) <= 7*phaseHorizon; day = day.AddDays(1) {
		if last.PhaseOn(day) != last.PhaseOn(today) {
			at := localtime.Resolve(day, phaseAt, p.HomeZone(tx.Now()))
			return queue.Schedule(tx, PhaseJob, string(p.ID), at)
		}
	}
	return queue.Cancel(tx, PhaseJob, string(p.ID))
}

// MovePhase tells therapist and patient when the complaints have come to another phase, and proposes a program that
// fits it. Nothing is published by itself. It handles PhaseJob.
func (s *Service) MovePhase(tx *database.Tx, key string) error {
	if err := tx.LockPatient(key); err != nil {
		return err
	}
	p, err := people.WithTherapists(tx, id.Patient(key))
	if err != nil {
		return err
	}
	last, err := intake.LatestOf(tx, p.ID)
	if errors.Is(err, intake.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.movePhase(tx, p, last); err != nil {
		return err
	}
	return lookAtNext(tx, p, last)
}

func (s *Service) movePhase(tx *database.Tx, p people.Patient, last intake.Intake) error {
	today := p.Today(tx.Now())
	change, isNew := changeOf(last, today)
	if !isNew {
		return nil
	}
	told, err := newStore(tx).changes(p.ID)
	if err != nil || slices.ContainsFunc(told, change.isOf) {
		return err
	}
	history, err := program.HistoryOf(tx, p.ID)
	if err != nil || isOver(p, history, today) {
		return err
	}
	proposed, err := s.repropose(tx, p, last, history)
	if err != nil {
		return err
	}
	change.proposal = proposed.ID
	if err := newStore(tx).insertChange(p.ID, change); err != nil || proposed.Decision != nil {
		return err // a member has decided about a program for this phase already
	}
	return alert.Raise(tx, p.ID, phaseAlert(change))
}

// onsetOf is the day on which the complaints began, as far as an intake tells.
func onsetOf(i intake.Intake) localtime.Date { return i.SubmittedOn.AddDays(-7 * *i.Answers.Weeks) }

// firstDayOf is the first day of a phase that has come.
func firstDayOf(i intake.Intake, phase intake.Phase) localtime.Date {
	day := i.SubmittedOn
	for i.PhaseOn(day) != phase {
		day = day.AddDays(1)
	}
	return day
}

// isOver reports whether nobody is treated for these complaints any more: the patient recovered, is treated by nobody,
// or the program has ended.
func isOver(p people.Patient, h program.History, today localtime.Date) bool {
	version, inForce := h.On(today)
	return p.Phase == people.Prevention || len(p.Therapists) == 0 || inForce && len(version.Items) == 0
}

// repropose proposes a program for the new phase, in the name of who treats the patient, and returns it. It returns
// nothing while the program stands still; one that a therapist asked for in this phase is left alone.
func (s *Service) repropose(
	tx *database.Tx, p people.Patient, last intake.Intake, h program.History,
) (Proposal, error) {
	today := p.Today(tx.Now())
	_, paused := h.PauseOn(today)
	_, stopped := h.StopOn(today)
	if paused || stopped {
		return Proposal{}, nil
	}
	earlier, err := ProposalsOf(tx, p.ID)
	if err != nil {
		return Proposal{}, err
	}
	for _, e := range earlier {
		if e.Intake == last.ID && last.PhaseOn(p.Today(e.ProposedAt)) == last.PhaseOn(today) {
			return e, nil
		}
	}
	made, err := s.compose(tx, p.Practice, p.Therapists[0], p.ID, id.Proposal(id.New()))
	if errors.Is(err, safety.ErrStopped) {
		return Proposal{}, nil
	}
	if err != nil {
		return Proposal{}, err
	}
	return made, newStore(tx).insert(made)
}

var phaseTexts = map[intake.Phase]string{
	intake.Subacute: "proposal.phase.subacute", intake.Chronic: "proposal.phase.chronic",
}

func phaseAlert(c phaseChange) alert.Raised {
	next := "proposal.phase.can_be_made"
	if c.proposal != "" {
		next = "proposal.phase.ready"
	}
	return alert.Raised{
		Kind: PhaseKind, Subject: string(c.Phase) + " " + c.onset.String(), Urgency: alert.NextVisit,
		RuleVersion: PhaseRuleVersion,
		Pair: words.KeepAs(func(l words.Language) string {
			return l.Say(phaseTexts[c.Phase]) + " " + l.Say(next)
		}),
	}
}

// phaseChange is a change of phase as it is stored.
type phaseChange struct {
	Moved
	intake   id.Intake
	onset    localtime.Date
	proposal id.Proposal
}

// isOf reports whether another change is this one, told of the same episode: a later intake may put its onset at
// another day.
func (c phaseChange) isOf(other phaseChange) bool {
	days := c.onset.DaysSince(other.onset)
	return c.Phase == other.Phase && max(days, -days) <= sameOnset
}

// LastMoved returns the latest change of phase since a day, or nil.
func LastMoved(tx *database.Tx, patient id.Patient, since localtime.Date) (*Moved, error) {
	changes, err := newStore(tx).changes(patient)
	if err != nil || len(changes) == 0 || changes[len(changes)-1].On.Before(since) {
		return nil, err
	}
	return &changes[len(changes)-1].Moved, nil
}

// changes returns what was told, oldest first.
func (s store) changes(patient id.Patient) (changes []phaseChange, err error) {
	err = s.tx.Rows(`SELECT phase, changed_on, intake_id, onset_on, proposal_id FROM phase_changes
		WHERE patient_id = ? ORDER BY changed_at`, []any{patient}, func(rows *sql.Rows) error {
		var c phaseChange
		err := rows.Scan(&c.Phase, &c.On, &c.intake, &c.onset, &c.proposal)
		changes = append(changes, c)
		return err
	})
	return changes, database.Wrap("proposal: phases", err)
}

func (s store) insertChange(patient id.Patient, c phaseChange) error {
	_, err := s.tx.Exec(`INSERT INTO phase_changes (patient_id, phase, onset_on, changed_on, changed_at, intake_id,
		rule_version, proposal_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, patient, c.Phase, c.onset, c.On,
		database.At(s.tx.Now()), c.intake, PhaseRuleVersion, c.proposal)
	return database.Wrap("proposal: phase", err)
}
