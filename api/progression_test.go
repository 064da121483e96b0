package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// practises logs today's session with answers for each item, and lets the night pass with the answer that pain settled.
func practises(t *testing.T, sys *testkit.System, p *testkit.Patient, answers map[string]any, settled bool) {
	t.Helper()
	today := todayOf(t, p)
	body := p.SessionBody(sys.Clock.Now().Add(-time.Minute))
	body["program_version_id"] = *today.ProgramVersionID
	body["pain_before"], body["pain_after"] = 2, 2
	var items []any
	for _, item := range today.Items {
		done := map[string]any{"item_id": item.Item.ID, "sets": 3, "reps": 12}
		for key, value := range answers {
			done[key] = value
		}
		items = append(items, done)
	}
	body["items"] = items
	logged := sys.Call("POST", "/v1/me/sessions", p.Token(), body)
	require.Equal(t, http.StatusCreated, logged.Status, string(logged.Body))
	require.NoError(t, sys.App.Jobs.Sweep(context.Background()))
	sys.Clock.Advance(24 * time.Hour)
	answered := sys.Call(
		"PUT", "/v1/me/sessions/"+body["id"].(string)+"/aftermath", p.Token(), map[string]any{"settled": settled},
	)
	require.Equal(t, http.StatusNoContent, answered.Status, string(answered.Body))
	require.NoError(t, sys.App.Jobs.Sweep(context.Background()))
}

func progressions(
	t *testing.T, sys *testkit.System, who interface{ Token() string }, path string,
) []client.ProgressionBody {
	t.Helper()
	var list client.ProgressionList
	require.NoError(t, json.Unmarshal(sys.Call("GET", path, who.Token(), nil, "Accept-Language", "en").Body, &list))
	return list.Data
}

// resolveAlerts resolves every open alert about a patient.
func resolveAlerts(t *testing.T, sys *testkit.System, therapist *testkit.Member, p *testkit.Patient) {
	t.Helper()
	var open client.AlertList
	require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body, &open))
	require.NotEmpty(t, open.Data)
	for _, a := range open.Data {
		if a.PatientID != string(p.ID) {
			continue
		}
		resolved := sys.Call(
			"POST", "/v1/alerts/"+a.ID+"/resolutions", therapist.Token(), map[string]any{"outcome": "contacted"},
		)
		require.Equal(t, http.StatusOK, resolved.Status, string(resolved.Body))
	}
}

var goesWell = map[string]any{"difficulty": 5, "pain": 2, "could_do_more": true}

// A good fortnight proposes one step up per exercise; it waits for the therapist, who accepts one and refuses another.
func TestProgressionWaitsForTheTherapist(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		anna.Submits(testkit.Answers(map[string]any{"weeks": 20}))
		for range 8 {
			practises(t, sys, anna, goesWell, true)
		}
		changes := progressions(t, sys, therapist, at(anna, "/progressions"))
		require.Len(t, changes, 3, "one for each exercise, however many sessions agree")
		byChange := map[string]client.ProgressionBody{}
		for _, c := range changes {
			require.Equal(t, client.ProgressionBodyStateOpen, c.State)
			require.NotEmpty(t, c.Because)
			byChange[c.Change] = c
		}
		bridge, ok := byChange["Bridge 3×10 → 3×12"]
		require.True(t, ok, "%v", byChange)
		require.Empty(t, progressions(t, sys, anna, "/v1/me/progressions"), "not the patient's yet")
		require.Len(t, todayOf(t, anna).Items, 3)
		require.Equal(t, 10, *todayOf(t, anna).Items[0].Item.Dose.Reps)

		decide := func(id string, choice map[string]any) testkit.Answer {
			return sys.Call("PUT", at(anna, "/progressions/"+id+"/decision"), therapist.Token(), choice)
		}
		accepted, again := decide(bridge.ID, map[string]any{"outcome": "accepted"}),
			decide(bridge.ID, map[string]any{"outcome": "accepted"})
		require.Equal(t, []int{200, 200}, []int{accepted.Status, again.Status}, string(accepted.Body))
		require.Equal(t, 12, *todayOf(t, anna).Items[0].Item.Dose.Reps)
		require.Equal(t, "already-decided", decide(bridge.ID, map[string]any{"outcome": "refused"}).Problem().Code)
		require.Len(t, progressions(t, sys, anna, "/v1/me/progressions"), 1)

		for _, c := range changes {
			if c.ID != bridge.ID {
				require.Equal(
					t, http.StatusOK,
					decide(c.ID, map[string]any{"outcome": "refused", "reason": "Nog even zo."}).Status,
				)
			}
		}
		listed, _ := versions(t, sys, therapist, anna)
		require.Equal(t, "progressed", string(listed[1].Origin))
		require.Contains(t, *listed[1].Reason, "sessions in 14 days")
		practises(t, sys, anna, goesWell, true)
		require.Len(
			t, progressions(t, sys, therapist, at(anna, "/progressions")), 3,
			"nothing new within 7 days of a change or a refusal",
		)
		require.NotContains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "progression")
	})
}

