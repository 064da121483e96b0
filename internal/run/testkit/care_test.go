package testkit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// Half a year of care for four patients through the API: proposal, approval, progression, flares, recovery, prevention,
// recurrence. Whatever was asked on a day reads back as it was.
func TestHalfAYearOfCare(t *testing.T) {
	if testing.Short() {
		t.Skip("half a year takes a minute")
	}
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, other *testkit.Patient) {
		h := &halfYear{T: t, sys: sys, therapist: therapist, asked: map[string]string{}}
		acute := h.registers("A. Acuut", map[string]any{"weeks": 2})
		fearful := h.registers(
			"F. Vrees", map[string]any{"weeks": 40, "fear": 8, "strength_days": 0, "pavs_minutes": 10},
		)
		walker := h.registers(
			"W. Wandelaar", map[string]any{"recovered": true, "prior": 4, "walk_week_minutes": 50, "pavs_minutes": 10},
		)
		unsure := h.registers("O. Onzeker", map[string]any{"weeks": 20, "confidence": 5})
		require.Equal(
			t, []bool{false, false, false, true}, []bool{acute.small, fearful.small, walker.small, unsure.small},
		)
		require.Contains(t, h.exercises(fearful), "seated-forward-bend")
		require.Contains(t, h.exercises(walker), "walk-easy")
		h.call("POST", at(walker, "/walking-plan"), therapist, map[string]any{"id": sys.NewID()}, http.StatusCreated)

		danger := 8
		for day := range 26 * 7 {
			h.morning()
			for _, p := range []*cared{acute, fearful, walker, unsure} {
				skips := p == unsure && day >= 21 && day < 35
				if !skips && day%7 != 2 && day%7 != 5 {
					h.exercise(p, danger)
				}
			}
			danger = max(danger-day%2*(day%7)/6, 2)
			switch day {
			case 28, 56, 84:
				h.repeats(acute, map[string]any{"weeks": 2 + day/7, "recovered": day >= 56})
			case 57:
				h.call(
					"POST", at(acute, "/walking-plan"), therapist, map[string]any{"id": sys.NewID()},
					http.StatusCreated,
				)
			case 70, 91:
				h.call(
					"POST", "/v1/me/flares", fearful,
					map[string]any{"id": sys.NewID(), "days": 4, "new_signs": []string{}}, http.StatusCreated,
				)
			case 140:
				h.call("POST", "/v1/me/recurrence-checks", acute, map[string]any{
					"id":          sys.NewID(),
					"local_date":  acute.Today().String(),
					"new_episode": true,
					"onset_on":    acute.Today().AddDays(-2).String(),
					"limited":     true,
				}, http.StatusCreated)
			}
			h.evening([]*cared{acute, fearful, walker, unsure})
		}

		h.readsBack([]*cared{acute, fearful, walker, unsure})
		require.Subset(t, h.origins(fearful), []string{"published", "progressed", "flare", "rebuild"})
		require.Subset(t, h.origins(walker), []string{"published", "walking"})
		require.Subset(t, h.origins(acute), []string{"published", "walking"})
		var plan client.WalkingPlanBody
		h.read("/v1/me/walking-plan", walker, &plan)
		require.Equal(t, 150, plan.Minutes, "30 minutes on 5 days within half a year")
		alerts := string(sys.Call("GET", "/v1/alerts?state=all", therapist.Token(), nil).Body)
		for _, kind := range []string{"second_flare", "recurrence", "walking_contact", "progression"} {
			require.Contains(t, alerts, `"`+kind+`"`)
		}
		require.Positive(t, h.accepted)
		other.Pushes() // who does nothing is reminded, and then no more
	})
}

func at(p *cared, path string) string { return "/v1/patients/" + string(p.ID) + path }

// cared is a patient with what the proposal said.
type cared struct {
	*testkit.Patient
	small bool
}

type halfYear struct {
	*testing.T
	sys       *testkit.System
	therapist *testkit.Member
	asked     map[string]string // by patient and day
	accepted  int
}

func (h *halfYear) call(
	method, path string, who interface{ Token() string }, body any, want int, headers ...string,
) testkit.Answer {
	h.Helper()
	answer := h.sys.Call(method, path, who.Token(), body, headers...)
	require.Equal(h.T, want, answer.Status, "%s %s: %s", method, path, answer.Body)
	return answer
}

func (h *halfYear) read(path string, who interface{ Token() string }, into any) {
	h.Helper()
	require.NoError(h.T, json.Unmarshal(h.call("GET", path, who, nil, http.StatusOK).Body, into))
}

