package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/rules/prevention"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// walks stores a walk of so many minutes in the morning of a day.
func walks(t *testing.T, sys *testkit.System, p *testkit.Patient, day localtime.Date, minutes int) {
	t.Helper()
	start := localtime.Resolve(day, 9*60, p.Zone)
	stored := sys.Call("POST", "/v1/me/activity-batches", p.Token(), map[string]any{"items": []any{map[string]any{
		"kind":        "walk",
		"source":      "healthkit",
		"external_id": "walk-" + day.String(),
		"version":     1,
		"start_at":    start.Format(time.RFC3339),
		"end_at":      start.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339),
	}}})
	require.Equal(t, http.StatusOK, stored.Status, string(stored.Body))
}

// ends lets the week end: it is Sunday, a minute before midnight where the patient lives.
func ends(sys *testkit.System, p *testkit.Patient, monday localtime.Date) {
	sys.Clock.Set(localtime.Resolve(monday.AddDays(6), 23*60+59, p.Zone))
	sys.Sweep()
	p.Pushes() // reminders are not what this is about
}

func walkingPlan(t *testing.T, sys *testkit.System, p *testkit.Patient) client.WalkingPlanBody {
	t.Helper()
	var plan client.WalkingPlanBody
	answer := sys.Call("GET", "/v1/me/walking-plan", p.Token(), nil, "Accept-Language", "en")
	require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
	require.NoError(t, json.Unmarshal(answer.Body, &plan))
	return plan
}

// The plan starts from the intake, moves to prevention, and follows each week: up, hold, back, a pause, a late log, a
// complaint. The program says so on each day.
func TestAWalkingPlan(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		walker := therapist.NewPatient("W. Wandelaar", "Europe/Amsterdam")
		none := sys.Call("POST", at(walker, "/walking-plan"), therapist.Token(), map[string]any{"id": sys.NewID()})
		require.Equal(t, "intake-missing", none.Problem().Code)
		walker.Submits(testkit.Answers(map[string]any{"recovered": true, "prior": 4, "walk_week_minutes": 62}))
		body := map[string]any{"id": sys.NewID()}
		started, again := sys.Call("POST", at(walker, "/walking-plan"), therapist.Token(), body),
			sys.Call("POST", at(walker, "/walking-plan"), therapist.Token(), body)
		require.Equal(t, []int{201, 200}, []int{started.Status, again.Status}, string(started.Body))
		require.Contains(t, string(sys.Call("GET", at(walker, ""), therapist.Token(), nil).Body), `"prevention"`)
		require.Contains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "walking_contact")

		monday := walker.Today() // 2 March 2026 is one
		plan := walkingPlan(t, sys, walker)
		require.Equal(
			t, []int{1, 50, 3, 17, 0}, []int{plan.Week, plan.Minutes, plan.Days, plan.MinutesPerWalk, plan.BriskWalks},
		)
		require.Equal(t, "standard", string(plan.Track))
		week := func(minutes ...int) client.WalkingPlanBody {
			for i, m := range minutes {
				sys.Clock.Set(localtime.Resolve(monday.AddDays(i), 12*60, walker.Zone))
				walks(t, sys, walker, monday.AddDays(i), m)
			}
			ends(sys, walker, monday)
			monday = monday.AddDays(7)
			sys.Clock.Set(localtime.Resolve(monday, 6*60, walker.Zone))
			return walkingPlan(t, sys, walker)
		}
		require.Equal(t, 60, week(17, 17, 17).Minutes, "all done")
		require.Equal(t, 60, week(24).Minutes, "40 %% is held")
		third := week(18, 24)
		require.Equal(t, 70, third.Minutes, "70 %% goes on")
		require.Equal(t, []int{4, 18, 2}, []int{third.Days, third.MinutesPerWalk, third.BriskWalks})
		require.Equal(t, []string{"advance", "hold", "advance"}, outcomes(third))
		walk := todayOf(t, walker).Items[0].Item
		require.Equal(t, []int{18, 4}, []int{*walk.Dose.Minutes, *walk.Schedule.SessionsPerWeek})

		require.Equal(t, 70, week().Minutes, "one bad week is held")
		require.Equal(t, 60, week(5).Minutes, "two in a row go back")

		// On Sunday nothing was known; on Monday a walk of Saturday arrives, and on Tuesday night it counts.
		require.Equal(t, 60, week().Minutes)
		walks(t, sys, walker, monday.AddDays(-2), 42)
		sys.Clock.Set(localtime.Resolve(monday.AddDays(1), 23*60+59, walker.Zone))
		sys.Sweep()
		require.Equal(
			t, 18, *todayAt(t, sys, walker, monday.AddDays(2)).Items[0].Item.Dose.Minutes, "70 minutes on 4 days",
		)

		sys.Clock.Set(localtime.Resolve(monday.AddDays(2), 12*60, walker.Zone))
		event := sys.Call("POST", "/v1/me/adverse-events", walker.Token(), map[string]any{
			"id":         sys.NewID(),
			"local_date": monday.AddDays(2).String(),
			"site":       "knee",
			"related":    "yes",
		})
		require.Equal(t, http.StatusCreated, event.Status, string(event.Body))
		require.Contains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), "adverse_event")
		require.Equal(t, 40, week(30, 30).Minutes, "back one week and 30 %% less")

		listed, _ := versions(t, sys, therapist, walker)
		for _, v := range listed {
			require.Equal(t, "walking", string(v.Origin))
			require.NotEmpty(t, *v.Reason)
		}
	})
}

