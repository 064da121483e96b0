package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/access"
	"cadans/internal/database"
	"cadans/internal/testkit"
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
	etag                       string
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
	w.patient, w.other = w.own.NewPatient("Canary Patientnaam", "Europe/Amsterdam"), w.colleague.NewPatient("B. Anders", "Europe/Amsterdam")
	w.own.Publishes(w.patient, 5)
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
	w.must(w.Call("POST", w.at("/feedback"), w.own.Token(), map[string]any{"id": w.feedback, "about": "program", "text": "Goed bezig."}))
	w.must(w.Call("POST", "/v1/pairings", w.own.Token(), map[string]any{"id": w.pairing, "patient_id": w.patient.ID}))
	if strings.Contains(operation, "Intake") || strings.Contains(operation, "Safety") || strings.Contains(operation, "Alert") ||
		strings.Contains(operation, "Propos") {
		w.renewIntake()
	}
	switch operation {
	case "getProgramDraft", "saveProgramDraft", "publishProgramDraft":
		w.Call("DELETE", w.at("/program-draft"), w.own.Token(), nil)
		saved := w.Call("PUT", w.at("/program-draft"), w.own.Token(), map[string]any{"items": []any{newItem(w.System, "bridge", 2, 8, 2)}})
		w.must(saved, 200)
		w.draft = saved.Header.Get("ETag")
	case "archiveTemplate":
		w.template = w.NewID()
		w.must(w.Call("PUT", "/v1/program-templates/"+w.template, w.own.Token(), map[string]any{"name": "x", "items": []any{map[string]any{"core": true,
			"item": newItem(w.System, "bridge", 2, 8, 2)}}}))
	case "getMedia":
		var m client.MediaBody
		sent := w.Call("POST", "/v1/practice/media", w.own.Token(), testkit.Picture(), "Content-Type", "application/octet-stream")
		w.must(sent)
		_ = json.Unmarshal(sent.Body, &m)
		w.media = m.Hash
	case "getOwnExercise", "archiveExercise":
		w.exercise = w.NewID()
		w.must(w.Call("PUT", "/v1/practice/exercises/"+w.exercise, w.own.Token(), ownExercise))
	case "getRiskProfile":
		w.must(w.Call("POST", w.at("/risk-profile"), w.own.Token(), map[string]any{"id": w.NewID(), "risk": "low", "source": "therapist"}))
	case "answerModule":
		w.must(w.Call("PUT", "/v1/me/modules/1/response", w.patient.Token(), map[string]any{"id": w.moduleResponse, "text": "Canary", "submit": true}), 200)
	case "getWalkingPlan", "getMyWalkingPlan":
		w.must(w.Call("POST", w.at("/walking-plan"), w.own.Token(), map[string]any{"id": w.NewID(), "week_minutes": 60, "comfortable_minutes": 30}))
	case "decideProgression", "undoProgression":
		w.renewChange(operation == "undoProgression")
	case "closeChangeRequest":
		w.wish = w.NewID()
		w.must(w.Call("POST", "/v1/me/change-requests", w.patient.Token(), map[string]any{"id": w.wish, "reason": "hurts"}))
	case "getActionPlan":
		w.must(w.Call("PUT", "/v1/me/action-plan", w.patient.Token(), map[string]any{"after": "Canary", "exercises": 2}), 200)
	case "recordReminderReceipt", "snoozeReminder":
		w.renewReminder()
	case "endLighterProgram", "chooseLighterProgram":
		for _, lighter := range w.listed("/v1/me/lighter-programs") {
			w.Call("DELETE", "/v1/me/lighter-programs/"+lighter, w.patient.Token(), nil)
		}
		for _, flare := range w.listed("/v1/me/flares") {
			w.Call("DELETE", "/v1/me/flares/"+flare, w.patient.Token(), nil)
		}
		w.own.Publishes(w.patient, 5)
		if w.lighter = w.NewID(); operation == "endLighterProgram" {
			w.must(w.Call("POST", "/v1/me/lighter-programs", w.patient.Token(), map[string]any{"id": w.lighter, "kind": "half"}))
		}
	case "endFlare":
		w.flare = w.NewID()
		for _, flare := range w.listed("/v1/me/flares") {
			w.Call("DELETE", "/v1/me/flares/"+flare, w.patient.Token(), nil)
		}
		w.must(w.Call("POST", "/v1/me/flares", w.patient.Token(), map[string]any{"id": w.flare, "days": 3, "new_signs": []string{}}))
	}
	if slices.Contains([]string{"adjustProgram", "completeProgram", "swapExercise", "listAlternatives"}, operation) {
		w.own.Publishes(w.patient, 5) // a program to change
		w.item, w.swap = w.patient.Version.Items[2].ID, "pelvic-tilt-lying"
	}
	w.etag = w.Call("GET", w.at("/program-versions"), w.own.Token(), nil).Header.Get("ETag")
}

