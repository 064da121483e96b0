package mend

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/text"
)

// other is the value of an enumeration for what it does not name.
const other = "other"

// asString tidies a text and reads what has a form of its own.
func (m *mender) asString(at string, schema *openapi3.Schema, told any) (any, bool) {
	written, ok := told.(string)
	if !ok {
		m.warn(at, "wrong-type")
		return nil, false
	}
	return m.noting(at, written)(m.read(at, schema, written))
}

// noting warns that a text was changed, if it was.
func (m *mender) noting(at, written string) func(string, bool) (any, bool) {
	return func(kept string, ok bool) (any, bool) {
		if ok && kept != written {
			m.changed(at)
		}
		return kept, ok
	}
}

// changed warns that a text was changed, unless something more exact was said.
func (m *mender) changed(at string) {
	if !slices.ContainsFunc(m.warnings, func(said fault.Violation) bool { return said.Pointer == at }) {
		m.warn(at, "adjusted")
	}
}

func (m *mender) read(at string, schema *openapi3.Schema, written string) (string, bool) {
	switch {
	case len(schema.Enum) > 0:
		return m.choice(at, schema, written)
	case schema.Format == "local-date":
		return m.past(at, schema, day(written))
	case schema.Pattern != "":
		return m.formed(at, schema, strings.ToLower(text.Line(written)))
	case schema.Format == "plain-text":
		return m.fitting(at, schema, text.Lines(written))
	default:
		return m.fitting(at, schema, text.Line(written))
	}
}

// choice understands a name in capitals or with dashes. What the contract does not name is "other" where there is such
// a value.
func (m *mender) choice(at string, schema *openapi3.Schema, written string) (string, bool) {
	if named := name(written); slices.Contains(schema.Enum, any(named)) {
		return named, true
	}
	m.warn(at, "unknown-value")
	return other, slices.Contains(schema.Enum, any(other))
}

// formed keeps a value that has the form of the contract.
func (m *mender) formed(at string, schema *openapi3.Schema, value string) (string, bool) {
	if value == "" || schema.VisitJSON(value, m.formats...) != nil {
		m.warn(at, "invalid-format")
		return "", false
	}
	return value, true
}

// happened is the field with the day on which something happened.
const happened = "/local_date"

// past takes a day that cannot have come yet, anywhere on earth, for today.
func (m *mender) past(at string, schema *openapi3.Schema, day string) (string, bool) {
	const furthestEast = 14 * time.Hour
	value, ok := m.formed(at, schema, day)
	if ok && strings.HasSuffix(at, happened) && value > m.now.UTC().Add(furthestEast).Format(time.DateOnly) {
		m.warn(at, "clock-skew")
		value = m.now.UTC().Format(time.DateOnly)
	}
	return value, ok
}

// fitting shortens a text that is too long. An empty text is none where the contract wants one.
func (m *mender) fitting(at string, schema *openapi3.Schema, value string) (string, bool) {
	if most := schema.MaxLength; most != nil && uint64(utf8.RuneCountInString(value)) > *most {
		m.warn(at, "too-long")
		value = text.Cut(value, int(*most))
	}
	if uint64(utf8.RuneCountInString(value)) < schema.MinLength {
		m.warn(at, "too-short")
		return "", false
	}
	return value, true
}

// day returns the day of a text that begins with one.
func day(written string) string {
	const length = len(time.DateOnly)
	plain := text.Line(written)
	if len(plain) > length && strings.ContainsRune("T ", rune(plain[length])) {
		return plain[:length]
	}
	return plain
}
