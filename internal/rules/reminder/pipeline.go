package reminder

import (
	"context"
	"errors"
	"time"

	"cadans/internal/kernel/clock"
)

// A send that takes longer than slow no longer counts as in flight, so that a hanging phone or service delays nobody
// else; mostUnder limits the number of all sends. These are real time, because the service's response times are.
const (
	slow        = 250 * time.Millisecond
	mostUnder   = 50
	commitDelay = 20 * time.Millisecond // answers that arrive within this time share a commit
)

// pipeline is the pipeline of a sweep: slots are claimed, started a few at a time, and settled as their answers arrive.
// If the program dies, the outcome is unknown only for those in flight.
type pipeline struct {
	s         *Sweeper
	ready     []*job // claimed, not started
	under     map[*job]sending
	results   chan *job
	answered  []*job // not written yet
	exhausted bool   // nothing more is due
	left      error
}

// sending is the state of a job while a goroutine sends it.
type sending struct {
	begun     time.Time
	maybeSent bool // it may have been sent before
}

func newLine(s *Sweeper) *pipeline {
	return &pipeline{s: s, under: map[*job]sending{}, results: make(chan *job, mostUnder)}
}

// run sends everything that is due while the service has room. Left is why some slots were postponed; err is why the
// sweep cannot continue.
func (l *pipeline) run(ctx context.Context) (left, err error) {
	for {
		if err := l.fill(ctx); err != nil {
			return l.left, errors.Join(err, l.end(ctx))
		}
		l.answered = append(l.answered, l.awaitAnswers()...)
		next := l.next()
		if len(l.answered)+len(next) == 0 && len(l.under) == 0 {
			return l.left, l.end(ctx)
		}
		if err := l.advance(ctx, next); err != nil {
			return l.left, errors.Join(err, l.end(ctx))
		}
	}
}

// fill claims the next batch when the last one has started. If the service has no room, it claims only expired slots.
func (l *pipeline) fill(ctx context.Context) error {
	for len(l.ready) == 0 && !l.exhausted {
		room := l.s.health.Room()
		if room == 0 && len(l.under) > 0 {
			return nil // the answers in flight decide whether there will be room
		}
		most := min(room, sendBatch)
		if room == 0 {
			most = sendBatch
		}
		again := l.s.hasLived() && l.s.health.IsWell()
		slots, jobs, left, err := l.s.claim(ctx, claimRequest{limit: most, uncertain: again, expiredOnly: room == 0})
		l.left = errors.Join(l.left, left)
		if err != nil {
			return err
		}
		l.ready, l.exhausted = uncertainLast(jobs), len(slots) < most
	}
	return nil
}

// uncertainLast moves jobs that may have been sent before to the end.
func uncertainLast(jobs []*job) (ordered []*job) {
	var unsure []*job
	for _, j := range jobs {
		if j.slot.Unsure > 0 {
			unsure = append(unsure, j)
			continue
		}
		ordered = append(ordered, j)
	}
	return append(ordered, unsure...)
}

// next takes the jobs that may start now. A job that may have been sent before starts alone, to keep it in flight as
// briefly as possible: if the program dies again meanwhile, its slot ends.
func (l *pipeline) next() []*job {
	fast := l.inFlight()
	free := min(inFlight-fast, mostUnder-len(l.under), l.s.health.Room(), len(l.ready))
	n := 0
	for n < free && l.ready[n].slot.Unsure == 0 && !l.hasUncertain() {
		n++
	}
	if n == 0 && free > 0 && fast == 0 {
		n = 1
	}
	begin := l.ready[:n]
	l.ready = l.ready[n:]
	return begin
}

// inFlight counts the sends in flight that are not slow.
func (l *pipeline) inFlight() (n int) {
	now := clock.System{}.Now()
	for _, s := range l.under {
		if now.Sub(s.begun) < slow {
			n++
		}
	}
	return n
}

// hasUncertain reports whether a job is in flight that must be alone.
func (l *pipeline) hasUncertain() bool {
	now := clock.System{}.Now()
	for _, s := range l.under {
		if s.maybeSent && now.Sub(s.begun) < slow {
			return true
		}
	}
	return false
}

// awaitAnswers waits until a send in flight is answered, then a short time for more answers, and no longer than until
// another job may start.
func (l *pipeline) awaitAnswers() (done []*job) {
	var patience <-chan time.Time
	begins := l.mayBegin()
	if begins {
		patience = clock.System{}.After(slow)
	}
	for len(l.under) > 0 {
		if l.inFlight() == 0 && (begins || len(done) > 0) {
			patience = past
		}
		select {
		case j := <-l.results:
			delete(l.under, j)
			if done = append(done, j); len(done) == 1 {
				patience = clock.System{}.After(commitDelay)
			}
		case <-patience:
			return done
		}
	}
	return done
}

// past is a timer that has already fired.
var past = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

func (l *pipeline) mayBegin() bool {
	return len(l.ready) > 0 && len(l.under) < mostUnder && l.s.health.Room() > 0
}

// advance records the results of sent jobs and that the next ones are being sent, and starts them. If it fails, it
// keeps all answers and puts the next jobs back: they may be recorded as being sent, but were not.
func (l *pipeline) advance(ctx context.Context, next []*job) error {
	if len(l.answered)+len(next) == 0 {
		return nil
	}
	ours, err := l.s.advance(ctx, l.answered, next)
	if err != nil {
		for _, j := range next {
			j.slot.State = stateDue
		}
		l.answered = append(l.answered, next...)
		return err
	}
	l.answered = nil
	for _, j := range ours {
		l.under[j] = sending{clock.System{}.Now(), j.slot.Unsure > 0}
		go func() {
			l.s.send(ctx, j)
			l.results <- j
		}()
	}
	return nil
}

// end waits for the sends in flight, and releases what was not started.
func (l *pipeline) end(ctx context.Context) error {
	for len(l.under) > 0 {
		j := <-l.results
		delete(l.under, j)
		l.answered = append(l.answered, j)
	}
	return errors.Join(l.advance(ctx, nil), l.release(ctx))
}

func (l *pipeline) release(ctx context.Context) error {
	if len(l.ready) == 0 {
		return nil
	}
	slots := make([]slot, len(l.ready))
	for i, j := range l.ready {
		slots[i] = j.slot
	}
	return l.s.write(ctx, func(of store) error { return of.release(slots) })
}