func outcomes(p client.WalkingPlanBody) (list []string) {
	for _, w := range p.Weeks {
		list = append(list, string(w.Outcome))
	}
	return list
}

func todayAt(t *testing.T, sys *testkit.System, p *testkit.Patient, day localtime.Date) client.Today {
	t.Helper()
	var today client.Today
	require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/me/today?date="+day.String(), p.Token(), nil).Body, &today))
	return today
}

// After a week of pause the plan goes on at 80 %, from the day after, and after four the therapist hears of it.
func TestAWalkingPlanAfterAPause(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		days, minutes int
		restart       bool
	}{{6, 150, false}, {7, 120, false}, {14, 90, false}, {28, 90, true}} {
		t.Run(fmt.Sprint(tc.days), func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t)
			therapist := sys.Therapist(sys.Admin, "T. de Vries")
			walker := therapist.NewPatient("W. Wandelaar", "Europe/Amsterdam")
			started := sys.Call(
				"POST", at(walker, "/walking-plan"), therapist.Token(),
				map[string]any{"id": sys.NewID(), "week_minutes": 300, "comfortable_minutes": 60},
			)
			require.Equal(t, http.StatusCreated, started.Status, string(started.Body))
			monday := walker.Today()
			last := monday.AddDays(tc.days)
			paused := sys.Call("POST", at(walker, "/program-pauses"), therapist.Token(), map[string]any{
				"id":         sys.NewID(),
				"reason":     "illness",
				"start_date": monday.AddDays(1).String(),
				"end_date":   last.String(),
			})
			require.Equal(t, http.StatusCreated, paused.Status, string(paused.Body))
			for day := monday; !day.After(last); day = day.AddDays(1) {
				sys.Clock.Set(localtime.Resolve(day, 23*60+59, walker.Zone))
				sys.Sweep()
			}
			walker.Pushes()
			after := todayAt(t, sys, walker, last.AddDays(1)).Items[0].Item
			require.Equal(t, prevention.PerWalk(tc.minutes), *after.Dose.Minutes)
			require.Equal(t, prevention.Days(tc.minutes), *after.Schedule.SessionsPerWeek)
			for range 7 {
				sys.Clock.Advance(24 * time.Hour)
				sys.Sweep()
			}
			walker.Pushes()
			alerts := string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body)
			require.Equal(t, tc.restart, strings.Contains(alerts, "walking_restart"))
		})
	}
}

