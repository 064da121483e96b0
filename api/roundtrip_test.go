package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// kept is a body that is stored, and where it is read back. Every field of its schema is filled with what the schema
// allows, but for what set says; fields that exclude each other are sent in several bodies, each without some.
type kept struct {
	write, read string // method and path; {id} is the body's or a new one
	byMember    bool
	readByOther bool // the patient reads what the member wrote, or the other way round
	set         map[string]any
	without     [][]string
	at          string            // where the record stands in the answer: the record of the same id, in a list
	aside       map[string]string // fields that are not read back, and why
	before      func(w *world, p *testkit.Patient, body map[string]any)
}

// notReadBack are the operations with a body that no reading answers field by field, and why.
var notReadBack = map[string]string{
	"logIn": "credentials", "refreshTokens": "credentials", "redeemPairing": "credentials",
	"createPairing": "a code that is shown once", "putPushRegistration": "an address that nobody reads",
	"adjustProgram": "a change; the version that it makes is read", "swapExercise": "a change, as adjustProgram",
	"completeProgram": "a change, as adjustProgram", "publishProgramDraft": "what is published is the draft",
	"proposeProgram": "an id alone", "submitMyIntake": "an id alone", "submitPatientIntake": "an id alone",
	"acknowledgeAlerts": "ids alone", "snoozeAlert": "needs an alert: the alerts' own tests",
	"resolveAlert":       "needs an alert: the alerts' own tests",
	"closeChangeRequest": "a step of a wish: the wishes' own tests",
	"decideProgression":  "a step of a change: the progressions' own tests",
	"decideProposal":     "a step of a proposal: the proposals' own tests",
	"decideSafetyReport": "a step of a report: the gate's own tests",
	"setAftermath":       "rules read it; no answer shows it",
	"checkIn":            "rules read it; pain stands in the progress of its day", "declareFlare": "days become dates",
	"reportAdverseEvent":    "rules read it, and an alert tells it",
	"startWalkingPlan":      "the plan is worked out of it",
	"answerQuestionnaire":   "a score is worked out of it",
	"storeActivity":         "days add it up",
	"recordReminderReceipt": "a moment for the policy", "snoozeReminder": "a moment for the policy",
	"recordFeedbackReceipt": "a moment of a feedback: its own tests",
	"addCorrectionNote":     "a note beside a session: its own tests",
	"answerModule":          "needs an answer of the patient: the modules' own tests",
	"respondToModule":       "a step of a module: the modules' own tests",
}

// clockOfPhone is what a phone says beside a session.
var clockOfPhone = map[string]string{"/client_time": "corrects the moment of the session"}

// What is stored comes back as it was said: a field of a request that nothing maps is found here.
func TestWhatIsSentIsReadBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows := keptBodies(w)
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		t.Run(id, func(t *testing.T) { w.roundTrip(t, id, rows[id]) })
	}
	for id, schema := range bodiesOf(w.App.Contract.Document()) {
		_, listed := notReadBack[id]
		_, tried := rows[id]
		require.True(t, listed != tried, "%s belongs in one of the tables", id)
		require.NotNil(t, schema)
	}
}

