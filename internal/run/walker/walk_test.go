package walker_test

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// How far to walk. The seed is rapid's own, so that what it prints is what it takes.
var (
	steps = flag.Int("walk.steps", usualSteps(), "how many steps to walk on SQLite; a fifth of them on PostgreSQL")
	long  = flag.Int("walk.long", 55, "how many steps a walk has on average")
)

// ciSteps are enough for every act to succeed at some time, and for 5,000 steps whatever the seed: walks are often
// shorter than their average. shortSteps are walked with -short.
const (
	ciSteps    = 5_775
	shortSteps = 100
)

// walkers share the steps on SQLite, and onPostgres those on PostgreSQL. They all go beside each other: whoever waits
// for the server leaves the processor to the others, and nobody walks alone in the end.
const (
	walkers    = 15
	onPostgres = walkers / 5
)

func usualSteps() int {
	if os.Getenv("CI") != "" {
		return ciSteps
	}
	return ciSteps / 10
}

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("rapid.seed").Value.String() == "0" {
		set("rapid.seed", cmp.Or(os.Getenv("WALK_SEED"), usualSeed()))
	}
	set("rapid.nofailfile", "true") // a walk is found again by its seed
	set("test.parallel", strconv.Itoa(walkers+onPostgres))
	walks, average := walksOfOne()
	set("rapid.checks", strconv.Itoa(walks))
	set("rapid.steps", strconv.Itoa(average))
	os.Exit(testdb.Suite{M: m}.Run())
}

// usualSeed is the same in CI every time, so that a change is judged by what it
// changes. Elsewhere each walk is a new one.
func usualSeed() string {
	if os.Getenv("CI") != "" {
		return "1"
	}
	return strconv.FormatUint(rand.Uint64()>>1|1, 10)
}

func set(name, value string) {
	if err := flag.Set(name, value); err != nil {
		panic(err)
	}
}

// walksOfOne is how many walks each walker makes, and how many steps they have on average.
func walksOfOne() (walks, average int) {
	far := *steps
	if testing.Short() {
		far = min(far, shortSteps)
	}
	walks, average = max(far/walkers / *long, 1), *long
	if testing.Short() { // rapid takes a fifth of the walks then, and half of the steps
		walks, average = 5*walks, 2*min(average, far/walkers)
	}
	return walks, average
}

// Whatever people do, in whatever order, every page can be read afterwards and says the same as every other. Over
// all walks every kind of act succeeds.
func TestWalkOnSQLite(t *testing.T) {
	t.Parallel()
	all := walkTogether(t, walkers)
	if !testing.Short() && *steps >= ciSteps && !t.Failed() {
		require.Empty(t, all.never(acts), "acts that never succeeded")
	}
}

// The same on the other database.
func TestWalkOnPostgreSQL(t *testing.T) {
	testdb.Postgres(t) // or it is skipped
	t.Parallel()
	walkTogether(t, onPostgres, testkit.OnPostgres)
}

// walkTogether lets some walkers go beside each other, and returns what they did.
func walkTogether(t *testing.T, walkers int, on ...func(testing.TB) testkit.Option) *tally {
	var tallies []*tally
	t.Run("walker", func(t *testing.T) {
		for which := range walkers {
			done := newTally()
			tallies = append(tallies, done)
			t.Run(strconv.Itoa(which), func(t *testing.T) {
				t.Parallel()
				walkMany(t, which, done, on...)
			})
		}
	})
	all := sum(tallies)
	t.Log(all)
	return all
}

// walkMany is what one walker does. Walkers with one seed draw the same numbers, and take other acts for them.
func walkMany(t *testing.T, which int, done *tally, on ...func(testing.TB) testkit.Option) {
	t.Logf("seed %s (-rapid.seed)", flag.Lookup("rapid.seed").Value)
	own := slices.Concat(acts[which:], acts[:which])
	rapid.Check(t, func(r *rapid.T) { walkOnce(t, r, own, done, on) })
}

func walkOnce(t *testing.T, r *rapid.T, own []act, done *tally, on []func(testing.TB) testkit.Option) {
	trial := &trial{TB: t, walk: r}
	defer trial.end()
	w := newWalk(trial, done, on)
	r.Repeat(map[string]func(*rapid.T){"act": func(*rapid.T) { w.step(evenly(r, own)) }})
	w.endsWell()
}

// evenly draws one of some acts, each as often as every other: rapid's own numbers are mostly small.
func evenly(r *rapid.T, from []act) act {
	n := 0
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 12, 12).Draw(r, "which act") {
		n *= 2
		if bit {
			n++
		}
	}
	return from[n%len(from)]
}