// In the first six weeks nothing need become harder; when they are over, it may, without a new intake.
func TestThePhaseMovesOnByItself(t *testing.T) {
	t.Parallel()
	for weeks, want := range map[int]int{4: 0, 5: 3} {
		sys := testkit.Start(t)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		therapist.Publishes(anna, 5)
		anna.Submits(testkit.Answers(map[string]any{"weeks": weeks}))
		for range 8 {
			practises(t, sys, anna, goesWell, true)
		}
		require.Len(t, progressions(t, sys, therapist, at(anna, "/progressions")), want, "%d weeks", weeks)
	}
}

// A session that was stopped because of pain takes proposals to make it harder back,
// and for two weeks there are no others.
func TestNothingGetsHarderAfterAStopForPain(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		defer anna.Pushes()
		anna.Submits(testkit.Answers(map[string]any{"weeks": 20}))
		for range 8 {
			practises(t, sys, anna, goesWell, true)
		}
		require.Len(t, progressions(t, sys, therapist, at(anna, "/progressions")), 3)
		stop := anna.SessionBody(sys.Clock.Now())
		stop["status"], stop["stopped_reason"], stop["items"] = "stopped", "pain", []any{}
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/sessions", anna.Token(), stop).Status)
		sys.Sweep()
		for _, c := range progressions(t, sys, therapist, at(anna, "/progressions")) {
			require.Equal(t, client.ProgressionBodyStateSuperseded, c.State)
		}
		require.NotContains(
			t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), `"kind":"progression"`,
		)
		sys.Clock.Advance(24 * time.Hour)
		for range 12 {
			practises(t, sys, anna, goesWell, true)
		}
		require.Len(t, progressions(t, sys, therapist, at(anna, "/progressions")), 3, "nothing new within two weeks")
		practises(t, sys, anna, goesWell, true)
		require.Len(
			t, progressions(t, sys, therapist, at(anna, "/progressions")), 3,
			"nothing new while the alert about pain is open",
		)
		resolveAlerts(t, sys, therapist, anna)
		practises(t, sys, anna, goesWell, true)
		require.Len(t, progressions(t, sys, therapist, at(anna, "/progressions")), 6, "after it they may come again")
	})
}

// A proposal to make an exercise harder waits no longer once that exercise hurt above 5, before, during or after.
func TestAProposalIsTakenBackAfterPain(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		defer anna.Pushes()
		anna.Submits(testkit.Answers(map[string]any{"weeks": 20}))
		for range 8 {
			practises(t, sys, anna, goesWell, true)
		}
		for i, pain := range []struct{ before, during, after int }{{6, 2, 2}, {2, 6, 2}, {2, 2, 6}} {
			hurts(t, sys, anna, i, pain.before, pain.during, pain.after)
			taken := 0
			for _, c := range progressions(t, sys, therapist, at(anna, "/progressions")) {
				if c.State == client.ProgressionBodyStateSuperseded {
					taken++
				}
			}
			require.Equal(t, i+1, taken, "%v", pain)
		}
	})
}

// Pain reaches a proposal that waits in whatever way it is told: in a check-in, or by correcting a session.
func TestPainToldOtherwiseTakesAProposalBack(t *testing.T) {
	for name, tell := range map[string]func(*testing.T, *testkit.System, *testkit.Patient) testkit.Answer{
		"check-in": func(_ *testing.T, sys *testkit.System, p *testkit.Patient) testkit.Answer {
			return sys.Call("POST", "/v1/me/check-ins", p.Token(), map[string]any{
				"id": sys.NewID(), "local_date": p.Today().String(), "new_signs": []string{}, "nprs_avg24": 6,
			})
		},
		"correction": func(t *testing.T, sys *testkit.System, p *testkit.Patient) testkit.Answer {
			body := p.SessionBody(sys.Clock.Now())
			logged := sys.Call("POST", "/v1/me/sessions", p.Token(), body)
			require.Equal(t, http.StatusCreated, logged.Status, string(logged.Body))
			sys.Sweep()
			path := "/v1/me/sessions/" + body["id"].(string)
			delete(body, "id")
			body["pain_after"] = 6
			return sys.Call("PUT", path, p.Token(), body)
		},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.OnBoth(t,
				func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
					defer anna.Pushes()
					anna.Submits(testkit.Answers(map[string]any{"weeks": 20}))
					for range 8 {
						practises(t, sys, anna, goesWell, true)
					}
					told := tell(t, sys, anna)
					require.Less(t, told.Status, 300, string(told.Body))
					sys.Sweep()
					changes := progressions(t, sys, therapist, at(anna, "/progressions"))
					require.Len(t, changes, 3)
					for _, c := range changes {
						require.Equal(t, client.ProgressionBodyStateSuperseded, c.State, c.Change)
					}
				})
		})
	}
}

