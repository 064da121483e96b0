package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"cadans/api/door"
	"cadans/api/wire"
	"cadans/internal/kernel/fault"
	"cadans/pkg/localtime"
)

// mapped converts a list; the result is never null on the wire.
func mapped[A, B any](list []A, convert func(A) B) []B {
	converted := make([]B, len(list))
	for i, a := range list {
		converted[i] = convert(a)
	}
	return converted
}

// clockReader parses times of day that the contract has checked; an error would be a defect of the contract.
type clockReader struct{ err error }

func (r *clockReader) read(text string) localtime.TimeOfDay {
	t, err := localtime.ParseTimeOfDay(text)
	if err != nil {
		r.err = err
	}
	return t
}

// date parses a local date that the contract has checked. A missing or invalid date is the zero Date.
func date(text *string) localtime.Date {
	if text == nil {
		return localtime.Date{}
	}
	d, _ := localtime.ParseDate(*text)
	return d
}

// etag formats a version as a strong entity tag.
func etag(version string) *string {
	quoted := `"` + version + `"`
	return &quoted
}

// ifMatch returns the version in an entity tag. A proxy that compresses makes the tags of answers weak; what they stand
// for is the same.
func ifMatch(header *string) string {
	if header == nil {
		return ""
	}
	return strings.Trim(strings.TrimPrefix(*header, "W/"), `"`)
}

const (
	defaultLimit = 50
	maxLimit     = 200
)

// limitOf returns the size of a page, at most the largest.
func limitOf(limit *wire.Limit) int {
	if limit == nil {
		return defaultLimit
	}
	return min(*limit, maxLimit)
}

// cursorOf encodes a position as an opaque text.
func cursorOf(position any) *string {
	text, err := json.Marshal(position)
	if err != nil {
		panic(err) // positions are plain structs
	}
	cursor := base64.RawURLEncoding.EncodeToString(text)
	return &cursor
}

// readCursor decodes a position from cursorOf. A cursor grants no rights, so a forged one only shows another page.
func readCursor(cursor *string, position any) error {
	if cursor == nil {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(*cursor)
	isOurs := err == nil && utf8.Valid(text) && json.Unmarshal(text, position) == nil
	if !isOurs || strings.ContainsRune(fmt.Sprint(position), 0) { // PostgreSQL refuses a NUL
		return fault.Input(fault.Violation{Pointer: door.ParameterPrefix + "cursor", Code: "invalid-format"})
	}
	return nil
}

// optional returns nil for the zero value, which is absent on the wire.
func optional[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

// value returns the zero value for nil.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// offsetText formats the offset of a time as the phone had it: +01:00.
func offsetText(t time.Time) string { return t.Format("-07:00") }
