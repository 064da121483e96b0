package reminder

import (
	"context"
	"errors"
	"time"

	"cadans/internal/kernel/clock"
)

// A send that has no answer after slow no longer counts among those in flight, so that a phone or a service that
// hangs keeps nobody waiting; mostUnder bounds them all. These are real time, as is what a service takes to answer.
const (
	slow      = 250 * time.Millisecond
	mostUnder = 50
	together  = 20 * time.Millisecond // answers that come within this are written in one commit
)

// line is what one sweep has under way: slots are claimed, begun a few at a time, and settled as their answers come.
// What is in flight is what nobody knows about when the program dies.
type line struct {
	s        *Sweeper
	ready    []*job // claimed, and not begun
	under    map[*job]sending
	results  chan *job
	answered []*job // and not written yet
	dry      bool   // nothing more is due
	left     error
}

// sending is what the line knows of a job while somebody else works on it.
type sending struct {
	begun time.Time
	alone bool // it may have gone out before
}

func newLine(s *Sweeper) *line {
	return &line{s: s, under: map[*job]sending{}, results: make(chan *job, mostUnder)}
}

// run sends everything that is due and that the service has room for. Left is why some were put off; err is why it
// cannot go on.
func (l *line) run(ctx context.Context) (left, err error) {
	for {
		if err := l.fill(ctx); err != nil {
			return l.left, errors.Join(err, l.end(ctx))
		}
		l.answered = append(l.answered, l.gather()...)
		next := l.next()
		if len(l.answered)+len(next) == 0 && len(l.under) == 0 {
			return l.left, l.end(ctx)
		}
		if err := l.advance(ctx, next); err != nil {
			return l.left, errors.Join(err, l.end(ctx))
		}
	}
}

// fill claims the next batch when the last is begun. Where the service has no room, only those are looked at that
// have expired.
func (l *line) fill(ctx context.Context) error {
	for len(l.ready) == 0 && !l.dry {
		room := l.s.health.Room()
		if room == 0 && len(l.under) > 0 {
			return nil // what is under way decides whether there will be room
		}
		most := min(room, sendBatch)
		if room == 0 {
			most = sendBatch
		}
		again := l.s.hasLived() && l.s.health.IsWell()
		slots, jobs, left, err := l.s.claim(ctx, ask{most: most, again: again, dry: room == 0})
		l.left = errors.Join(l.left, left)
		if err != nil {
			return err
		}
		l.ready, l.dry = sureFirst(jobs), len(slots) < most
	}
	return nil
}

// sureFirst orders those that may have gone out before behind the others.
func sureFirst(jobs []*job) (ordered []*job) {
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

// next takes those that may begin now. One that may have gone out before begins alone, so that it is under way for as
// short as can be: a second death in the middle of it is the end of its slot.
func (l *line) next() []*job {
	fast := l.inFlight()
	free := min(inFlight-fast, mostUnder-len(l.under), l.s.health.Room(), len(l.ready))
	n := 0
	for n < free && l.ready[n].slot.Unsure == 0 && !l.isAlone() {
		n++
	}
	if n == 0 && free > 0 && fast == 0 {
		n = 1
	}
	begin := l.ready[:n]
	l.ready = l.ready[n:]
	return begin
}

// inFlight counts what is under way and not slow.
func (l *line) inFlight() (n int) {
	now := clock.System{}.Now()
	for _, s := range l.under {
		if now.Sub(s.begun) < slow {
			n++
		}
	}
	return n
}

// isAlone reports whether one is in flight that must not have company.
func (l *line) isAlone() bool {
	now := clock.System{}.Now()
	for _, s := range l.under {
		if s.alone && now.Sub(s.begun) < slow {
			return true
		}
	}
	return false
}

// gather waits until what is in flight is answered, but once something is, not much longer; nor longer than until
// another may begin beside it.
func (l *line) gather() (done []*job) {
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
				patience = clock.System{}.After(together)
			}
		case <-patience:
			return done
		}
	}
	return done
}

// past is a moment that has come.
var past = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

func (l *line) mayBegin() bool {
	return len(l.ready) > 0 && len(l.under) < mostUnder && l.s.health.Room() > 0
}

// advance writes what became of those that were sent and that the next are being sent, and begins them. Where it
// cannot, no answer is forgotten, and the next are to be put back: they may be written as being sent, and were not.
func (l *line) advance(ctx context.Context, next []*job) error {
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

// end waits for what is under way, and gives back what was not begun.
func (l *line) end(ctx context.Context) error {
	for len(l.under) > 0 {
		j := <-l.results
		delete(l.under, j)
		l.answered = append(l.answered, j)
	}
	return errors.Join(l.advance(ctx, nil), l.release(ctx))
}

func (l *line) release(ctx context.Context) error {
	if len(l.ready) == 0 {
		return nil
	}
	slots := make([]slot, len(l.ready))
	for i, j := range l.ready {
		slots[i] = j.slot
	}
	return l.s.write(ctx, func(of store) error { return of.release(slots) })
}
