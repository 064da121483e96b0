// Command mutants is a mutation tester: it changes the program in many small ways, one at a time, and lists the
// changes that no test detects. It inverts comparisons and connectives, moves boundaries, drops calls, returns zero
// values, and changes SQL texts: it drops a condition, reverses an order, removes a limit.
//
// All chosen mutants are compiled behind a switch into one build of each test binary, in an overlay: the source
// itself is never changed. Each test runs once alone to learn which mutants it reaches. Then each mutant runs with
// the tests that reach it, those of its own package and the most specific first. Tests of PostgreSQL are left out,
// and so are row locks, checks of err against nil, generated code, and texts of logs and errors.
//
// The same seed over the same source chooses the same mutants. Half of them are SQL, if there are that many.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cadans/internal/run/mutants/toggle"
)

type settings struct {
	seeds             string
	count, tests      int
	budget            time.Duration
	packages, changed string
	testers, only     string
	list              bool
	goal              float64
}

func main() {
	var s settings
	flag.StringVar(&s.seeds, "seed", "1", "chooses the mutants; several seeds, with commas between, share a build")
	flag.IntVar(&s.count, "count", 200, "how many mutants by each seed")
	flag.IntVar(&s.tests, "tests", 40, "how many tests each mutant meets at most")
	flag.DurationVar(&s.budget, "budget", time.Minute, "how long those tests may take together without a mutant")
	flag.StringVar(&s.packages, "packages", defaultPackages, "what to mutate")
	flag.StringVar(&s.changed, "changed", "", "mutate only packages that changed since this commit")
	flag.StringVar(&s.testers, "testers", defaultTesters, "whose tests run beside those of the mutated packages")
	flag.StringVar(&s.only, "only", "", "only mutants whose line in the report contains this text")
	flag.BoolVar(&s.list, "list", false, "list the chosen mutants and stop")
	flag.Float64Var(&s.goal, "goal", 0, "fail when a smaller share than this is killed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	share, err := run(ctx, s)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if share < s.goal {
		os.Exit(1)
	}
}

// defaultPackages have the rules and the SQL.
const defaultPackages = "safety progression queue program attention alert caseload people reminder adherence session " +
	"feedback visit settings proposal"

// defaultTesters have the tests that go through the whole program in little time.
const defaultTesters = "./api ./internal/web"

func run(ctx context.Context, s settings) (float64, error) {
	patterns, err := s.patterns()
	if err != nil || len(patterns) == 0 {
		fmt.Println("no package to mutate")
		return 1, err
	}
	sources, err := load(patterns...)
	if err != nil {
		return 0, err
	}
	chosen, err := s.choose(sources)
	if err != nil {
		return 0, err
	}
	if s.list || len(chosen) == 0 {
		for _, m := range chosen {
			fmt.Println(m)
		}
		return 1, nil
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	suite, err := s.suite(ctx, dir, sources, chosen)
	if err != nil {
		return 0, err
	}
	return report(s.judge(ctx, chosen, suite)), ctx.Err()
}

// packageOf finds a package by its name, in its wing or beside the wings.
func packageOf(name string) (string, error) {
	beside, err := filepath.Glob(filepath.Join("internal", name))
	if err != nil {
		return "", err
	}
	inside, err := filepath.Glob(filepath.Join("internal", "*", name))
	if err != nil {
		return "", err
	}
	found := slices.Concat(beside, inside)
	if len(found) != 1 {
		return "", fmt.Errorf("%d packages are called %s", len(found), name)
	}
	return "./" + found[0], nil
}

// patterns returns the packages to mutate, as go list knows them.
func (s settings) patterns() (patterns []string, err error) {
	if s.changed != "" {
		return changedPackages(s.changed)
	}
	for _, name := range strings.Fields(strings.ReplaceAll(s.packages, ",", " ")) {
		if !strings.HasPrefix(name, ".") {
			if name, err = packageOf(name); err != nil {
				return nil, err
			}
		}
		patterns = append(patterns, name)
	}
	return patterns, nil
}

// changedPackages returns the packages of the program's rules, handlers and pages that differ from a commit.
func changedPackages(since string) (patterns []string, err error) {
	out, err := exec.Command("git", "diff", "--name-only", "--diff-filter=d", since, "--", "*.go").Output()
	if err != nil {
		return nil, fmt.Errorf("mutants: git diff %s: %w", since, err)
	}
	for _, name := range strings.Fields(string(out)) {
		dir := "./" + filepath.Dir(name)
		isRule := strings.HasPrefix(dir, "./internal/") && !slices.Contains(unjudged, dir)
		if isRule && !strings.HasSuffix(name, "_test.go") && !slices.Contains(patterns, dir) {
			patterns = append(patterns, dir)
		}
	}
	return patterns, nil
}

// unjudged are packages that only tests, demonstrations and measurements use.
var unjudged = []string{
	"./internal/run/mutants", "./internal/run/mutants/toggle", "./internal/run/testkit", "./internal/run/fuzz",
	"./internal/run/browser", "./internal/run/simulate", "./internal/run/demo", "./internal/run/bench",
	"./internal/run/bench/w3", "./internal/run/bench/reminders", "./internal/run/cli",
	"./internal/kernel/database/migrations",
}

// choose draws mutants by each seed, as many of SQL as of the rest where there are, and numbers them.
func (s settings) choose(sources []*source) (chosen []*mutant, err error) {
	sql, logic := s.found(sources)
	fmt.Printf("%d mutants of Go and %d of SQL to choose from\n", len(logic), len(sql))
	half := max(min(s.count/2, len(sql)), s.count-len(logic))
	for _, text := range strings.Split(s.seeds, ",") {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("mutants: seed %q: %w", text, err)
		}
		for _, m := range append(draw(sql, half, seed), draw(logic, s.count-min(half, len(sql)), seed)...) {
			m.seeds = append(m.seeds, seed)
		}
	}
	for _, m := range append(sql, logic...) { // in the order they were found
		if len(m.seeds) > 0 {
			m.number = len(chosen)
			chosen = append(chosen, m)
		}
	}
	return chosen, nil
}

