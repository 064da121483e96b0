package walker_test

import (
	"encoding/json"
	"time"

	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/wish"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// patientActs are what patients do with their phones.
var patientActs = []act{
	{"patient fills in the intake", func(w *walk) { w.sends(w.touched, "PUT", "/v1/me/intake/answers", w.answers()) }},
	{"patient submits the intake", (*walk).submits},
	{"patient logs a session", (*walk).logsSession},
	{"patient logs a session once more", (*walk).logsAgain},
	{"patient corrects a session", (*walk).correctsSession},
	{"patient trains daily", (*walk).trains},
	{"patient deletes a session", func(w *walk) {
		w.sends(w.touched, "DELETE", "/v1/me/sessions/"+w.loggedBefore(), nil)
	}},
	{"patient notes a correction", func(w *walk) {
		path := "/v1/me/sessions/" + w.some(w.touched, "/v1/me/sessions").ID + "/corrections"
		w.sends(w.touched, "POST", path, w.fresh(body{"text": w.text("text")}))
	}},
	{"patient says how pain settled", func(w *walk) {
		path := "/v1/me/sessions/" + w.some(w.touched, "/v1/me/sessions").ID + "/aftermath"
		w.sends(w.touched, "PUT", path, body{"settled": w.oneIn(2, "settled")})
	}},
	{"patient names a barrier", func(w *walk) {
		what := pick(w, "barrier", barrier.All()...)
		w.sends(
			w.touched, "POST", "/v1/me/barrier-reports",
			w.fresh(body{"local_date": w.day(-5, 1), "barrier": what, "note": w.maybeText()}),
		)
	}},
	{"patient pauses", func(w *walk) { w.sends(w.touched, "POST", "/v1/me/program-pauses", w.pause()) }},
	{"patient ends a pause", func(w *walk) {
		w.sends(w.touched, "DELETE", "/v1/me/program-pauses/"+w.some(w.touched, "/v1/me/program-pauses").ID, nil)
	}},
	{"patient declares a flare", func(w *walk) {
		w.sends(
			w.touched, "POST", "/v1/me/flares",
			w.fresh(body{"days": w.number("days", 3, 7), "new_signs": w.newSigns()}),
		)
	}},
	{"patient ends a flare", func(w *walk) {
		w.sends(w.touched, "DELETE", "/v1/me/flares/"+w.some(w.touched, "/v1/me/flares").ID, nil)
	}},
	{"patient wants it lighter", func(w *walk) {
		w.sends(w.touched, "POST", "/v1/me/lighter-programs", w.fresh(body{"kind": pick(w, "kind", "half", "short")}))
	}},
	{"patient ends what is lighter", func(w *walk) {
		w.sends(w.touched, "DELETE", "/v1/me/lighter-programs/"+w.some(w.touched, "/v1/me/lighter-programs").ID, nil)
	}},
	{"patient swaps an exercise", (*walk).swaps},
	{"patient checks in", func(w *walk) {
		w.sends(w.touched, "POST", "/v1/me/check-ins",
			w.fresh(body{"local_date": w.day(-3, 0), "new_signs": w.newSigns(),
				"nprs_avg24": w.score("average"), "nprs_worst": w.score("worst")}))
	}},
	{"patient answers a questionnaire", (*walk).answersQuestionnaire},
	{"patient answers a module", func(w *walk) {
		path := "/v1/me/modules/" + pick(w, "module", "1", "1", "2", "3", "8") + "/response"
		w.sends(w.touched, "PUT", path, w.fresh(body{"text": w.text("text"), "submit": w.oneIn(2, "submit")}))
	}},
	{"patient plans a valued activity", func(w *walk) {
		w.sends(
			w.touched, "PUT", "/v1/me/valued-activities/"+w.NewID(),
			body{"activity": "Koffie met <buren>", "planned_on": w.day(-1, 6)},
		)
	}},
	{"patient sends activity", (*walk).sendsActivity},
	{"patient withdraws activity", func(w *walk) {
		w.sends(w.touched, "DELETE", "/v1/me/activity?source="+pick(w, "source", "manual", "healthkit"), nil)
	}},
	{"patient tells of a recurrence", (*walk).tellsRecurrence},
	{"patient reports an adverse event", func(w *walk) {
		w.sends(w.touched, "POST", "/v1/me/adverse-events",
			w.fresh(body{"local_date": w.day(-9, 0), "site": pick(w, "site", "foot", "hip"),
				"related": pick(w, "related", "yes", "no", "unknown"), "days_affected": w.number("days", 0, 9)}))
	}},
	{"patient changes preferences", (*walk).changesPreferences},
	{"patient makes an action plan", func(w *walk) {
		plan := body{"after": "de koffie", "exercises": w.number("exercises", 1, 4)}
		if w.oneIn(2, "at a time") {
			plan = body{"at": pick(w, "at", "08:30", "21:00"), "exercises": 2}
		}
		w.sends(w.touched, "PUT", "/v1/me/action-plan", plan)
	}},
	{"patient opens a reminder", func(w *walk) {
		path := "/v1/me/reminders/" + w.some(w.touched, "/v1/me/reminders").ID + "/receipts"
		event := pick(w, "event", "delivered", "opened", "acted", "dismissed")
		w.sends(w.touched, "POST", path, body{"event": event, "at": w.Clock.Now()})
	}},
	{"patient snoozes a reminder", func(w *walk) {
		path := "/v1/me/reminders/" + w.remindedBefore() + "/snoozes"
		w.stored = w.digest()
		w.sends(w.touched, "POST", path, w.fresh(body{"minutes": w.number("minutes", 10, 300)}))
	}},
	{"patient asks for a change", func(w *walk) {
		why := pick(w, "why", wish.Reasons()...)
		w.sends(w.touched, "POST", "/v1/me/change-requests", w.fresh(body{"reason": why, "note": w.maybeText()}))
	}},
	{"patient undoes a step", func(w *walk) {
		w.sends(
			w.touched, "POST",
			"/v1/me/progressions/"+w.changedBefore(w.touched, "/v1/me/progressions", "applied")+"/undo", nil,
		)
	}},
	{"patient opens feedback", func(w *walk) {
		path := "/v1/me/feedback/" + w.writtenBefore() + "/receipts"
		w.sends(w.touched, "POST", path, body{"event": pick(w, "event", "delivered", "opened"), "at": w.Clock.Now()})
	}},
	{"patient stops pushes", func(w *walk) {
		path := "/v1/me/devices/" + string(w.touched.Device) + "/push-registration"
		w.sends(w.touched, "DELETE", path, nil)
		w.sends(w.touched, "PUT", path, body{"kind": "fcm", "address": "again-" + string(w.touched.ID)})
	}},
}

func (w *walk) maybeText() any {
	if w.oneIn(3, "note") {
		return w.text("text")
	}
	return nil
}

// newSigns are what is new, mostly nothing.
func (w *walk) newSigns() []string {
	if w.oneIn(10, "new") {
		return []string{pick(w, "sign", "new_numbness", "saddle_numbness", "chest_pain", "dizzy_double_vision")}
	}
	return []string{}
}

// answers are those of an intake: of somebody who is well, with some changed, now and then with a red flag.
func (w *walk) answers() body {
	changes := body{}
	for range w.number("changes", 0, 4) {
		what := pick(w, "what", "weeks", "fear", "confidence", "nprs_avg24", "phq2_mood", "recovered", "region",
			"walk_week_minutes", "radiating", "minutes")
		switch what {
		case "recovered":
			changes[what] = w.oneIn(2, "yes")
		case "region":
			changes[what] = pick(w, "region", people.Complaints()...)
		case "radiating":
			changes[what] = pick(w, "radiating", "none", "above_knee", "below_knee")
		case "phq2_mood":
			changes[what] = w.number(what, 0, 3)
		case "minutes":
			changes[what] = pick(w, what, 5, 10, 20, 30)
		default:
			changes[what] = w.number(what, 0, 10)
		}
	}
	answers := testkit.Answers(changes)
	if w.oneIn(5, "red flag") {
		question := pick(w, "question", safety.IntakeQuestions...)
		answers["signs"].(map[string]any)[string(question.Sign)] = true
	}
	return answers
}

func (w *walk) submits() {
	if w.oneIn(2, "filled in before") {
		w.asks(w.touched, "PUT", "/v1/me/intake/answers", w.answers())
		w.stored = w.digest()
	}
	w.sends(w.touched, "POST", "/v1/me/intake/submissions", w.fresh(body{}))
}

// today is what the phone shows.
func (w *walk) today() (today client.Today) {
	_ = json.Unmarshal(w.asks(w.touched, "GET", "/v1/me/today", nil).Body, &today)
	return today
}

// session is one that the patient may have done, of what today asks.
func (w *walk) session() body {
	today, done := w.today(), []any{}
	for _, i := range today.Items {
		if w.oneIn(5, "left out") {
			continue
		}
		item := body{
			"item_id":       i.Item.ID,
			"pain":          w.score("pain"),
			"difficulty":    w.score("difficulty"),
			"could_do_more": w.oneIn(2, "more"),
		}
		if i.Item.Dose.Minutes != nil {
			item["minutes"] = w.number("minutes", 0, *i.Item.Dose.Minutes+5)
		} else {
			item["sets"], item["reps"] = w.number("sets", 0, *i.Item.Dose.Sets+1), *i.Item.Dose.Reps
		}
		done = append(done, item)
	}
	minutes := w.number("minutes ago", 0, 60) * pick(w, "times", 1, 24, 24*9)
	at := w.Clock.Now().Add(-time.Duration(minutes) * time.Minute).In(w.touched.Zone)
	s := body{
		"performed_at": at, "time_zone": w.touched.Zone.String(), "local_date": localtime.DateOf(at),
		"status": "completed", "items": done, "pain_before": w.score("before"), "pain_after": w.score("after"),
		"confidence": w.score("confidence"), "note": w.maybeText(), "new_signs": w.newSigns(),
	}
	if today.ProgramVersionID != nil {
		s["program_version_id"] = *today.ProgramVersionID
	}
	if w.oneIn(5, "stopped") {
		s["status"], s["stopped_reason"] = "stopped", pick(w, "why", "pain", "time", "ill")
	}
	return s
}

func (w *walk) logsSession() { w.sends(w.touched, "POST", "/v1/me/sessions", w.fresh(w.session())) }

func (w *walk) logsAgain() {
	once := w.fresh(w.session())
	w.sends(w.touched, "POST", "/v1/me/sessions", once)
	w.sends(w.touched, "POST", "/v1/me/sessions", once)
}

func (w *walk) correctsSession() {
	content := w.fresh(w.session())
	delete(content, "id")
	w.sends(w.touched, "PUT", "/v1/me/sessions/"+w.loggedBefore(), content)
}

// pause is one of some days, which may begin before today.
func (w *walk) pause() body {
	from := w.day(-2, 5)
	until := from.AddDays(w.number("long", 0, 20))
	return w.fresh(body{"reason": pick(w, "why", program.PauseReasons()...), "start_date": from, "end_date": until})
}

func (w *walk) swaps() {
	today := w.today()
	if len(today.Items) == 0 {
		w.t.walk.Skip("nothing to swap")
	}
	item := pick(w, "item", today.Items...).Item.ID
	var offered client.ExerciseList
	answer := w.asks(w.touched, "GET", "/v1/me/program/items/"+item+"/alternatives", nil)
	_ = json.Unmarshal(answer.Body, &offered)
	exercise := "bridge"
	if len(offered.Data) > 0 {
		exercise = pick(w, "alternative", offered.Data...).Slug
	}
	w.sends(w.touched, "POST", "/v1/me/program-swaps", w.fresh(body{"item_id": item, "exercise": exercise}))
}

func (w *walk) answersQuestionnaire() {
	task := w.some(w.touched, "/v1/me/questionnaire-tasks")
	if task.Task == "" {
		task.Task, task.Questionnaire = "baseline/nprs", "nprs"
	}
	var form client.Questionnaire
	_ = json.Unmarshal(w.asks(w.touched, "GET", "/v1/questionnaires/"+task.Questionnaire, nil).Body, &form)
	answers := body{}
	for _, item := range form.Items {
		answers[item.Key] = w.number("answer", item.Minimum, item.Maximum)
	}
	w.sends(w.touched, "POST", "/v1/me/questionnaire-responses", w.fresh(body{"task": task.Task, "answers": answers}))
}

func (w *walk) sendsActivity() {
	end := w.Clock.Now().Add(-time.Duration(w.number("hours ago", 0, 60)) * time.Hour)
	long := w.number("minutes", 1, 90)
	record := body{"kind": "walk", "source": pick(w, "source", "manual", "healthkit"), "external_id": w.NewID(),
		"version": 1, "minutes": long, "start_at": end.Add(-time.Duration(long) * time.Minute), "end_at": end}
	if w.oneIn(2, "steps") {
		delete(record, "minutes")
		record["kind"], record["count"] = "steps", long*100
	}
	w.sends(w.touched, "POST", "/v1/me/activity-batches", body{"items": []any{record}})
}

func (w *walk) tellsRecurrence() {
	check := body{"local_date": w.day(-2, 0), "new_episode": false}
	if w.oneIn(2, "again") {
		check["new_episode"], check["onset_on"], check["limited"] = true, w.day(-6, 0), w.oneIn(2, "limited")
		check["nprs_avg"] = w.score("average")
	}
	w.sends(w.touched, "POST", "/v1/me/recurrence-checks", w.fresh(check))
}

func (w *walk) changesPreferences() {
	found := w.asks(w.touched, "GET", "/v1/me/preferences", nil)
	var preferences map[string]any
	_ = json.Unmarshal(found.Body, &preferences)
	preferences["language"] = pick(w, "language", languages...)
	preferences["time_zone"] = pick(
		w, "zone", "Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati",
	)
	reminders := preferences["reminders"].(map[string]any)
	reminders["push_consent"], reminders["max_per_week"] = !w.oneIn(5, "no pushes"), w.number("a week", 0, 7)
	reminders["anchor_time"] = pick(w, "anchor", "07:00", "12:30", "19:45")
	w.sends(w.touched, "PUT", "/v1/me/preferences", preferences, "If-Match", found.Header.Get("ETag"))
}
