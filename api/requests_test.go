package api_test

import (
	"maps"
	"time"

	"cadans/internal/run/testkit"
)

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

// ownExercise is an exercise of a practice's own.
var ownExercise = map[string]any{"module": "strength", "region": "neck", "name": map[string]any{"nl": "Handdoek trekken"},
	"instructions": map[string]any{"nl": "Trek rustig."}, "dose": map[string]any{"sets": 2, "reps": 8}}
