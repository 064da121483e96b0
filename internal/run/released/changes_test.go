package released_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ofTheRequest are fields that say when or as which request something was asked.
var ofTheRequest = []string{"as_of", "request_id"}

// onPurpose is what is answered otherwise since, and why.
var onPurpose = map[string]string{
	"nl /patients/*/progressions.data: 3 became 0": "an open alert about pain holds steps up back",
}

// changes says where an answer differs from what it was: everything that was there has to be there, and the same.
func changes(was, is answer) []string {
	place := was.Language + " " + pattern(was.Path)
	if was.Status != is.Status || was.Type != is.Type {
		return []string{fmt.Sprintf("%s: %d %s became %d %s", place, was.Status, was.Type, is.Status, is.Type)}
	}
	return compare(place, was.Body, is.Body)
}

func compare(place string, was, is any) (found []string) {
	switch was := was.(type) {
	case map[string]any:
		is, _ := is.(map[string]any)
		for name, value := range was {
			if slices.Contains(ofTheRequest, name) {
				continue
			}
			found = append(found, compare(place+"."+name, value, is[name])...)
		}
	case []any:
		is, _ := is.([]any)
		if len(was) != len(is) {
			return []string{fmt.Sprintf("%s: %d became %d", place, len(was), len(is))}
		}
		for i := range was {
			found = append(found, compare(place+"[]", was[i], is[i])...)
		}
	case string:
		now, isText := is.(string)
		if was, now = spaced(was), spaced(now); !isText || was != now {
			from := firstDifference(was, now)
			found = append(found, fmt.Sprintf("%s: %.100q became %.100q", place, was[from:], now[from:]))
		}
	default:
		if was != is {
			found = append(found, fmt.Sprintf("%s: %v became %v", place, was, is))
		}
	}
	return found
}

// spaced writes one space for several, and leaves out that a page is read from left to right, which it was before pages
// said so: it reads the same.
func spaced(text string) string {
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
