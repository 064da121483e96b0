package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/mutants/toggle"
)

// What can be changed in a statement, and how it reads afterwards.
func TestMutantsOfSQL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"SELECT id FROM a WHERE patient_id = ? AND at >= ? ORDER BY at DESC, id LIMIT ?": {
			"SELECT id FROM a WHERE (1 = 1 OR ? IS NULL) AND at >= ? ORDER BY at DESC, id LIMIT ?",
			"SELECT id FROM a WHERE patient_id <> ? AND at >= ? ORDER BY at DESC, id LIMIT ?",
			"SELECT id FROM a WHERE patient_id = ? AND (1 = 1 OR ? IS NULL) ORDER BY at DESC, id LIMIT ?",
			"SELECT id FROM a WHERE patient_id = ? AND at > ? ORDER BY at DESC, id LIMIT ?",
			"SELECT id FROM a WHERE patient_id = ? AND at >= ? ORDER BY at ASC, id LIMIT ?",
			"SELECT id FROM a WHERE patient_id = ? AND at >= ? ORDER BY at DESC, id LIMIT ? + 1000000",
		},
		" AND (a IS NULL OR b = ?)": { // a part of a statement; a group goes as a whole too
			" AND (1 = 1 OR ? IS NULL)", " AND ((1 = 0) OR b = ?)", " AND (a IS NULL OR (1 = 0 AND ? IS NULL))",
			" AND (a IS NULL OR b <> ?)", " AND (a IS NOT NULL OR b = ?)",
		},
		"SELECT max(at) FROM a WHERE n BETWEEN ? AND ?": {
			"SELECT max(at) FROM a WHERE (1 = 1 OR ? IS NULL OR ? IS NULL)",
			"SELECT min(at) FROM a WHERE n BETWEEN ? AND ?",
		},
		"UPDATE a SET b = ? WHERE id = ?": {
			"UPDATE a SET b = ? WHERE (1 = 1 OR ? IS NULL)",
			"UPDATE a SET b = ? WHERE id <> ?",
		},
		"INSERT INTO a (b) VALUES (?)":               nil,
		"SELECT 1 FROM a WHERE b IN (":               nil, // it goes on elsewhere
		"Only a sentence AND another one, no query.": nil,
	} {
		var got []string
		for _, m := range mutateSQL(text) {
			got = append(got, m.text)
			require.Equal(t, strings.Count(text, "?"), strings.Count(m.text, "?"), "placeholders of %q", m.text)
		}
		require.ElementsMatch(t, want, got, text)
	}
}

// example has a place for every kind of mutant of Go; its test notes what each function answers.
const example = `package example

import "errors"

const most = 3

func small(n int) bool      { return n < most }
func both(a, b bool) bool   { return a && (b) }
func sum(n int) int         { return n + most }
func odd(n int) bool        { if isEven(n) { return false }; return true }
func isEven(n int) bool     { return n%2 == 0 }
func fails() error          { return errors.Join(always()) }
func always() error         { return work() }
func work() error           { return errors.New("no") }
func set(to *int)           { put(to) }
func put(to *int)           { *to = 7 }
func query() string         { return "SELECT a FROM b WHERE c = ? LIMIT 1" }
`

const exampleTest = `package example

import ("fmt"; "testing")

func Test(t *testing.T) {
	n := 0
	set(&n)
	fmt.Println("ANSWER", small(2), small(3), small(4), both(true, false), both(false, true), sum(4),
		odd(3), odd(4), fails() != nil, n, query())
}
`

// Every mutant of a package is in one build, changes what the package answers while its switch is
// on, and changes nothing while it is off.
func TestEveryMutantChangesSomething(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds a module")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"example.go": example, "example_test.go": exampleTest, "go.mod": "module cadans\n\ngo 1.26\n",
		"internal/run/mutants/toggle/toggle.go": read(t, "toggle/toggle.go"),
	} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	s, err := check(listed{ImportPath: "cadans", Dir: dir, GoFiles: []string{"example.go"}}, exportsOf(t, "errors"))
	require.NoError(t, err)
	found := find(s)
	for i, m := range found {
		m.number = i
	}
	file, err := overlay(t.TempDir(), found)
	require.NoError(t, err)
	binary := filepath.Join(t.TempDir(), "example.test")
	build := exec.Command("go", "test", "-c", "-overlay", file, "-o", binary, ".")
	build.Dir = dir
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	plain := answer(t, binary, "")
	require.Equal(
		t, "ANSWER true false false false false 7 true false true 7 SELECT a FROM b WHERE c = ? LIMIT 1", plain,
	)
	require.Len(t, found, 17)
	for _, m := range found {
		require.NotEqual(t, plain, answer(t, binary, m.numeral()), m.String())
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

func exportsOf(t *testing.T, packages ...string) map[string]string {
	t.Helper()
	found, err := list(packages...)
	require.NoError(t, err)
	exports := map[string]string{}
	for _, l := range found {
		exports[l.ImportPath] = l.Export
	}
	return exports
}

// answer is what the example prints with a mutant on; a crash is an answer too.
func answer(t *testing.T, binary, mutant string) string {
	t.Helper()
	command := exec.Command(binary)
	command.Env = append(os.Environ(), toggle.Active+"="+mutant)
	out, err := command.Output()
	if err != nil {
		return err.Error()
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return first
}
