package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// spoil changes one thing in a body that was right.
type spoil func(body map[string]any)

func set(field string, value any) spoil { return func(b map[string]any) { b[field] = value } }

func drop(field string) spoil { return func(b map[string]any) { delete(b, field) } }

func setItem(field string, value any) spoil {
	return func(b map[string]any) { b["items"].([]any)[0].(map[string]any)[field] = value }
}

// raw stands for a literal that a Go value cannot express, such as 7.0.
func raw(literal string) json.RawMessage { return json.RawMessage(literal) }

// newBadPatients are a patient, and another of the same therapist, whose ids are not the first one's.
func newBadPatients(t *testing.T) (sys *testkit.System, anna, bert *testkit.Patient) {
	sys = testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna = therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	bert = therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	therapist.Publishes(bert, 5)
	return sys, anna, bert
}

// Each of these sessions is refused with exactly this status, pointer and code. Nothing is stored but what was told.
func TestRefusedSessions(t *testing.T) {
	t.Parallel()
	sys, anna, bert := newBadPatients(t)
	for _, tc := range []struct {
		name, pointer, code string
		spoil               spoil
	}{
		{"no id", "/id", "required", drop("id")},
		{"id of version 4", "/id", "invalid-format", set("id", "019aa0c4-7d00-4000-8000-0000000000a1")},
		{"id is a number", "/id", "wrong-type", set("id", 7)},
		{"id is null", "/id", "required", set("id", nil)},
		{"unknown version", "/program_version_id", "unknown-version",
			set("program_version_id", "019aa0c4-7d00-7000-8000-0000000000a1")},
		{"another patient's version", "/program_version_id", "unknown-version",
			set("program_version_id", bert.Version.ID)},
		{"pain_before 11", "/pain_before", "out-of-range", set("pain_before", 11)},
		{"pain_before -1", "/pain_before", "out-of-range", set("pain_before", -1)},
		{"pain_before \"7\"", "/pain_before", "wrong-type", set("pain_before", "7")},
		{"pain_before 7.0", "/pain_before", "not-a-whole-number", set("pain_before", raw("7.0"))},
		{"pain_before 7.5", "/pain_before", "not-a-whole-number", set("pain_before", raw("7.5"))},
		{"pain_before 7e0", "/pain_before", "not-a-whole-number", set("pain_before", raw("7e0"))},
		{"pain_before true", "/pain_before", "wrong-type", set("pain_before", true)},
		{"pain_before beyond any integer", "/pain_before", "out-of-range",
			set("pain_before", raw("99999999999999999999"))},
		{"pain_after as a list", "/pain_after", "wrong-type", set("pain_after", []int{3})},
		{"pain_after 11", "/pain_after", "out-of-range", set("pain_after", 11)},
		{"item of no version", "/items/0/item_id", "unknown-item",
			setItem("item_id", "019aa0c4-7d00-7000-8000-0000000000a1")},
		{"item of another patient", "/items/0/item_id", "unknown-item", setItem("item_id", bert.Version.Items[0].ID)},
		{"item pain 11", "/items/0/pain", "out-of-range", setItem("pain", 11)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := anna.SessionBody(sys.Clock.Now())
			tc.spoil(body)
			before := sys.Stored()
			got := sys.Call("POST", "/v1/me/sessions", anna.Token(), body)
			require.Equal(t, http.StatusBadRequest, got.Status, string(got.Body))
			require.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
			require.Equal(t, map[string]string{tc.pointer: tc.code}, named(t, got.Problem().Errors))
			before["told"]++
			require.Equal(t, before, sys.Stored())
		})
	}
}

// named are the fields that an answer names, with the code of each.
func named(t *testing.T, fields []client.FieldError) map[string]string {
	t.Helper()
	codes := map[string]string{}
	for _, e := range fields {
		codes[*e.Pointer] = e.Code
		require.NotEmpty(t, e.Detail)
	}
	return codes
}