func keptBodies(w *world) map[string]kept {
	day := w.patient.Today()
	dose := map[string]any{"sets": 3, "reps": 9, "hold_s": 5}
	smaller := map[string]any{"sets": 1, "reps": 4, "hold_s": 2}
	item := func(more map[string]any) map[string]any {
		one := map[string]any{
			"id": w.NewID(), "exercise": "bridge", "dose": dose, "minimum_dose": smaller,
			"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 3, "times_per_day": 2},
		}
		maps.Copy(one, more)
		return one
	}
	items := []any{
		item(nil),
		item(map[string]any{"schedule": map[string]any{
			"kind": "fixed_days", "days": []any{"tue", "fri"}, "times_per_day": 1}}),
		item(map[string]any{"exercise": "walk-easy", "dose": map[string]any{"sets": 1, "minutes": 12},
			"minimum_dose": map[string]any{"sets": 1, "minutes": 6}}),
	}
	return map[string]kept{
		"saveActionPlan": {
			write: "PUT /v1/me/action-plan", read: "GET /v1/me/action-plan", without: [][]string{{"/at"}, {"/after"}},
		},
		"reportBarrier": {
			write: "POST /v1/me/barrier-reports", read: "GET /v1/patients/{patient}/summary", readByOther: true,
			at: "recent_barriers",
		},
		"requestChange": {
			write: "POST /v1/me/change-requests", read: "GET /v1/patients/{patient}/change-requests",
			readByOther: true, at: "data",
			before: func(_ *world, p *testkit.Patient, body map[string]any) {
				body["item_id"] = p.Version.Items[0].ID
			},
		},
		"logSession": {
			write: "POST /v1/me/sessions", read: "GET /v1/me/sessions/{id}", aside: clockOfPhone,
			without: [][]string{{"/items/skipped_reason"}, {"/items/sets", "/items/reps", "/items/minutes"}},
			before:  sessionOf,
		},
		"correctSession": {
			write: "PUT /v1/me/sessions/{id}", read: "GET /v1/me/sessions/{id}", aside: clockOfPhone,
			without: [][]string{{"/items/skipped_reason"}, {"/items/sets", "/items/reps", "/items/minutes"}},
			before: func(w *world, p *testkit.Patient, body map[string]any) {
				sessionOf(w, p, body)
				first := p.FullSession(w.Clock.Now().Add(-time.Hour), 1, 1)
				p.Logs(first, http.StatusCreated)
				body["id"] = first.ID
			},
		},
		"pauseMyProgram": {
			write: "POST /v1/me/program-pauses", read: "GET /v1/me/program-pauses", at: "data",
			set: map[string]any{"/end_date": day.AddDays(2).String()},
		},
		"pausePatientProgram": {
			write: "POST /v1/patients/{patient}/program-pauses", read: "GET /v1/me/program-pauses", byMember: true,
			readByOther: true, at: "data", set: map[string]any{"/end_date": day.AddDays(2).String()},
		},
		"chooseLighterProgram": {
			write: "POST /v1/me/lighter-programs", read: "GET /v1/me/lighter-programs", at: "data",
		},
		"publishProgramVersion": {
			write: "POST /v1/patients/{patient}/program-versions", read: "GET /v1/patients/{patient}/program-versions",
			byMember: true, at: "data", set: map[string]any{"/items": items},
		},
		"saveProgramDraft": {
			write: "PUT /v1/patients/{patient}/program-draft", read: "GET /v1/patients/{patient}/program-draft",
			byMember: true, set: map[string]any{"/items": items},
			before: func(w *world, _ *testkit.Patient, body map[string]any) {
				template := w.NewID()
				w.must(w.Call("PUT", "/v1/program-templates/"+template, w.own.Token(), map[string]any{
					"name": "x", "items": []any{map[string]any{"core": true, "item": items[0]}},
				}))
				body["template_id"] = template
			},
		},
		"saveTemplate": {
			write: "PUT /v1/program-templates/{id}", read: "GET /v1/program-templates", byMember: true, at: "data",
			set: map[string]any{"/items": []any{
				map[string]any{"core": true, "item": items[0]}, map[string]any{"core": false, "item": items[1]},
				map[string]any{"core": false, "item": items[2]},
			}},
		},
		"saveExercise": {
			write: "PUT /v1/practice/exercises/{id}", read: "GET /v1/practice/exercises/{id}", byMember: true,
			at: "exercise",
			without: [][]string{{"/dose/minutes", "/picture", "/film"},
				{"/dose/reps", "/dose/hold_s", "/seconds_per_set", "/picture", "/film"}},
			set: map[string]any{"/equipment": []any{"band"}},
			aside: map[string]string{
				"/picture": "the hash of a file: the media's own tests", "/film": "as a picture",
			},
		},
		"sendFeedback": {
			write: "POST /v1/patients/{patient}/feedback", read: "GET /v1/me/feedback", byMember: true,
			readByOther: true, at: "data",
			before: func(w *world, p *testkit.Patient, body map[string]any) {
				about := p.FullSession(w.Clock.Now().Add(-time.Hour), 1, 1)
				p.Logs(about, http.StatusCreated)
				body["session_id"] = about.ID
			},
		},
		"saveMyIntake": {
			write: "PUT /v1/me/intake/answers", read: "GET /v1/me/intake", at: "answers",
			set: map[string]any{"/likes": []any{"walking"}},
		},
		"savePatientIntake": {
			write: "PUT /v1/patients/{patient}/intake/answers", read: "GET /v1/me/intake", byMember: true,
			readByOther: true, at: "answers", set: map[string]any{"/likes": []any{"walking"}},
		},
		"putPreferences": {
			write: "PUT /v1/me/preferences", read: "GET /v1/me/preferences",
			set: map[string]any{
				"/reminders/quiet_from": "21:30", "/reminders/quiet_until": "07:30",
				"/reminders/windows": []any{map[string]any{"from": "10:15", "until": "11:45"}},
			},
		},
		"putPracticeSettings": {
			write: "PUT /v1/practice/settings", read: "GET /v1/practice/settings", byMember: true,
			set: map[string]any{"/contact_weeks": []any{1, 4, 8, 12, 20}},
		},
		"createPatient": {
			write: "POST /v1/patients", read: "GET /v1/patients/{id}", byMember: true,
			set: map[string]any{"/birth_year": 1961},
		},
		"createMember": {
			write: "POST /v1/practice/members", read: "GET /v1/practice/members", byMember: true, at: "data",
			aside: map[string]string{"/password": "nobody reads a password"},
			set:   map[string]any{"/email": "rond@praktijk.example", "/password": "een lang wachtwoord 5"},
		},
		"setPhase": {
			write: "PUT /v1/patients/{patient}/phase", read: "GET /v1/patients/{patient}", byMember: true,
		},
		"reportRecurrence": {
			write: "POST /v1/me/recurrence-checks", read: "GET /v1/patients/{patient}/recurrence-checks",
			readByOther: true, at: "data",
		},
		"importScore": {
			write: "POST /v1/patients/{patient}/scores", read: "GET /v1/patients/{patient}/scores", byMember: true,
			at: "data",
			set: map[string]any{"/score_tenths": 120, "/min_tenths": 10, "/max_tenths": 990, "/instrument": "phq4",
				"/parts": map[string]any{"gad2": 1, "phq2": 2}},
		},
		"setRiskProfile": {
			write: "POST /v1/patients/{patient}/risk-profile", read: "GET /v1/patients/{patient}/risk-profile",
			byMember: true,
		},
		"saveValuedActivity": {
			write: "PUT /v1/me/valued-activities/{id}", read: "GET /v1/patients/{patient}/valued-activities",
			readByOther: true, at: "data",
		},
		"recordVisit": {
			write: "POST /v1/patients/{patient}/visits", read: "GET /v1/patients/{patient}/visits", byMember: true,
			at: "data", set: map[string]any{"/next_on": day.AddDays(7).String()},
		},
		"setProgressionSettings": {
			write:    "PUT /v1/patients/{patient}/progression-settings",
			read:     "GET /v1/patients/{patient}/progression-settings",
			byMember: true,
		},
	}
}

