package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// Every barrier that can be named has an answer in both languages, and every action is one the patient may do.
func TestEveryBarrierHasAnAnswer(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		known := map[string]bool{}
		for path := range sys.App.Contract.Document().Paths.Map() {
			for _, op := range sys.App.Contract.Document().Paths.Value(path).Operations() {
				known[op.OperationID] = true
			}
		}
		reasons := map[string]bool{}
		for _, reason := range sys.App.Contract.Document().Components.Schemas["ChangeReason"].Value.Enum {
			reasons[reason.(string)] = true
		}
		lighter := map[any][]client.LighterKind{"time": {client.Short}, "fatigue": {client.Half}}
		seen := map[string]bool{}
		for _, barrier := range sys.App.Contract.Document().Components.Schemas["Barrier"].Value.Enum {
			body := map[string]any{"id": sys.NewID(), "local_date": anna.Today().String(), "barrier": barrier}
			answer := sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), body)
			require.Equal(t, http.StatusCreated, answer.Status, string(answer.Body))
			again := sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), body)
			require.JSONEq(t, string(answer.Body), string(again.Body))
			var report client.BarrierReport
			require.NoError(t, json.Unmarshal(answer.Body, &report))
			require.NotEmpty(t, report.Answer.Nl)
			require.NotEmpty(t, report.Answer.En)
			require.False(t, seen[report.Answer.Nl] || barrier != "other" &&
				report.Answer.Nl == "Dank u. Uw therapeut kan dit zien.", "%s has no answer of its own", barrier)
			seen[report.Answer.Nl] = true
			require.NotEmpty(t, report.Actions)
			var kinds []client.LighterKind
			for _, action := range report.Actions {
				require.True(t, known[action.Operation], "%s", action.Operation)
				require.NoError(t, access.Enter(
					access.Viewer{Role: access.Patient, Patient: anna.ID}, access.Operation(action.Operation),
				))
				require.Equal(t, action.Operation == "requestChange", action.Reason != nil)
				require.Equal(t, action.Operation == "chooseLighterProgram", action.Kind != nil)
				if action.Kind != nil {
					kinds = append(kinds, *action.Kind)
				}
				if action.Reason != nil {
					require.True(t, reasons[*action.Reason], "%s", *action.Reason)
					asked := sys.Call(
						"POST", "/v1/me/change-requests", anna.Token(),
						map[string]any{"id": sys.NewID(), "reason": *action.Reason},
					)
					require.Equal(t, http.StatusCreated, asked.Status, string(asked.Body))
				}
			}
			require.Equal(t, lighter[barrier], kinds)
		}
	})
}

func TestAnIfThenPlan(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		put := func(body map[string]any, headers ...string) testkit.Answer {
			return sys.Call("PUT", "/v1/me/action-plan", anna.Token(), body, headers...)
		}
		get := func() testkit.Answer { return sys.Call("GET", "/v1/me/action-plan", anna.Token(), nil) }
		require.Equal(t, http.StatusNotFound, get().Status)
		body := map[string]any{
			"after":     "ontbijt",
			"place":     "keuken",
			"exercises": 2,
			"coping":    map[string]any{"barrier": "time", "then": "1 oefening naast het bed"},
		}
		first := put(body)
		require.Equal(t, http.StatusOK, first.Status, string(first.Body))
		require.Equal(t, first.Header.Get("ETag"), put(body).Header.Get("ETag"), "again")
		require.JSONEq(t, string(first.Body), string(get().Body))
		var plan client.ActionPlan
		require.NoError(t, json.Unmarshal(first.Body, &plan))
		require.Equal(t, "Direct na ontbijt (keuken) doe ik 2 oefeningen.", plan.Sentence.Nl)
		require.Equal(t, "Right after ontbijt (keuken), I will do 2 exercises.", plan.Sentence.En)
		require.Equal(t, "Als er iets tussenkomt (geen tijd), dan: 1 oefening naast het bed.", plan.Smaller.Nl)

		other := map[string]any{"at": "19:30", "exercises": 1}
		require.Equal(t, http.StatusPreconditionRequired, put(other).Status)
		require.Equal(t, http.StatusPreconditionFailed, put(other, "If-Match", `"x"`).Status)
		changed := put(other, "If-Match", first.Header.Get("ETag"))
		require.Equal(t, http.StatusOK, changed.Status, string(changed.Body))
		require.NoError(t, json.Unmarshal(changed.Body, &plan))
		require.Equal(t, "Als het 19:30 uur is, dan doe ik 1 oefening.", plan.Sentence.Nl)

		require.Contains(
			t, string(sys.Call("GET", "/v1/me/preferences", anna.Token(), nil).Body), `"anchor_time":"19:30"`,
			"reminders come before the moment of the plan",
		)
		for pointer, wrong := range map[string]map[string]any{
			"/after":     {"exercises": 2},
			"/at":        {"at": "19:30", "after": "x", "exercises": 2},
			"/exercises": {"after": "x", "exercises": 11},
		} {
			answer := put(wrong, "If-Match", changed.Header.Get("ETag"))
			require.Equal(t, http.StatusBadRequest, answer.Status)
			require.Equal(t, &pointer, answer.Problem().Errors[0].Pointer)
		}
		var list client.ReminderList
		require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/me/reminders", anna.Token(), nil).Body, &list))
		require.Equal(t, "Als het 19:30 uur is, dan doe ik 1 oefening.", list.Plan.Nl)
	})
}
