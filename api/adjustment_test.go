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

func versions(
	t *testing.T, sys *testkit.System, therapist *testkit.Member, p *testkit.Patient,
) ([]client.ProgramVersion, string) {
	t.Helper()
	answer := sys.Call("GET", at(p, "/program-versions"), therapist.Token(), nil, "Accept-Language", "en")
	var list client.ProgramVersionList
	require.NoError(t, json.Unmarshal(answer.Body, &list))
	return list.Data, answer.Header.Get("ETag")
}

// One call changes doses, says so in words, is safe to repeat, and loses nothing that was done.
func TestAdjustments(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		session := anna.FullSession(sys.Clock.Now(), 3, 3)
		anna.Logs(session, http.StatusCreated)
		sys.Clock.Advance(24 * time.Hour)
		listed, etag := versions(t, sys, therapist, anna)
		bridge, bird, knees := listed[0].Items[0].ID, listed[0].Items[1].ID, listed[0].Items[2].ID
		adjust := func(etag string, body map[string]any) testkit.Answer {
			return sys.Call(
				"POST", at(anna, "/program-adjustments"), therapist.Token(), body, "If-Match", etag, "Accept-Language",
				"en",
			)
		}
		changes := []any{
			map[string]any{"item_id": bridge, "kind": "progress"}, map[string]any{"item_id": bird, "kind": "regress"},
			map[string]any{
				"item_id":  knees,
				"kind":     "set",
				"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 2},
			},
		}
		body := map[string]any{"id": sys.NewID(), "changes": changes, "reason": "Gaat goed."}
		require.Equal(
			t, http.StatusPreconditionRequired,
			sys.Call("POST", at(anna, "/program-adjustments"), therapist.Token(), body).Status,
		)
		made, again := adjust(etag, body), adjust(etag, body)
		require.Equal(t, []int{201, 200}, []int{made.Status, again.Status}, string(made.Body))
		var version client.ProgramVersion
		require.NoError(t, json.Unmarshal(made.Body, &version))
		require.Equal(t, []string{
			"Bridge 3×10 → 3×12 from Tue 3 Mar", "Leg reach on hands and knees 3×10 → 3×7 from Tue 3 Mar",
			"Knee rolls 5× a week → 2× a week from Tue 3 Mar",
		}, version.Changes)
		require.Equal(t, "adjusted", string(version.Origin))
		require.Equal(t, bridge, version.Items[0].ID, "an item that changes stays the same item")

		require.Equal(
			t, http.StatusPreconditionFailed,
			adjust(etag, map[string]any{"id": sys.NewID(), "changes": changes}).Status,
		)
		listed, etag = versions(t, sys, therapist, anna)
		require.Len(t, listed, 2)
		for _, tc := range []struct {
			name, pointer, code string
			change              map[string]any
		}{
			{"unknown item", "/changes/0/item_id", "unknown-item",
				map[string]any{"item_id": sys.NewID(), "kind": "progress"}},
			{"a dose without set", "/changes/0/kind", "only-with-set",
				map[string]any{"item_id": bridge, "kind": "progress", "dose": map[string]any{"sets": 1, "reps": 1}}},
			{"set without anything", "/changes/0/dose", "required", map[string]any{"item_id": bridge, "kind": "set"}},
			{"minutes for an exercise that counts", "/changes/0/dose", "wrong-dose",
				map[string]any{"item_id": bridge, "kind": "set", "dose": map[string]any{"minutes": 5}}},
			{"easier than the easiest", "/changes/0/kind", "at-the-bottom",
				map[string]any{"item_id": bird, "kind": "easier"}},
		} {
			refused := adjust(etag, map[string]any{"id": sys.NewID(), "changes": []any{tc.change}})
			require.Equal(t, http.StatusBadRequest, refused.Status, tc.name)
			require.Equal(t, tc.pointer, *refused.Problem().Errors[0].Pointer, tc.name)
			require.Equal(t, tc.code, refused.Problem().Errors[0].Code, tc.name)
		}
		same := adjust(etag, map[string]any{"id": sys.NewID(), "changes": []any{map[string]any{
			"item_id": bridge,
			"kind":    "set",
			"dose":    map[string]any{"sets": 3, "reps": 12, "hold_s": 2},
		}}})
		require.Equal(t, "nothing-changed", same.Problem().Code)

		// What was done the day before reads as it was.
		require.Equal(t, 1000, anna.Logs(session, http.StatusOK).JSON200.CreditPermille)
		yesterday := sys.Call("GET", "/v1/me/today?date=2026-03-02", anna.Token(), nil)
		require.Contains(t, string(yesterday.Body), `"reps":10`)
		require.NotContains(t, string(yesterday.Body), `"reps":12`)
	})
}

