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

func chooses(sys *testkit.System, p *testkit.Patient, kind string) (string, testkit.Answer) {
	choice := sys.NewID()
	return choice, sys.Call("POST", "/v1/me/lighter-programs", p.Token(), map[string]any{"id": choice, "kind": kind})
}

// dosesOf are the repetitions of each exercise of a screen.
func dosesOf(today *client.Today) (reps []int) {
	for _, item := range today.Items {
		reps = append(reps, *item.Item.Dose.Sets**item.Item.Dose.Reps)
	}
	return reps
}

// doesAll logs everything that the screen of today asks.
func doesAll(t *testing.T, sys *testkit.System, p *testkit.Patient) (logged client.Session) {
	today := todayOf(t, p)
	var items []any
	for _, item := range today.Items {
		items = append(
			items, map[string]any{"item_id": item.Item.ID, "sets": *item.Item.Dose.Sets, "reps": *item.Item.Dose.Reps},
		)
	}
	answer := sys.Call("POST", "/v1/me/sessions", p.Token(), map[string]any{
		"id":                 sys.NewID(),
		"performed_at":       sys.Clock.Now(),
		"local_date":         p.Today().String(),
		"time_zone":          "Europe/Amsterdam",
		"status":             "completed",
		"program_version_id": today.ProgramVersionID,
		"items":              items,
	})
	require.Equal(t, http.StatusCreated, answer.Status, string(answer.Body))
	require.NoError(t, json.Unmarshal(answer.Body, &logged))
	return logged
}

// Half of the dose for three days, and the usual one again by itself.
func TestSomeEasierDays(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		usual := dosesOf(todayOf(t, anna))
		body := map[string]any{"id": sys.NewID(), "kind": "half"}
		first := sys.Call("POST", "/v1/me/lighter-programs", anna.Token(), body)
		require.Equal(t, http.StatusCreated, first.Status, string(first.Body))
		again := sys.Call("POST", "/v1/me/lighter-programs", anna.Token(), body)
		require.Equal(t, http.StatusOK, again.Status)
		require.JSONEq(t, string(first.Body), string(again.Body))
		require.Equal(t, "id-reused", sys.Call(
			"POST", "/v1/me/lighter-programs", anna.Token(), map[string]any{"id": body["id"], "kind": "short"},
		).Problem().Code)
		_, twice := chooses(sys, anna, "short")
		require.Equal(t, "lighter-already", twice.Problem().Code)

		require.Equal(t, 1000, doesAll(t, sys, anna).CreditPermille, "half of the dose, done, is all that was asked")
		for range 3 {
			for i, reps := range dosesOf(todayOf(t, anna)) {
				require.Equal(t, usual[i]/2, reps)
			}
			sys.Clock.Advance(24 * time.Hour)
		}
		require.Equal(t, usual, dosesOf(todayOf(t, anna)))
		sys.Clock.Advance(24 * time.Hour)
		require.Equal(
			t, http.StatusNoContent,
			sys.Call("DELETE", "/v1/me/lighter-programs/"+body["id"].(string), anna.Token(), nil).Status,
		)
		var list client.LighterProgramList
		require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/me/lighter-programs", anna.Token(), nil).Body, &list))
		require.Equal(t, anna.Today().AddDays(-2).String(), list.Data[0].EndDate, "it has ended by itself")
		listed, _ := versions(t, sys, therapist, anna)
		require.Equal(
			t, []string{"published", "lighter", "rebuild"},
			[]string{string(listed[0].Origin), string(listed[1].Origin), string(listed[2].Origin)},
		)
		require.Equal(t, "Half the dose, chosen by the patient: a few easier days.", *listed[1].Reason)

		require.NotContains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "lighter_again")
		_, second := chooses(sys, anna, "half")
		require.Equal(t, http.StatusCreated, second.Status)
		require.Contains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "lighter_again")
	})
}

// Ten minutes for two weeks; the patient may go back earlier.
func TestAShortVersionForTwoWeeks(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		sets, minutes, quota := 1, 25, 5
		therapist.PublishesVersion(anna, client.NewProgramVersion{
			ID:            sys.NewID(),
			EffectiveFrom: anna.Today().String(),
			Items: []client.NewProgramItem{{
				ID: sys.NewID(), Exercise: "walk-easy", Dose: client.Dose{Sets: &sets, Minutes: &minutes},
				Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
			}},
		})
		choice, chosen := chooses(sys, anna, "short")
		require.Equal(t, http.StatusCreated, chosen.Status, string(chosen.Body))
		var l client.LighterProgramBody
		require.NoError(t, json.Unmarshal(chosen.Body, &l))
		require.Equal(t, anna.Today().AddDays(13).String(), l.EndDate)
		today := todayOf(t, anna)
		require.Equal(t, 9, *today.Items[0].Item.Dose.Minutes)
		require.LessOrEqual(t, today.Minutes, 10)

		sys.Clock.Advance(13 * 24 * time.Hour)
		require.Equal(t, 9, *todayOf(t, anna).Items[0].Item.Dose.Minutes)
		require.Equal(
			t, http.StatusNoContent, sys.Call("DELETE", "/v1/me/lighter-programs/"+choice, anna.Token(), nil).Status,
		)
		require.Equal(t, 25, *todayOf(t, anna).Items[0].Item.Dose.Minutes)
		before, _ := versions(t, sys, therapist, anna)
		require.Equal(
			t, http.StatusNoContent, sys.Call("DELETE", "/v1/me/lighter-programs/"+choice, anna.Token(), nil).Status,
			"again",
		)
		after, _ := versions(t, sys, therapist, anna)
		require.Len(t, after, len(before))
		require.Equal(
			t, http.StatusNotFound,
			sys.Call("DELETE", "/v1/me/lighter-programs/"+sys.NewID(), anna.Token(), nil).Status,
		)
	})
}