// hurts logs one exercise alone, with pain.
func hurts(t *testing.T, sys *testkit.System, p *testkit.Patient, item, before, during, after int) {
	t.Helper()
	body := p.SessionBody(sys.Clock.Now())
	done := body["items"].([]any)[item].(map[string]any)
	done["pain"] = during
	body["pain_before"], body["pain_after"], body["items"] = before, after, []any{done}
	logged := sys.Call("POST", "/v1/me/sessions", p.Token(), body)
	require.Equal(t, http.StatusCreated, logged.Status, string(logged.Body))
	sys.Sweep()
}

// Where the therapist allows it, a change is applied at once and the patient takes it back with one tap.
func TestProgressionAppliedAndUndone(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		anna.Submits(testkit.Answers(map[string]any{"weeks": 20}))
		allowed := sys.Call(
			"PUT", at(anna, "/progression-settings"), therapist.Token(), map[string]any{"auto_progress": true},
		)
		require.Equal(t, http.StatusOK, allowed.Status)
		require.Contains(
			t, string(sys.Call("GET", at(anna, "/progression-settings"), therapist.Token(), nil).Body), "true",
		)
		for range 8 {
			practises(t, sys, anna, goesWell, true)
		}
		mine := progressions(t, sys, anna, "/v1/me/progressions")
		require.Len(t, mine, 3)
		require.Equal(t, 12, *todayOf(t, anna).Items[0].Item.Dose.Reps)
		var bridge client.ProgressionBody
		for _, c := range mine {
			require.Equal(t, "applied", string(c.State))
			if c.Change == "Bridge 3×10 → 3×12" {
				bridge = c
			}
		}
		undo := func() testkit.Answer {
			return sys.Call("POST", "/v1/me/progressions/"+bridge.ID+"/undo", anna.Token(), nil)
		}
		require.Equal(t, []int{200, 200}, []int{undo().Status, undo().Status})
		require.Equal(t, 10, *todayOf(t, anna).Items[0].Item.Dose.Reps)
	})
}

// Pain that does not settle in two sessions proposes less the same morning, then the easier
// exercise, and the third time a person.
func TestThreeStepsDown(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		anna.Submits(testkit.Answers(map[string]any{"weeks": 20}))
		sys.Call("PUT", at(anna, "/progression-settings"), therapist.Token(), map[string]any{"auto_progress": true})
		sys.Clock.Advance(7 * 24 * time.Hour)
		bridge := func() client.ProgramItem { return todayOf(t, anna).Items[0].Item }
		hurts := map[string]any{"pain": 4, "difficulty": 6}

		practises(t, sys, anna, hurts, false)
		require.Equal(t, 10, *bridge().Dose.Reps, "once holds the dose")
		practises(t, sys, anna, hurts, false)
		require.Equal(t, 7, *bridge().Dose.Reps, "30 %% less")
		practises(t, sys, anna, hurts, false)
		require.Equal(t, 7, *bridge().Dose.Reps, "one change in 7 days")
		sys.Clock.Advance(6 * 24 * time.Hour)
		practises(t, sys, anna, hurts, false)
		require.Equal(t, "bridge-small", bridge().Exercise, "the easier variant")
		sys.Clock.Advance(7 * 24 * time.Hour)
		practises(t, sys, anna, hurts, false)
		practises(t, sys, anna, hurts, false)
		require.Equal(t, "bridge-small", bridge().Exercise, "nothing changes by itself")
		require.Contains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "third_regression")
	})
}

