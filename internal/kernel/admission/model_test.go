package admission

import (
	"container/heap"
	"slices"
	"time"

	"cadans/internal/kernel/clock"
)

// model is a program that works on one thing at a time, in a time of its own. A thing is a batch: with a batch of one
// it is a processor, with more a writer that commits in groups.
type model struct {
	l     *Limiter
	clock *clock.Manual
	start time.Time

	batch int
	takes func(n int) time.Duration // for n requests together

	waiting, working []job
	until            time.Time
	coming           arrivals

	took    []time.Duration
	refused [3]int
	done    [3]int
}

// job is a request. Again is when its client sends the next one after its answer; zero for never.
type job struct {
	at     time.Time
	class  Class
	again  time.Duration
	ticket Ticket
}

// arrivals are ordered by time.
type arrivals []job

func (a arrivals) Len() int           { return len(a) }
func (a arrivals) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a arrivals) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *arrivals) Push(x any)        { *a = append(*a, x.(job)) }
func (a *arrivals) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

var midnight = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func newModel(batch int, takes func(int) time.Duration) *model {
	c := clock.NewManual(midnight)
	return &model{l: New(c, len(Classes)), clock: c, start: midnight, batch: batch, takes: takes}
}

// offer lets requests of a class come at a rate, for a while.
func (m *model) offer(class Class, perSecond float64, length time.Duration) {
	gap := time.Duration(float64(time.Second) / perSecond)
	for at := m.clock.Now(); at.Before(m.clock.Now().Add(length)); at = at.Add(gap) {
		heap.Push(&m.coming, job{at: at, class: class})
	}
}

// clients send one request after another, and come back after a second where they are refused.
func (m *model) clients(class Class, n int) {
	for range n {
		heap.Push(&m.coming, job{at: m.clock.Now(), class: class, again: time.Nanosecond})
	}
}

// run lets time pass.
func (m *model) run(length time.Duration) {
	end := m.clock.Now().Add(length)
	for {
		next, working := m.next()
		if next.IsZero() || next.After(end) {
			m.clock.Set(end)
			return
		}
		m.clock.Set(next)
		if working {
			m.finish()
		} else {
			m.arrive(heap.Pop(&m.coming).(job))
		}
		m.work()
	}
}

// next is when something happens, and whether it is that work is done.
func (m *model) next() (at time.Time, working bool) {
	if len(m.coming) > 0 {
		at = m.coming[0].at
	}
	if len(m.working) > 0 && (at.IsZero() || !m.until.After(at)) {
		return m.until, true
	}
	return at, false
}

func (m *model) arrive(j job) {
	var ok bool
	if j.ticket, ok = m.l.Enter(j.class); ok {
		m.waiting = append(m.waiting, j)
		return
	}
	m.refused[j.class]++
	if j.again > 0 {
		j.at = m.clock.Now().Add(time.Second)
		heap.Push(&m.coming, j)
	}
}

func (m *model) work() {
	if len(m.working) > 0 || len(m.waiting) == 0 {
		return
	}
	n := min(m.batch, len(m.waiting))
	m.working, m.waiting = m.waiting[:n:n], m.waiting[n:]
	m.until = m.clock.Now().Add(m.takes(n))
}

func (m *model) finish() {
	for _, j := range m.working {
		m.l.Leave(j.ticket, int(j.class))
		m.done[j.class]++
		m.took = append(m.took, m.clock.Now().Sub(j.at))
		if j.again > 0 {
			j.at = m.clock.Now().Add(j.again)
			heap.Push(&m.coming, j)
		}
	}
	m.working = nil
}

// forget begins to count anew.
func (m *model) forget() { m.took, m.refused, m.done = nil, [3]int{}, [3]int{} }

func (m *model) answered() int { return len(m.took) }

func (m *model) p99() time.Duration {
	sorted := slices.Sorted(slices.Values(m.took))
	return sorted[len(sorted)*99/100]
}
