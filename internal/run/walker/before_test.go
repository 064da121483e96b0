package walker_test

import (
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/run/testkit"
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
		w.first(
			w.touched, "POST", "/v1/me/check-ins",
			w.fresh(body{"local_date": w.day(-1, 0), "new_signs": []string{sign}}),
		)
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

// undecided is a proposal that waits for a decision.
func (w *walk) undecided() string {
	w.proposedBefore()
	for _, p := range w.listed(w.own, w.at("/program-proposals")) {
		if p.Decision == nil {
			return p.ID
		}
	}
	return w.NewID()
}

// answeredBefore has the first module answered first.
func (w *walk) answeredBefore() {
	if !w.oneIn(2, "answered before") {
		w.first(w.touched, "PUT", "/v1/me/modules/1/response", w.fresh(body{"text": "Begrepen.", "submit": true}))
	}
}

// draftedBefore has a draft saved first.
func (w *walk) draftedBefore() {
	if !w.oneIn(2, "drafted before") {
		w.first(w.own, "PUT", w.at("/program-draft"), body{"items": w.items()}, w.draftTag()...)
	}
}

// remindedBefore is a reminder of the last day, for which hours may have to pass.
func (w *walk) remindedBefore() string {
	for range 30 {
		w.Clock.Advance(time.Hour)
		w.Sweep()
		for _, r := range slices.Backward(w.listed(w.touched, "/v1/me/reminders")) {
			if r.State == "sent" && w.Clock.Now().Sub(r.DueAt) < 12*time.Hour {
				return r.ID
			}
		}
	}
	return w.NewID()
}

// trains is an act of its own as well.
func (w *walk) trains() {
	w.trainsDaily(pick(w, "pain", 1, 8))
	w.succeeded()
}

// trainsDaily lets days pass on each of which everything was done that was asked, with as much pain: rules make harder
// what was easy, and lighter what hurt. Somebody whose program stands still does nothing.
func (w *walk) trainsDaily(pain int) {
	for range w.number("days", 8, 12) {
		s := w.wholeSession(pain)
		if len(s["items"].([]any)) > 0 {
			w.asks(w.touched, "POST", "/v1/me/sessions", s)
		}
		w.Clock.Advance(24 * time.Hour)
		w.asks(w.touched, "PUT", "/v1/me/sessions/"+s["id"].(string)+"/aftermath", body{"settled": true})
		w.Sweep()
	}
	w.tell("with pain of %d, to %s", pain, w.Clock.Now().Format(time.RFC3339))
	w.stored = w.digest()
}

// wholeSession is all that today asks.
func (w *walk) wholeSession(pain int) body {
	today, done := w.today(), []any{}
	for _, i := range today.Items {
		done = append(done, wholly(i.Item, pain))
	}
	at := w.Clock.Now().In(w.touched.Zone)
	return w.fresh(body{
		"performed_at": at, "time_zone": w.touched.Zone.String(), "local_date": localtime.DateOf(at),
		"status": "completed", "items": done, "pain_before": 1, "pain_after": pain, "confidence": 9,
		"new_signs": []string{}, "program_version_id": today.ProgramVersionID,
	})
}

// wholly is an exercise as it was asked.
func wholly(item client.ProgramItem, pain int) body {
	done := body{"item_id": item.ID, "pain": pain, "difficulty": 2, "could_do_more": true}
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

// changedBefore is a change that rules made or would make, in one of some states, after
// days of training where there was none.
func (w *walk) changedBefore(who person, path string, states ...string) string {
	found := w.some(who, path, states...)
	if found.State == "" {
		w.first(w.own, "PUT", w.at("/progression-settings"), body{"auto_progress": states[0] == "applied"})
		w.trainsDaily(pick(w, "pain", 1, 8))
		found = w.some(who, path, states...)
	}
	return found.ID
}