// A flare: gentle things for some days, no reminders, the way back in three weeks, and the second one is told.
func TestFlares(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		declare := func(days int) testkit.Answer {
			return sys.Call(
				"POST", "/v1/me/flares", anna.Token(),
				map[string]any{"id": sys.NewID(), "days": days, "new_signs": []string{}},
			)
		}
		body := map[string]any{"id": sys.NewID(), "days": 5, "new_signs": []string{}}
		started, again := sys.Call("POST", "/v1/me/flares", anna.Token(), body),
			sys.Call("POST", "/v1/me/flares", anna.Token(), body)
		require.Equal(t, []int{201, 200}, []int{started.Status, again.Status}, string(started.Body))
		require.Equal(t, "flare-open", declare(3).Problem().Code)

		today := todayOf(t, anna)
		require.True(t, *today.Flare)
		require.Equal(t, "what-a-flare-is", *today.EducationCard)
		var exercises []string
		for _, item := range today.Items {
			exercises = append(exercises, item.Item.Exercise)
		}
		require.Equal(t, []string{"pelvic-tilt-lying", "walk-easy", "belly-breathing"}, exercises)
		sys.Advance(4 * 24 * time.Hour)
		anna.ExpectNoPush()
		sys.Advance(24 * time.Hour) // the first day of the way back
		anna.ExpectPush(reminder.Cue)
		for _, level := range []int{5, 7, 10} {
			bridge := todayOf(t, anna).Items[0].Item
			require.Equal(t, "bridge", bridge.Exercise)
			require.Equal(t, level, *bridge.Dose.Reps)
			sys.Clock.Advance(7 * 24 * time.Hour)
		}
		require.Equal(t, 10, *todayOf(t, anna).Items[0].Item.Dose.Reps, "and so it stays")
		require.NotContains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "second_flare")

		require.Equal(t, http.StatusCreated, declare(7).Status)
		require.Contains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "second_flare")
		var list client.FlareList
		require.NoError(t, json.Unmarshal(sys.Call("GET", at(anna, "/flares"), therapist.Token(), nil).Body, &list))
		require.Len(t, list.Data, 2)
		sys.Clock.Advance(2 * 24 * time.Hour)
		ended := sys.Call("DELETE", "/v1/me/flares/"+list.Data[0].ID, anna.Token(), nil)
		require.Equal(t, http.StatusNoContent, ended.Status)
		require.Equal(t, 5, *todayOf(t, anna).Items[0].Item.Dose.Reps, "the way back begins at once")
	})
}

// A version that a therapist has published for a later day is not lost to a flare, and a flare with a grave sign stops.
func TestAFlareAndOtherPlans(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	sets, reps, quota := 2, 20, 3
	for _, later := range []int{10, 60} {
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
	declared := sys.Call(
		"POST", "/v1/me/flares", anna.Token(),
		map[string]any{"id": sys.NewID(), "days": 3, "new_signs": []string{"saddle_numbness"}},
	)
	require.Equal(t, http.StatusCreated, declared.Status, string(declared.Body))
	require.Contains(t, string(declared.Body), "112")
	require.NotNil(t, todayOf(t, anna).SafetyAdvice)
	var reports client.SafetyReportList
	require.NoError(
		t, json.Unmarshal(sys.Call("GET", at(anna, "/safety-reports"), therapist.Token(), nil).Body, &reports),
	)
	cleared := sys.Call("POST", at(anna, "/safety-reports/"+reports.Data[0].ID+"/decisions"), therapist.Token(),
		map[string]any{"id": sys.NewID(), "decision": "cleared", "note": "Onderzocht."})
	require.Equal(t, http.StatusCreated, cleared.Status)
	on := func(day int) client.ProgramItem {
		answer := sys.Call("GET", "/v1/me/today?date="+anna.Today().AddDays(day).String(), anna.Token(), nil)
		var today client.Today
		require.NoError(t, json.Unmarshal(answer.Body, &today))
		return today.Items[0].Item
	}
	require.Equal(t, "bridge", on(3).Exercise)
	require.Equal(t, "hip-hinge-wall", on(10).Exercise)
	require.Equal(t, 15, *on(10).Dose.Reps, "75 %% of the therapist's own later version")
	require.Equal(t, 20, *on(17).Dose.Reps)
	require.Equal(t, 30, *on(60).Dose.Reps)
}

// Who swaps an exercise on the way back from a flare goes on with the way back: the usual dose is not forgotten.
func TestASwapOnTheWayBackFromAFlare(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		declared := sys.Call(
			"POST", "/v1/me/flares", anna.Token(),
			map[string]any{"id": sys.NewID(), "days": 3, "new_signs": []string{}},
		)
		require.Equal(t, http.StatusCreated, declared.Status)
		sys.Clock.Advance(3 * 24 * time.Hour)
		knees := todayOf(t, anna).Items[2].Item
		require.Equal(t, "knee-rolls-lying", knees.Exercise)
		swapped := sys.Call(
			"POST", "/v1/me/program-swaps", anna.Token(),
			map[string]any{"id": sys.NewID(), "item_id": knees.ID, "exercise": "pelvic-tilt-lying"},
		)
		require.Equal(t, http.StatusCreated, swapped.Status, string(swapped.Body))
		for _, percent := range []int{50, 75, 100} {
			today := todayOf(t, anna)
			require.Equal(t, 10*percent/100, *today.Items[0].Item.Dose.Reps)
			require.Equal(t, "pelvic-tilt-lying", today.Items[2].Item.Exercise)
			sys.Clock.Advance(7 * 24 * time.Hour)
		}
	})
}