// renewReminder makes a reminder that was sent.
func (w *world) renewReminder() {
	w.reminder = w.NewID()
	if err := w.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		if _, err := tx.Exec("UPDATE reminder_slots SET local_date = id WHERE patient_id = ?", w.patient.ID); err != nil { // out of the way
			return err
		}
		now := database.At(tx.Now())
		_, err := tx.Exec(`INSERT INTO reminder_slots (id, patient_id, local_date, kind, state, reason, policy, decided_at, due_at, expires_at, sent_at)
			VALUES (?, ?, ?, 'lapse', 'sent', 'due', 2, ?, ?, ?, ?) `,
			w.reminder, w.patient.ID, w.patient.Today(), now, now, now, now)
		return err
	}); err != nil {
		panic(err)
	}
}

// listed returns the ids of a list of the patient.
func (w *world) listed(path string) (ids []string) {
	var list struct{ Data []struct{ ID string } }
	if err := json.Unmarshal(w.Call("GET", path, w.patient.Token(), nil).Body, &list); err != nil {
		panic(err)
	}
	for _, record := range list.Data {
		ids = append(ids, record.ID)
	}
	return ids
}

// renewChange makes a rule propose a step down, or apply it: an exercise hurt too much twice.
func (w *world) renewChange(applied bool) {
	w.must(w.Call("PUT", w.at("/progression-settings"), w.own.Token(), map[string]any{"auto_progress": applied}), 200)
	w.own.Publishes(w.patient, 7)
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
	w.must(w.Call("PUT", "/v1/me/intake/answers", w.patient.Token(), testkit.Yes(testkit.Answers(map[string]any{"phq2_mood": 3}), "pregnancy")), 200)
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

type request struct {
	method, path string
	body         any
	headers      []string
}

// requests is one valid request for every operation, about the patient.
func (w *world) requests() map[string]request {
	day := w.patient.Today().String()
	later := w.patient.Today().AddDays(200).String()
	session := w.patient.SessionBody(w.Clock.Now().Add(-time.Minute))
	content := maps.Clone(session)
	delete(content, "id")
	content["pain_after"] = 9
	device := string(w.patient.Device)
	version := map[string]any{"id": w.NewID(), "effective_from": day, "items": []any{map[string]any{
		"id": w.NewID(), "exercise": "bridge", "dose": map[string]any{"sets": 2, "reps": 8},
		"schedule": map[string]any{"kind": "fixed_days", "days": []string{"mon"}},
	}}}
	planned := w.NewID()
	w.planned = append(w.planned, planned)
	pause := map[string]any{"id": planned, "reason": "illness", "start_date": later, "end_date": later}
	preferences := w.Call("GET", "/v1/me/preferences", w.patient.Token(), nil)
	return map[string]request{
		"redeemPairing": {"POST", "/v1/auth/pairing-redemptions", map[string]any{
			"code": "0000-0000-00000", "birth_year": 1971, "device": map[string]any{"name": "x", "platform": "ios"}}, nil},
		"logIn":                  {"POST", "/v1/auth/sessions", map[string]any{"email": "nobody@praktijk.example", "password": "x"}, nil},
		"refreshTokens":          {"POST", "/v1/auth/token-refreshes", map[string]any{"refresh_token": "aaaaaaaaaaaaaaaaaaaaaaaaa"}, nil},
		"getMe":                  {"GET", "/v1/me", nil, nil},
		"listExercises":          {"GET", "/v1/exercises", nil, nil},
		"getExercise":            {"GET", "/v1/exercises/bridge", nil, nil},
		"getPreferences":         {"GET", "/v1/me/preferences", nil, nil},
		"putPreferences":         {"PUT", "/v1/me/preferences", preferences.Body, []string{"If-Match", preferences.Header.Get("ETag")}},
		"listMyDevices":          {"GET", "/v1/me/devices", nil, nil},
		"putPushRegistration":    {"PUT", "/v1/me/devices/" + device + "/push-registration", map[string]any{"kind": "fcm", "address": "a"}, nil},
		"deletePushRegistration": {"DELETE", "/v1/me/devices/" + device + "/push-registration", nil, nil},
		"getToday":               {"GET", "/v1/me/today", nil, nil},
		"getMyProgram":           {"GET", "/v1/me/program", nil, nil},
		"logSession":             {"POST", "/v1/me/sessions", session, nil},
		"listMySessions":         {"GET", "/v1/me/sessions?limit=1", nil, nil},
		"getMySession":           {"GET", "/v1/me/sessions/" + w.session, nil, nil},
		"correctSession":         {"PUT", "/v1/me/sessions/" + w.session, content, nil},
		"deleteSession":          {"DELETE", "/v1/me/sessions/" + w.session, nil, nil},
		"addCorrectionNote":      {"POST", "/v1/me/sessions/" + w.oldSession + "/corrections", map[string]any{"id": w.NewID(), "text": "Het waren 2 sets."}, nil},
		"reportBarrier":          {"POST", "/v1/me/barrier-reports", map[string]any{"id": w.NewID(), "local_date": day, "barrier": "time"}, nil},
		"listMyPauses":           {"GET", "/v1/me/program-pauses", nil, nil},
		"pauseMyProgram":         {"POST", "/v1/me/program-pauses", pause, nil},
		"endMyPause":             {"DELETE", "/v1/me/program-pauses/" + w.pause, nil, nil},
		"getProgress":            {"GET", "/v1/me/progress", nil, nil},
		"listMyFeedback":         {"GET", "/v1/me/feedback", nil, nil},
		"getActionPlan":          {"GET", "/v1/me/action-plan", nil, nil},
		"saveActionPlan":         {"PUT", "/v1/me/action-plan", map[string]any{"after": "Canary", "exercises": 2}, nil},
		"listMyReminders":        {"GET", "/v1/me/reminders", nil, nil},
		"recordReminderReceipt":  {"POST", "/v1/me/reminders/" + w.reminder + "/receipts", map[string]any{"event": "opened", "at": "2026-03-10T09:00:00Z"}, nil},
		"snoozeReminder":         {"POST", "/v1/me/reminders/" + w.reminder + "/snoozes", map[string]any{"id": w.NewID(), "minutes": 60}, nil},
		"getReminderEffects":     {"GET", "/v1/practice/reminder-effects", nil, nil},
		"recordFeedbackReceipt":  {"POST", "/v1/me/feedback/" + w.feedback + "/receipts", map[string]any{"event": "opened", "at": "2026-03-10T09:00:00Z"}, nil},
		"getIntakeForm":          {"GET", "/v1/intake-form", nil, nil},
		"getMyIntake":            {"GET", "/v1/me/intake", nil, nil},
		"saveMyIntake":           {"PUT", "/v1/me/intake/answers", testkit.Answers(nil), nil},
		"submitMyIntake":         {"POST", "/v1/me/intake/submissions", map[string]any{"id": w.NewID()}, nil},
		"checkIn":                {"POST", "/v1/me/check-ins", map[string]any{"id": w.NewID(), "local_date": day, "new_signs": []string{}}, nil},
		"getPatientIntake":       {"GET", w.at("/intake"), nil, nil},
		"savePatientIntake":      {"PUT", w.at("/intake/answers"), testkit.Answers(nil), nil},
		"submitPatientIntake":    {"POST", w.at("/intake/submissions"), map[string]any{"id": w.NewID()}, nil},
		"listIntakes":            {"GET", w.at("/intakes"), nil, nil},
		"listSafetyReports":      {"GET", w.at("/safety-reports"), nil, nil},
		"decideSafetyReport": {"POST", w.at("/safety-reports/" + w.report + "/decisions"), map[string]any{
			"id": w.NewID(), "decision": "cleared", "note": "Onderzocht."}, nil},
		"listAlerts": {"GET", "/v1/alerts?state=all", nil, nil},
		"adjustProgram": {"POST", w.at("/program-adjustments"), map[string]any{"id": w.NewID(), "changes": []any{
			map[string]any{"item_id": w.item, "kind": "regress"}}}, []string{"If-Match", w.etag}},
		"completeProgram":        {"POST", w.at("/program-completions"), map[string]any{"id": w.NewID()}, []string{"If-Match", w.etag}},
		"endPatientPause":        {"DELETE", w.at("/program-pauses/" + w.pause), nil, nil},
		"listAlternatives":       {"GET", "/v1/me/program/items/" + w.item + "/alternatives", nil, nil},
		"swapExercise":           {"POST", "/v1/me/program-swaps", map[string]any{"id": w.NewID(), "item_id": w.item, "exercise": w.swap}, nil},
		"setAftermath":           {"PUT", "/v1/me/sessions/" + w.session + "/aftermath", map[string]any{"settled": true}, nil},
		"listProgressions":       {"GET", w.at("/progressions"), nil, nil},
		"listMyProgressions":     {"GET", "/v1/me/progressions", nil, nil},
		"decideProgression":      {"PUT", w.at("/progressions/" + w.change + "/decision"), map[string]any{"outcome": "refused", "reason": "Nog even niet."}, nil},
		"undoProgression":        {"POST", "/v1/me/progressions/" + w.change + "/undo", nil, nil},
		"getProgressionSettings": {"GET", w.at("/progression-settings"), nil, nil},
		"setProgressionSettings": {"PUT", w.at("/progression-settings"), map[string]any{"auto_progress": false}, nil},
		"declareFlare":           {"POST", "/v1/me/flares", map[string]any{"id": w.NewID(), "days": 3, "new_signs": []string{}}, nil},
		"endFlare":               {"DELETE", "/v1/me/flares/" + w.flare, nil, nil},
		"chooseLighterProgram":   {"POST", "/v1/me/lighter-programs", map[string]any{"id": w.lighter, "kind": "half"}, nil},
		"endLighterProgram":      {"DELETE", "/v1/me/lighter-programs/" + w.lighter, nil, nil},
		"listMyLighterPrograms":  {"GET", "/v1/me/lighter-programs", nil, nil},
		"listMyPrompts":          {"GET", "/v1/me/prompts?kind=weekly", nil, nil},
		"listMyFlares":           {"GET", "/v1/me/flares", nil, nil},
		"listPatientFlares":      {"GET", w.at("/flares"), nil, nil},
		"storeActivity": {"POST", "/v1/me/activity-batches", map[string]any{"items": []any{map[string]any{"kind": "steps", "source": "manual",
			"external_id": w.NewID(), "version": 1, "count": 10, "start_at": "2026-03-03T09:00:00Z", "end_at": "2026-03-03T10:00:00Z"}}}, nil},
		"listMyActivity":              {"GET", "/v1/me/activity", nil, nil},
		"withdrawActivity":            {"DELETE", "/v1/me/activity?source=manual", nil, nil},
		"listPatientActivity":         {"GET", w.at("/activity"), nil, nil},
		"startWalkingPlan":            {"POST", w.at("/walking-plan"), map[string]any{"id": w.NewID(), "week_minutes": 60, "comfortable_minutes": 30}, nil},
		"getWalkingPlan":              {"GET", w.at("/walking-plan"), nil, nil},
		"getMyWalkingPlan":            {"GET", "/v1/me/walking-plan", nil, nil},
		"reportRecurrence":            {"POST", "/v1/me/recurrence-checks", map[string]any{"id": w.NewID(), "local_date": day, "new_episode": false}, nil},
		"listMyRecurrences":           {"GET", "/v1/me/recurrence-checks", nil, nil},
		"listRecurrences":             {"GET", w.at("/recurrence-checks"), nil, nil},
		"reportAdverseEvent":          {"POST", "/v1/me/adverse-events", map[string]any{"id": w.NewID(), "local_date": day, "site": "foot", "related": "no"}, nil},
		"listMyModules":               {"GET", "/v1/me/modules", nil, nil},
		"respondToModule":             {"PUT", "/v1/me/modules/2/response", map[string]any{"id": w.NewID(), "text": "Canary", "submit": false}, nil},
		"listPatientModules":          {"GET", w.at("/modules"), nil, nil},
		"answerModule":                {"PUT", w.at("/modules/1/feedback"), map[string]any{"text": "Mooi."}, nil},
		"listEducationCards":          {"GET", "/v1/education-cards", nil, nil},
		"listValuedActivities":        {"GET", "/v1/me/valued-activities", nil, nil},
		"saveValuedActivity":          {"PUT", "/v1/me/valued-activities/" + w.NewID(), map[string]any{"activity": "Koffie", "planned_on": day}, nil},
		"listPatientValuedActivities": {"GET", w.at("/valued-activities"), nil, nil},
		"getQuestionnaire":            {"GET", "/v1/questionnaires/nprs", nil, nil},
		"listQuestionnaireTasks":      {"GET", "/v1/me/questionnaire-tasks", nil, nil},
		"answerQuestionnaire":         {"POST", "/v1/me/questionnaire-responses", map[string]any{"id": w.NewID(), "task": w.task, "answers": map[string]any{"average": 3, "worst": 4}}, nil},
		"listScores":                  {"GET", w.at("/scores"), nil, nil},
		"importScore": {"POST", w.at("/scores"), map[string]any{"id": w.NewID(), "instrument": "odi", "version": "2", "local_date": day, "score_tenths": 100,
			"min_tenths": 0, "max_tenths": 1000, "direction": "lower_is_better", "source": "paper"}, nil},
		"getProgramDraft":     {"GET", w.at("/program-draft"), nil, nil},
		"saveProgramDraft":    {"PUT", w.at("/program-draft"), map[string]any{"items": []any{}}, []string{"If-Match", w.draft}},
		"discardProgramDraft": {"DELETE", w.at("/program-draft"), nil, nil},
		"publishProgramDraft": {"POST", w.at("/program-draft/publications"), map[string]any{"id": w.NewID()}, []string{"If-Match", w.draft}},
		"listAdaptations":     {"GET", w.at("/program-adaptations"), nil, nil},
		"getRiskProfile":      {"GET", w.at("/risk-profile"), nil, nil},
		"setRiskProfile":      {"POST", w.at("/risk-profile"), map[string]any{"id": w.NewID(), "risk": "low", "source": "therapist"}, nil},
		"listTemplates":       {"GET", "/v1/program-templates", nil, nil},
		"saveTemplate": {"PUT", "/v1/program-templates/" + w.NewID(), map[string]any{"name": "x", "items": []any{map[string]any{"core": true,
			"item": newItem(w.System, "bridge", 2, 8, 2)}}}, nil},
		"archiveTemplate":      {"DELETE", "/v1/program-templates/" + w.template, nil, nil},
		"getMedia":             {"GET", "/v1/media/" + w.media, nil, nil},
		"addMedia":             {"POST", "/v1/practice/media", testkit.Picture(), []string{"Content-Type", "application/octet-stream"}},
		"getOwnExercise":       {"GET", "/v1/practice/exercises/" + w.exercise, nil, nil},
		"saveExercise":         {"PUT", "/v1/practice/exercises/" + w.NewID(), ownExercise, nil},
		"archiveExercise":      {"DELETE", "/v1/practice/exercises/" + w.exercise, nil, nil},
		"getPracticeSettings":  {"GET", "/v1/practice/settings", nil, nil},
		"putPracticeSettings":  {"PUT", "/v1/practice/settings", w.settings, []string{"If-Match", "x"}},
		"proposeProgram":       {"POST", w.at("/program-proposals"), map[string]any{"id": w.NewID()}, nil},
		"listProposals":        {"GET", w.at("/program-proposals"), nil, nil},
		"decideProposal":       {"PUT", w.at("/program-proposals/" + w.proposal + "/decision"), map[string]any{"outcome": "refused", "reason": "Nu niet."}, nil},
		"listPatientAccess":    {"GET", w.at("/access-log"), nil, nil},
		"listMyAccess":         {"GET", "/v1/me/access-log", nil, nil},
		"listAuditEvents":      {"GET", "/v1/audit-events", nil, nil},
		"getPracticeMetrics":   {"GET", "/v1/practice/metrics", nil, nil},
		"streamEvents":         {"GET", "/v1/events?topic=patient:" + string(w.patient.ID), nil, nil},
		"getMyAdherence":       {"GET", "/v1/me/progress/adherence", nil, nil},
		"getMyPain":            {"GET", "/v1/me/progress/pain", nil, nil},
		"getPatientAdherence":  {"GET", w.at("/adherence"), nil, nil},
		"getPatientPain":       {"GET", w.at("/pain"), nil, nil},
		"listVisits":           {"GET", w.at("/visits"), nil, nil},
		"recordVisit":          {"POST", w.at("/visits"), map[string]any{"id": w.NewID(), "kind": "phone", "local_date": day}, nil},
		"getPatientBrief":      {"GET", w.at("/brief"), nil, nil},
		"getAlert":             {"GET", "/v1/alerts/" + w.alert, nil, nil},
		"acknowledgeAlert":     {"POST", "/v1/alerts/" + w.alert + "/acknowledgements", nil, nil},
		"acknowledgeAlerts":    {"POST", "/v1/alert-acknowledgements", map[string]any{"alert_ids": []string{w.alert}}, nil},
		"snoozeAlert":          {"POST", "/v1/alerts/" + w.alert + "/snoozes", map[string]any{"until": w.Clock.Now().Add(72 * time.Hour)}, nil},
		"reopenAlert":          {"POST", "/v1/alerts/" + w.alert + "/reopenings", nil, nil},
		"getAlertDigest":       {"GET", "/v1/alert-digest", nil, nil},
		"requestChange":        {"POST", "/v1/me/change-requests", map[string]any{"id": w.NewID(), "reason": "hurts", "note": "Canary"}, nil},
		"listMyChangeRequests": {"GET", "/v1/me/change-requests", nil, nil},
		"listChangeRequests":   {"GET", w.at("/change-requests"), nil, nil},
		"closeChangeRequest":   {"POST", w.at("/change-requests/" + w.wish + "/closures"), map[string]any{"outcome": "kept"}, nil},
		"resolveAlert":         {"POST", "/v1/alerts/" + w.alert + "/resolutions", map[string]any{"outcome": "contacted"}, nil},
		"getCaseload":          {"GET", "/v1/caseload?state=on_track&state=starting", nil, nil},
		"createPatient": {"POST", "/v1/patients", map[string]any{"id": w.NewID(), "name": "N. Nieuw", "birth_year": 1980,
			"language": "nl", "time_zone": "Europe/Amsterdam", "complaint": "neck"}, nil},
		"getPatient":            {"GET", w.at(""), nil, nil},
		"setPhase":              {"PUT", w.at("/phase"), map[string]any{"phase": "prevention"}, nil},
		"assignTherapist":       {"PUT", w.at("/therapists/" + string(w.own.ID)), nil, nil},
		"unassignTherapist":     {"DELETE", w.at("/therapists/" + w.NewID()), nil, nil},
		"getPatientSummary":     {"GET", w.at("/summary"), nil, nil},
		"listPatientSessions":   {"GET", w.at("/sessions?since=2026-01-01"), nil, nil},
		"listProgramVersions":   {"GET", w.at("/program-versions"), nil, nil},
		"publishProgramVersion": {"POST", w.at("/program-versions"), version, []string{"If-Match", w.etag}},
		"listPatientPauses":     {"GET", w.at("/program-pauses"), nil, nil},
		"pausePatientProgram":   {"POST", w.at("/program-pauses"), pause, nil},
		"listPatientFeedback":   {"GET", w.at("/feedback?limit=5"), nil, nil},
		"sendFeedback":          {"POST", w.at("/feedback"), map[string]any{"id": w.NewID(), "about": "session", "session_id": w.oldSession, "text": "Mooi."}, nil},
		"createPairing":         {"POST", "/v1/pairings", map[string]any{"id": w.NewID(), "patient_id": w.patient.ID}, nil},
		"getPairing":            {"GET", "/v1/pairings/" + w.pairing, nil, nil},
		"revokePairing":         {"DELETE", "/v1/pairings/" + w.pairing, nil, nil},
		"listMembers":           {"GET", "/v1/practice/members", nil, nil},
		"createMember": {"POST", "/v1/practice/members", map[string]any{"id": w.NewID(), "name": "N. Lid", "email": w.NewID() + "@x.example",
			"password": testkit.Password, "role": "therapist"}, nil},
		"logOut": {"DELETE", "/v1/auth/session", nil, nil},
	}
}

// What each kind of operation answers to whom, written by hand and apart from the rule table. ok is any 2xx; ownID is
// about the caller, so that another patient with this patient's id is not found.
const ok = 200

var principals = []string{"stranger", "patient", "other patient", "own therapist", "colleague", "own admin", "other practice's therapist", "other practice's admin"}

var expectations = map[string][]int{ //   stranger patient other own colleague admin otherT otherA
	"anyone":             {401, ok, ok, ok, ok, ok, ok, ok},
	"self":               {401, ok, ok, 403, 403, 403, 403, 403},
	"own practice":       {401, ok, ok, ok, ok, ok, 404, 404},
	"self, own id":       {401, ok, 404, 403, 403, 403, 403, 403},
	"self, own body":     {401, ok, 400, 403, 403, 403, 403, 403}, // names a version of this patient
	"list, own practice": {401, 403, 403, ok, ok, ok, 404, 404},
	"self, own plan":     {401, ok, 404, 403, 403, 403, 403, 403}, // the other has none
	"care":               {401, 403, 403, ok, 404, ok, 404, 404},
	"treating":           {401, 403, 403, ok, 404, 403, 404, 403},
	"practice":           {401, 403, 403, 403, 403, ok, 403, 404},
	"list":               {401, 403, 403, ok, ok, ok, ok, ok},
	"admin":              {401, 403, 403, 403, 403, ok, 403, ok},
}

var kinds = map[string]string{
	"getMe": "anyone", "listExercises": "anyone", "getExercise": "anyone", "logOut": "anyone",
	"getPreferences": "self", "putPreferences": "self", "listMyDevices": "self", "getToday": "self", "getMyProgram": "self",
	"listMySessions": "self", "reportBarrier": "self", "listMyPauses": "self", "pauseMyProgram": "self", "getProgress": "self",
	"getActionPlan": "self, own plan", "saveActionPlan": "self", "listMyReminders": "self", "recordReminderReceipt": "self, own id", "snoozeReminder": "self, own id", "getReminderEffects": "list",
	"listMyFeedback": "self", "logSession": "self, own body",
	"putPushRegistration": "self, own id", "deletePushRegistration": "self, own id", "getMySession": "self, own id",
	"correctSession": "self, own id", "deleteSession": "self, own id", "addCorrectionNote": "self, own id",
	"endMyPause": "self, own id", "recordFeedbackReceipt": "self, own id",
	"getPatient": "care", "getPatientSummary": "care", "listPatientSessions": "care", "listProgramVersions": "care",
	"listPatientPauses": "care", "listPatientFeedback": "care", "createPairing": "care", "getPairing": "care", "revokePairing": "care",
	"publishProgramVersion": "treating", "pausePatientProgram": "treating", "sendFeedback": "treating", "setPhase": "treating",
	"getIntakeForm": "anyone", "getMyIntake": "self", "saveMyIntake": "self", "checkIn": "self", "submitMyIntake": "self",
	"getPatientIntake": "care", "listIntakes": "care", "listSafetyReports": "care", "savePatientIntake": "treating",
	"submitPatientIntake": "treating", "decideSafetyReport": "treating", "resolveAlert": "treating", "listAlerts": "list",
	"listPatientAccess": "care", "listMyAccess": "self", "listAuditEvents": "admin",
	"getPracticeMetrics": "list", "streamEvents": "care", "getMyAdherence": "self", "getMyPain": "self", "getPatientAdherence": "care", "getPatientPain": "care", "listVisits": "care", "recordVisit": "treating",
	"getPatientBrief": "care", "getAlert": "care", "acknowledgeAlert": "treating", "acknowledgeAlerts": "treating", "snoozeAlert": "treating", "reopenAlert": "treating", "getAlertDigest": "list",
	"requestChange": "self", "listMyChangeRequests": "self", "listChangeRequests": "care", "closeChangeRequest": "treating",
	"listProposals": "care", "proposeProgram": "treating", "decideProposal": "treating",
	"setAftermath": "self, own id", "listMyProgressions": "self", "undoProgression": "self, own id", "declareFlare": "self",
	"chooseLighterProgram": "self", "endLighterProgram": "self, own id", "listMyLighterPrograms": "self", "listMyPrompts": "self",
	"endFlare": "self, own id", "listMyFlares": "self", "listPatientFlares": "care", "listProgressions": "care",
	"getProgressionSettings": "care", "setProgressionSettings": "treating", "decideProgression": "treating",
	"storeActivity": "self", "listMyActivity": "self", "withdrawActivity": "self", "getMyWalkingPlan": "self, own plan", "reportRecurrence": "self",
	"listMyRecurrences": "self", "reportAdverseEvent": "self", "listPatientActivity": "care", "getWalkingPlan": "care",
	"listRecurrences": "care", "startWalkingPlan": "treating",
	"listMyModules": "self", "respondToModule": "self", "listPatientModules": "care", "answerModule": "treating", "listEducationCards": "anyone",
	"listValuedActivities": "self", "saveValuedActivity": "self", "listPatientValuedActivities": "care", "getQuestionnaire": "anyone",
	"listQuestionnaireTasks": "self", "answerQuestionnaire": "self", "listScores": "care", "importScore": "treating",
	"getProgramDraft": "care", "saveProgramDraft": "treating", "discardProgramDraft": "treating", "publishProgramDraft": "treating",
	"listAdaptations": "care", "getRiskProfile": "care", "setRiskProfile": "treating", "listTemplates": "list", "saveTemplate": "list",
	"archiveTemplate": "list, own practice", "getOwnExercise": "list, own practice", "archiveExercise": "list, own practice",
	"saveExercise": "list", "addMedia": "list", "getMedia": "own practice",
	"getPracticeSettings": "list", "putPracticeSettings": "admin",
	"adjustProgram": "treating", "completeProgram": "treating", "endPatientPause": "treating",
	"listAlternatives": "self, own id", "swapExercise": "self, own body",
	"assignTherapist": "practice", "unassignTherapist": "practice",
	"getCaseload": "list", "listMembers": "list", "createPatient": "list", "createMember": "admin",
}

var public = map[string]int{"redeemPairing": 404, "logIn": 401, "refreshTokens": 401}

// Every operation of the contract is called by everybody. What is refused says nothing about the patient and stores
// nothing.
func TestEverybodyCallsEverything(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a thousand requests: make test sends them")
	}
	w := newWorld(t)
	var operations []string
	for _, item := range w.App.Contract.Document().Paths.Map() {
		for _, op := range item.Operations() {
			operations = append(operations, op.OperationID)
		}
	}
	slices.Sort(operations)
	require.Greater(t, len(operations), 40)
	operations = append(slices.DeleteFunc(operations, func(o string) bool { return o == "logOut" }), "logOut") // it ends the tokens
	for _, operation := range operations {
		if status, isPublic := public[operation]; isPublic {
			w.renew(operation)
			r := w.requests()[operation]
			require.Equal(t, status, w.Call(r.method, r.path, "", r.body).Status, operation)
			continue
		}
		kind, known := kinds[operation]
		require.True(t, known, "operation %s has no expectation in this test", operation)
		used := true // what is refused leaves the records as they are
		for i, who := range principals {
			if used && operation != "logOut" {
				w.renew(operation)
			}
			w.expect(t, operation, who, expectations[kind][i])
			used = expectations[kind][i] == ok
		}
	}
}