// The patient swaps within module and level without asking, and for nothing else.
func TestSwaps(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		items := todayOf(t, anna).Items
		knees := items[2].Item
		require.Equal(t, "knee-rolls-lying", knees.Exercise)
		answer := sys.Call("GET", "/v1/me/program/items/"+knees.ID+"/alternatives", anna.Token(), nil)
		var found client.ExerciseList
		require.NoError(t, json.Unmarshal(answer.Body, &found))
		var slugs []string
		for _, e := range found.Data {
			require.Equal(t, client.Module("mobility"), e.Module)
			slugs = append(slugs, e.Slug)
		}
		require.Equal(
			t, []string{"pelvic-tilt-lying", "movement-snack"}, slugs, "the first level only, and nothing for the neck",
		)
		require.Equal(
			t, http.StatusNotFound,
			sys.Call("GET", "/v1/me/program/items/"+sys.NewID()+"/alternatives", anna.Token(), nil).Status,
		)

		swap := func(slug string) testkit.Answer {
			return sys.Call(
				"POST", "/v1/me/program-swaps", anna.Token(),
				map[string]any{"id": sys.NewID(), "item_id": knees.ID, "exercise": slug},
			)
		}
		require.Equal(t, "not-an-alternative", swap("cat-camel").Problem().Errors[0].Code, "a level higher")
		require.Equal(t, "not-an-alternative", swap("bridge").Problem().Errors[0].Code, "another module")
		require.Equal(t, http.StatusCreated, swap("pelvic-tilt-lying").Status)
		require.Equal(t, "pelvic-tilt-lying", todayOf(t, anna).Items[2].Item.Exercise)

		listed, _ := versions(t, sys, therapist, anna)
		require.Equal(t, "swapped", string(listed[1].Origin))
		require.Equal(t, "Swapped by the patient.", *listed[1].Reason)
		require.Len(t, listed[1].Changes, 1)
	})
}

// A completed program asks nothing and reminds of nothing; a new version starts it again.
func TestACompletedProgram(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		_, etag := versions(t, sys, therapist, anna)
		body := map[string]any{"id": sys.NewID(), "reason": "Doelen gehaald."}
		done := sys.Call("POST", at(anna, "/program-completions"), therapist.Token(), body, "If-Match", etag)
		require.Equal(t, http.StatusCreated, done.Status, string(done.Body))
		require.Equal(
			t, http.StatusOK,
			sys.Call("POST", at(anna, "/program-completions"), therapist.Token(), body, "If-Match", etag).Status,
		)
		require.Equal(t, "completed", string(todayOf(t, anna).State))
		sys.Advance(3 * 24 * time.Hour)
		anna.ExpectNoPush()
		_, etag = versions(t, sys, therapist, anna)
		twice := sys.Call(
			"POST", at(anna, "/program-completions"), therapist.Token(), map[string]any{"id": sys.NewID()}, "If-Match",
			etag,
		)
		require.Equal(t, "nothing-changed", twice.Problem().Code)
		therapist.Publishes(anna, 3)
		require.Equal(t, "planned", string(todayOf(t, anna).State))
	})
}

// A therapist ends a pause that the patient declared.
func TestATherapistEndsAPause(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	pause := sys.NewID()
	today := anna.Today()
	require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/program-pauses", anna.Token(), map[string]any{
		"id": pause, "reason": "holiday", "start_date": today.String(), "end_date": today.AddDays(10).String()}).Status)
	require.Equal(t, "paused", string(todayOf(t, anna).State))
	require.Equal(
		t, http.StatusNoContent, sys.Call("DELETE", at(anna, "/program-pauses/"+pause), therapist.Token(), nil).Status,
	)
	require.Equal(t, "planned", string(todayOf(t, anna).State))
}