// registers takes a patient in and publishes the proposal as it is.
func (h *halfYear) registers(name string, answers map[string]any) *cared {
	h.Helper()
	p := &cared{Patient: h.therapist.NewPatient(name, "Europe/Amsterdam")}
	p.Submits(testkit.Answers(answers))
	var proposal client.ProposalBody
	made := h.call(
		"POST", at(p, "/program-proposals"), h.therapist, map[string]any{"id": h.sys.NewID()}, http.StatusCreated,
	)
	require.NoError(h.T, json.Unmarshal(made.Body, &proposal))
	p.small = proposal.StartsSmall
	var items []any
	for _, i := range proposal.Items {
		item := map[string]any{"id": h.sys.NewID(), "exercise": i.Exercise, "dose": i.Dose, "schedule": i.Schedule}
		if i.MinimumDose != nil {
			item["minimum_dose"] = i.MinimumDose
		}
		items = append(items, item)
	}
	etag := h.call("GET", at(p, "/program-versions"), h.therapist, nil, http.StatusOK).Header.Get("ETag")
	h.call("PUT", at(
		p, "/program-proposals/"+proposal.ID+"/decision",
	), h.therapist, map[string]any{"outcome": "accepted", "version": map[string]any{
		"id": h.sys.NewID(), "effective_from": p.Today().String(), "items": items}}, http.StatusOK, "If-Match", etag)
	return p
}

func (h *halfYear) exercises(p *cared) (slugs []string) {
	var today client.Today
	h.read("/v1/me/today", p, &today)
	for _, i := range today.Items {
		slugs = append(slugs, i.Item.Exercise)
	}
	return slugs
}

func (h *halfYear) repeats(p *cared, answers map[string]any) {
	h.Helper()
	p.Submits(testkit.Answers(answers))
}

// morning is nine o'clock in Amsterdam on the next day.
func (h *halfYear) morning() {
	zone, err := localtime.LoadZone("Europe/Amsterdam")
	require.NoError(h.T, err)
	day := localtime.Today(h.sys.Clock.Now(), zone).AddDays(1)
	h.sys.Clock.Set(localtime.Resolve(day, 9*60, zone))
	h.sys.Sweep()
}

// exercise does everything of today, well, and says the next morning that pain settled.
func (h *halfYear) exercise(p *cared, danger int) {
	h.Helper()
	var today client.Today
	h.read("/v1/me/today", p, &today)
	if len(today.Items) == 0 {
		return
	}
	body := p.SessionBody(h.sys.Clock.Now().Add(-time.Minute))
	body["program_version_id"] = *today.ProgramVersionID
	var items []any
	for _, i := range today.Items {
		done := map[string]any{
			"item_id":       i.Item.ID,
			"difficulty":    5,
			"pain":          2,
			"could_do_more": true,
			"danger_before": danger,
			"danger_after":  danger,
		}
		if i.Item.Dose.Minutes != nil {
			done["minutes"] = *i.Item.Dose.Minutes
		} else {
			done["sets"], done["reps"] = *i.Item.Dose.Sets, *i.Item.Dose.Reps
		}
		items = append(items, done)
	}
	body["items"] = items
	h.call("POST", "/v1/me/sessions", p, body, http.StatusCreated)
	h.call(
		"PUT", "/v1/me/sessions/"+body["id"].(string)+"/aftermath", p, map[string]any{"settled": true},
		http.StatusNoContent,
	)
}

// evening is when jobs are done, the therapist accepts what rules propose, and the day is noted as it was asked.
func (h *halfYear) evening(patients []*cared) {
	h.Helper()
	h.sys.Clock.Advance(9*time.Hour + 40*time.Minute) // 18:40: a rescue may go out
	h.sys.Sweep()
	for _, p := range patients {
		p.ExpectFew()
		var changes client.ProgressionList
		h.read(at(p, "/progressions"), h.therapist, &changes)
		for _, c := range changes.Data {
			if string(c.State) == "open" {
				h.call(
					"PUT", at(p, "/progressions/"+c.ID+"/decision"), h.therapist, map[string]any{"outcome": "accepted"},
					http.StatusOK,
				)
				h.accepted++
			}
		}
		h.asked[h.key(p, p.Today())] = h.askedOn(p, p.Today())
	}
	h.sys.Clock.Set(localtime.Resolve(patients[0].Today(), 23*60+59, patients[0].Zone))
	h.sys.Sweep()
}

func (h *halfYear) key(p *cared, day localtime.Date) string { return string(p.ID) + day.String() }

// askedOn writes what a day asks.
func (h *halfYear) askedOn(p *cared, day localtime.Date) string {
	var today client.Today
	h.read("/v1/me/today?date="+day.String(), p, &today)
	var lines []string
	for _, i := range today.Items {
		dose, err := json.Marshal(i.Item.Dose)
		require.NoError(h.T, err)
		lines = append(lines, fmt.Sprintf("%s %s %d", i.Item.Exercise, dose, *i.Item.Schedule.SessionsPerWeek))
	}
	return strings.Join(lines, "\n")
}

// readsBack compares each day with what it was when it was lived.
func (h *halfYear) readsBack(patients []*cared) {
	h.Helper()
	different := map[string]bool{}
	for _, p := range patients {
		for day := p.Today().AddDays(-26*7 + 1); !day.After(p.Today()); day = day.AddDays(1) {
			was, lived := h.asked[h.key(p, day)]
			require.True(h.T, lived, "%s", day)
			require.Equal(h.T, was, h.askedOn(p, day), "%s of %s", day, p.Name)
			different[was] = true
		}
	}
	require.Greater(h.T, len(different), 30, "programs hardly changed")
}

func (h *halfYear) origins(p *cared) (origins []string) {
	var list client.ProgramVersionList
	h.read(at(p, "/program-versions"), h.therapist, &list)
	for _, v := range list.Data {
		origins = append(origins, string(v.Origin))
	}
	return origins
}
