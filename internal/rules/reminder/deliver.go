package reminder

import (
	"context"
	"slices"
	"sync"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/delivery"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
)

// job is a slot that is being sent.
type job struct {
	slot    slot
	message Message
	targets []people.PushTarget
	dead    []people.PushTarget
}

// claim takes a batch of slots and checks each a last time.
func (s *Sweeper) claim(ctx context.Context, a claimRequest) (slots []slot, jobs []*job, left, err error) {
	err = s.write(ctx, func(of store) (err error) {
		jobs = nil
		if slots, err = of.claim(a); err != nil || len(slots) == 0 {
			return err
		}
		jobs, err = s.prepareAll(of.tx, slots)
		return err
	})
	if err != nil {
		jobs = nil
		left, err = retryEach(err, slots, func(sl slot) error {
			prepared, err := s.claimOne(ctx, sl)
			jobs = append(jobs, prepared...)
			return err
		}, func(sl slot) error {
			return s.write(ctx, func(of store) error {
				sl.State, sl.DueAt = stateDue, of.tx.Now().Add(leftFor)
				return of.settle(sl)
			})
		})
	}
	return slots, jobs, left, err
}

// claimOne is claim for one slot, after the claim of its batch failed.
func (s *Sweeper) claimOne(ctx context.Context, sl slot) ([]*job, error) {
	var jobs []*job
	err := s.write(ctx, func(of store) error {
		jobs = nil
		mine, err := of.claimAgain(sl)
		if err == nil && mine {
			jobs, err = s.prepareAll(of.tx, []slot{sl})
		}
		return err
	})
	return jobs, err
}

// prepareAll checks slots a last time and returns those to send now.
func (s *Sweeper) prepareAll(tx *database.Tx, slots []slot) ([]*job, error) {
	loaded, err := s.loader.load(tx, patientsOf(slots))
	if err != nil {
		return nil, err
	}
	var jobs []*job
	for _, sl := range slots {
		j, err := s.prepare(tx, sl, loaded[sl.Patient])
		if err != nil {
			return nil, err
		}
		if j != nil {
			jobs = append(jobs, j)
		}
	}
	return jobs, nil
}

// advance records, in one commit, the results of sent slots and that the next ones are being sent. It returns those of
// the next that are still ours: if the program hung, their lease may have passed to another process.
func (s *Sweeper) advance(ctx context.Context, sent, next []*job) ([]*job, error) {
	var ours []*job
	err := s.parts.DB.Write(ctx, func(tx *database.Tx) error {
		ours = nil
		for _, j := range sent {
			if err := j.settle(tx); err != nil {
				return err
			}
		}
		for _, j := range next {
			mine, err := newStore(tx).sending(j.slot)
			if err != nil {
				return err
			}
			if mine {
				ours = append(ours, j)
			}
		}
		return nil
	})
	if err == nil {
		s.report(sent)
	}
	return ours, err
}

func (j *job) settle(tx *database.Tx) error {
	if err := newStore(tx).settle(j.slot); err != nil {
		return err
	}
	for _, target := range j.dead {
		if err := people.ForgetPushAddress(tx, target.Device, target.Address); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sweeper) report(sent []*job) {
	for _, j := range sent {
		s.parts.Observer.Decided(j.slot.Kind, string(j.slot.State), j.slot.Reason)
		if j.slot.State == stateSent {
			s.parts.Observer.Sent(j.slot.Kind, s.parts.Clock.Now().Sub(j.slot.DueAt))
		}
	}
}

func patientsOf(slots []slot) (patients []id.Patient) {
	for _, sl := range slots {
		if !slices.Contains(patients, sl.Patient) {
			patients = append(patients, sl.Patient)
		}
	}
	return patients
}

// prepare checks a slot a last time. It returns nil if the slot is not to be sent now.
func (s *Sweeper) prepare(tx *database.Tx, sl slot, of *patientData) (*job, error) {
	store := newStore(tx)
	switch {
	case sl.Unsure >= maxUnsure || sl.Attempts >= maxAttempts:
		sl.State, sl.Reason = stateDead, Ambiguous
		return nil, store.settle(sl)
	case !tx.Now().Before(sl.ExpiresAt):
		sl.State, sl.Reason = stateExpired, TooLate
		return nil, store.settle(sl)
	}
	f, err := s.loader.facts(tx, of, sl)
	if err != nil {
		return nil, err
	}
	switch v := Decide(f, tx.Now()); v.Outcome {
	case Hold:
		sl.State, sl.Reason, sl.DueAt = stateDue, v.Reason, v.Until
		return nil, store.settle(sl)
	case Skip:
		sl.State, sl.Reason = stateSkipped, v.Reason
		return nil, store.settle(sl)
	}
	return &job{slot: sl, targets: of.phones, message: Message{
		Slot:    sl.ID,
		Kind:    sl.Kind,
		Title:   "Cadans",
		Body:    sl.Kind.text(sl.Arm, f.Patient.Language),
		Expires: sl.ExpiresAt,
	}}, nil
}

// send offers the message to every phone of the patient concurrently; success on one phone is enough.
func (s *Sweeper) send(ctx context.Context, j *job) {
	ctx, cancel := context.WithTimeout(ctx, sendDeadline)
	defer cancel()
	failures := make([]*delivery.Failure, len(j.targets))
	dead := make([]bool, len(j.targets))
	var wait sync.WaitGroup
	for i, target := range j.targets {
		wait.Go(func() {
			failures[i] = s.offer(ctx, j.message, target)
			dead[i] = failures[i] != nil && failures[i].Kind == delivery.RefusedHere && !s.forget(ctx, target)
		})
	}
	wait.Wait()
	for i, target := range j.targets {
		if dead[i] {
			j.dead = append(j.dead, target)
		}
	}
	s.conclude(j, failures)
}

func (s *Sweeper) offer(ctx context.Context, m Message, target people.PushTarget) *delivery.Failure {
	m.Target = target
	f := delivery.Of(s.parts.Sender.Send(ctx, m))
	if f != nil {
		s.tally.Add(f)
		s.parts.Observer.Failed(f)
	}
	return f
}

// forget removes a dead address immediately, because its slot may still wait for another phone. If that fails, the
// address is removed when its slot ends.
func (s *Sweeper) forget(ctx context.Context, target people.PushTarget) (done bool) {
	return s.parts.DB.Write(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		return people.ForgetPushAddress(tx, target.Device, target.Address)
	}) == nil
}

// conclude decides what happens to the slot. If a send may have reached a phone, at most one more send follows, so that
// failure takes precedence over failures that only require waiting.
func (s *Sweeper) conclude(j *job, failures []*delivery.Failure) {
	var unsure, waits *delivery.Failure
	j.slot.State, j.slot.Reason = stateDead, Undeliverable
	for _, f := range failures {
		switch {
		case f == nil:
			j.slot.State, j.slot.Reason = stateSent, Due
			return
		case f.Kind == delivery.MayHaveLeft:
			if unsure == nil || unsure.Answered {
				unsure = f
			}
		case f.Kind != delivery.RefusedHere:
			waits = f
		}
	}
	switch {
	case unsure != nil:
		j.slot.Attempts++
		if !unsure.Answered {
			j.slot.Unsure++
		}
		s.putBack(j, unsure)
	case waits != nil:
		s.putBack(j, waits)
	}
}
