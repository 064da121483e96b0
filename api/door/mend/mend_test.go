package mend_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/api/door/mend"
	"cadans/internal/kernel/fault"
)

const contract = `
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pain: {type: integer, minimum: 0, maximum: 10, nullable: true, x-exact: true}
    Place: {type: object, additionalProperties: false, required: [n], properties: {n: {type: integer, maximum: 9}}}
    Record:
      type: object
      additionalProperties: false
      required: [id, status, local_date, list]
      x-instead: {status: partial, list: [], local_date: today}
      properties:
        id: {type: string, pattern: '^[0-9a-f]{4}$'}
        status: {type: string, enum: [completed, partial]}
        reason: {type: string, nullable: true, enum: [time, other, null]}
        local_date: {type: string, format: local-date, pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'}
        at: {type: string, format: date-time}
        seconds: {type: integer, minimum: 0, maximum: 86400, nullable: true}
        version: {type: integer, format: int64, minimum: 0}
        yes: {type: boolean}
        note: {type: string, format: plain-text, maxLength: 10, nullable: true}
        pain: {$ref: '#/components/schemas/Pain'}
        list: {type: array, maxItems: 3, uniqueItems: true, items: {type: string, enum: [a, b, c]}}
        items:
          type: array
          items: {$ref: '#/components/schemas/Place'}
        places:
          type: array
          x-each: true
          items: {$ref: '#/components/schemas/Place'}
        answers: {type: object, additionalProperties: {type: integer}}
`

func record(t *testing.T) *openapi3.Schema {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData([]byte(contract))
	require.NoError(t, err)
	return document.Components.Schemas["Record"].Value
}

// understand mends a body, given as JSON, whose numbers are read as the door reads them.
func understand(t *testing.T, body string, twice ...string) mend.Body {
	t.Helper()
	var told map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &told))
	return mend.Object(record(t), mend.Told{
		Object: told, Twice: twice, Now: time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC),
	})
}

// said shows violations as "pointer code".
func said(found []fault.Violation) (all []string) {
	for _, v := range found {
		all = append(all, v.Pointer+" "+v.Code)
	}
	return all
}

// Each row: one field of an otherwise right record, what is understood of it, and what is said.
func TestWhatIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, field, kept, warning string }{
		{"nothing to mend", `"seconds": 60`, `"seconds": 60`, ""},
		{"null where it may be", `"seconds": null`, `"seconds": null`, ""},
		{"null where it may not be is absent", `"yes": null`, ``, ""},
		{"a field nobody knows", `"mood": 3`, ``, "/mood unknown-field"},
		{"a timer that was left on", `"seconds": 90000`, ``, "/seconds out-of-range"},
		{"a number in quotes", `"seconds": "60"`, ``, "/seconds wrong-type"},
		{"a large number that the contract allows", `"version": 1732786000000`, `"version": 1732786000000`, ""},
		{"line ends of Windows", `"note": "a\r\nb"`, `"note": "a\nb"`, "/note adjusted"},
		{"a note that is too long", `"note": "0123456789abc"`, `"note": "0123456789"`, "/note too-long"},
		{"a note that is no text", `"note": {"text": "a"}`, ``, "/note wrong-type"},
		{"a name in capitals", `"reason": "TIME"`, `"reason": "time"`, "/reason adjusted"},
		{"a name nobody knows, with another", `"reason": "dog"`, `"reason": "other"`, "/reason unknown-value"},
		{"a moment without a colon", `"at": "2026-11-28 10:00:00+0100"`, `"at": "2026-11-28T10:00:00+01:00"`,
			"/at adjusted"},
		{"a moment with fractions", `"at": "2026-11-28T10:00:00.123456Z"`, `"at": "2026-11-28T10:00:00.123456Z"`, ""},
		{"a moment that is none", `"at": "yesterday"`, ``, "/at invalid-format"},
		{"an element twice", `"list": ["a", "b", "a"]`, `"list": ["a", "b"]`, "/list/2 duplicate"},
		{"an element nobody knows", `"list": ["x", "b"]`, `"list": ["b"]`, "/list/0 unknown-value"},
		{"one for a list of one", `"list": "a"`, `"list": ["a"]`, "/list wrong-type"},
		{"an element without what it needs", `"items": [{}, {"n": 1}]`, `"items": [{"n": 1}]`, "/items/0/n required"},
		{"each keeps its place", `"places": [{"n": 10}, {"n": 1}]`, `"places": [null, {"n": 1}]`,
			"/places/0/n out-of-range"},
		{"an answer that is none", `"answers": {"q1": 1, "q2": "two"}`, `"answers": {"q1": 1}`,
			"/answers/q2 wrong-type"},
		{"a day that has not come", `"local_date": "2027-11-28"`, `"local_date": "2026-11-28"`,
			"/local_date clock-skew"},
		{"a day with a time", `"local_date": "2026-11-27T10:00"`, `"local_date": "2026-11-27"`, "/local_date adjusted"},
		{"no day", `"local_date": null`, `"local_date": "2026-11-28"`, "/local_date required"},
		{"an ending nobody knows", `"status": "finished"`, `"status": "partial"`, "/status unknown-value"},
		{"an id in capitals", `"id": "ABCD"`, `"id": "abcd"`, "/id adjusted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var want map[string]any
			require.NoError(t, json.Unmarshal([]byte(`{`+c.kept+`}`), &want))
			for field, value := range map[string]any{
				"id": "abcd", "status": "partial", "local_date": "2026-11-27", "list": []any{},
			} {
				if _, told := want[field]; !told {
					want[field] = value
				}
			}
			body := understand(t, rightBut(t, c.field))
			require.Equal(t, asJSON(want), asJSON(body.Value))
			require.Empty(t, body.Refused)
			if c.warning == "" {
				require.Empty(t, said(body.Warnings))
				return
			}
			require.Contains(t, said(body.Warnings), c.warning)
		})
	}
}