// sessionOf makes a body a session of the patient's own program.
func sessionOf(w *world, p *testkit.Patient, body map[string]any) {
	at := w.Clock.Now().Add(-time.Hour).In(p.Zone)
	body["performed_at"], body["local_date"] = at.Format(time.RFC3339), at.Format(time.DateOnly)
	body["program_version_id"] = p.Version.ID
	body["items"].([]any)[0].(map[string]any)["item_id"] = p.Version.Items[0].ID
}

// roundTrip writes and reads every body of a row, each about a patient of its own.
func (w *world) roundTrip(t *testing.T, id string, k kept) {
	schema := bodiesOf(w.App.Contract.Document())[id]
	bodies := k.without
	if bodies == nil {
		bodies = [][]string{nil}
	}
	sent := map[string]bool{}
	for _, without := range bodies {
		p := w.own.NewPatient("R. Rond", "Europe/Amsterdam")
		w.own.Publishes(p, 5)
		m := filling{w: w, set: k.set, without: without, sent: sent}
		body := m.object(schema, "").(map[string]any)
		if k.before != nil {
			k.before(w, p, body)
		}
		record := w.NewID()
		if own, has := body["id"].(string); has {
			record = own
		}
		if strings.Contains(k.write, "{id}") {
			delete(body, "id")
		}
		shown := k.exchange(t, w, p, record, body)
		for field := range k.aside {
			delete(body, strings.TrimPrefix(field, "/"))
		}
		require.Empty(t, lost("", decodedAgain(body), shown), "%s: said %v and read %v", id, body, shown)
	}
	for _, place := range placesOf(schema, "") {
		_, aside := k.aside[place]
		require.True(t, sent[place] || aside || k.isSet(place), "%s never fills %s", id, place)
	}
}