// Each of these sessions is stored once, with exactly these warnings, and what was told is kept beside it.
func TestMendedSessions(t *testing.T) {
	t.Parallel()
	sys, anna, _ := newBadPatients(t)
	now := sys.Clock.Now()
	moment := func(d time.Duration) spoil {
		return func(b map[string]any) {
			at := now.Add(d).In(anna.Zone)
			b["performed_at"], b["local_date"] = at.Format(time.RFC3339), at.Format("2006-01-02")
		}
	}
	long := strings.Repeat("é", 2001)
	for _, tc := range []struct {
		name, pointer, code string
		spoil               spoil
	}{
		{"id in capitals", "/id", "adjusted", set("id", "019AA0C4-7D00-7000-8000-0000000000A1")},
		{"no performed_at", "/performed_at", "required", drop("performed_at")},
		{"performed_at without offset", "/performed_at", "adjusted", set("performed_at", "2026-03-02T09:00:00")},
		{"performed_at without time", "/performed_at", "invalid-format", set("performed_at", "2026-03-02")},
		{"performed_at on 30 February", "/performed_at", "invalid-format", set("performed_at", "2026-02-30T09:00:00Z")},
		{"performed_at as a number", "/performed_at", "adjusted", set("performed_at", 1772442000)},
		{"6 minutes in the future", "/performed_at", "clock-skew", moment(6 * time.Minute)},
		{"31 days ago", "/performed_at", "", moment(-31 * 24 * time.Hour)},
		{"no time_zone", "/time_zone", "required", drop("time_zone")},
		{"misspelt time_zone", "/time_zone", "unknown-time-zone", set("time_zone", "Europe/Amsterdamm")},
		{"empty time_zone", "/time_zone", "unknown-time-zone", set("time_zone", "")},
		{"time_zone Local", "/time_zone", "unknown-time-zone", set("time_zone", "Local")},
		{"time_zone as offset", "/time_zone", "", set("time_zone", "+01:00")},
		{"no local_date", "/local_date", "required", drop("local_date")},
		{"local_date that does not exist", "/local_date", "invalid-format", set("local_date", "2026-02-30")},
		{"local_date with one digit", "/local_date", "invalid-format", set("local_date", "2026-3-2")},
		{"local_date is another day", "/local_date", "not-the-day-performed", set("local_date", "2026-03-01")},
		{"no version", "/program_version_id", "required", drop("program_version_id")},
		{"no status", "/status", "required", drop("status")},
		{"unknown status", "/status", "unknown-value", set("status", "done")},
		{"status in capitals", "/status", "adjusted", set("status", "Completed")},
		{"stopped_reason of a completed session", "/stopped_reason", "only-when-stopped",
			set("stopped_reason", "pain")},
		{"unknown stopped_reason", "/stopped_reason", "unknown-value", set("stopped_reason", "bored")},
		{"confidence 11", "/confidence", "out-of-range", set("confidence", 11)},
		{"duration -1", "/duration_s", "out-of-range", set("duration_s", -1)},
		{"duration above a day", "/duration_s", "out-of-range", set("duration_s", 86401)},
		{"no items", "/items", "required", drop("items")},
		{"items is null", "/items", "required", set("items", nil)},
		{"completed without items", "/items", "required", set("items", []any{})},
		{"item without id", "/items/0/item_id", "required",
			func(b map[string]any) { delete(b["items"].([]any)[0].(map[string]any), "item_id") }},
		{"item twice", "/items/1/item_id", "duplicate", func(b map[string]any) {
			items := b["items"].([]any)
			items[1].(map[string]any)["item_id"] = items[0].(map[string]any)["item_id"]
		}},
		{"item with nothing recorded", "/items/0", "nothing-recorded", func(b map[string]any) {
			b["items"].([]any)[0] = map[string]any{"item_id": anna.Version.Items[0].ID}
		}},
		{"item skipped and done", "/items/0/skipped_reason", "skipped-but-done", setItem("skipped_reason", "pain")},
		{"item with unknown reason", "/items/0/skipped_reason", "unknown-value", setItem("skipped_reason", "lazy")},
		{"sets -1", "/items/0/sets", "out-of-range", setItem("sets", -1)},
		{"sets 1001", "/items/0/sets", "out-of-range", setItem("sets", 1001)},
		{"sets 2.5", "/items/0/sets", "not-a-whole-number", setItem("sets", raw("2.5"))},
		{"reps as text", "/items/0/reps", "wrong-type", setItem("reps", "10")},
		{"difficulty 11", "/items/0/difficulty", "out-of-range", setItem("difficulty", 11)},
		{"unknown field in an item", "/items/0/weight", "unknown-field", setItem("weight", 5)},
		{"note of 2001 characters", "/note", "too-long", set("note", long)},
		{"note with a NUL", "/note", "adjusted", set("note", "a\x00b")},
		{"note with an escape", "/note", "adjusted", set("note", "a\x1b[31m")},
		{"note that turns the writing direction", "/note", "adjusted", set("note", "a\u202eb")},
		{"unknown field", "/practice_id", "unknown-field", set("practice_id", "x")},
		{"unknown field in other case", "/Pain_Before", "unknown-field", set("Pain_Before", 3)},
		{"field with a slash", "/a~1b", "unknown-field", set("a/b", 3)},
		{"server's own field", "/received_at", "unknown-field", set("received_at", "2026-03-02T09:00:00Z")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := anna.SessionBody(now)
			tc.spoil(body)
			before := sys.Stored()
			got := sys.Call("POST", "/v1/me/sessions", anna.Token(), body)
			require.Equal(t, http.StatusCreated, got.Status, string(got.Body))
			var told struct{ Warnings []client.FieldError }
			require.NoError(t, json.Unmarshal(got.Body, &told))
			want := map[string]string{}
			if tc.code != "" {
				want[tc.pointer] = tc.code
			}
			require.Equal(t, want, named(t, told.Warnings))
			after := sys.Stored()
			require.Equal(t, before["sessions"]+1, after["sessions"])
			require.Equal(t, before["told"]+len(want), after["told"])
			again := sys.Call("POST", "/v1/me/sessions", anna.Token(), body)
			require.Equal(t, http.StatusOK, again.Status, string(again.Body))
			require.Equal(t, after, sys.Stored())
		})
	}
}

