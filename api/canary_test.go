package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// What people write about care, and what rules conclude, is in no log line and no push, also when a request is refused.
func TestCareStaysOutOfLogsAndPushes(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("Kanarievogel", "Europe/Amsterdam")
	const canary = "Kanarievogel"
	anna.Submits(testkit.Yes(testkit.Answers(map[string]any{
		"goals":      []any{map[string]any{"activity": canary, "score": 2}},
		"slots":      []any{map[string]any{"time": "09:00", "anchor": canary}},
		"phq2_mood":  3,
		"weeks":      20,
		"confidence": 3,
	}), "pregnancy"))
	var reports client.SafetyReportList
	require.NoError(
		t, json.Unmarshal(sys.Call("GET", at(anna, "/safety-reports"), therapist.Token(), nil).Body, &reports),
	)
	decided := at(anna, "/safety-reports/"+reports.Data[0].ID+"/decisions")
	for _, note := range []string{canary, ""} { // the second is refused
		sys.Call(
			"POST", decided, therapist.Token(), map[string]any{"id": sys.NewID(), "decision": "cleared", "note": note},
		)
	}
	proposal := proposes(t, sys, therapist, anna, "nl")
	etag := sys.Call("GET", at(anna, "/program-versions"), therapist.Token(), nil).Header.Get("ETag")
	sys.Call("PUT", at(anna, "/program-proposals/"+proposal.ID+"/decision"), therapist.Token(),
		map[string]any{"outcome": "changed", "reason": canary, "version": asVersion(sys, anna, proposal)}, "If-Match",
		etag)
	therapist.Publishes(anna, 7)
	_, etag = versions(t, sys, therapist, anna)
	item := todayOf(t, anna).Items[0].Item.ID
	for _, r := range []struct {
		method, path string
		who          interface{ Token() string }
		body         any
	}{
		{"POST", at(anna, "/program-adjustments"), therapist, map[string]any{
			"id": sys.NewID(), "reason": canary, "changes": []any{map[string]any{"item_id": item, "kind": "regress"}},
		}},
		{"POST", at(anna, "/program-adjustments"), therapist, map[string]any{
			"id": sys.NewID(), "reason": canary, "changes": []any{map[string]any{"item_id": item, "kind": canary}},
		}},
		{"PUT", "/v1/me/modules/1/response", anna, map[string]any{"id": sys.NewID(), "text": canary, "submit": true}},
		{"PUT", at(anna, "/modules/1/feedback"), therapist, map[string]any{"text": canary}},
		{"PUT", "/v1/me/valued-activities/" + sys.NewID(), anna,
			map[string]any{"activity": canary, "planned_on": "2026-03-07"}},
		{"PUT", "/v1/me/valued-activities/" + canary, anna,
			map[string]any{"activity": canary, "planned_on": "2026-03-07"}},
		{"PUT", at(anna, "/program-draft"), therapist, map[string]any{"items": []any{}, "adaptation_reason": canary}},
		{"PUT", "/v1/program-templates/" + sys.NewID(), therapist, map[string]any{
			"name": canary, "items": []any{map[string]any{"core": true, "item": newItem(sys, canary, 1, 1, 1)}},
		}},
		{"POST", "/v1/me/flares", anna, map[string]any{"id": sys.NewID(), "days": 3, "new_signs": []string{canary}}},
		{"POST", "/v1/me/recurrence-checks", anna,
			map[string]any{"id": sys.NewID(), "local_date": canary, "new_episode": true}},
		{"GET", "/v1/questionnaires/" + canary, anna, nil},
		{"DELETE", "/v1/me/activity?source=" + canary, anna, nil},
		{"POST", "/v1/me/change-requests", anna, map[string]any{"id": sys.NewID(), "reason": "hurts", "note": canary}},
		{"POST", "/v1/me/change-requests", anna, map[string]any{"id": sys.NewID(), "reason": canary}},
		{"POST", "/v1/me/barrier-reports", anna,
			map[string]any{"id": sys.NewID(), "local_date": anna.Today().String(), "barrier": "other", "note": canary}},
		{"GET", at(anna, "/brief"), therapist, nil},
		{"GET", at(anna, "/pain?since="+canary), therapist, nil},
		{"GET", "/v1/events?topic=" + canary, therapist, nil},
		{"GET", "/v1/alerts?state=" + canary, therapist, nil},
		{"POST", at(anna, "/visits"), therapist,
			map[string]any{"id": sys.NewID(), "kind": canary, "local_date": anna.Today().String()}},
	} {
		sys.Call(r.method, r.path, r.who.Token(), r.body, "If-Match", etag)
	}
	sys.Advance(3 * 24 * time.Hour)
	looking := listens(t, sys, therapist.Token(), "")
	var open client.AlertList
	require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body, &open))
	for _, a := range open.Data {
		sys.Call("POST", "/v1/alerts/"+a.ID+"/snoozes", therapist.Token(), map[string]any{"until": canary})
		sys.Call(
			"POST", "/v1/alerts/"+a.ID+"/resolutions", therapist.Token(),
			map[string]any{"outcome": "contacted", "note": canary},
		)
	}
	for range open.Data {
		e := looking.next()
		require.Regexp(
			t, `^\{"type":"[a-z_]+"(,"id":"[0-9a-f-]{36}","patient_id":"[0-9a-f-]{36}")?\}$`, e,
			"an event says what changed about whom, and nothing else",
		)
	}
	for _, push := range anna.Pushes() {
		require.NotContains(t, push.Title+push.Body, canary)
	}
	log := sys.Log()
	require.Contains(t, log, "adjustProgram", "the log has a line for each request")
	for _, secret := range []string{
		canary, "bridge", "pregnan", "zwanger", "PHQ", "mood", "step_up", "asks_change", "hurts", "never_started",
	} {
		require.NotContains(t, log, secret)
	}
}
