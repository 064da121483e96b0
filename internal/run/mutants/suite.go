package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"cadans/internal/kernel/clock"
	"cadans/internal/run/mutants/toggle"
)

// binary is the tests of one package, with every chosen mutant behind a switch.
type binary struct {
	path string // as it is imported
	dir  string // where its tests run
	file string
}

// test is one test that passes when no mutant is on.
type test struct {
	binary  *binary
	name    string
	took    time.Duration
	reaches map[int]bool
}

// overlay writes the mutated files beside each other and returns the file that tells the compiler about them.
func overlay(dir string, chosen []*mutant) (string, error) {
	byFile := map[*sourceFile][]*mutant{}
	for _, m := range chosen {
		byFile[m.file] = append(byFile[m.file], m)
	}
	replaced := map[string]string{}
	for file, mutants := range byFile {
		slices.SortFunc(mutants, func(a, b *mutant) int { return a.number - b.number })
		end := mutants[0].source.set.Position(file.tree.Name.End()).Offset
		to := filepath.Join(dir, strconv.Itoa(len(replaced))+".go")
		if err := os.WriteFile(to, rewrite(file, end, mutants), 0o600); err != nil {
			return "", err
		}
		replaced[file.name] = to
	}
	encoded, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	to := filepath.Join(dir, "overlay.json")
	return to, os.WriteFile(to, encoded, 0o600)
}

// build compiles the tests of packages once, with every chosen mutant in them.
func build(dir, overlay string, packages []listed) (built []*binary, err error) {
	arguments := []string{"test", "-c", "-overlay", overlay, "-o", dir + "/"}
	for _, p := range packages {
		built = append(
			built, &binary{path: p.ImportPath, dir: p.Dir, file: filepath.Join(dir, path.Base(p.ImportPath)+".test")},
		)
		arguments = append(arguments, p.ImportPath)
	}
	if out, err := exec.Command("go", arguments...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mutants: build the tests: %w\n%s", err, out)
	}
	return built, nil
}

// testers returns the packages whose tests may reach what is mutated: those named, and those of the mutated packages
// themselves.
func testers(mutated []*source, more string) (packages []listed, err error) {
	found, err := list(append(strings.Fields(strings.ReplaceAll(more, ",", " ")), paths(mutated)...)...)
	if err != nil {
		return nil, err
	}
	for _, l := range found {
		uses := slices.ContainsFunc(
			mutated, func(s *source) bool { return s.path == l.ImportPath || slices.Contains(l.Deps, s.path) },
		)
		// Tests of the outside may need what the package does not.
		if !l.DepOnly && len(l.TestGoFiles)+len(l.XTestGoFiles) > 0 && (uses || len(l.XTestGoFiles) > 0) {
			packages = append(packages, l)
		}
	}
	return packages, nil
}

// run runs tests of a binary, those about PostgreSQL left out: mutants are about logic, and SQLite is there in no time.
// Files are in memory where the machine can.
func (b *binary) run(ctx context.Context, names []string, limit time.Duration, env ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	command := exec.CommandContext(ctx, b.file, "-test.run", "^("+strings.Join(names, "|")+")$", "-test.skip",
		".*/^PostgreSQL$|.*/.*/^PostgreSQL$", "-test.failfast", "-test.timeout", limit.String())
	command.Dir = b.dir
	command.Env = append(
		slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "CI=") }), env...,
	)
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		command.Env = append(command.Env, "TMPDIR=/dev/shm")
	}
	out, err := command.CombinedOutput()
	return string(out), err
}

// tests lists what a binary can run.
func (b *binary) tests(ctx context.Context) ([]string, error) {
	command := exec.CommandContext(ctx, b.file, "-test.list", ".")
	command.Dir = b.dir
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("mutants: list the tests of %s: %w", b.path, err)
	}
	return slices.DeleteFunc(
		strings.Fields(string(out)), func(name string) bool { return !strings.HasPrefix(name, "Test") },
	), nil
}

// traceLimit ends a test that takes too long to be of use here.
const traceLimit = 20 * time.Second

// trace runs a test alone with no mutant on, and notes what it reaches. One that fails or takes too long is left out.
func trace(ctx context.Context, b *binary, name, dir string) (*test, error) {
	reached := filepath.Join(dir, "reached-"+name)
	began := clock.System{}.Now()
	_, failed := b.run(ctx, []string{name}, traceLimit, toggle.Trace+"="+reached)
	t := &test{binary: b, name: name, took: clock.System{}.Now().Sub(began), reaches: map[int]bool{}}
	text, err := os.ReadFile(reached)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for _, line := range strings.Fields(string(text)) {
		number, err := strconv.Atoi(line)
		if err != nil {
			return nil, err
		}
		t.reaches[number] = true
	}
	if failed != nil {
		return nil, fmt.Errorf("%s %s: %w", b.path, name, failed)
	}
	return t, os.RemoveAll(reached)
}
