package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// world is one patient with everything, and everybody who may or may not touch it.
type world struct {
	*testkit.System
	patient, other             *testkit.Patient
	own, colleague             *testkit.Member
	otherAdmin, otherTherapist *testkit.Member
	session, oldSession        string
	pause, feedback, pairing   string
	etag, version              string // version is ahead
	report, alert, proposal    string
	change, flare, task        string
	lighter                    string
	reminder                   string
	moduleResponse             string
	settings                   any
	draft, template, exercise  string
	media                      string
	wish                       string
	item, swap                 string   // what the program has, and what it may become
	planned                    []string // pauses to take back
}

func newWorld(t *testing.T) *world {
	w := &world{System: testkit.Start(t, testkit.Unanswered)}
	w.own, w.colleague = w.Therapist(w.Admin, "T. Eigen"), w.Therapist(w.Admin, "C. Collega")
	_, w.otherAdmin = w.NewPractice("Praktijk Elders")
	w.otherTherapist = w.Therapist(w.otherAdmin, "E. Elders")
	w.patient, w.other = w.own.NewPatient("Canary Patientnaam", "Europe/Amsterdam"),
		w.colleague.NewPatient("B. Anders", "Europe/Amsterdam")
	w.publishes(5)
	w.colleague.Publishes(w.other, 5)
	old := w.patient.FullSession(w.Clock.Now(), 1, 1)
	w.patient.Logs(old, http.StatusCreated)
	w.oldSession = old.ID
	w.Clock.Advance(8 * 24 * time.Hour)
	w.moduleResponse, w.task = w.NewID(), "baseline/nprs"
	w.settings = w.Call("GET", "/v1/practice/settings", w.own.Token(), nil).Body
	return w
}