func (w *world) expect(t *testing.T, operation, who string, want int) {
	t.Helper()
	tokens := map[string]string{
		"patient": w.patient.Token(), "other patient": w.other.Token(), "own therapist": w.own.Token(), "colleague": w.colleague.Token(),
		"own admin": w.Admin.Token(), "other practice's therapist": w.otherTherapist.Token(), "other practice's admin": w.otherAdmin.Token(),
	}
	r := request{method: "DELETE", path: "/v1/auth/session"}
	if operation != "logOut" {
		r = w.requests()[operation]
	}
	before, logged := w.Stored(), w.accessLog()
	got := w.Call(r.method, r.path, tokens[who], r.body, r.headers...)
	for _, outcome := range []string{"allowed", "denied", "failed"} {
		require.Equal(t, rowsFor(operation, who, want)[outcome], w.accessLog()[outcome]-logged[outcome], "%s in the access log of %s by %s", outcome, operation, who)
	}
	if want == ok {
		require.True(t, got.Status >= 200 && got.Status < 300, "%s by %s: %d %s", operation, who, got.Status, got.Body)
		return
	}
	require.Equal(t, want, got.Status, "%s by %s: %s", operation, who, got.Body)
	require.NotContains(t, string(got.Body), "Canary")
	require.Equal(t, before, w.Stored(), "%s by %s was refused and stored something", operation, who)
}

