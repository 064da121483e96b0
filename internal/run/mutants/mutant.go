package main

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strconv"
)

// mutant is one change behind a switch.
type mutant struct {
	number int      // once it is chosen
	seeds  []uint64 // that chose it
	source *source
	file   *sourceFile
	at     token.Position
	what   string
	sql    bool
	edits  func(number int) []edit
}

func (m *mutant) String() string {
	return fmt.Sprintf("%s:%d: %s", relative(m.file.name), m.at.Line, m.what)
}

// edit replaces a piece of a file, or inserts text if start equals end. Edits of an outer expression come before
// those of its inner ones.
type edit struct {
	start, end int
	text       string
	kind       editKind
}

type editKind int

// The order of edits at one position: closing text comes before opening text.
const (
	closing editKind = iota
	opening
	replacing
)

// around wraps a piece of a file.
func around(start, end int, before, after string) []edit {
	return []edit{{start, start, before, opening}, {end, end, after, closing}}
}

// call wraps a piece of a file in a call of the switch.
func call(function string, start, end int, more string) func(number int) []edit {
	return func(number int) []edit {
		return around(start, end, toggleName+"."+function+"("+strconv.Itoa(number)+", ", more+")")
	}
}

const toggleName = "mutantsToggle"

// rewrite returns a file with the chosen mutants in it, each behind its switch.
func rewrite(f *sourceFile, packageEnd int, chosen []*mutant) []byte {
	edits := []edit{
		{packageEnd, packageEnd, "; import " + toggleName + ` "cadans/internal/run/mutants/toggle"`, closing},
	}
	for _, m := range chosen { // in the order they were found: outer before inner
		edits = append(edits, m.edits(m.number)...)
	}
	order := make([]int, len(edits))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := edits[a], edits[b]
		if c := cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.kind, y.kind)); c != 0 {
			return c
		}
		if x.kind == closing { // the inner one first
			return b - a
		}
		return a - b
	})
	var out []byte
	done := 0
	for _, i := range order {
		e := edits[i]
		out = append(append(out, f.text[done:e.start]...), e.text...)
		done = e.end
	}
	return append(out, f.text[done:]...)
}

// numeral is the mutant's number as its switch reads it.
func (m *mutant) numeral() string { return strconv.Itoa(m.number) }
