package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// verdict is the result for one mutant.
type verdict struct {
	mutant *mutant
	killed bool
	ran    []string // the tests that met it; none when no test reaches it
}

// choose returns the tests to run against a mutant, best first: those of its own package, then those that reach few
// other mutants, because they are the most specific. It stops at a number of tests and at a total duration.
func choose(m *mutant, suite []*test, most int, budget time.Duration) (chosen []*test) {
	for _, t := range suite {
		if t.reaches[m.number] {
			chosen = append(chosen, t)
		}
	}
	foreign := func(t *test) int {
		if t.binary.path == m.source.path {
			return 0
		}
		return 1
	}
	slices.SortFunc(chosen, func(a, b *test) int {
		return cmp.Or(
			foreign(a)-foreign(b), len(a.reaches)-len(b.reaches), cmp.Compare(a.took, b.took),
			cmp.Compare(a.name, b.name),
		)
	})
	var total time.Duration
	for i, t := range chosen {
		if total += t.took; i == most || i > 0 && total > budget {
			return chosen[:i]
		}
	}
	return chosen
}

// judge runs the chosen tests with a mutant on, each binary once, until one fails.
func judge(ctx context.Context, m *mutant, chosen []*test, env string) verdict {
	v := verdict{mutant: m}
	for len(chosen) > 0 {
		b := chosen[0].binary
		names, took := []string{}, time.Duration(0)
		chosen = slices.DeleteFunc(slices.Clone(chosen), func(t *test) bool {
			if t.binary == b {
				names, took = append(names, t.name), took+t.took
			}
			return t.binary == b
		})
		for _, n := range names {
			v.ran = append(v.ran, relative(b.dir)+"."+n)
		}
		if _, err := b.run(ctx, names, patience+4*took, env); err != nil {
			v.killed = true
			return v
		}
	}
	return v
}

// patience is how much longer a run of tests may take than without a mutant.
const patience = 20 * time.Second

// report prints the results, in total and by seed, and returns the smallest share that the tests of one seed killed.
func report(verdicts []verdict) (share float64) {
	var seeds []uint64
	for _, v := range verdicts {
		seeds = append(seeds, v.mutant.seeds...)
	}
	slices.Sort(seeds)
	share = 1
	for _, seed := range slices.Compact(seeds) {
		by := slices.DeleteFunc(
			slices.Clone(verdicts), func(v verdict) bool { return !slices.Contains(v.mutant.seeds, seed) },
		)
		fmt.Printf("seed %d: ", seed)
		share = min(share, total(by))
	}
	return share
}

// total prints what became of some, and returns the share that was killed.
func total(verdicts []verdict) float64 {
	var all, sql, logic tally
	for _, v := range verdicts {
		all.count(v)
		if v.mutant.sql {
			sql.count(v)
		} else {
			logic.count(v)
		}
	}
	fmt.Printf("%d mutants, %d killed, %d survived, %d not reached; Go %s, SQL %s\n",
		len(verdicts), all.killed, all.survived, all.missed, logic, sql)
	return all.share()
}

type tally struct{ killed, survived, missed int }

func (t *tally) count(v verdict) {
	switch {
	case v.killed:
		t.killed++
	case len(v.ran) == 0:
		t.missed++
	default:
		t.survived++
	}
}

func (t tally) share() float64 {
	if n := t.killed + t.survived + t.missed; n > 0 {
		return float64(t.killed) / float64(n)
	}
	return 1
}

// String implements fmt.Stringer.
func (t tally) String() string {
	return fmt.Sprintf("%.0f %% of %d killed", 100*t.share(), t.killed+t.survived+t.missed)
}

// line describes a mutant that no test detected.
func (v verdict) line() string {
	if len(v.ran) == 0 {
		return "not reached  " + v.mutant.String()
	}
	return "survived     " + v.mutant.String() + "\n             " + strings.Join(v.ran, " ")
}