// accessLog counts the rows in the log by outcome.
func (w *world) accessLog() map[string]int {
	counts := map[string]int{}
	err := w.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		outcomes, err := database.Column[string](tx, "SELECT outcome FROM access_log")
		for _, outcome := range outcomes {
			counts[outcome]++
		}
		return err
	})
	if err != nil {
		panic(err)
	}
	return counts
}

// ownExercise is an exercise of a practice's own.
var ownExercise = map[string]any{"module": "strength", "region": "neck", "name": map[string]any{"nl": "Handdoek trekken"},
	"instructions": map[string]any{"nl": "Trek rustig."}, "dose": map[string]any{"sets": 2, "reps": 8}}

// rowsFor is what one request leaves in the access log: one row where a member asked about people.
func rowsFor(operation, who string, want int) map[string]int {
	isMember := strings.Contains(who, "therapist") || strings.Contains(who, "admin") || who == "colleague"
	isTemplate := want == http.StatusNotFound && kinds[operation] == "list, own practice" // about nobody
	switch {
	case !isMember || !access.Concerns(access.Operation(operation)) && operation != "streamEvents" || isTemplate: // a stream about a patient
		return nil
	case want == ok:
		return map[string]int{"allowed": 1}
	default:
		return map[string]int{"denied": 1}
	}
}

