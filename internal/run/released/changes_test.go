package released_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ofTheRequest are fields that say when or as which request something was asked.
var ofTheRequest = []string{"as_of", "request_id"}

// anyOrder are lists whose order says nothing: what is still missing is a set.
var anyOrder = []string{".missing"}

// quiet is why less is said of weeks that went well.
const quiet = "weeks are not praised beside an open alert about pain"

// seat is why some exercises need no chair any more.
const seat = "everybody has something to sit on"

// onPurpose is what is answered otherwise since, and why.
var onPurpose = map[string]string{
	"en /me/progress.sentence: is missing":        quiet,
	"nl /me/progress.sentence: is missing":        quiet,
	"nl /me/prompts?kind=weekly.data: 2 became 1": quiet,

	`en /patients/*/progressions.data[].change: "" became ", hold 2 s"`:       "a change says how long is held",
	`nl /patients/*/progressions.data[].change: "" became ", 2 s vasthouden"`: "a change says how long is held",

	"en /intake-form.new_signs: 6 became 16": "the safety gate asks what guidelines ask",
	"nl /intake-form.new_signs: 6 became 16": "the safety gate asks what guidelines ask",
	"en /intake-form.signs: 26 became 41":    "the safety gate asks what guidelines ask",
	"nl /intake-form.signs: 26 became 41":    "the safety gate asks what guidelines ask",
	"nl /patients/*/progressions.data: 3 became " +
		"0": "an open alert about pain holds steps up back",
	"nl /patients/*/scores.data[].important_change_tenths: 20 became 30": "pain of 8 or more has to fall by 3",
	"nl /patients/*/scores.data[].important_change_tenths: 23 became 30": "one activity has a larger error than a mean",
	"en /patients/*/scores.data[].important_change_tenths: 23 became 30": "one activity has a larger error than a mean",

	"en /patients/*/program-proposals.data[].minutes: 19 became 13": "sleep and calm take none of a session's minutes",
	"en /patients/*/program-proposals.data[].minutes: 20 became 15": "sleep and calm take none of a session's minutes",
	"en /patients/*/program-proposals.data[].minutes: 20 became 5":  "sleep and calm take none of a session's minutes",
	"en /patients/*/program-proposals.data[].minutes: 25 became 5":  "sleep and calm take none of a session's minutes",
	"nl /patients/*/program-proposals.data[].minutes: 19 became 13": "sleep and calm take none of a session's minutes",
	"nl /patients/*/program-proposals.data[].minutes: 20 became 15": "sleep and calm take none of a session's minutes",
	"nl /patients/*/program-proposals.data[].minutes: 20 became 5":  "sleep and calm take none of a session's minutes",
	"nl /patients/*/program-proposals.data[].minutes: 25 became 5":  "sleep and calm take none of a session's minutes",
	"nl /patients/*/program-proposals.data[].minutes: 15 became 10": "sleep and calm take none of a session's minutes",
	"en /me/prompts?kind=weekly.data[].version: 1 became 2":         "the sentence has other words",
	"nl /me/prompts?kind=weekly.data[].version: 1 became 2":         "the sentence has other words",

	// What is only sat on is no equipment.
	"en /exercises.data[].equipment: 1 became 0": seat,
	"en /exercises.data[].equipment: 2 became 1": seat,
	"nl /exercises.data[].equipment: 1 became 0": seat,
	"nl /exercises.data[].equipment: 2 became 1": seat,
}

// changes says where an answer differs from what it was: everything that was there has to be there, and the same.
func changes(was, is answer) []string {
	place := was.Language + " " + pattern(was.Path)
	if was.Status != is.Status || was.Type != is.Type {
		return []string{fmt.Sprintf("%s: %d %s became %d %s", place, was.Status, was.Type, is.Status, is.Type)}
	}
	if strings.HasPrefix(was.Type, "text/html") {
		return compare(place, spaced(was.Body), spaced(is.Body))
	}
	return compare(place, was.Body, is.Body)
}

func compare(place string, was, is any) []string {
	if reflect.TypeOf(was) != reflect.TypeOf(is) {
		return []string{fmt.Sprintf("%s: %s became %s", place, kindOf(was), kindOf(is))}
	}
	switch was := was.(type) {
	case map[string]any:
		return compareObjects(place, was, is.(map[string]any))
	case []any:
		return compareLists(place, was, is.([]any))
	case string:
		return compareTexts(place, was, is.(string))
	}
	if was != is {
		return []string{fmt.Sprintf("%s: %v became %v", place, was, is)}
	}
	return nil
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "object"
	case []any:
		return "list"
	default:
		return fmt.Sprintf("%T", value)
	}
}