// A version that the therapist has published for a later day keeps its day.
func TestALighterProgramKeepsLaterVersions(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	sets, reps, quota := 2, 20, 3
	for _, later := range []int{2, 60} {
		therapist.PublishesVersion(anna, client.NewProgramVersion{
			ID:            sys.NewID(),
			EffectiveFrom: anna.Today().AddDays(later).String(),
			Items: []client.NewProgramItem{{
				ID: sys.NewID(), Exercise: "hip-hinge-wall", Dose: client.Dose{Sets: &sets, Reps: &reps},
				Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
			}},
		})
		reps += 10
	}
	usual := dosesOf(todayOf(t, anna))
	_, chosen := chooses(sys, anna, "half")
	require.Equal(t, http.StatusCreated, chosen.Status, string(chosen.Body))
	require.Equal(t, usual[0]/2, dosesOf(todayOf(t, anna))[0])
	sys.Clock.Advance(3 * 24 * time.Hour)
	require.Equal(t, []int{40}, dosesOf(todayOf(t, anna)))
	_, again := chooses(sys, anna, "half")
	require.Equal(t, http.StatusCreated, again.Status, "a version for later makes nothing lighter now")
	sys.Clock.Advance(57 * 24 * time.Hour)
	require.Equal(t, []int{60}, dosesOf(todayOf(t, anna)))
}

// What keeps a program from becoming lighter, and what a flare, a swap and the therapist make of one.
func TestALighterProgramAndOtherPlans(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		bert := therapist.NewPatient("B. Smit", "Europe/Amsterdam")
		_, none := chooses(sys, bert, "half")
		require.Equal(t, "no-active-program", none.Problem().Code)
		require.Equal(t, http.StatusBadRequest, sys.Call(
			"POST", "/v1/me/lighter-programs", anna.Token(), map[string]any{"id": sys.NewID(), "kind": "third"},
		).Status)

		usual := dosesOf(todayOf(t, anna))
		choice, chosen := chooses(sys, anna, "half")
		require.Equal(t, http.StatusCreated, chosen.Status)
		knees := todayOf(t, anna).Items[2].Item
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/program-swaps", anna.Token(),
			map[string]any{"id": sys.NewID(), "item_id": knees.ID, "exercise": "pelvic-tilt-lying"}).Status)
		require.Equal(t, usual[0]/2, dosesOf(todayOf(t, anna))[0])
		sys.Clock.Advance(3 * 24 * time.Hour)
		require.Equal(t, usual, dosesOf(todayOf(t, anna)), "the swap did not make it permanent")
		require.Equal(t, "pelvic-tilt-lying", todayOf(t, anna).Items[2].Item.Exercise)
		require.Equal(
			t, http.StatusNoContent, sys.Call("DELETE", "/v1/me/lighter-programs/"+choice, anna.Token(), nil).Status,
		)

		flare := sys.Call(
			"POST", "/v1/me/flares", anna.Token(),
			map[string]any{"id": sys.NewID(), "days": 3, "new_signs": []string{}},
		)
		require.Equal(t, http.StatusCreated, flare.Status)
		_, inFlare := chooses(sys, anna, "half")
		require.Equal(t, "lighter-already", inFlare.Problem().Code)
		sys.Clock.Advance(5 * 24 * time.Hour)
		_, onTheWayBack := chooses(sys, anna, "half")
		require.Equal(t, "lighter-already", onTheWayBack.Problem().Code)
		sys.Clock.Advance(20 * 24 * time.Hour)

		choice, chosen = chooses(sys, anna, "half")
		require.Equal(t, http.StatusCreated, chosen.Status, string(chosen.Body))
		therapist.Publishes(anna, 3)
		published := todayOf(t, anna)
		require.Equal(
			t, http.StatusNoContent, sys.Call("DELETE", "/v1/me/lighter-programs/"+choice, anna.Token(), nil).Status,
		)
		sys.Clock.Advance(3 * 24 * time.Hour)
		require.Equal(
			t, *published.ProgramVersionID, *todayOf(t, anna).ProgramVersionID,
			"what the therapist publishes meanwhile stays",
		)

		stopped := sys.Call("POST", "/v1/me/check-ins", anna.Token(), map[string]any{
			"id":         sys.NewID(),
			"local_date": anna.Today().String(),
			"new_signs":  []string{"saddle_numbness"},
		})
		require.Equal(t, http.StatusCreated, stopped.Status, string(stopped.Body))
		_, blocked := chooses(sys, anna, "half")
		require.Equal(t, "safety-stop", blocked.Problem().Code)
	})
}