// Requests that are wrong as a whole.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	right, err := json.Marshal(anna.SessionBody(sys.Clock.Now()))
	require.NoError(t, err)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err = w.Write(right)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	twice := strings.Replace(string(right), `"pain_before":3`, `"pain_before":3,"pain_before":9`, 1)
	deep := strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40)
	patient := "/v1/patients/" + string(anna.ID)

	for _, tc := range []struct {
		name, method, path string
		body               any
		headers            []string
		status             int
		code, field        string
	}{
		{"no body", "POST", "/v1/me/sessions", "", nil, 400, "invalid-input", ""},
		{"null", "POST", "/v1/me/sessions", "null", nil, 400, "invalid-input", ""},
		{"a list", "POST", "/v1/me/sessions", "[]", nil, 400, "invalid-input", ""},
		{"half an object", "POST", "/v1/me/sessions", `{"id":`, nil, 400, "invalid-input", ""},
		{"something behind the end", "POST", "/v1/me/sessions", string(right) + "{}", nil, 400, "invalid-input", ""},
		{"no id", "POST", "/v1/me/sessions", "{\"note\":\"\xff\"}", nil, 400, "invalid-input", "/id"},
		{"a key twice", "POST", "/v1/me/sessions", twice, nil, 400, "invalid-input", "/pain_before"},
		{"nested too deep", "POST", "/v1/me/sessions", deep, nil, 400, "invalid-input", ""},
		{"a form", "POST", "/v1/me/sessions", "pain_before=3",
			[]string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "unsupported-media-type", ""},
		{"JSON called text", "POST", "/v1/me/sessions", right, []string{"Content-Type", "text/plain"}, 415,
			"unsupported-media-type", ""},
		{"another charset", "POST", "/v1/me/sessions", right,
			[]string{"Content-Type", "application/json; charset=latin1"}, 415, "unsupported-media-type", ""},
		{"a zip bomb", "POST", "/v1/me/sessions", zipped.Bytes(), []string{"Content-Encoding", "gzip"}, 415,
			"unsupported-media-type", ""},
		{"too large", "POST", "/v1/me/sessions", strings.Repeat(" ", 65<<10) + "{}", nil, 413, "body-too-large", ""},
		{"unknown path", "GET", "/v1/me/session", nil, nil, 404, "not-found", ""},
		{"trailing slash", "GET", "/v1/me/", nil, nil, 404, "not-found", ""},
		{"path in capitals", "GET", "/V1/me", nil, nil, 404, "not-found", ""},
		{"no such method", "PATCH", "/v1/me", nil, nil, 405, "method-not-allowed", ""},
		{"unknown parameter", "GET", "/v1/me/sessions?untill=2026-03-01", nil, nil, 400, "invalid-input", "untill"},
		{"limit 0", "GET", "/v1/me/sessions?limit=0", nil, nil, 400, "invalid-input", "limit"},
		{"limit as text", "GET", "/v1/me/sessions?limit=ten", nil, nil, 400, "invalid-input", "limit"},
		{"limit twice", "GET", "/v1/me/sessions?limit=1&limit=2", nil, nil, 400, "invalid-input", "limit"},
		{"since on 30 February", "GET", "/v1/me/sessions?since=2026-02-30", nil, nil, 400, "invalid-input", "since"},
		{"since after until", "GET", "/v1/me/sessions?since=2026-03-02&until=2026-03-01", nil, nil, 400,
			"invalid-input", "until"},
		{"since before anybody lived", "GET", "/v1/me/sessions?since=0001-01-01", nil, nil, 400,
			"invalid-input", "since"},
		{"until the end of the calendar", "GET", "/v1/me/activity?until=9999-12-31", nil, nil, 400,
			"invalid-input", "until"},
		{"more days than an answer holds", "GET", "/v1/me/activity?since=2020-01-01&until=2026-03-01", nil, nil, 400,
			"invalid-input", "since"},
		{"a body that is null", "POST", "/v1/me/flares", "null", nil, 400, "invalid-input", ""},
		{"an instant before anybody lived", "POST", "/v1/me/reminders/" + sys.NewID() + "/receipts",
			map[string]any{"event": "opened", "at": "0001-01-01T00:00:00Z"}, nil, 400, "invalid-input", "/at"},
		{"a cursor of another kind", "GET", "/v1/me/sessions?cursor=!!", nil, nil, 400, "invalid-input", "cursor"},
		{"a cursor with a NUL", "GET", "/v1/me/sessions?cursor=" + base64.RawURLEncoding.EncodeToString(
			[]byte(`{"PerformedAt":1,"Session":"\u0000"}`),
		), nil, nil, 400, "invalid-input", "cursor"},
		{"a path id that is SQL", "GET", "/v1/me/sessions/1%20OR%201=1", nil, nil, 400, "invalid-input", "session_id"},
		{"a path id in capitals", "DELETE", "/v1/me/sessions/019AA0C4-7D00-7000-8000-0000000000A1", nil, nil, 400,
			"invalid-input", "session_id"},
		{"a session that is not there", "GET", "/v1/me/sessions/019aa0c4-7d00-7000-8000-0000000000a1", nil, nil, 404,
			"not-found", ""},
		{"a pause that runs backwards", "POST", "/v1/me/program-pauses", map[string]any{
			"id": sys.NewID(), "reason": "illness", "start_date": "2026-03-05", "end_date": "2026-03-04",
		}, nil, 400, "invalid-input", "/end_date"},
		{"a pause of 22 days", "POST", "/v1/me/program-pauses", map[string]any{
			"id": sys.NewID(), "reason": "illness", "start_date": "2026-03-02", "end_date": "2026-03-23",
		}, nil, 400, "invalid-input", "/end_date"},
		{"a pause from 8 days ago", "POST", "/v1/me/program-pauses", map[string]any{
			"id": sys.NewID(), "reason": "illness", "start_date": "2026-02-22", "end_date": "2026-03-02",
		}, nil, 400, "invalid-input", "/start_date"},
		{"a patient's role", "POST", patient + "/feedback",
			map[string]any{"id": sys.NewID(), "text": "x", "about": "program"}, nil, 403, "forbidden", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := sys.Stored()
			got := sys.Call(tc.method, tc.path, anna.Token(), tc.body, tc.headers...)
			require.Equal(t, tc.status, got.Status, string(got.Body))
			require.Equal(t, tc.code, got.Problem().Code)
			if tc.field != "" {
				require.Len(t, got.Problem().Errors, 1)
				e := got.Problem().Errors[0]
				if strings.HasPrefix(tc.field, "/") {
					require.Equal(t, tc.field, *e.Pointer)
				} else {
					require.Equal(t, tc.field, *e.Parameter)
				}
			}
			require.NotRegexp(t, `(?i)sql|gorm|panic|\.go:|/go/`, string(got.Body))
			after := sys.Stored()
			before["told"] = after["told"] // what a phone told is kept
			require.Equal(t, before, after)
		})
	}
}