// isSet reports whether the row says the value, or that of a part around it.
func (k kept) isSet(place string) bool {
	for set := range k.set {
		if place == set || strings.HasPrefix(place, set+"/") {
			return true
		}
	}
	return false
}

// exchange writes a body and returns the record as it is read.
func (k kept) exchange(t *testing.T, w *world, p *testkit.Patient, record string, body any) any {
	t.Helper()
	names := strings.NewReplacer("{patient}", string(p.ID), "{id}", record)
	path := func(route string) (method, to string) {
		method, to, _ = strings.Cut(names.Replace(route), " ")
		return method, to
	}
	token := func(member bool) string {
		switch {
		case member && strings.Contains(k.write, "/practice/"):
			return w.Admin.Token()
		case member:
			return w.own.Token()
		default:
			return p.Token()
		}
	}
	reader := k.byMember != k.readByOther
	method, to := path(k.read)
	var headers []string
	tagged := to
	if strings.HasSuffix(k.write, "/program-versions") || strings.HasPrefix(k.write, "PUT") {
		if tag := w.Call(method, tagged, token(reader), nil).Header.Get("ETag"); tag != "" {
			headers = []string{"If-Match", tag}
		}
	}
	by, target := path(k.write)
	written := w.Call(by, target, token(k.byMember), body, headers...)
	require.Less(t, written.Status, 300, "%s", written.Body)
	answer := w.Call(method, to, token(reader), nil)
	require.Equal(t, http.StatusOK, answer.Status, "%s", answer.Body)
	var shown any
	require.NoError(t, json.Unmarshal(answer.Body, &shown))
	return recordIn(shown, k.at, record)
}

// recordIn returns the part of an answer that holds the record.
func recordIn(shown any, at, record string) any {
	if at == "" {
		return shown
	}
	part := shown.(map[string]any)[at]
	list, is := part.([]any)
	if !is {
		return part
	}
	for _, one := range list {
		if one.(map[string]any)["id"] == record {
			return one
		}
	}
	return nil
}

func decodedAgain(value any) (again any) {
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		panic(err)
	}
	return again
}

// lost returns what was said and is not read, or otherwise.
func lost(at string, said, shown any) (places []string) {
	switch said := said.(type) {
	case map[string]any:
		of, _ := shown.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(said)) {
			places = append(places, lost(at+"/"+name, said[name], of[name])...)
		}
	case []any:
		of, _ := shown.([]any)
		if len(of) != len(said) {
			return []string{at}
		}
		for i := range said {
			places = append(places, lost(fmt.Sprint(at, "/", i), said[i], of[i])...)
		}
	default:
		if said != shown && !sameMoment(said, shown) {
			return []string{at}
		}
	}
	return places
}

func sameMoment(said, shown any) bool {
	a, errA := time.Parse(time.RFC3339, fmt.Sprint(said))
	b, errB := time.Parse(time.RFC3339, fmt.Sprint(shown))
	return errA == nil && errB == nil && a.Equal(b)
}
