package walker_test

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/testkit"
)

// How far to walk. The seed is rapid's own, so that what it prints is what it takes.
var (
	steps = flag.Int("walk.steps", usualSteps(), "how many steps to walk on SQLite; a fifth of them on PostgreSQL")
	long  = flag.Int("walk.long", 50, "how many steps a walk has on average")
)

// ciSteps are enough for every act to succeed at some time; shortSteps are walked with -short.
const (
	ciSteps    = 5_000
	shortSteps = 100
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
	os.Exit(testkit.Suite{M: m}.Run())
}

// usualSeed is the same in CI every time, so that a change is judged by what it changes. Elsewhere each walk is a new one.
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

// Whatever people do, in whatever order, every page can be read afterwards and says the same as every other.
func TestWalkOnSQLite(t *testing.T) { walkOn(t, *steps) }

// The same on the other database.
func TestWalkOnPostgreSQL(t *testing.T) {
	testkit.Postgres(t) // or it is skipped
	walkOn(t, *steps/5, testkit.OnPostgres)
}

// walkOn walks until there were about so many steps, and expects that every kind of act succeeded.
func walkOn(t *testing.T, far int, on ...func(testing.TB) testkit.Option) {
	if testing.Short() {
		far = min(far, shortSteps)
	}
	t.Logf("seed %s (-rapid.seed), %d steps (-walk.steps)", flag.Lookup("rapid.seed").Value, far)
	walks, average := max(far / *long, 1), *long
	if testing.Short() { // rapid takes a fifth of the walks then, and half of the steps
		walks, average = 5*walks, 2*average
	}
	set("rapid.checks", strconv.Itoa(walks))
	set("rapid.steps", strconv.Itoa(average))
	done := newTally()
	rapid.Check(t, func(r *rapid.T) { walkOnce(t, r, done, on) })
	t.Log(done)
	if !testing.Short() && far >= ciSteps {
		require.Empty(t, done.never(acts), "acts that never succeeded")
	}
}

func walkOnce(t *testing.T, r *rapid.T, done *tally, on []func(testing.TB) testkit.Option) {
	trial := &trial{TB: t, walk: r}
	defer trial.end()
	w := newWalk(trial, done, on)
	r.Repeat(map[string]func(*rapid.T){"act": func(*rapid.T) { w.step(evenly(r, acts)) }})
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
