package mend

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cadans/internal/kernel/text"
	"cadans/internal/record/safety"
)

// Signs returns the answers to "anything new?" in a body, in the forms in which phones have told them: a list, one
// word, words with true beside them, capitals or dashes, in a body that is cut off or no JSON at all. A sign that is
// understood too often costs a question; one that is missed may cost more.
func Signs(body string) []safety.Sign {
	body = strings.TrimPrefix(body, "\uFEFF")
	words := readable(listed, body) // also of a field that is told twice
	var value any
	if json.Unmarshal([]byte(body), &value) == nil {
		words = append(answered(value), words...)
	} else {
		words = append(words, readable(named, body)...)
	}
	var signs []safety.Sign
	known := map[safety.Sign]bool{}
	for _, word := range words {
		sign := safety.Sign(name(word))
		if safety.IsNew(sign) && !known[sign] {
			known[sign] = true
			signs = append(signs, sign)
		}
	}
	return signs
}

// isAsked reports whether a field has the answers, however its words are joined.
func isAsked(field string) bool { return strings.ReplaceAll(name(field), "_", "") == "newsigns" }

// answered finds the answers in a value, however deep.
func answered(value any) (words []string) {
	switch v := value.(type) {
	case map[string]any:
		for _, field := range slices.Sorted(maps.Keys(v)) {
			inner := v[field]
			if isAsked(field) {
				words = append(words, yes(inner)...)
			} else {
				words = append(words, answered(inner)...)
			}
		}
	case []any:
		for _, inner := range v {
			words = append(words, answered(inner)...)
		}
	}
	return words
}

// yes are the words of an answer: itself, those in it, and the names of what was not denied.
func yes(answer any) (words []string) {
	switch v := answer.(type) {
	case string:
		return strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(",;|", r) })
	case []any:
		for _, inner := range v {
			words = append(words, yes(inner)...)
		}
	case map[string]any:
		for _, field := range slices.Sorted(maps.Keys(v)) {
			inner := v[field]
			if inner != false && inner != nil && inner != "no" {
				words = append(append(words, field), yes(inner)...)
			}
		}
	}
	return words
}

var (
	listed = regexp.MustCompile(`(?i)"new[_-]?signs"\s*:\s*(\[[^\]]*|"[^"]*)`)
	named  = regexp.MustCompile(`(?i)"new[_-]?signs"\s*:\s*(\{[^}]*)`)
	word   = regexp.MustCompile(`[A-Za-z][A-Za-z_ -]*`)
)

// readable finds the answers of one form in a text.
func readable(form *regexp.Regexp, body string) (words []string) {
	for _, found := range form.FindAllStringSubmatch(body, -1) {
		words = append(words, word.FindAllString(found[1], -1)...)
	}
	return words
}

var underscores = strings.NewReplacer("-", "_", " ", "_")

// name is a word as the contract writes names.
func name(word string) string { return underscores.Replace(strings.ToLower(text.Line(word))) }

// ID returns the id of the record in a body, or what is said otherwise. It is empty when none can be read.
func ID(body, otherwise string) string {
	var record struct {
		ID string `json:"id"`
	}
	switch {
	case json.Unmarshal([]byte(body), &record) == nil && uuid.MatchString(record.ID):
		return record.ID
	case uuid.MatchString(otherwise):
		return otherwise
	default:
		return ""
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
