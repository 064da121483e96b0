package progression

import (
	"errors"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/questionnaire"
	"cadans/internal/record/session"
	"cadans/pkg/localtime"
)

// JobKind is the job that evaluates a patient after a session.
const JobKind queue.Kind = "progression"

// Observer schedules an evaluation after each session, its correction, the answer of the next morning and each
// check-in. The evaluation is a job of its own, because it reads four weeks, which would delay the patient who logs a
// session.
type Observer struct{}

var (
	_ session.Observer = Observer{}
	_ intake.Observer  = Observer{}

	_ questionnaire.Observer = Observer{}
)

// SessionChanged implements session.Observer.
func (Observer) SessionChanged(tx *database.Tx, c session.Change) error {
	return queue.Schedule(tx, JobKind, string(c.Patient), tx.Now())
}

// Scored implements questionnaire.Observer: the score may be one of pain.
func (Observer) Scored(tx *database.Tx, patient id.Patient, _ questionnaire.Score) error {
	return queue.Schedule(tx, JobKind, string(patient), tx.Now())
}

// CheckedIn implements intake.Observer: the check-in may report pain.
func (Observer) CheckedIn(tx *database.Tx, patient id.Patient, _ localtime.Date) error {
	return queue.Schedule(tx, JobKind, string(patient), tx.Now())
}

// Rules decides about every exercise of a patient.
type Rules struct {
	library  *exercise.Library
	programs *program.Service
}

// NewRules returns the rules.
func NewRules(library *exercise.Library, programs *program.Service) *Rules {
	return &Rules{library: library, programs: programs}
}

// Look decides about every exercise in the patient's current program. It handles JobKind.
func (r *Rules) Look(tx *database.Tx, key string) error {
	if err := tx.LockPatient(key); err != nil {
		return err
	}
	e, version, err := open(tx, id.Patient(key))
	if err != nil || version == nil {
		return err
	}
	if err := r.withdraw(tx, e); err != nil {
		return err
	}
	for _, item := range version.Items {
		if because, done := e.lastSession(item); done {
			if err := r.evaluate(tx, &e, version, item, because); err != nil {
				return err
			}
		}
	}
	return nil
}

// Idle reports that Look would change nothing, as after most sessions. It only reads.
func (r *Rules) Idle(tx *database.Tx, key string) (bool, error) {
	e, version, err := open(tx, id.Patient(key))
	if err != nil || version == nil {
		return err == nil, err
	}
	if slices.ContainsFunc(e.changes, func(c Change) bool { return r.isRuledOut(e, c) }) {
		return false, nil
	}
	for _, item := range version.Items {
		because, done := e.lastSession(item)
		if !done {
			continue
		}
		change, task := r.judge(e, item, because)
		if task != nil || change != nil && !slices.ContainsFunc(e.earlier(item), change.isRepeatOf) {
			return false, nil
		}
	}
	return true, nil
}

// judge decides about one exercise: a change, a task for the therapist, or neither.
func (r *Rules) judge(e evidence, item program.Item, because id.Session) (*Change, *alert.Raised) {
	v, after, taken := e.judge(r.library, item)
	switch {
	case v.Rule == Task:
		task := v.task(item)
		return nil, &task
	case !taken:
		return nil, nil
	}
	return &Change{
		ID: id.Progression(id.New()), Patient: e.patient, Rule: v.Rule, State: Open, Before: item, After: after,
		Because: v.Because, Session: because, MadeAt: e.now,
	}, nil
}

// evaluate carries out the decision about one exercise. A change shows in the evidence, and an applied one in version,
// so that the next exercise builds on it.
func (r *Rules) evaluate(
	tx *database.Tx, e *evidence, version *program.Version, item program.Item, because id.Session,
) error {
	change, task := r.judge(*e, item, because)
	switch {
	case task != nil:
		return alert.Raise(tx, e.patient, *task)
	case change != nil:
		return r.record(tx, e, version, *change, e.earlier(item))
	default:
		return nil
	}
}

