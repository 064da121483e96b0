package fuzz_test

import (
	"encoding/base64"
	"strings"

	"cadans/internal/run/testkit"
)

// known is a request made by hand, with whether it must be accepted.
type known struct {
	name     string
	change   func(*world, *request)
	accepted bool
}

func asked(pairs ...string) func(*world, *request) {
	return func(_ *world, r *request) {
		r.query = nil
		for i := 0; i+1 < len(pairs); i += 2 {
			r.query = append(r.query, [2]string{pairs[i], pairs[i+1]})
		}
	}
}

func sending(body any) func(*world, *request) {
	return func(_ *world, r *request) { r.body = body }
}

// windows are what each list by days is asked.
var windows = []known{
	{"the last day there is", asked("since", "9999-12-31"), false},
	{"the first day there is", asked("since", "0001-01-01"), false},
	{"until the first day there is", asked("until", "0001-01-01"), false},
	{"backwards", asked("since", "2026-03-02", "until", "2026-03-01"), false},
	{"one day", asked("since", "2026-03-01", "until", "2026-03-01"), true},
	{"tomorrow", asked("since", "2026-04-20", "until", "2026-04-20"), true},
	{"a year", asked("since", "2025-03-01", "until", "2026-03-01"), true},
	{"a lifetime", asked("since", "1900-01-01", "until", "2026-03-01"), false},
}

// tokens are what the caseload is asked with.
var tokens = []known{
	{"a moment as text", claiming(`{"exp":"4102444800"}`), false},
	{"a subject as a number", claiming(`{"exp":4102444800,"sub":7}`), false},
	{"no claims", claiming("null"), false},
	{"a list of claims", claiming("[]"), false},
}

func claiming(claims string) func(*world, *request) {
	return func(_ *world, r *request) {
		parts := strings.Split(r.token, ".")
		r.token = parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + parts[2]
	}
}

// files are sent as pictures and films.
var files = []known{
	{"a film without moov",
		sending([]byte("\x00\x00\x00\x14ftypisom\x00\x00\x02\x00mp42\x00\x00\x00\x00mdat0123456789")), false},
	{"a film", sending(testkit.Film(10)), true},
	{"a film of H.265", sending(testkit.FilmOf("hvc1", 0, 10)), false},
	{"half a picture", sending(testkit.Picture()[:60]), false},
	{"nothing", sending([]byte{}), false},
}

// knownCases are by operation.
var knownCases = map[string][]known{
	"getMyAdherence": windows, "getMyPain": windows, "getPatientAdherence": windows, "getPatientPain": windows,
	"listMyActivity": windows, "listPatientActivity": windows, "getReminderEffects": windows[:7],
	"getPracticeMetrics": windows[:7],
	"listMySessions":     windows[:7], "listPatientSessions": windows[:7],
	"completeProgram": nothing, "declareFlare": nothing, "saveMyIntake": nothing, "savePatientIntake": nothing,
	"logSession":  nothing,
	"getCaseload": tokens, "addMedia": files,
	"publishProgramDraft": nothing, "createPatient": nothing, "putPreferences": nothing, "pauseMyProgram": nothing,
	"saveProgramDraft": {
		{"an exercise of another practice", func(w *world, r *request) {
			r.body = map[string]any{"items": []any{w.item(w.others["exercise_id"][0])}}
		}, false},
		{"a template of another practice", func(w *world, r *request) {
			r.body = map[string]any{"items": []any{}, "template_id": w.others["template_id"][0]}
		}, false},
		{"an exercise that is none", func(w *world,
			r *request) {
			r.body = map[string]any{"items": []any{w.item("burpee")}}
		}, false},
		{"an exercise of one's own", func(w *world, r *request) {
			r.body = map[string]any{"items": []any{w.item(w.stock["exercise_id"][0])}}
		}, true},
	},
}

// nothing is said where a body is needed.
var nothing = []known{{"null", sending("null"), false}, {"null between blanks", sending(" null\n"), false},
	{"nothing", sending(""), false}}