// A higher version replaces, the same and a lower one change nothing; two sources of one day are not added up.
func TestActivity(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		send := func(source, externalID string, version, steps int) string {
			start := sys.Clock.Now().Add(-time.Hour).In(anna.Zone)
			answer := sys.Call("POST", "/v1/me/activity-batches", anna.Token(), map[string]any{
				"items": []any{map[string]any{
					"kind": "steps", "source": source, "external_id": externalID, "version": version, "count": steps,
					"start_at": start.Format(time.RFC3339), "end_at": start.Add(time.Minute).Format(time.RFC3339),
				}},
			})
			var results client.ActivityResults
			require.NoError(t, json.Unmarshal(answer.Body, &results), string(answer.Body))
			return string(results.Results[0])
		}
		steps := func() int {
			var days client.ActivityDays
			require.NoError(
				t, json.Unmarshal(sys.Call("GET", at(anna, "/activity"), therapist.Token(), nil).Body, &days),
			)
			if len(days.Data) == 0 {
				return -1
			}
			return *days.Data[0].Steps
		}
		require.Equal(t, -1, steps(), "nothing recorded is not zero")
		require.Equal(t, "applied", send("healthkit", "day", 1, 1000))
		require.Equal(t, "duplicate", send("healthkit", "day", 1, 1000))
		require.Equal(t, "applied", send("healthkit", "day", 3, 2500))
		require.Equal(t, "stale", send("healthkit", "day", 2, 1800))
		require.Equal(t, 2500, steps())
		require.Equal(t, "applied", send("health_connect", "day", 1, 2000))
		require.Equal(t, 2500, steps(), "phone and watch walked together")
		require.Equal(
			t, http.StatusNoContent, sys.Call("DELETE", "/v1/me/activity?source=healthkit", anna.Token(), nil).Status,
		)
		require.Equal(t, 2000, steps())
		bad := sys.Call("POST", "/v1/me/activity-batches", anna.Token(), map[string]any{"items": []any{map[string]any{
			"kind":        "steps",
			"source":      "manual",
			"external_id": "x",
			"version":     1,
			"start_at":    "2026-03-02T08:00:00Z",
			"end_at":      "2026-03-02T07:00:00Z",
		}}})
		require.Equal(t, http.StatusOK, bad.Status)
		var results client.ActivityResults
		require.NoError(t, json.Unmarshal(bad.Body, &results))
		require.Equal(t, []client.ActivityResultsResults{"refused"}, results.Results)
		require.Equal(t, "/items/0/end_at", *results.Warnings[0].Pointer)
	})
}

// The monthly question tells three kinds of recurrence apart and is due every 30 days for a year.
func TestRecurrences(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		sys.Call(
			"POST", at(anna, "/walking-plan"), therapist.Token(),
			map[string]any{"id": sys.NewID(), "week_minutes": 60, "comfortable_minutes": 30},
		)
		start := anna.Today()
		list := func() client.RecurrenceList {
			var l client.RecurrenceList
			require.NoError(
				t, json.Unmarshal(sys.Call("GET", at(anna, "/recurrence-checks"), therapist.Token(), nil).Body, &l),
			)
			return l
		}
		require.Equal(t, start.AddDays(30).String(), *list().DueOn)
		report := func(body map[string]any) testkit.Answer {
			body["id"], body["local_date"] = sys.NewID(), anna.Today().String()
			return sys.Call("POST", "/v1/me/recurrence-checks", anna.Token(), body)
		}
		sys.Clock.Advance(30 * 24 * time.Hour)
		require.Equal(t, http.StatusCreated, report(map[string]any{"new_episode": false}).Status)
		require.Equal(t, start.AddDays(60).String(), *list().DueOn)
		require.Equal(t, "/onset_on", *report(map[string]any{"new_episode": true}).Problem().Errors[0].Pointer)
		require.Equal(
			t, "only-with-episode",
			report(map[string]any{"new_episode": false, "limited": true}).Problem().Errors[0].Code,
		)
		sys.Clock.Advance(30 * 24 * time.Hour)
		episode := map[string]any{
			"new_episode": true,
			"onset_on":    anna.Today().AddDays(-3).String(),
			"limited":     true,
			"care_sought": false,
		}
		require.Equal(t, http.StatusCreated, report(episode).Status)
		require.Equal(t, http.StatusOK, sys.Call("POST", "/v1/me/recurrence-checks", anna.Token(), episode).Status)
		got := list().Data
		require.Len(t, got, 2)
		require.Equal(t, []client.RecurrenceCheckEvents{"any", "activity_limiting"}, got[0].Events)
		require.Empty(t, got[1].Events)
		require.Contains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), `"recurrence"`)
		sys.Clock.Advance(400 * 24 * time.Hour)
		anna.Pair(therapist) // the phone was away too long
		require.Equal(t, http.StatusCreated, report(map[string]any{"new_episode": false}).Status)
		require.Nil(t, list().DueOn, "the year is over")
	})
}