// Fiber answers HEAD where GET is registered; the guard must stand there too.
func TestHeadIsGuardedLikeGet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, http.StatusUnauthorized, w.Call("HEAD", "/v1/caseload", "", nil).Status)
	require.Equal(t, http.StatusForbidden, w.Call("HEAD", "/v1/caseload", w.patient.Token(), nil).Status)
	require.Equal(t, http.StatusNotFound, w.Call("HEAD", w.at("/summary"), w.colleague.Token(), nil).Status)
	require.Equal(t, http.StatusOK, w.Call("HEAD", w.at("/summary"), w.own.Token(), nil).Status)
}

// Two patients may choose the same session id; neither learns of the other.
func TestTwoPatientsMayChooseTheSameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.patient.FullSession(w.Clock.Now(), 3, 3)
	w.patient.Logs(first, http.StatusCreated)
	second := w.other.FullSession(w.Clock.Now(), 5, 5)
	second.ID = first.ID
	w.other.Logs(second, http.StatusCreated)
	require.Equal(t, 3, *w.patient.Logs(first, http.StatusOK).JSON200.PainBefore)
	require.Equal(t, 5, *w.other.Logs(second, http.StatusOK).JSON200.PainBefore)
}

// A therapist whose relation ended is a stranger at once.
func TestAnEndedRelationEndsAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, http.StatusOK, w.Call("GET", w.at("/summary"), w.own.Token(), nil).Status)
	require.Equal(t, http.StatusNoContent, w.Call("DELETE", w.at("/therapists/"+string(w.own.ID)), w.Admin.Token(), nil).Status)
	require.Equal(t, http.StatusNotFound, w.Call("GET", w.at("/summary"), w.own.Token(), nil).Status)
}
