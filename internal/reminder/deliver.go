package reminder

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"cadans/internal/database"
	"cadans/internal/id"
	"cadans/internal/people"
)

// job is a slot that is being sent.
type job struct {
	slot    slot
	message Message
	targets []people.PushTarget
	dead    []people.PushTarget
}

// deliver claims some slots, looks at each a last time, and sends them, a few at a time: those few are what nobody knows
// about when the program dies.
func (s *Sweeper) deliver(ctx context.Context) (claimed int, left, err error) {
	slots, jobs, left, err := s.claim(ctx)
	if err != nil {
		return len(slots), left, err
	}
	var under []*job
	for _, few := range inFlights(jobs) {
		if under, err = s.advance(ctx, under, few); err != nil {
			return len(slots), left, err
		}
		s.sendAll(ctx, under)
	}
	_, err = s.advance(ctx, under, nil)
	return len(slots), left, err
}

// inFlights divides jobs into those that are under way together. One that may have gone out before goes alone, so that it is under
// way for as short as can be: a second death in the middle of it is the end of its slot.
func inFlights(jobs []*job) (groups [][]*job) {
	var sure []*job
	for _, j := range jobs {
		if j.slot.Unsure > 0 {
			groups = append(groups, []*job{j})
			continue
		}
		sure = append(sure, j)
	}
	return slices.AppendSeq(groups, slices.Chunk(sure, inFlight))
}

func (s *Sweeper) claim(ctx context.Context) (slots []slot, jobs []*job, left, err error) {
	err = s.write(ctx, func(of store) (err error) {
		jobs = nil
		if slots, err = of.claim(sendBatch, lease, s.hasLived()); err != nil || len(slots) == 0 {
			return err
		}
		jobs, err = s.prepareAll(of.tx, slots)
		return err
	})
	if err != nil {
		jobs = nil
		left, err = oneByOne(err, slots, func(sl slot) error {
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

// claimOne is claim for a slot that was claimed with others in vain.
func (s *Sweeper) claimOne(ctx context.Context, sl slot) (jobs []*job, err error) {
	err = s.write(ctx, func(of store) error {
		jobs = nil
		mine, err := of.claimAgain(sl)
		if err == nil && mine {
			jobs, err = s.prepareAll(of.tx, []slot{sl})
		}
		return err
	})
	return jobs, err
}

// prepareAll takes the last look at slots and returns those to be sent now.
func (s *Sweeper) prepareAll(tx *database.Tx, slots []slot) (jobs []*job, err error) {
	folders, err := s.loader.load(tx, patientsOf(slots))
	if err != nil {
		return nil, err
	}
	for _, sl := range slots {
		j, err := s.prepare(tx, sl, folders[sl.Patient])
		if err != nil {
			return nil, err
		}
		if j != nil {
			jobs = append(jobs, j)
		}
	}
	return jobs, nil
}

// advance notes in one commit what became of those that were sent, and that the next are being sent from now on. It returns
// those next that are still ours: the lease of a program that hung may have passed to another.
func (s *Sweeper) advance(ctx context.Context, sent, next []*job) (ours []*job, err error) {
	err = s.parts.DB.Write(ctx, func(tx *database.Tx) error {
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

// prepare takes the last look at a slot. It returns nil when the slot is not to be sent now.
func (s *Sweeper) prepare(tx *database.Tx, sl slot, of *folder) (*job, error) {
	store := newStore(tx)
	switch {
	case sl.Unsure >= maxUnsure:
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
	sl.Attempts++
	return &job{slot: sl, targets: of.phones, message: Message{
		Slot: sl.ID, Kind: sl.Kind, Title: "Cadans", Body: sl.Kind.text(sl.Arm, f.Patient.Language), Expires: sl.ExpiresAt,
	}}, nil
}

// sendAll sends side by side, so that one slow answer does not hold up the others.
func (s *Sweeper) sendAll(ctx context.Context, jobs []*job) {
	var wait sync.WaitGroup
	for _, j := range jobs {
		wait.Go(func() { s.send(ctx, j) })
	}
	wait.Wait()
}

// send offers the message to every phone of the patient; one that takes it is enough.
func (s *Sweeper) send(ctx context.Context, j *job) {
	ctx, cancel := context.WithTimeout(ctx, sendDeadline)
	defer cancel()
	j.slot.State, j.slot.Reason = stateDead, Undeliverable
	var retry *RetryError
	for _, target := range j.targets {
		m := j.message
		m.Target = target
		err := s.parts.Sender.Send(ctx, m)
		switch {
		case err == nil:
			j.slot.State, j.slot.Reason = stateSent, Due
		case errors.Is(err, ErrUnregistered):
			j.dead = append(j.dead, target)
		case errors.As(err, &retry):
		default:
			j.slot.Reason = ServiceRejected
			s.parts.Log.Warn("push refused", "slot", m.Slot, "error", err)
		}
	}
	if j.slot.State == stateDead && retry != nil {
		j.retry(retry, s.parts.Clock.Now())
	}
}

// retry puts a slot that could not be sent back, unless it was tried often enough.
func (j *job) retry(why *RetryError, now time.Time) {
	switch {
	case why.Unsure:
		j.slot.Unsure++
	case why.Unsent:
		j.slot.Attempts--
	}
	if j.slot.Attempts < maxAttempts {
		j.slot.State, j.slot.Reason = stateDue, Due
		j.slot.DueAt = now.Add(backoff(max(j.slot.Attempts, 1), why.Wait))
	}
}

// backoff waits as long as the service asked, or doubles from a minute, with jitter so that nobody comes back at once.
func backoff(attempts int, asked time.Duration) time.Duration {
	if asked > 0 {
		return asked + rand.N(asked/4+time.Second)
	}
	wait := firstBackoff << (attempts - 1)
	return wait + rand.N(wait/2)
}
