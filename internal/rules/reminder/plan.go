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

// Deciding takes three steps, so that other writers wait only for necessary writes. First a batch of patients is
// claimed, by postponing the next time they are due. Then everything is read and decided. Finally the result is written
// for those whose claim is still valid; a patient whose reminder settings changed meanwhile is decided about again. The
// claims of a process that dies expire. Replicas, and the planners of one process, share the work without waiting for
// each other.

// claim is a set of patients to decide about, reserved until lease.
type claim struct {
	patients []id.Patient
	lease    database.Instant
}

// planAll decides about all patients that are due: one batch first, and several concurrently if there are more.
func (s *Sweeper) planAll(ctx context.Context) (left, err error) {
	looked, left, err := s.planNextBatch(ctx)
	if err != nil || looked < planBatch {
		return left, err
	}
	var wait sync.WaitGroup
	lefts, errs := make([]error, planners), make([]error, planners)
	for i := range planners {
		wait.Go(func() {
			lefts[i], errs[i] = inBatches(planBatch, func() (int, error, error) { return s.planNextBatch(ctx) })
		})
	}
	wait.Wait()
	return errors.Join(left, errors.Join(lefts...)), errors.Join(errs...)
}

// planNextBatch decides about a batch of patients that are due.
func (s *Sweeper) planNextBatch(ctx context.Context) (looked int, left, err error) {
	var c claim
	err = s.write(ctx, func(of store) (err error) {
		c, err = of.claimPatients(planBatch, planLease)
		return err
	})
	if err != nil || len(c.patients) == 0 {
		return 0, nil, err
	}
	if err := s.planClaimed(ctx, c); err != nil {
		left, err = retryEach(err, c.patients, func(patient id.Patient) error {
			return s.planClaimed(ctx, claim{[]id.Patient{patient}, c.lease})
		}, func(patient id.Patient) error {
			return s.write(
				ctx, func(of store) error { return of.setNextCheck(patient, of.tx.Now().Add(leftFor), time.Time{}) },
			)
		})
		return len(c.patients), left, err
	}
	return len(c.patients), nil, nil
}

// plan is the decisions about a patient and when the patient is due next.
type plan struct {
	patient   id.Patient
	again     time.Time
	decisions []decided
}

// decided is a slot with its new state and the decision to log. Tell means that the therapist must be told that
// reminders have stopped.
type decided struct {
	slot     slot
	decision Decision
	tell     bool
	run      id.Slot // the latest of the ignored ones
}

// planClaimed decides about claimed patients.
func (s *Sweeper) planClaimed(ctx context.Context, c claim) error {
	plans, err := s.decideAll(ctx, c.patients)
	if err != nil {
		return err
	}
	var kept []decided
	err = s.write(ctx, func(of store) error {
		kept = nil
		for _, p := range plans {
			mine, err := of.reschedule(p.patient, c.lease, p.again)
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

// decideAll reads the data of patients and decides.
func (s *Sweeper) decideAll(ctx context.Context, patients []id.Patient) ([]plan, error) {
	var plans []plan
	err := s.parts.DB.Read(ctx, func(tx *database.Tx) error {
		plans = nil
		loaded, err := s.loader.load(tx, patients)
		if err != nil {
			return err
		}
		known, err := newStore(tx).known(patients, localtime.Today(tx.Now(), time.UTC).AddDays(-2))
		if err != nil {
			return err
		}
		for _, patient := range patients {
			p, err := s.plan(tx, patient, loaded[patient], known)
			if err != nil {
				return err
			}
			plans = append(plans, p)
		}
		return nil
	})
	return plans, err
}

// plan decides about the due slots of one patient.
func (s *Sweeper) plan(tx *database.Tx, patient id.Patient, f *patientData, known map[id.Slot]bool) (plan, error) {
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

// decide returns the new state of a slot, unless the kind does not apply on its day or the slot has to wait.
func (s *Sweeper) decide(tx *database.Tx, f *patientData, sl slot) (decided, time.Time, error) {
	facts, err := s.loader.facts(tx, f, sl)
	var d decided
	var wait time.Time
	if err != nil || !occasions[sl.Kind].applies(facts) {
		return d, wait, err
	}
	verdict := Decide(facts, tx.Now())
	if verdict.Outcome == Hold && verdict.Until.Before(sl.ExpiresAt) {
		return d, verdict.Until, nil
	}
	d = decided{
		decision: decisionOn(facts, sl, verdict, f.seedOf(sl.ID), tx.Now()),
		tell:     verdict.Reason == Ignored,
		run:      lastOfRun(f.sent),
	}
	sl.State, sl.Reason = d.decision.slotState()
	sl.Arm = d.decision.Arm
	if sl.State == stateDue {
		f.sent = append([]sentSlot{{id: sl.ID, kind: sl.Kind, date: sl.Date, due: tx.Now()}}, f.sent...)
	}
	d.slot = sl
	return d, wait, nil
}

// keep writes a decision, its slot, and the alert for the therapist.
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
