package api_test

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/safety"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// breaks are the kinds of records that cannot be stored.
var breaks = map[string]func(body map[string]any) any{
	"a pain score in quotes":  func(b map[string]any) any { b["pain_after"] = "7"; return b },
	"a pain score of 11":      func(b map[string]any) any { b["pain_before"] = 11; return b },
	"a version nobody has":    func(b map[string]any) any { b["program_version_id"] = b["id"]; return b },
	"an item nobody has":      func(b map[string]any) any { setItem("item_id", b["id"])(b); return b },
	"no id":                   func(b map[string]any) any { delete(b, "id"); return b },
	"cut off":                 func(b map[string]any) any { return cutOff(b) },
	"a note that breaks JSON": func(b map[string]any) any { return strings.Replace(asText(b), "Tint", "T\nint", 1) },
	"a list around it":        func(b map[string]any) any { return []any{b} },
}

func asText(body any) string {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// cutOff is a body whose end was lost behind the signs.
func cutOff(body map[string]any) string {
	text := asText(body)
	signs := strings.Index(text, "new_signs")
	return text[:signs+strings.Index(text[signs:], "]")]
}

// Each sign in each kind of record that cannot be stored reaches the gate, once, and the patient reads what to do.
func TestSignsInWhatIsRefused(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		for _, question := range safety.NewSignQuestions {
			for name, broken := range breaks {
				anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
				therapist.Publishes(anna, 5)
				body := anna.SessionBody(sys.Clock.Now())
				body["new_signs"], body["note"] = []any{string(question.Sign)}, "Tintelingen."
				told := broken(body)
				first := sys.Call("POST", "/v1/me/sessions", anna.Token(), told)
				require.Equal(t, http.StatusBadRequest, first.Status, "%s: %s", name, first.Body)
				require.NotEmpty(t, first.Problem().SafetyAdvice, "%s, %s", name, question.Sign)
				again := sys.Call("POST", "/v1/me/sessions", anna.Token(), told)
				require.Equal(t, first.Problem().SafetyAdvice, again.Problem().SafetyAdvice)
				require.Equal(t, 1, reports(sys, therapist, anna), "%s, %s", name, question.Sign)
			}
			if testing.Short() {
				return
			}
		}
	})
}

func reports(sys *testkit.System, therapist *testkit.Member, of *testkit.Patient) int {
	var list struct{ Data []client.SafetyReportBody }
	answer := sys.Call("GET", "/v1/patients/"+string(of.ID)+"/safety-reports", therapist.Token(), nil)
	if err := json.Unmarshal(answer.Body, &list); err != nil {
		panic(err)
	}
	return len(list.Data)
}

// What was refused and is told again as it should be raises nothing a second time.
func TestSignsOfWhatIsAcceptedLater(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		body := anna.SessionBody(sys.Clock.Now())
		body["new_signs"] = []any{"saddle_numbness"}
		version := body["program_version_id"]
		body["program_version_id"] = sys.NewID()
		require.Equal(t, http.StatusBadRequest, sys.Call("POST", "/v1/me/sessions", anna.Token(), body).Status)
		body["program_version_id"] = version
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/sessions", anna.Token(), body).Status)
		require.Equal(t, 1, reports(sys, therapist, anna))
		body["id"], body["new_signs"] = sys.NewID(), []any{"chest_pain"}
		answer := sys.Call("POST", "/v1/me/sessions", anna.Token(), body, "Content-Type", "text/plain")
		require.Equal(t, http.StatusUnsupportedMediaType, answer.Status)
		require.NotEmpty(t, answer.Problem().SafetyAdvice)
	})
}

