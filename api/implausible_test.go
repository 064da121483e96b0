package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// What cannot be is refused, and the field is named.
func TestImplausibleReports(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		other := therapist.NewPatient("B. Ander", "Europe/Amsterdam")
		therapist.Publishes(other, 5)
		event := func(day string) map[string]any {
			return map[string]any{"local_date": day, "site": "knee", "related": "unknown"}
		}
		check := func(day string) map[string]any { return map[string]any{"local_date": day, "new_episode": false} }
		wish := func(item any) map[string]any { return map[string]any{"reason": "hurts", "item_id": item} }
		for name, tc := range map[string]struct {
			path string
			body map[string]any
			want string
		}{
			"an item that exists nowhere": {"change-requests", wish(sys.NewID()), "/item_id item-of-no-version"},
			"an item of somebody else": {"change-requests", wish(other.Version.Items[0].ID),
				"/item_id item-of-no-version"},
			"an own item":             {"change-requests", wish(anna.Version.Items[0].ID), ""},
			"a complaint in 1900":     {"adverse-events", event("1900-01-01"), "/local_date over-a-year-ago"},
			"a complaint in 2199":     {"adverse-events", event("2199-01-01"), ""},
			"a complaint last month":  {"adverse-events", event(anna.Today().AddDays(-30).String()), ""},
			"an answer from 1900":     {"recurrence-checks", check("1900-01-01"), "/local_date over-a-year-ago"},
			"an answer from 2199":     {"recurrence-checks", check("2199-01-01"), ""},
			"an answer of last month": {"recurrence-checks", check(anna.Today().AddDays(-30).String()), ""},
		} {
			tc.body["id"] = sys.NewID()
			answer := sys.Call("POST", "/v1/me/"+tc.path, anna.Token(), tc.body)
			if tc.want == "" {
				require.Equal(t, http.StatusCreated, answer.Status, "%s: %s", name, answer.Body)
				continue
			}
			require.Equal(t, http.StatusBadRequest, answer.Status, "%s: %s", name, answer.Body)
			fields := answer.Problem().Errors
			require.Len(t, fields, 1, name)
			require.Equal(t, tc.want, *fields[0].Pointer+" "+fields[0].Code, name)
		}
		for _, id := range []string{strings.Repeat("a", 5000), "%00", "x"} {
			require.Equal(t, http.StatusBadRequest, sys.Call("PUT", "/v1/me/valued-activities/"+id, anna.Token(),
				map[string]any{"activity": "Koffie", "planned_on": anna.Today().String()}).Status, "%.10s", id)
		}
	})
}

// A module has one response: with another id the answer says that there is one. A pause of a member has its own limit.
func TestConflictsSayWhatIsSo(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		write := func(id string) testkit.Answer {
			return sys.Call("PUT", "/v1/me/modules/1/response", anna.Token(),
				map[string]any{"id": id, "text": "Meer pijn na een slechte nacht.", "submit": false})
		}
		first := sys.NewID()
		require.Equal(t, http.StatusOK, write(first).Status)
		require.Equal(t, http.StatusOK, write(first).Status)
		require.Equal(t, "response-exists", write(sys.NewID()).Problem().Code)

		pause := map[string]any{"id": sys.NewID(), "reason": "holiday", "start_date": anna.Today().String(),
			"end_date": anna.Today().AddDays(180).String()}
		long := sys.Call("POST", "/v1/patients/"+string(anna.ID)+"/program-pauses", therapist.Token(), pause)
		require.Equal(t, "pause-over-180-days", long.Problem().Errors[0].Code)
		require.Equal(t, "pause-too-long",
			sys.Call("POST", "/v1/me/program-pauses", anna.Token(), pause).Problem().Errors[0].Code)
	})
}