// isRepeatOf reports whether an open earlier change is the same.
func (c Change) isRepeatOf(earlier Change) bool {
	return earlier.State == Open && earlier.Rule == c.Rule && earlier.Before.Dose == c.Before.Dose &&
		earlier.Before.Exercise == c.Before.Exercise
}

// waitsToGetHarder reports whether a proposal would make something harder.
func (c Change) waitsToGetHarder() bool { return c.State == Open && c.Rule == Progress }

// isRuledOut reports whether a proposed step up has since been ruled out by pain.
func (e evidence) isRuledOut(c Change) bool {
	return c.waitsToGetHarder() && (e.isTooMuch() || e.isPainful(c.Before))
}

// isRuledOut reports whether a proposed step up has since been ruled out, by pain or by what a new intake says.
func (r *Rules) isRuledOut(e evidence, c Change) bool {
	if e.isRuledOut(c) {
		return true
	}
	if !c.waitsToGetHarder() {
		return false
	}
	_, is := e.cautious.Against(r.library, c.After.Exercise)
	return is
}

// withdraw withdraws proposals that have since been ruled out.
func (r *Rules) withdraw(tx *database.Tx, e evidence) error {
	for _, c := range e.changes {
		if !r.isRuledOut(e, c) {
			continue
		}
		if err := newStore(tx).decide(c.Patient, c.ID, Superseded, "", ""); err != nil {
			return err
		}
		if err := settleAlert(tx, c, ""); err != nil {
			return err
		}
	}
	return nil
}

// record stores a change unless the same one is open, and applies it if the therapist has allowed that.
func (r *Rules) record(tx *database.Tx, e *evidence, version *program.Version, change Change, earlier []Change) error {
	store := newStore(tx)
	for _, c := range earlier {
		switch {
		case change.isRepeatOf(c):
			return nil
		case c.State == Open:
			if err := store.decide(c.Patient, c.ID, Superseded, "", ""); err != nil {
				return err
			}
		}
	}
	if e.auto {
		err := r.programs.Plan(tx, change.Patient, "", change.asVersion(e.today, *version, change.After))
		if err == nil {
			change.State, version.Items = Applied, version.With(change.After)
			if e.history, err = program.HistoryOf(tx, change.Patient); err != nil {
				return err
			}
		} else if !errors.Is(err, program.ErrBackwards) { // it waits, because a therapist has planned something else
			return err
		}
	}
	if err := store.insert(change); err != nil {
		return err
	}
	e.changes = append(e.changes, change)
	if change.State == Applied {
		return nil
	}
	return alert.Raise(tx, change.Patient, change.alert())
}

func (c Change) asVersion(from localtime.Date, version program.Version, item program.Item) program.Planned {
	return program.Planned{
		From: from, Items: version.With(item), Origin: program.ByProgress, Reason: words.Join(c.Because, " "),
	}
}

// The kinds of alerts of this package.
const (
	ChangeKind alert.Kind = "progression"
	TaskKind   alert.Kind = "third_regression"
)

func (c Change) alert() alert.Raised {
	urgency, key := alert.NextVisit, "progression.alert.harder"
	if c.Rule == Regress {
		urgency, key = alert.Today, "progression.alert.lighter"
	}
	return alert.Raised{
		Kind: ChangeKind, Subject: string(c.Rule), Urgency: urgency, RuleVersion: RuleVersion,
		Pair: because(key, c.Because),
	}
}

func (v Verdict) task(item program.Item) alert.Raised {
	return alert.Raised{
		Kind:        TaskKind,
		Subject:     string(item.ID),
		Urgency:     alert.Today,
		RuleVersion: RuleVersion,
		Pair:        because("progression.alert.task", v.Because),
	}
}

// because wraps reasons in a text.
func because(key string, reasons []words.Pair) words.Pair {
	all := words.Join(reasons, " ")
	return words.KeepAs(func(l words.Language) string { return l.Say(key, "because", all.In(l)) })
}
