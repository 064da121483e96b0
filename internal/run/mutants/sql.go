package main

import (
	"regexp"
	"strings"
)

// sqlMutant is a statement, or a part of one, with one thing changed.
type sqlMutant struct {
	what string // what was changed, for people
	text string // the whole text, changed
}

// looksLikeSQL tells statements and their parts from other texts.
var looksLikeSQL = regexp.MustCompile(`\b(SELECT|INSERT INTO|DELETE
	FROM|WHERE|ORDER BY|LIMIT|IS (NOT )?NULL)\b|UPDATE \w+ SET|[=<>] \?`)

var sqlToken = regexp.MustCompile(`'(?:[^']|'')*'|<=|>=|<>|!=|[A-Za-z_][A-Za-z_0-9.]*|[0-9]+|\S`)

type sqlPart struct {
	text       string
	start, end int
}

// is reports whether a part is one of these keywords.
func (p sqlPart) is(words ...string) bool {
	for _, w := range words {
		if strings.EqualFold(p.text, w) {
			return true
		}
	}
	return false
}

func sqlParts(text string) (parts []sqlPart) {
	for _, at := range sqlToken.FindAllStringIndex(text, -1) {
		parts = append(parts, sqlPart{text[at[0]:at[1]], at[0], at[1]})
	}
	return parts
}

// mutateSQL returns every mutant of a text that looks like SQL. The number of placeholders stays.
func mutateSQL(text string) (mutants []sqlMutant) {
	if !looksLikeSQL.MatchString(text) {
		return nil
	}
	parts := sqlParts(text)
	seen := map[string]bool{}
	replace := func(what string, start, end int, by string) {
		changed := text[:start] + by + text[end:]
		if !seen[changed] { // a group of conditions holds its members
			mutants = append(mutants, sqlMutant{what, changed})
		}
		seen[changed] = true
	}
	for _, t := range terms(parts) {
		whole := text[t.start:t.end]
		replace("SQL without “"+oneLine(whole)+"”", t.start, t.end, t.neutral(whole))
		for _, p := range t.parts {
			if other, ok := sqlOperators[p.text]; ok {
				replace("SQL “"+oneLine(whole)+"”: "+p.text+" → "+other, p.start, p.end, other)
			}
		}
	}
	mutateWords(parts, replace)
	return mutants
}

var sqlOperators = map[string]string{"=": "<>", "<>": "=", "!=": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}

// mutateWords changes what stands outside conditions too: NULL checks, limits, extremes and orders.
func mutateWords(parts []sqlPart, replace func(what string, start, end int, by string)) {
	for i, p := range parts {
		next := func(n int) sqlPart {
			if i+n < len(parts) {
				return parts[i+n]
			}
			return sqlPart{}
		}
		switch {
		case p.is("IS") && next(1).is("NULL"):
			replace("SQL: IS NULL → IS NOT NULL", p.start, next(1).end, "IS NOT NULL")
		case p.is("IS") && next(1).is("NOT") && next(2).is("NULL"):
			replace("SQL: IS NOT NULL → IS NULL", p.start, next(2).end, "IS NULL")
		case p.is("LIMIT") && next(1).text == "?":
			replace("SQL: LIMIT dropped", p.start, next(1).end, "LIMIT ? + 1000000")
		case p.is("LIMIT") && next(1).text != "":
			replace("SQL: LIMIT dropped", p.start, next(1).end, "LIMIT 1000000")
		case p.is("max") && next(1).text == "(":
			replace("SQL: max → min", p.start, p.end, "min")
		case p.is("min") && next(1).text == "(":
			replace("SQL: min → max", p.start, p.end, "max")
		case p.is("ORDER") && next(1).is("BY"):
			mutateOrder(parts[i+2:], replace)
		}
	}
}

// mutateOrder turns the first key of an order round.
func mutateOrder(key []sqlPart, replace func(what string, start, end int, by string)) {
	depth := 0
	for i, p := range key {
		switch {
		case p.is("DESC"):
			replace("SQL: DESC → ASC", p.start, p.end, "ASC")
			return
		case p.is("ASC"):
			replace("SQL: ASC → DESC", p.start, p.end, "DESC")
			return
		case depth == 0 && i > 0 && p.is(",", ")", "LIMIT", "NULLS"):
			replace("SQL: ASC → DESC", key[i-1].end, key[i-1].end, " DESC")
			return
		case p.text == "(":
			depth++
		case p.text == ")":
			depth--
		}
	}
	if len(key) > 0 {
		end := key[len(key)-1].end
		replace("SQL: ASC → DESC", end, end, " DESC")
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