// renew gives everybody a fresh token and the patient fresh records, so that each request starts alike.
func (w *world) renew(operation string) {
	n := w.patient.FullSession(w.Clock.Now().Add(-time.Hour), 2, 2)
	w.patient.Logs(n, http.StatusCreated)
	w.session = n.ID
	for _, pause := range w.planned { // taken back, so that the days are free again
		w.Call("DELETE", "/v1/me/program-pauses/"+pause, w.patient.Token(), nil)
	}
	w.pause, w.feedback, w.pairing = w.NewID(), w.NewID(), w.NewID()
	w.planned = []string{w.pause}
	day := w.patient.Today().AddDays(100)
	w.must(w.Call("POST", "/v1/me/program-pauses", w.patient.Token(), map[string]any{
		"id": w.pause, "reason": "holiday", "start_date": day.String(), "end_date": day.String(),
	}))
	w.must(w.Call(
		"POST", w.at("/feedback"), w.own.Token(),
		map[string]any{"id": w.feedback, "about": "program", "text": "Goed bezig."},
	))
	w.must(w.Call("POST", "/v1/pairings", w.own.Token(), map[string]any{"id": w.pairing, "patient_id": w.patient.ID}))
	if strings.Contains(operation, "Intake") || strings.Contains(operation, "Safety") ||
		strings.Contains(operation, "Alert") ||
		strings.Contains(operation, "Propos") {
		w.renewIntake()
	}
	switch operation {
	case "submitMyIntake": // the other patient sends one too
		w.must(w.Call("PUT", "/v1/me/intake/answers", w.other.Token(), testkit.Answers(nil)), 200)
	case "getProgramDraft", "saveProgramDraft", "publishProgramDraft":
		w.clears()
		w.Call("DELETE", w.at("/program-draft"), w.own.Token(), nil)
		saved := w.Call(
			"PUT", w.at("/program-draft"), w.own.Token(),
			map[string]any{"items": []any{newItem(w.System, "bridge", 2, 8, 2)}},
		)
		w.must(saved, 200)
		w.draft = saved.Header.Get("ETag")
	case "archiveTemplate":
		w.template = w.NewID()
		w.must(w.Call("PUT", "/v1/program-templates/"+w.template, w.own.Token(), map[string]any{
			"name": "x",
			"items": []any{map[string]any{"core": true,
				"item": newItem(w.System, "bridge", 2, 8, 2)}},
		}))
	case "getMedia":
		var m client.MediaBody
		sent := w.Call(
			"POST", "/v1/practice/media", w.own.Token(), testkit.Picture(), "Content-Type", "application/octet-stream",
		)
		w.must(sent)
		_ = json.Unmarshal(sent.Body, &m)
		w.media = m.Hash
	case "getOwnExercise", "archiveExercise":
		w.exercise = w.NewID()
		w.must(w.Call("PUT", "/v1/practice/exercises/"+w.exercise, w.own.Token(), ownExercise))
	case "getRiskProfile":
		w.must(w.Call(
			"POST", w.at("/risk-profile"), w.own.Token(),
			map[string]any{"id": w.NewID(), "risk": "low", "source": "therapist"},
		))
	case "answerModule":
		w.must(w.Call(
			"PUT", "/v1/me/modules/1/response", w.patient.Token(),
			map[string]any{"id": w.moduleResponse, "text": "Canary", "submit": true},
		), 200)
	case "getWalkingPlan", "getMyWalkingPlan":
		w.must(w.Call(
			"POST", w.at("/walking-plan"), w.own.Token(),
			map[string]any{"id": w.NewID(), "week_minutes": 60, "comfortable_minutes": 30},
		))
	case "decideProgression", "undoProgression":
		w.renewChange(operation == "undoProgression")
	case "closeChangeRequest":
		w.wish = w.NewID()
		w.must(w.Call(
			"POST", "/v1/me/change-requests", w.patient.Token(), map[string]any{"id": w.wish, "reason": "hurts"},
		))
	case "getActionPlan":
		w.must(
			w.Call("PUT", "/v1/me/action-plan", w.patient.Token(), map[string]any{"after": "Canary", "exercises": 2}),
			200,
		)
	case "recordReminderReceipt", "snoozeReminder":
		w.renewReminder()
	case "endLighterProgram", "chooseLighterProgram":
		for _, lighter := range w.listed("/v1/me/lighter-programs") {
			w.Call("DELETE", "/v1/me/lighter-programs/"+lighter, w.patient.Token(), nil)
		}
		for _, flare := range w.listed("/v1/me/flares") {
			w.Call("DELETE", "/v1/me/flares/"+flare, w.patient.Token(), nil)
		}
		w.publishes(5)
		if w.lighter = w.NewID(); operation == "endLighterProgram" {
			w.must(w.Call(
				"POST", "/v1/me/lighter-programs", w.patient.Token(), map[string]any{"id": w.lighter, "kind": "half"},
			))
		}
	case "publishProgramVersion", "decideProposal":
		w.clears()
	case "withdrawProgramVersion":
		w.clears()
		w.version = ahead(w.System, w.own, w.patient).ID
	case "endFlare":
		w.flare = w.NewID()
		for _, flare := range w.listed("/v1/me/flares") {
			w.Call("DELETE", "/v1/me/flares/"+flare, w.patient.Token(), nil)
		}
		w.must(w.Call(
			"POST", "/v1/me/flares", w.patient.Token(),
			map[string]any{"id": w.flare, "days": 3, "new_signs": []string{}},
		))
	}
	if slices.Contains([]string{"adjustProgram", "completeProgram", "swapExercise", "listAlternatives"}, operation) {
		w.publishes(5) // a program to change
		w.item, w.swap = w.patient.Version.Items[2].ID, "pelvic-tilt-lying"
	}
	w.etag = w.Call("GET", w.at("/program-versions"), w.own.Token(), nil).Header.Get("ETag")
}

// renewReminder makes a reminder that was sent.
func (w *world) renewReminder() {
	w.reminder = w.NewID()
	if err := w.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		if _, err := tx.Exec(
			"UPDATE reminder_slots SET local_date = id WHERE patient_id = ?", w.patient.ID,
		); err != nil { // out of the way
			return err
		}
		now := database.At(tx.Now())
		_, err := tx.Exec(`INSERT INTO reminder_slots (id, patient_id, local_date, kind, state, reason, policy,
			decided_at, due_at, expires_at, sent_at)
			VALUES (?, ?, ?, 'lapse', 'sent', 'due', 2, ?, ?, ?, ?) `,
			w.reminder, w.patient.ID, w.patient.Today(), now, now, now, now)
		return err
	}); err != nil {
		panic(err)
	}
}