// What a therapist gets wrong in a program is named at once.
func TestBadProgramNamesEveryField(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	path := "/v1/patients/" + string(anna.ID) + "/program-versions"
	etag := sys.Call("GET", path, therapist.Token(), nil).Header.Get("ETag")
	twice := sys.NewID()
	body := map[string]any{"id": sys.NewID(), "effective_from": "2026-03-01", "items": []any{
		map[string]any{
			"id":       twice,
			"exercise": "burpee",
			"dose":     map[string]any{"sets": 3, "reps": 10},
			"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 3},
		},
		map[string]any{
			"id":       twice,
			"exercise": "bridge",
			"dose":     map[string]any{"minutes": 10},
			"schedule": map[string]any{"kind": "weekly_quota"},
		},
		map[string]any{
			"id":       sys.NewID(),
			"exercise": "walk-easy",
			"dose":     map[string]any{"sets": 3, "reps": 10},
			"schedule": map[string]any{"kind": "fixed_days", "sessions_per_week": 3, "days": []string{"mon"}},
		},
		map[string]any{
			"id":           sys.NewID(),
			"exercise":     "bridge",
			"dose":         map[string]any{"sets": 2, "reps": 8},
			"minimum_dose": map[string]any{"sets": 3, "reps": 8},
			"schedule":     map[string]any{"kind": "fixed_days"},
		},
	}}
	got := sys.Call("POST", path, therapist.Token(), body, "If-Match", etag)
	require.Equal(t, http.StatusBadRequest, got.Status)
	named := map[string]string{}
	for _, e := range got.Problem().Errors {
		named[*e.Pointer] = e.Code
	}
	require.Equal(t, map[string]string{
		"/effective_from":                     "in-the-past",
		"/items/0/exercise":                   "unknown-exercise",
		"/items/1/id":                         "duplicate",
		"/items/1/dose":                       "wrong-dose",
		"/items/1/schedule/sessions_per_week": "required",
		"/items/2/dose":                       "wrong-dose",
		"/items/2/schedule/sessions_per_week": "not-with-days",
		"/items/3/minimum_dose":               "above-dose",
		"/items/3/schedule/days":              "required",
	}, named)
	require.Zero(t, sys.Stored()["program_versions"])
}

