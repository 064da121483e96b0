package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// proposes makes a proposal for a patient.
func proposes(
	t *testing.T, sys *testkit.System, therapist *testkit.Member, p *testkit.Patient, language string,
) client.ProposalBody {
	t.Helper()
	answer := sys.Call(
		"POST", at(p, "/program-proposals"), therapist.Token(), map[string]any{"id": sys.NewID()}, "Accept-Language",
		language,
	)
	require.Equal(t, http.StatusCreated, answer.Status, string(answer.Body))
	var proposal client.ProposalBody
	require.NoError(t, json.Unmarshal(answer.Body, &proposal))
	return proposal
}

func at(p *testkit.Patient, path string) string { return "/v1/patients/" + string(p.ID) + path }

// asVersion turns proposed items into a version to publish from today on.
func asVersion(sys *testkit.System, p *testkit.Patient, proposal client.ProposalBody) map[string]any {
	var items []any
	for _, item := range proposal.Items {
		entry := map[string]any{
			"id":       sys.NewID(),
			"exercise": item.Exercise,
			"dose":     item.Dose,
			"schedule": item.Schedule,
		}
		if item.MinimumDose != nil {
			entry["minimum_dose"] = item.MinimumDose
		}
		items = append(items, entry)
	}
	return map[string]any{"id": sys.NewID(), "effective_from": p.Today().String(), "items": items}
}

// From intake to program: the reasons are there in the reader's language, nothing reaches the patient before a
// therapist publishes, and what became of the proposal is kept.
func TestAProposalBecomesAProgram(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		bert := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		missing := sys.Call(
			"POST", at(bert, "/program-proposals"), therapist.Token(), map[string]any{"id": sys.NewID()},
		)
		require.Equal(t, "intake-missing", missing.Problem().Code)

		bert.Submits(testkit.Answers(map[string]any{"weeks": 40, "fear": 8, "bad_nights": 4, "confidence": 5}))
		english := proposes(t, sys, therapist, bert, "en")
		require.Equal(t, client.Module("education"), english.Modules[0].Module)
		require.True(t, english.StartsSmall)
		require.Equal(t, 1.0, english.Propensity)
		var reasons []string
		for _, m := range english.Modules {
			for _, b := range m.Because {
				reasons = append(reasons, b.Text)
			}
		}
		require.Contains(t, reasons, "Much fear of movement (7 or more): first dare to move again, step by step.")
		sys.Clock.Advance(time.Minute)
		dutch := proposes(t, sys, therapist, bert, "nl")
		require.Contains(t, dutch.Modules[1].Because[1].Text, "bewegingsangst")
		require.Equal(t, english.Items[0].Dose, dutch.Items[0].Dose)
		require.Equal(t, "no_program", string(todayOf(t, bert).State))
		require.Equal(
			t, http.StatusForbidden, sys.Call("GET", at(bert, "/program-proposals"), bert.Token(), nil).Status,
		)

		etag := sys.Call("GET", at(bert, "/program-versions"), therapist.Token(), nil).Header.Get("ETag")
		path := at(bert, "/program-proposals/"+english.ID+"/decision")
		decide := func(choice map[string]any) testkit.Answer {
			return sys.Call("PUT", path, therapist.Token(), choice, "If-Match", etag)
		}
		version := asVersion(sys, bert, english)
		for _, tc := range []struct {
			name, pointer, code string
			choice              map[string]any
		}{
			{"refused without reason", "/reason", "required", map[string]any{"outcome": "refused"}},
			{"refused with a version", "/version", "not-when-refused",
				map[string]any{"outcome": "refused", "reason": "x", "version": version}},
			{"accepted without version", "/version", "required", map[string]any{"outcome": "accepted"}},
			{"changed without change", "/version/items", "as-proposed",
				map[string]any{"outcome": "changed", "reason": "x", "version": version}},
			{"accepted with a change", "/version/items", "not-as-proposed",
				map[string]any{"outcome": "accepted", "version": map[string]any{
					"id": version["id"], "effective_from": version["effective_from"],
					"items": version["items"].([]any)[:1]}}},
			{"changed with an unknown exercise", "/version/items/0/exercise", "unknown-exercise",
				map[string]any{"outcome": "changed", "reason": "x",
					"version": map[string]any{
						"id": sys.NewID(), "effective_from": bert.Today().String(),
						"items": []any{map[string]any{
							"id": sys.NewID(), "exercise": "somersault", "dose": map[string]any{"sets": 1, "reps": 1},
							"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 1}}},
					}}},
		} {
			refused := decide(tc.choice)
			require.Equal(t, http.StatusBadRequest, refused.Status, tc.name)
			require.Equal(t, tc.pointer, *refused.Problem().Errors[0].Pointer, tc.name)
			require.Equal(t, tc.code, refused.Problem().Errors[0].Code, tc.name)
		}
		require.Equal(t, "no_program", string(todayOf(t, bert).State))

		choice := map[string]any{"outcome": "accepted", "version": version}
		require.Equal(t, http.StatusPreconditionRequired, sys.Call("PUT", path, therapist.Token(), choice).Status)
		accepted, again := decide(choice), decide(choice)
		require.Equal(t, []int{200, 200}, []int{accepted.Status, again.Status}, string(accepted.Body))
		require.JSONEq(t, string(accepted.Body), string(again.Body))
		require.Equal(t, "already-decided", decide(map[string]any{"outcome": "refused", "reason": "x"}).Problem().Code)
		require.Equal(t, "planned", string(todayOf(t, bert).State))
		require.Len(t, todayOf(t, bert).Items, len(english.Items))

		second := sys.Call(
			"PUT", at(bert, "/program-proposals/"+dutch.ID+"/decision"), therapist.Token(),
			map[string]any{"outcome": "refused", "reason": "Dubbel."},
		)
		require.Equal(t, http.StatusOK, second.Status)
		var listed client.ProposalList
		require.NoError(
			t, json.Unmarshal(sys.Call("GET", at(bert, "/program-proposals"), therapist.Token(), nil).Body, &listed),
		)
		require.Len(t, listed.Data, 2)
		require.Equal(t, "Dubbel.", *listed.Data[0].Decision.Reason)
		require.Equal(t, version["id"], *listed.Data[1].Decision.VersionID)
	})
}

