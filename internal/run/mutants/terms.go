package main

import (
	"slices"
	"strings"
)

// term is one condition between AND, OR and the ends of a WHERE, HAVING or ON.
type term struct {
	parts       []sqlPart
	start, end  int
	alternative bool // joined by OR
}

// neutral is a condition that leaves the others to decide, with as many placeholders.
func (t term) neutral(whole string) string {
	truth, join := "1 = 1", " OR "
	if t.alternative {
		truth, join = "1 = 0", " AND "
	}
	marks := 0
	for _, p := range t.parts {
		if p.text == "?" {
			marks++
		}
	}
	if marks == 0 {
		return "(" + truth + ")"
	}
	return "(" + truth + join + strings.Repeat("? IS NULL"+join, marks-1) + "? IS NULL)"
}

// isCondition reports whether a term can stand alone: it says something, and what it opens it closes.
func (t term) isCondition() bool {
	depth, cases, says := 0, 0, false
	for _, p := range t.parts {
		switch {
		case p.text == "(":
			depth++
		case p.text == ")":
			depth--
		case p.is("CASE"):
			cases++
		case p.is("END"):
			cases--
		}
		says = says || sqlOperators[p.text] != "" || p.is("IS", "IN", "LIKE", "BETWEEN", "EXISTS", "NOT")
	}
	return says && depth == 0 && cases == 0
}

// termReader walks through a statement; a stack tells where the open term of each parenthesis began.
type termReader struct {
	parts  []sqlPart
	began  []int // index of the first part, or none
	either []bool
	terms  []term
}

const none = -1

// terms returns the conditions of a statement, or of a part of one that is put together elsewhere.
func terms(parts []sqlPart) []term {
	r := &termReader{parts: parts, began: []int{none}, either: []bool{false}}
	if len(parts) > 0 && !parts[0].is("SELECT", "INSERT", "UPDATE", "DELETE", "WITH") {
		r.began[0] = 0
	}
	for i := range parts {
		r.read(i)
	}
	r.close(len(parts), false)
	return r.terms
}

func (r *termReader) read(i int) {
	p := r.parts[i]
	switch {
	case p.text == "(":
		r.open(i)
	case p.text == ")":
		r.close(i, false)
		r.leave()
	case p.is("WHERE", "HAVING"), p.is("ON") && (i+1 == len(r.parts) || !r.parts[i+1].is("CONFLICT")):
		r.close(i, false)
		r.begin(i+1, false)
	case p.is("AND", "OR") && r.top() != none && !r.isBetween(i):
		r.close(i, p.is("OR"))
		r.begin(i+1, p.is("OR"))
	case p.is("ON", "ORDER", "GROUP", "LIMIT", "RETURNING", "FROM", "JOIN", "LEFT", "INNER", "CROSS", "UNION", "WINDOW",
		"DO", "SET", "WHEN", "THEN", "ELSE", "SELECT", "VALUES", ","):
		r.close(i, false)
		r.begin(none, false)
	}
}

func (r *termReader) top() int { return r.began[len(r.began)-1] }

func (r *termReader) begin(at int, alternative bool) {
	r.began[len(r.began)-1], r.either[len(r.either)-1] = at, alternative
}

// open enters a parenthesis; within conditions it may group some of them.
func (r *termReader) open(i int) {
	groups := r.top() != none && (i == 0 || r.parts[i-1].is("AND", "OR", "WHERE", "NOT", "ON", "("))
	r.began, r.either = append(r.began, none), append(r.either, false)
	if groups {
		r.begin(i+1, false)
	}
}

// leave leaves a parenthesis. A part of a statement may close what another one opened.
func (r *termReader) leave() {
	if len(r.began) == 1 {
		r.begin(none, false)
		return
	}
	r.began, r.either = r.began[:len(r.began)-1], r.either[:len(r.either)-1]
}

// isBetween reports whether an AND belongs to the open term's BETWEEN.
func (r *termReader) isBetween(i int) bool {
	if !r.parts[i].is("AND") {
		return false
	}
	between := slices.IndexFunc(r.parts[r.top():i], func(p sqlPart) bool { return p.is("BETWEEN") })
	return between >= 0 && !slices.ContainsFunc(r.parts[r.top()+between:i], func(p sqlPart) bool { return p.is("AND") })
}

// close ends the open term before a part.
func (r *termReader) close(i int, or bool) {
	began := r.top()
	if began == none || began >= i {
		return
	}
	parts := r.parts[began:i]
	t := term{parts: parts, start: parts[0].start, end: parts[len(parts)-1].end}
	t.alternative = r.isAlternative(began, i, or)
	if t.isCondition() {
		r.terms = append(r.terms, t)
	}
}

// isAlternative reports whether a term is joined by OR on one side and by AND on none.
func (r *termReader) isAlternative(began, end int, or bool) bool {
	before := r.either[len(r.either)-1]
	and := began > 0 && r.parts[began-1].is("AND") || end < len(r.parts) && r.parts[end].is("AND")
	return (before || or) && !and
}