// Two therapists, one program: the second is told, and may retry what is already stored.
func TestPublishingNeedsTheLatestETag(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	path := "/v1/patients/" + string(anna.ID) + "/program-versions"
	etag := sys.Call("GET", path, therapist.Token(), nil).Header.Get("ETag")
	version := func() map[string]any {
		return map[string]any{"id": sys.NewID(), "effective_from": "2026-03-02", "items": []any{map[string]any{
			"id":       sys.NewID(),
			"exercise": "walk-easy",
			"dose":     map[string]any{"minutes": 25},
			"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 3},
		}}}
	}
	require.Equal(t, http.StatusPreconditionRequired, sys.Call("POST", path, therapist.Token(), version()).Status)
	first := version()
	created := sys.Call("POST", path, therapist.Token(), first, "If-Match", etag)
	require.Equal(t, http.StatusCreated, created.Status)
	require.Contains(t, string(created.Body), "longer_than_20_minutes")
	require.Equal(
		t, http.StatusPreconditionFailed, sys.Call("POST", path, therapist.Token(), version(), "If-Match", etag).Status,
	)
	require.Equal(
		t, http.StatusOK, sys.Call("POST", path, therapist.Token(), first, "If-Match", etag).Status,
		"a retry of what is stored",
	)
	first["effective_from"] = "2026-03-03"
	require.Equal(t, http.StatusConflict, sys.Call("POST", path, therapist.Token(), first, "If-Match", etag).Status)
	require.Equal(t, 1, sys.Stored()["program_versions"])
}
