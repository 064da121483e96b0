package rulebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Facts are what conditions ask about, by name: numbers, words and sets of words. A yes-or-no fact is the word "yes"
// or "no".
type Facts struct {
	Numbers map[string]int
	Words   map[string]string
	Sets    map[string][]string
}

// YesNo returns the word of a yes-or-no fact.
func YesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// Condition is what must be true of facts, by their names; every term must hold.
type Condition map[string]Term

// Term is what a condition asks of one fact; everything that is set must hold.
type Term struct {
	From  *int     `yaml:"from"`  // a number of at least this
	To    *int     `yaml:"to"`    // a number of at most this
	Above string   `yaml:"above"` // a number of more than another
	Is    []string `yaml:"is"`    // one of these words
	Any   []string `yaml:"any"`   // a set with at least one of these
	All   []string `yaml:"all"`   // a set with each of these
	None  []string `yaml:"none"`  // a set without these
}

// Holds reports whether facts fulfil the condition.
func (c Condition) Holds(f Facts) bool {
	for name, term := range c {
		if !term.holds(f, name) {
			return false
		}
	}
	return true
}

func (t Term) holds(f Facts, name string) bool {
	n, set := f.Numbers[name], f.Sets[name]
	has := func(member string) bool { return slices.Contains(set, member) }
	lacks := func(member string) bool { return !has(member) }
	return (t.From == nil || n >= *t.From) && (t.To == nil || n <= *t.To) &&
		(t.Above == "" || n > f.Numbers[t.Above]) &&
		(t.Is == nil || slices.Contains(t.Is, f.Words[name])) &&
		(t.Any == nil || slices.ContainsFunc(t.Any, has)) &&
		!slices.ContainsFunc(t.All, lacks) && !slices.ContainsFunc(t.None, has)
}

// Check returns an error for a fact that does not exist, or that is asked for what it is not: facts hold one of each
// that there is.
func (c Condition) Check(f Facts) error {
	for name, term := range c {
		_, isNumber := f.Numbers[name]
		_, isWord := f.Words[name]
		_, isSet := f.Sets[name]
		_, other := f.Numbers[term.Above]
		switch asks := term.kind(); {
		case asks == "number" && isNumber, asks == "word" && isWord, asks == "set" && isSet:
		default:
			return fmt.Errorf("rulebook: %s is no %s that is known", name, term.kind())
		}
		if term.Above != "" && !other {
			return fmt.Errorf("rulebook: %s is above %s, which is not known", name, term.Above)
		}
	}
	return nil
}

// kind is what a term asks for: a number, a word or a set; empty for none, or for several.
func (t Term) kind() string {
	number, word := t.From != nil || t.To != nil || t.Above != "", t.Is != nil
	set := t.Any != nil || t.All != nil || t.None != nil
	switch {
	case number && !word && !set:
		return "number"
	case word && !number && !set:
		return "word"
	case set && !number && !word:
		return "set"
	default:
		return ""
	}
}

// String writes the condition for a reviewer, in the order of the names.
func (c Condition) String() string {
	var terms []string
	for _, name := range slices.Sorted(maps.Keys(c)) {
		terms = append(terms, c[name].of(name))
	}
	return strings.Join(terms, " and ")
}

func (t Term) of(name string) string {
	var parts []string
	add := func(is bool, format string, args ...any) {
		if is {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	list := func(names []string, between string) string { return strings.Join(names, between) }
	add(t.From != nil, "%s ≥ %d", name, value(t.From))
	add(t.To != nil, "%s ≤ %d", name, value(t.To))
	add(t.Above != "", "%s > %s", name, t.Above)
	add(t.Is != nil, "%s is %s", name, list(t.Is, " or "))
	add(t.Any != nil, "%s: any of %s", name, list(t.Any, ", "))
	add(t.All != nil, "%s: all of %s", name, list(t.All, ", "))
	add(t.None != nil, "%s: none of %s", name, list(t.None, ", "))
	return list(parts, " and ")
}

func value(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