// rightBut returns a right record with one field told so.
func rightBut(t *testing.T, field string) string {
	t.Helper()
	told := map[string]any{"id": "abcd", "status": "partial", "local_date": "2026-11-27", "list": []any{}}
	require.NoError(t, json.Unmarshal([]byte(`{`+field+`}`), &told))
	return asJSON(told)
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// A pain score is taken as it is, or there is no record. Nothing is made of it.
func TestExactly(t *testing.T) {
	t.Parallel()
	for told, code := range map[string]string{
		`"7"`: "wrong-type", `11`: "out-of-range", `-1`: "out-of-range", `true`: "wrong-type", `[3]`: "wrong-type",
	} {
		body := understand(t, rightBut(t, `"pain": `+told))
		require.Equal(t, []string{"/pain " + code}, said(body.Refused), told)
	}
	for _, told := range []string{"0", "10", "null"} {
		body := understand(t, rightBut(t, `"pain": `+told))
		require.Empty(t, body.Refused)
		require.Equal(t, told, asJSON(body.Value["pain"]))
	}
	for _, last := range []string{"3", "null"} {
		body := understand(t, rightBut(t, `"pain": `+last), "/pain")
		require.Equal(t, []string{"/pain duplicate-key"}, said(body.Refused))
	}
	fraction := mend.Object(record(t), mend.Told{Object: map[string]any{"id": "abcd", "pain": json.Number("7.0")}})
	require.Equal(t, []string{"/pain not-a-whole-number"}, said(fraction.Refused))
}

// A whole number may be written as a fraction where it is no score.
func TestWrittenAsAFraction(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]any{"3.0": 3.0, "6e1": 60.0, "3.5": nil, "1e400": nil} {
		body := mend.Object(record(t), mend.Told{Object: map[string]any{"id": "abcd", "seconds": json.Number(written)}})
		require.Equal(t, want, body.Value["seconds"], written)
	}
}

// Without an id a record could be stored twice: there is nothing to store it under.
func TestNoID(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"/id required"}, said(understand(t, `{"note": "a"}`).Refused))
	require.Equal(t, []string{"/id invalid-format"}, said(understand(t, `{"id": "?", "note": "a"}`).Refused))
}
