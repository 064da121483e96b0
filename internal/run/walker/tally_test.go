package walker_test

import (
	"fmt"
	"slices"
)

// tally counts how often each act was tried and how often it succeeded.
type tally struct {
	tried, succeeded map[string]int
	steps            int
	failedAt         int // the first failure; what comes after it is the search for a shorter walk
	wrong            map[string]bool
}

func newTally() *tally {
	return &tally{tried: map[string]int{}, succeeded: map[string]int{}, wrong: map[string]bool{}}
}

// sum adds up what several walkers tried.
func sum(tallies []*tally) *tally {
	all := newTally()
	for _, one := range tallies {
		for name, n := range one.tried {
			all.tried[name] += n
		}
		for name, n := range one.succeeded {
			all.succeeded[name] += n
		}
	}
	return all
}

// String lists the acts with how often each succeeded of how often it was tried.
func (t *tally) String() string {
	total, lines := 0, ""
	for _, name := range slices.Sorted(keysOf(t.tried)) {
		total += t.tried[name]
		lines += fmt.Sprintf("  %-45s %5d of %5d\n", name, t.succeeded[name], t.tried[name])
	}
	return fmt.Sprintf("%d acts\n%s", total, lines)
}

func keysOf(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// never lists the acts that did not succeed once.
func (t *tally) never(all []act) (names []string) {
	for _, a := range all {
		if t.succeeded[a.name] == 0 {
			names = append(names, a.name)
		}
	}
	return names
}

// searching reports whether a walk has failed in what it read. Then only that is read, in search of a
// shorter walk: it takes a tenth of the time.
func (t *tally) searching() bool { return len(t.wrong) > 0 }

// suspect notes that the reading of something was wrong.
func (t *tally) suspect(name string) {
	if t.failedAt == 0 {
		t.wrong[name] = true
	}
}

// suspects reports whether something is to be read: everything, as long as nothing was wrong.
func (t *tally) suspects(name string) bool { return !t.searching() || t.wrong[name] }