// A correction that is sent days later, with a clock that is right, stays on its day.
func TestACorrectionStaysOnItsDay(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		body := anna.SessionBody(sys.Clock.Now())
		address := "/v1/me/sessions/" + body["id"].(string)
		first := sys.Call("POST", "/v1/me/sessions", anna.Token(), body)
		require.Equal(t, http.StatusCreated, first.Status)
		sys.Clock.Advance(48 * time.Hour)
		delete(body, "id")
		body["note"], body["client_time"] = "Toch goed.", sys.Clock.Now().Format(time.RFC3339)
		for _, performed := range []any{body["performed_at"], nil} {
			body["performed_at"] = performed
			var was, is client.Session
			require.NoError(t, json.Unmarshal(first.Body, &was))
			require.NoError(t, json.Unmarshal(sys.Call("PUT", address, anna.Token(), body).Body, &is))
			require.Equal(t, was.PerformedAt, is.PerformedAt)
			require.Equal(t, 2, is.Revision)
		}
	})
}

// A session that is sent again with other content is not stored, and its signs reach the gate.
func TestSignsInAnotherContent(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		body := anna.SessionBody(sys.Clock.Now())
		body["new_signs"] = []any{"both_legs"}
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/sessions", anna.Token(), body).Status)
		body["new_signs"] = []any{"saddle_numbness"}
		for range 2 {
			answer := sys.Call("POST", "/v1/me/sessions", anna.Token(), body)
			require.Equal(t, http.StatusConflict, answer.Status)
			require.NotEmpty(t, answer.Problem().SafetyAdvice)
			require.Equal(t, 2, reports(sys, therapist, anna))
		}
	})
}

var mutated = flag.Int("told.mutated", 1_000, "how many mutated records are sent")

// odd are values that phones have sent in the place of something else.
var odd = []any{
	nil, "", " ", "x", "7", "Zoë\r\n", "a\x00b", strings.Repeat("é", 3000), "2026-02-30", "2026-03-02T09:00:00",
	"GMT+02:00",
	0, -1, 3, 11, 86401, raw("7.0"), raw("1e300"), raw("99999999999999999999"), true,
	false, []any{}, []any{"x"}, map[string]any{}, map[string]any{"x": 1},
	"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
}

// mayRefuse are the only reasons for which a record is not stored.
var mayRefuse = []string{
	"/id", "/pain_before", "/pain_after", "/program_version_id", "item_id", "/pain",
}

// Whatever is wrong with a record: it is stored, or refused for one of few reasons; its pain is what was told; its
// signs reach the gate; and nothing fails.
func TestMutatedRecords(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	draw := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for n := range *mutated {
		if n%25 == 24 { // a day has so many sessions, and no more
			anna = therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
			therapist.Publishes(anna, 5)
		}
		body := anna.SessionBody(sys.Clock.Now())
		fields := []string{"performed_at", "time_zone", "local_date", "program_version_id", "status", "items",
			"pain_before", "pain_after", "confidence", "duration_s", "note", "stopped_reason", "client_time",
			"new_field"}
		for range 1 + draw.IntN(3) {
			field := fields[draw.IntN(len(fields))]
			if draw.IntN(4) == 0 {
				delete(body, field)
			} else {
				body[field] = odd[draw.IntN(len(odd))]
			}
		}
		answer := sys.Call("POST", "/v1/me/sessions", anna.Token(), body)
		if answer.Status == http.StatusBadRequest {
			refused++
			for _, e := range answer.Problem().Errors {
				require.True(t, slices.ContainsFunc(mayRefuse, func(reason string) bool {
					return strings.HasSuffix(*e.Pointer, reason)
				}), "%s %s: %s", *e.Pointer, e.Code, asText(body))
			}
			continue
		}
		require.Equal(t, http.StatusCreated, answer.Status, "%s: %s", answer.Body, asText(body))
		var stored map[string]any
		require.NoError(t, json.Unmarshal(answer.Body, &stored))
		for _, pain := range []string{"pain_before", "pain_after"} {
			require.Equal(t, asText(body[pain]), asText(stored[pain]), "%s: %s", pain, asText(body))
		}
	}
	t.Logf("%d of %d refused", refused, *mutated)
}