// compareObjects finds what is missing or different. What is new breaks nobody.
func compareObjects(place string, was, is map[string]any) (found []string) {
	for _, name := range slices.Sorted(maps.Keys(was)) {
		now, there := is[name]
		switch {
		case slices.Contains(ofTheRequest, name):
		case !there:
			found = append(found, place+"."+name+": is missing")
		default:
			found = append(found, compare(place+"."+name, was[name], now)...)
		}
	}
	return found
}

func compareLists(place string, was, is []any) (found []string) {
	if len(was) != len(is) {
		return []string{fmt.Sprintf("%s: %d became %d", place, len(was), len(is))}
	}
	if slices.ContainsFunc(anyOrder, func(name string) bool { return strings.HasSuffix(place, name) }) {
		was, is = sorted(was), sorted(is)
	}
	for i := range was {
		found = append(found, compare(place+"[]", was[i], is[i])...)
	}
	return found
}

func sorted(list []any) []any {
	return slices.SortedFunc(slices.Values(list), func(a, b any) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}

func compareTexts(place, was, is string) []string {
	if was == is {
		return nil
	}
	from := firstDifference(was, is)
	return []string{fmt.Sprintf("%s: %.100q became %.100q", place, was[from:], is[from:])}
}

// spaced writes one space for several, and leaves out that a page is read from left to right, which it was before pages
// said so: it reads the same.
func spaced(page any) any {
	text, isText := page.(string)
	if !isText {
		return page
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(text, ` dir="ltr"`, "")), " ")
}

// firstDifference returns where two texts begin to differ.
func firstDifference(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

var ids = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// pattern leaves out about whom or what an address is.
func pattern(path string) string { return ids.ReplaceAllString(strings.TrimPrefix(path, "/v1"), "*") }

// Everything that was there is missed when it goes, whatever takes its place.
func TestCompare(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		was, is string
		want    []string
	}{
		"the same":                  {`{"a": [1, "x y", null, true]}`, `{"a": [1, "x y", null, true], "new": 1}`, nil},
		"of the request":            {`{"as_of": 1}`, `{"as_of": 2}`, nil},
		"a field is gone":           {`{"a": 1}`, `{}`, []string{"p.a: is missing"}},
		"null is gone":              {`{"a": null}`, `{}`, []string{"p.a: is missing"}},
		"a value is null":           {`{"a": 1}`, `{"a": null}`, []string{"p.a: float64 became null"}},
		"a list is null":            {`{"a": []}`, `{"a": null}`, []string{"p.a: list became null"}},
		"an object is null":         {`{"a": {}}`, `{"a": null}`, []string{"p.a: object became null"}},
		"a list is a text":          {`{"a": []}`, `{"a": ""}`, []string{"p.a: list became string"}},
		"null is a value":           {`{"a": null}`, `{"a": 0}`, []string{"p.a: null became float64"}},
		"an empty text":             {`{"a": "x"}`, `{"a": ""}`, []string{`p.a: "x" became ""`}},
		"another text":              {`{"a": "pain"}`, `{"a": "pair"}`, []string{`p.a: "n" became "r"`}},
		"a space more":              {`{"a": "x"}`, `{"a": "x "}`, []string{`p.a: "" became " "`}},
		"another number":            {`{"a": [1]}`, `{"a": [2]}`, []string{"p.a[]: 1 became 2"}},
		"missing, in another order": {`{"missing": ["a", "b"]}`, `{"missing": ["b", "a"]}`, nil},
		"another is missing": {
			`{"missing": ["a"]}`, `{"missing": ["b"]}`, []string{`p.missing[]: "a" became "b"`},
		},
		"fewer": {`{"a": [1]}`, `{"a": []}`, []string{"p.a: 1 became 0"}},
		"several, in order": {
			`{"b": 1, "a": true}`, `{"a": false}`,
			[]string{"p.a: true became false", "p.b: is missing"},
		},
		"only the last part": {`[[{"a": 1}]]`, `[[{}]]`, []string{"p[][].a: is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var was, is any
			require.NoError(t, json.Unmarshal([]byte(tc.was), &was))
			require.NoError(t, json.Unmarshal([]byte(tc.is), &is))
			require.Equal(t, tc.want, compare("p", was, is))
		})
	}
}
