package mend

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"cadans/internal/kernel/text"
)

// asInstant reads an instant, also as libraries write it that know no standard: without a colon in the offset, with the
// time of the phone's zone alone, or as a number.
func (m *mender) asInstant(at string, schema *openapi3.Schema, told any) (any, bool) {
	switch v := told.(type) {
	case string:
		return m.noting(at, v)(m.formed(at, schema, m.instant(v)))
	case float64:
		return m.noting(at, "")(m.formed(at, schema, sinceEpoch(v)))
	case json.Number:
		seconds, _ := strconv.ParseFloat(string(v), 64)
		return m.noting(at, "")(m.formed(at, schema, sinceEpoch(seconds)))
	default:
		m.warn(at, "wrong-type")
		return nil, false
	}
}

// sinceEpoch reads the seconds since 1970, or the milliseconds where seconds would be later than the year 5000.
func sinceEpoch(number float64) string {
	const year5000 = 1e11
	if number >= year5000 {
		number /= 1000
	}
	if number <= 0 || number >= year5000 {
		return ""
	}
	return time.UnixMilli(int64(number * 1000)).UTC().Format(time.RFC3339Nano)
}

// Layouts of instants, with an offset and without.
var (
	withOffset = []string{
		time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04Z07:00",
		"2006-01-02T15:04Z0700",
	}
	withoutOffset = []string{"2006-01-02T15:04:05", "2006-01-02T15:04"}
)

// instant returns an instant as RFC 3339 writes it, or "" when it is none. A leap second is the one before.
func (m *mender) instant(written string) string {
	if isInstant(written) {
		return written
	}
	plain := strings.NewReplacer(" ", "T", ",", ".", "t", "T", "z", "Z").Replace(text.Line(written))
	plain = strings.Replace(plain, ":60Z", ":59Z", 1)
	for _, layout := range withOffset {
		if at, err := time.Parse(layout, plain); err == nil {
			return asWritten(at)
		}
	}
	if m.zone == nil {
		return ""
	}
	for _, layout := range withoutOffset {
		if at, err := time.ParseInLocation(layout, plain, m.zone); err == nil {
			return asWritten(at)
		}
	}
	return ""
}

// isInstant reports whether a text is an instant for whoever reads the body, who is stricter than time.Parse.
func isInstant(written string) bool { return new(time.Time).UnmarshalText([]byte(written)) == nil }

// asWritten writes an instant with its offset, or in UTC where no place has such an offset.
func asWritten(at time.Time) string {
	if written := at.Format(time.RFC3339Nano); isInstant(written) {
		return written
	}
	return at.UTC().Format(time.RFC3339Nano)
}
