package walker_test

import (
	"encoding/json"
	"time"

	"cadans/internal/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// What has to come before an act, for it to succeed, is rarely there by chance. So half of the time it is done first.

// first does something that an act needs, whether or not it succeeds.
func (w *walk) first(who person, method, path string, b body, headers ...string) testkit.Answer {
	answer := w.asks(who, method, path, b, headers...)
	w.tell("first %s %s → %d %s", method, path, answer.Status, answer.Problem().Code)
	w.stored = w.digest()
	return answer
}

// loggedBefore is a session that the patient has just logged, or one of long ago.
func (w *walk) loggedBefore() string {
	if w.oneIn(2, "just logged") {
		return w.some(w.touched, "/v1/me/sessions").ID
	}
	s := w.fresh(w.session())
	w.first(w.touched, "POST", "/v1/me/sessions", s)
	return s["id"].(string)
}

// writtenBefore is feedback that the patient has just received, or some of before.
func (w *walk) writtenBefore() string {
	if w.oneIn(2, "just written") {
		return w.some(w.touched, "/v1/me/feedback").ID
	}
	message := w.fresh(body{"about": "program", "text": "Ging goed."})
	w.first(w.own, "POST", w.at("/feedback"), message)
	return message["id"].(string)
}

// signsBefore lets the patient tell of a sign first, so that there is something to decide about.
func (w *walk) signsBefore() {
	if !w.oneIn(2, "no sign") {
		sign := pick(w, "sign", "saddle_numbness", "chest_pain", "new_weakness")
		w.first(w.touched, "POST", "/v1/me/check-ins", w.fresh(body{"local_date": w.day(-1, 0), "new_signs": []string{sign}}))
	}
}

// proposedBefore has a program proposed from an intake of today first.
func (w *walk) proposedBefore() {
	if w.oneIn(2, "proposed before") {
		return
	}
	w.first(w.own, "PUT", w.at("/intake/answers"), testkit.Answers(nil))
	w.first(w.own, "POST", w.at("/intake/submissions"), w.fresh(body{}))
	w.first(w.own, "POST", w.at("/program-proposals"), w.fresh(body{}))
}

// trains lets days pass on each of which everything was done that was asked, with ease: what rules make harder. Somebody whose program
// stands still does nothing.
func (w *walk) trains() {
	for range w.number("days", 5, 12) {
		if easy := w.easySession(); len(easy["items"].([]any)) > 0 {
			w.asks(w.touched, "POST", "/v1/me/sessions", w.fresh(easy))
		}
		w.Clock.Advance(24 * time.Hour)
		w.Sweep()
	}
	w.tell("to %s", w.Clock.Now().Format(time.RFC3339))
	w.succeeded()
	w.stored = w.digest()
}

// easySession is all that today asks, done without pain.
func (w *walk) easySession() body {
	today, done := w.today(), []any{}
	for _, i := range today.Items {
		done = append(done, easily(i.Item))
	}
	at := w.Clock.Now().In(w.touched.Zone)
	return body{
		"performed_at": at, "time_zone": w.touched.Zone.String(), "local_date": localtime.DateOf(at), "status": "completed", "items": done,
		"pain_before": 1, "pain_after": 1, "confidence": 9, "new_signs": []string{}, "program_version_id": today.ProgramVersionID,
	}
}

func easily(item client.ProgramItem) body {
	done := body{"item_id": item.ID, "pain": 1, "difficulty": 2, "could_do_more": true}
	encoded, _ := json.Marshal(item.Dose)
	var dose body
	_ = json.Unmarshal(encoded, &dose)
	for _, part := range []string{"sets", "reps", "minutes"} {
		if dose[part] != nil {
			done[part] = dose[part]
		}
	}
	return done
}

// changedBefore is a change that rules made or would make, in one of some states, after easy days where there was none.
func (w *walk) changedBefore(who person, path string, states ...string) string {
	found := w.some(who, path, states...)
	if found.State == "" {
		w.first(w.own, "PUT", w.at("/progression-settings"), body{"auto_progress": states[0] == "applied"})
		w.trains()
		found = w.some(who, path, states...)
	}
	return found.ID
}