// listed returns the ids of a list of the patient.
func (w *world) listed(path string) (ids []string) { return w.listedBy(w.patient.Token(), path) }

func (w *world) listedBy(token, path string) (ids []string) {
	var list struct{ Data []struct{ ID string } }
	if err := json.Unmarshal(w.Call("GET", path, token, nil).Body, &list); err != nil {
		panic(err)
	}
	for _, record := range list.Data {
		ids = append(ids, record.ID)
	}
	return ids
}

// publishes publishes an ordinary program.
func (w *world) publishes(perWeek int) {
	w.clears()
	w.own.Publishes(w.patient, perWeek)
}

// clears decides what a safety review waits for.
func (w *world) clears() {
	for _, report := range w.listedBy(w.own.Token(), w.at("/safety-reports")) {
		w.Call("POST", w.at("/safety-reports/"+report+"/decisions"), w.own.Token(),
			map[string]any{"id": w.NewID(), "decision": "cleared", "note": "Gezien."})
	}
}

// renewChange makes a rule propose a step down, or apply it: an exercise hurt too much twice.
func (w *world) renewChange(applied bool) {
	w.must(w.Call("PUT", w.at("/progression-settings"), w.own.Token(), map[string]any{"auto_progress": applied}), 200)
	w.publishes(7)
	w.Clock.Advance(8 * 24 * time.Hour)
	for range 2 {
		body := w.patient.SessionBody(w.Clock.Now().Add(-time.Minute))
		for _, item := range body["items"].([]any) {
			item.(map[string]any)["pain"] = 9
		}
		w.must(w.Call("POST", "/v1/me/sessions", w.patient.Token(), body))
	}
	if err := w.App.Jobs.Sweep(context.Background()); err != nil {
		panic(err)
	}
	w.change = first(w.Call("GET", w.at("/progressions"), w.own.Token(), nil), "")
	n := w.patient.FullSession(w.Clock.Now().Add(-time.Hour), 2, 2)
	w.patient.Logs(n, http.StatusCreated)
	w.session = n.ID
}

func (w *world) renewIntake() {
	w.must(w.Call(
		"PUT", "/v1/me/intake/answers", w.patient.Token(),
		testkit.Yes(testkit.Answers(map[string]any{"phq2_mood": 3}), "pregnancy"),
	), 200)
	w.must(w.Call("POST", "/v1/me/intake/submissions", w.patient.Token(), map[string]any{"id": w.NewID()}))
	w.must(w.Call("PUT", "/v1/me/intake/answers", w.patient.Token(), testkit.Answers(nil)), 200)
	w.report = first(w.Call("GET", w.at("/safety-reports"), w.own.Token(), nil), "")
	w.proposal = w.NewID()
	w.must(w.Call("POST", w.at("/program-proposals"), w.own.Token(), map[string]any{"id": w.proposal}))
	w.alert = first(w.Call("GET", "/v1/alerts?state=open&state=snoozed", w.own.Token(), nil), "mood")
}

func (w *world) at(path string) string { return "/v1/patients/" + string(w.patient.ID) + path }

// first returns the id of the first record of a list, of a kind if that is given.
func first(a testkit.Answer, kind string) string {
	var list struct {
		Data []struct{ ID, Kind string }
	}
	if err := json.Unmarshal(a.Body, &list); err != nil {
		panic(err)
	}
	for _, record := range list.Data {
		if kind == "" || record.Kind == kind {
			return record.ID
		}
	}
	panic("fixture: the list is empty")
}

func (w *world) must(a testkit.Answer, status ...int) {
	if !slices.Contains(append(status, http.StatusCreated), a.Status) {
		panic(fmt.Sprintf("fixture: %d %s", a.Status, a.Body))
	}
}
