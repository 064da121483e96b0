package reminder

import (
	"context"
	"errors"
	"sync"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// Deciding goes in three steps, so that other writers wait only for what has to be written: some patients are
// claimed, by moving the moment of the next look ahead for a while; then everything is read and decided; then it
// is written, for those whose claim still stands. Whoever changed how to be reminded meanwhile is looked at anew.
// A process that dies in between leaves its claims to run out. Replicas, and the planners of one process, share
// the work without waiting for each other.

// claim is patients to decide about, and until when nobody else does.
type claim struct {
	patients []id.Patient
	lease    database.Instant
}

// planAll decides about everybody whose moment has come: some first, and side by side when there are more.
func (s *Sweeper) planAll(ctx context.Context) (left, err error) {
	looked, left, err := s.planSome(ctx)
	if err != nil || looked < planBatch {
		return left, err
	}
	var wait sync.WaitGroup
	lefts, errs := make([]error, planners), make([]error, planners)
	for i := range planners {
		wait.Go(func() {
			lefts[i], errs[i] = inBatches(planBatch, func() (int, error, error) { return s.planSome(ctx) })
		})
	}
	wait.Wait()
	return errors.Join(left, errors.Join(lefts...)), errors.Join(errs...)
}

// planSome decides about some whose moment has come.
func (s *Sweeper) planSome(ctx context.Context) (looked int, left, err error) {
	var c claim
	err = s.write(ctx, func(of store) (err error) {
		c, err = of.claimPatients(planBatch, planLease)
		return err
	})
	if err != nil || len(c.patients) == 0 {
		return 0, nil, err
	}
	if err := s.planThose(ctx, c); err != nil {
		left, err = oneByOne(err, c.patients, func(patient id.Patient) error {
			return s.planThose(ctx, claim{[]id.Patient{patient}, c.lease})
		}, func(patient id.Patient) error {
			return s.write(
				ctx, func(of store) error { return of.lookAgain(patient, of.tx.Now().Add(leftFor), time.Time{}) },
			)
		})
		return len(c.patients), left, err
	}
	return len(c.patients), nil, nil
}

// plan is what was decided about a patient and when to look again.
type plan struct {
	patient   id.Patient
	again     time.Time
	decisions []decided
}

// decided is a slot with what becomes of it, and the decision to be logged. Tell says that the therapist
// is to know that reminders have stopped.
type decided struct {
	slot     slot
	decision Decision
	tell     bool
	run      id.Slot // the latest of those that were ignored
}

// planThose decides about claimed patients.
func (s *Sweeper) planThose(ctx context.Context, c claim) error {
	plans, err := s.look(ctx, c.patients)
	if err != nil {
		return err
	}
	var kept []decided
	err = s.write(ctx, func(of store) error {
		kept = nil
		for _, p := range plans {
			mine, err := of.moveOn(p.patient, c.lease, p.again)
			if err != nil {
				return err
			}
			if !mine {
				continue
			}
			for _, d := range p.decisions {
				if err := of.keep(d); err != nil {
					return err
				}
				kept = append(kept, d)
			}
		}
		return nil
	})
	if err == nil {
		for _, d := range kept {
			s.parts.Observer.Decided(d.slot.Kind, string(d.slot.State), d.slot.Reason)
		}
	}
	return err
}

// look reads everything about patients and decides.
func (s *Sweeper) look(ctx context.Context, patients []id.Patient) ([]plan, error) {
	var plans []plan
	err := s.parts.DB.Read(ctx, func(tx *database.Tx) error {
		plans = nil
		folders, err := s.loader.load(tx, patients)
		if err != nil {
			return err
		}
		known, err := newStore(tx).known(patients, localtime.Today(tx.Now(), time.UTC).AddDays(-2))
		if err != nil {
			return err
		}
		for _, patient := range patients {
			p, err := s.plan(tx, patient, folders[patient], known)
			if err != nil {
				return err
			}
			plans = append(plans, p)
		}
		return nil
	})
	return plans, err
}

// plan decides the slots of one patient whose moment has come.
func (s *Sweeper) plan(tx *database.Tx, patient id.Patient, f *folder, known map[id.Slot]bool) (plan, error) {
	p := plan{patient: patient, again: f.next(tx.Now())}
	for _, sl := range f.due(tx.Now()) {
		if known[sl.ID] {
			continue
		}
		d, wait, err := s.decide(tx, f, sl)
		if err != nil {
			return p, err
		}
		if !wait.IsZero() && wait.Before(p.again) {
			p.again = wait
		}
		if d.slot.State != "" {
			p.decisions = append(p.decisions, d)
		}
	}
	return p, nil
}

// decide says what becomes of a slot, unless its day is none for it, or it has to wait.
func (s *Sweeper) decide(tx *database.Tx, f *folder, sl slot) (decided, time.Time, error) {
	facts, err := s.loader.facts(tx, f, sl)
	var d decided
	var wait time.Time
	if err != nil || !triggers[sl.Kind].applies(facts) {
		return d, wait, err
	}
	verdict := Decide(facts, tx.Now())
	if verdict.Outcome == Hold && verdict.Until.Before(sl.ExpiresAt) {
		return d, verdict.Until, nil
	}
	d = decided{
		decision: decisionOn(facts, sl, verdict, f.lot(sl.ID), tx.Now()),
		tell:     verdict.Reason == Ignored,
		run:      lastOfRun(f.sent),
	}
	sl.State, sl.Reason = d.decision.becomes()
	sl.Arm = d.decision.Arm
	if sl.State == stateDue {
		f.sent = append([]sentSlot{{id: sl.ID, kind: sl.Kind, date: sl.Date, due: tx.Now()}}, f.sent...)
	}
	d.slot = sl
	return d, wait, nil
}

// keep writes a decision, its slot, and the word to the therapist.
func (s store) keep(d decided) error {
	if d.tell {
		if err := tellTherapist(s.tx, d.slot.Patient, d.run); err != nil {
			return err
		}
	}
	if err := s.open(d.slot); err != nil {
		return err
	}
	return s.log(d.decision)
}