// found are the mutants of SQL and of the rest.
func (s settings) found(sources []*source) (sql, logic []*mutant) {
	for _, source := range sources {
		for _, m := range find(source) {
			switch {
			case !strings.Contains(m.String(), s.only):
			case m.sql:
				sql = append(sql, m)
			default:
				logic = append(logic, m)
			}
		}
	}
	return sql, logic
}

// draw returns n of them in the order they came.
func draw(mutants []*mutant, n int, seed uint64) []*mutant {
	if n >= len(mutants) {
		return slices.Clone(mutants)
	}
	at := rand.New(rand.NewPCG(seed, seed)).Perm(len(mutants))[:n] //nolint:gosec // a choice that can be repeated
	slices.Sort(at)
	drawn := make([]*mutant, n)
	for i, j := range at {
		drawn[i] = mutants[j]
	}
	return drawn
}

// suite builds the tests and learns which mutants each reaches.
func (s settings) suite(
	ctx context.Context, dir string, sources []*source, chosen []*mutant,
) (suite []*test, err error) {
	file, err := overlay(dir, chosen)
	if err != nil {
		return nil, err
	}
	packages, err := testers(sources, s.testers)
	if err != nil {
		return nil, err
	}
	built, err := build(dir, file, packages)
	if err != nil {
		return nil, err
	}
	for _, b := range built {
		names, err := b.tests(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			t, err := trace(ctx, b, name, dir)
			if err != nil {
				fmt.Println("left out:", err)
				continue
			}
			suite = append(suite, t)
		}
	}
	return suite, ctx.Err()
}

// judge tries every mutant and prints what survives.
func (s settings) judge(ctx context.Context, chosen []*mutant, suite []*test) (verdicts []verdict) {
	for _, m := range chosen {
		v := judge(ctx, m, choose(m, suite, s.tests, s.budget), toggle.Active+"="+m.numeral())
		if ctx.Err() != nil { // what ended it was not the mutant
			return verdicts
		}
		if verdicts = append(verdicts, v); !v.killed {
			fmt.Println(v.line())
		}
	}
	return verdicts
}

func paths(sources []*source) (all []string) {
	for _, s := range sources {
		all = append(all, s.path)
	}
	return all
}

// relative names a file or a folder as people in the project do.
func relative(path string) string {
	if root, err := os.Getwd(); err == nil {
		if inside, err := filepath.Rel(root, path); err == nil {
			return inside
		}
	}
	return path
}