// A review waits for a decision before anything is published; a stop lets nothing be proposed or published.
func TestProposalsWaitForSafety(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	decideLatest := func(decision string) {
		var reports client.SafetyReportList
		require.NoError(
			t, json.Unmarshal(sys.Call("GET", at(anna, "/safety-reports"), therapist.Token(), nil).Body, &reports),
		)
		decided := sys.Call("POST", at(anna, "/safety-reports/"+reports.Data[0].ID+"/decisions"), therapist.Token(),
			map[string]any{"id": sys.NewID(), "decision": decision, "note": "Onderzocht."})
		require.Equal(t, http.StatusCreated, decided.Status)
	}
	accept := func(proposal client.ProposalBody) testkit.Answer {
		etag := sys.Call("GET", at(anna, "/program-versions"), therapist.Token(), nil).Header.Get("ETag")
		return sys.Call("PUT", at(anna, "/program-proposals/"+proposal.ID+"/decision"), therapist.Token(),
			map[string]any{"outcome": "accepted", "version": asVersion(sys, anna, proposal)}, "If-Match", etag)
	}

	anna.Submits(testkit.Yes(testkit.Answers(nil), "pregnancy"))
	proposal := proposes(t, sys, therapist, anna, "nl")
	require.True(t, proposal.NeedsClinicalReview)
	require.Equal(t, "needs-clinical-review", accept(proposal).Problem().Code)
	decideLatest("cleared")
	require.Equal(t, http.StatusOK, accept(proposal).Status)

	anna.Submits(testkit.Yes(testkit.Answers(nil), "infection"))
	stopped := sys.Call("POST", at(anna, "/program-proposals"), therapist.Token(), map[string]any{"id": sys.NewID()})
	require.Equal(t, "safety-stop", stopped.Problem().Code)
	etag := sys.Call("GET", at(anna, "/program-versions"), therapist.Token(), nil).Header.Get("ETag")
	byHand := sys.Call(
		"POST", at(anna, "/program-versions"), therapist.Token(), asVersion(sys, anna, proposal), "If-Match", etag,
	)
	require.Equal(t, "safety-stop", byHand.Problem().Code)
	decideLatest("cleared")
	require.Equal(t, http.StatusCreated, sys.Call(
		"POST", at(anna, "/program-versions"), therapist.Token(), asVersion(sys, anna, proposal), "If-Match", etag,
	).Status)
}