// A plan that begins next Monday leaves the program of this week alone, and whoever changes it meanwhile loses nothing.
func TestAWalkingPlanBeginsOnMonday(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		monday := anna.Today().AddDays(7)
		sys.Clock.Advance(2 * 24 * time.Hour)
		started := sys.Call(
			"POST", at(anna, "/walking-plan"), therapist.Token(),
			map[string]any{"id": sys.NewID(), "track": "gentle", "week_minutes": 60, "comfortable_minutes": 30},
		)
		require.Equal(t, http.StatusCreated, started.Status, string(started.Body))
		require.Equal(t, 0, walkingPlan(t, sys, anna).Week)
		require.Len(t, todayOf(t, anna).Items, 3)
		therapist.Publishes(anna, 3)
		sys.Clock.Set(localtime.Resolve(monday, 7*60, anna.Zone)) // the server was down on Sunday night
		sys.Sweep()
		anna.Pushes()
		sys.Clock.Advance(24 * time.Hour)
		items := todayOf(t, anna).Items
		require.Len(t, items, 4)
		require.Equal(t, "walk-easy", items[3].Item.Exercise)
		require.Equal(t, 17, *items[3].Item.Dose.Minutes, "50 minutes on 3 days")
		require.Equal(t, 3, *items[0].Item.Schedule.SessionsPerWeek)
		require.Equal(t, "program-full", startOnFull(sys, therapist).Problem().Code)
	})
}

// startOnFull tries to start a plan for somebody with four exercises.
func startOnFull(sys *testkit.System, therapist *testkit.Member) testkit.Answer {
	full := therapist.NewPatient("V. Vol", "Europe/Amsterdam")
	n := client.NewProgramVersion{ID: sys.NewID(), EffectiveFrom: full.Today().String()}
	sets, reps, quota := 2, 8, 3
	for _, slug := range []string{"bridge", "bird-dog-leg", "knee-rolls-lying", "cat-camel"} {
		n.Items = append(n.Items, client.NewProgramItem{
			ID: sys.NewID(), Exercise: slug, Dose: client.Dose{Sets: &sets, Reps: &reps},
			Schedule: client.Schedule{Kind: client.WeeklyQuota, SessionsPerWeek: &quota},
		})
	}
	therapist.PublishesVersion(full, n)
	return sys.Call(
		"POST", at(full, "/walking-plan"), therapist.Token(),
		map[string]any{"id": sys.NewID(), "week_minutes": 60, "comfortable_minutes": 30},
	)
}

// A walk that was logged and counted by the phone is one walk: of a day the larger number counts.
func TestAWalkCountsOnce(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		walker := therapist.NewPatient("W. Wandelaar", "Europe/Amsterdam")
		sys.Call(
			"POST", at(walker, "/walking-plan"), therapist.Token(),
			map[string]any{"id": sys.NewID(), "week_minutes": 60, "comfortable_minutes": 30},
		)
		today := todayOf(t, walker)
		body := walker.SessionBody(sys.Clock.Now().Add(-time.Minute))
		body["program_version_id"] = *today.ProgramVersionID
		body["items"] = []any{map[string]any{"item_id": today.Items[0].Item.ID, "minutes": 12}}
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/sessions", walker.Token(), body).Status)
		require.Equal(t, 12, walkingPlan(t, sys, walker).Done)
		walks(t, sys, walker, walker.Today(), 17)
		require.Equal(t, 17, walkingPlan(t, sys, walker).Done)
	})
}

// Whoever looks at a patient hears that a walking plan moved them to prevention.
func TestAWalkingPlanTellsThePhase(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	anna.Submits(testkit.Answers(map[string]any{"recovered": true, "walk_week_minutes": 50}))
	one := listens(t, sys, therapist.Token(), "?topic=patient:"+string(anna.ID))
	one.beats()
	started := sys.Call("POST", at(anna, "/walking-plan"), therapist.Token(), map[string]any{"id": sys.NewID()})
	require.Equal(t, http.StatusCreated, started.Status, string(started.Body))
	one.hears("person", anna)
}
