package walker_test

import (
	"encoding/json"
	"slices"
	"time"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// acts are everything that people do, and time.
var acts = slices.Concat(patientActs, therapistActs, adminActs, pageActs, clockActs)

// therapistActs are what therapists do through the API.
var therapistActs = []act{
	{"therapist records a visit of today", func(w *walk) { w.visits(0, 0) }},
	{"therapist records an earlier visit", func(w *walk) { w.visits(-30, -1) }},
	{"therapist sends feedback", func(w *walk) {
		w.sends(w.own, "POST", w.at("/feedback"), w.fresh(body{"about": "program", "text": w.text("text")}))
	}},
	{"therapist has seen an alert", func(w *walk) {
		w.sends(w.own, "POST", "/v1/alerts/"+w.alert()+"/acknowledgements", nil)
	}},
	{"therapist has seen alerts", func(w *walk) {
		w.sends(w.own, "POST", "/v1/alert-acknowledgements", body{"alert_ids": []string{w.alert()}})
	}},
	{"therapist snoozes an alert", func(w *walk) {
		until := w.Clock.Now().Add(time.Duration(w.number("hours", 1, 200)) * time.Hour)
		w.sends(w.own, "POST", "/v1/alerts/"+w.alert()+"/snoozes", body{"until": until})
	}},
	{"therapist resolves an alert", func(w *walk) {
		outcome := pick(w, "outcome", "contacted", "adjusted", "no_action", "referred")
		w.sends(w.own, "POST", "/v1/alerts/"+w.alert()+"/resolutions", body{"outcome": outcome})
	}},
	{"therapist reopens an alert", func(w *walk) {
		w.sends(w.own, "POST", "/v1/alerts/"+w.alert()+"/reopenings", nil)
	}},
	{"therapist has a program proposed",
		func(w *walk) { w.sends(w.own, "POST", w.at("/program-proposals"), w.fresh(body{})) }},
	{"therapist accepts a proposal", (*walk).acceptsProposal},
	{"therapist refuses a proposal", func(w *walk) {
		path := w.at("/program-proposals/" + w.undecided() + "/decision")
		w.sends(w.own, "PUT", path, body{"outcome": "refused", "reason": w.text("why")})
	}},
	{"therapist publishes a version", func(w *walk) {
		version := w.fresh(body{"effective_from": w.day(0, 5), "items": w.items()})
		w.sends(w.own, "POST", w.at("/program-versions"), version, "If-Match", w.versionsTag())
	}},
	{"therapist adjusts the program", (*walk).adjusts},
	{"therapist completes the program", func(w *walk) {
		w.sends(w.own, "POST", w.at("/program-completions"), w.fresh(body{}), "If-Match", w.versionsTag())
	}},
	{"therapist pauses the program", func(w *walk) { w.sends(w.own, "POST", w.at("/program-pauses"), w.pause()) }},
	{"therapist ends a pause", func(w *walk) {
		w.sends(w.own, "DELETE", w.at("/program-pauses/"+w.some(w.own, w.at("/program-pauses")).ID), nil)
	}},
	{"therapist saves a draft", func(w *walk) {
		w.sends(w.own, "PUT", w.at("/program-draft"), body{"items": w.items()}, w.draftTag()...)
	}},
	{"therapist publishes the draft", func(w *walk) {
		w.draftedBefore()
		w.sends(w.own, "POST", w.at("/program-draft/publications"), w.fresh(body{}), w.draftTag()...)
	}},
	{"therapist discards the draft", func(w *walk) { w.sends(w.own, "DELETE", w.at("/program-draft"), nil) }},
	{"therapist saves a template", func(w *walk) {
		w.sends(
			w.own, "PUT", "/v1/program-templates/"+w.NewID(),
			body{"name": "Rug", "items": []any{body{"core": true, "item": w.item()}}},
		)
	}},
	{"therapist archives a template", func(w *walk) {
		w.sends(w.own, "DELETE", "/v1/program-templates/"+w.some(w.own, "/v1/program-templates").ID, nil)
	}},
	{"therapist decides about safety", func(w *walk) {
		w.signsBefore()
		path := w.at("/safety-reports/" + w.some(w.own, w.at("/safety-reports")).ID + "/decisions")
		w.sends(
			w.own, "POST", path,
			w.fresh(body{"decision": pick(w, "decision", "cleared", "cleared", "refer"), "note": "Onderzocht."}),
		)
	}},
	{"therapist decides about a step", func(w *walk) {
		path := w.at("/progressions/" + w.changedBefore(w.own, w.at("/progressions"), "open") + "/decision")
		w.sends(w.own, "PUT", path, body{"outcome": pick(w, "outcome", "accepted", "refused"), "reason": "Omdat."})
	}},
	{"therapist lets steps go by themselves", func(w *walk) {
		w.sends(w.own, "PUT", w.at("/progression-settings"), body{"auto_progress": w.oneIn(2, "auto")})
	}},
	{"therapist sets the phase", func(w *walk) {
		w.sends(w.own, "PUT", w.at("/phase"), body{"phase": pick(w, "phase", "treatment", "prevention")})
	}},
	{"therapist sets the risk", func(w *walk) {
		w.sends(
			w.own, "POST", w.at("/risk-profile"),
			w.fresh(body{"risk": pick(w, "risk", "low", "medium", "high"), "source": "therapist"}),
		)
	}},
	{"therapist starts a walking plan", func(w *walk) {
		plan := body{"week_minutes": w.number("minutes", 0, 90), "comfortable_minutes": w.number("comfortable", 0, 30)}
		w.sends(w.own, "POST", w.at("/walking-plan"), w.fresh(plan))
	}},
	{"therapist enters a score", func(w *walk) {
		w.sends(w.own, "POST", w.at("/scores"), w.fresh(body{
			"instrument": pick(w, "instrument", "odi", "nprs", "psk"), "version": "2", "local_date": w.day(-60, 0),
			"score_tenths": w.number("tenths", 0, 1000), "min_tenths": 0, "max_tenths": 1000,
			"direction": "lower_is_better", "source": "paper",
		}))
	}},
	{"therapist reacts to a module", func(w *walk) {
		w.answeredBefore()
		w.sends(w.own, "PUT", w.at("/modules/"+pick(w, "module", "1", "2")+"/feedback"), body{"text": w.text("text")})
	}},
	{"therapist closes a wish", func(w *walk) {
		path := w.at("/change-requests/" + w.some(w.own, w.at("/change-requests")).ID + "/closures")
		w.sends(w.own, "POST", path, body{"outcome": pick(w, "outcome", "changed", "kept")})
	}},
	{"therapist fills in the intake", func(w *walk) { w.sends(w.own, "PUT", w.at("/intake/answers"), w.answers()) }},
	{"therapist submits the intake",
		func(w *walk) { w.sends(w.own, "POST", w.at("/intake/submissions"), w.fresh(body{})) }},
	{"therapist registers a patient", (*walk).registers},
	{"therapist pairs another phone", (*walk).pairs},
	{"therapist revokes a pairing", func(w *walk) {
		id := w.NewID()
		w.asks(w.own, "POST", "/v1/pairings", body{"id": id, "patient_id": w.touched.ID})
		w.stored = w.digest()
		w.sends(w.own, "DELETE", "/v1/pairings/"+id, nil)
	}},
	{"therapist writes an exercise", func(w *walk) {
		w.sends(w.own, "PUT", "/v1/practice/exercises/"+w.NewID(), body{
			"module": "strength", "region": "neck", "name": body{"nl": "Handdoek"},
			"instructions": body{"nl": "Trek <rustig>."}, "dose": body{"sets": 2, "reps": 8},
		})
	}},
	{"therapist archives an exercise",
		func(w *walk) { w.sends(w.own, "DELETE", "/v1/practice/exercises/"+w.ownExercise(), nil) }},
	{"therapist adds a picture", func(w *walk) {
		w.sends(w.own, "POST", "/v1/practice/media", testkit.Picture(), "Content-Type", "application/octet-stream")
	}},
}

// adminActs are what admins do.
var adminActs = []act{
	{"admin adds a member", func(w *walk) {
		w.sends(w.Admin, "POST", "/v1/practice/members",
			w.fresh(body{"name": "N. Lid", "email": w.NewID() + "@praktijk.example",
				"password": testkit.Password, "role": pick(w, "role", "therapist", "admin")}))
	}},
	{"admin changes the settings", func(w *walk) {
		found := w.asks(w.Admin, "GET", "/v1/practice/settings", nil)
		var settings map[string]any
		_ = json.Unmarshal(found.Body, &settings)
		settings["missed_run"] = w.number("missed", 2, 14)
		w.sends(w.Admin, "PUT", "/v1/practice/settings", settings, "If-Match", found.Header.Get("ETag"))
	}},
	{"admin hands a patient over", (*walk).handsOver},
}

// clockActs let time pass, with what is done in the background.
var clockActs = []act{
	{"minutes pass", func(w *walk) { w.passes(time.Duration(w.number("minutes", 1, 59))*time.Minute, 1) }},
	{"hours pass", func(w *walk) { w.passes(time.Duration(w.number("hours", 1, 23))*time.Hour, 3) }},
	{"days pass", func(w *walk) { d := w.number("days", 1, 6); w.passes(time.Duration(d)*24*time.Hour, 3*d) }},
	{"weeks pass", func(w *walk) { n := w.number("weeks", 1, 4); w.passes(time.Duration(7*n)*24*time.Hour, 7*n) }},
}

// passes lets time pass in some steps; what waits in the background is done at each.
func (w *walk) passes(long time.Duration, steps int) {
	for range steps {
		w.Clock.Advance(long / time.Duration(steps))
		w.Sweep()
	}
	w.tell("%s, to %s", long, w.Clock.Now().Format(time.RFC3339))
	w.succeeded()
	w.stored = w.digest()
}

func (w *walk) visits(from, until int) {
	visit := body{"kind": pick(w, "kind", "practice", "phone", "video"), "local_date": w.day(from, until)}
	if w.oneIn(2, "next") {
		visit["next_on"] = w.day(0, 30)
	}
	w.sends(w.own, "POST", w.at("/visits"), w.fresh(visit))
}

// alert is one of the practice, in any state.
func (w *walk) alert() string { return w.some(w.own, "/v1/alerts?state=all").ID }

func (w *walk) versionsTag() string {
	return w.asks(w.own, "GET", w.at("/program-versions"), nil).Header.Get("ETag")
}

// draftTag is the header that a change of the draft needs; none before the first.
func (w *walk) draftTag() []string {
	if tag := w.asks(w.own, "GET", w.at("/program-draft"), nil).Header.Get("ETag"); tag != "" {
		return []string{"If-Match", tag}
	}
	return nil
}

var slugs = []string{"bridge", "bird-dog-leg", "knee-rolls-lying", "walk-easy", "pelvic-tilt-lying", "sit-to-stand"}

func (w *walk) item() body {
	item := body{"id": w.NewID(), "exercise": pick(w, "exercise", slugs...),
		"dose":     body{"sets": w.number("sets", 1, 4), "reps": w.number("reps", 1, 15)},
		"schedule": body{"kind": "weekly_quota", "sessions_per_week": w.number("a week", 1, 7)}}
	if w.oneIn(2, "fixed") {
		days := []string{pick(w, "weekday", "mon", "tue", "wed"), pick(w, "other weekday", "fri", "sun")}
		item["schedule"] = body{"kind": "fixed_days", "days": days}
	}
	if item["exercise"] == "walk-easy" {
		item["dose"] = body{"minutes": w.number("minutes", 1, 30)}
	}
	return item
}

func (w *walk) items() []any {
	items := []any{}
	for range w.number("items", 1, 4) {
		items = append(items, w.item())
	}
	return items
}

// acceptsProposal publishes what was proposed as it is.
func (w *walk) acceptsProposal() {
	w.proposedBefore()
	var list client.ProposalList
	_ = json.Unmarshal(w.asks(w.own, "GET", w.at("/program-proposals"), nil).Body, &list)
	if len(list.Data) == 0 {
		w.t.walk.Skip("nothing was proposed")
	}
	proposal, items := pick(w, "proposal", list.Data...), []any{}
	for _, i := range proposal.Items {
		item := body{"id": w.NewID(), "exercise": i.Exercise, "dose": i.Dose, "schedule": i.Schedule}
		if i.MinimumDose != nil {
			item["minimum_dose"] = i.MinimumDose
		}
		items = append(items, item)
	}
	version := body{"id": w.NewID(), "effective_from": w.day(0, 1), "items": items}
	path := w.at("/program-proposals/" + proposal.ID + "/decision")
	w.sends(w.own, "PUT", path, body{"outcome": "accepted", "version": version}, "If-Match", w.versionsTag())
}

func (w *walk) adjusts() {
	today := w.today()
	if len(today.Items) == 0 {
		w.t.walk.Skip("nothing to adjust")
	}
	change := body{
		"item_id": pick(w, "item", today.Items...).Item.ID,
		"kind":    pick(w, "kind", "progress", "regress", "easier", "remove"),
	}
	w.sends(
		w.own, "POST", w.at("/program-adjustments"), w.fresh(body{"changes": []any{change}}), "If-Match",
		w.versionsTag(),
	)
}

// registers adds a patient with a phone, up to a few: everything of them is read.
func (w *walk) registers() {
	if len(w.patients) >= 4 {
		w.t.walk.Skip("enough patients")
	}
	p := w.own.NewPatient("N. Nieuw", pick(w, "zone", "Europe/Amsterdam", "America/New_York", "Pacific/Kiritimati"))
	w.patients, w.touched = append(w.patients, p), p
	w.tell("%s in %s", p.ID, p.Zone)
	w.succeeded()
	w.stored = w.digest()
}

func (w *walk) pairs() {
	w.touched.Pair(w.own)
	delete(w.tokens, person(w.touched))
	w.tell("%s", w.touched.ID)
	w.succeeded()
	w.stored = w.digest()
}

// ownExercise is one of the practice's own.
func (w *walk) ownExercise() string {
	var list client.ExerciseList
	_ = json.Unmarshal(w.asks(w.own, "GET", "/v1/exercises", nil).Body, &list)
	for _, e := range list.Data {
		if len(e.Slug) == len(w.NewID()) {
			return e.Slug
		}
	}
	return w.NewID()
}

// handsOver gives the patient a second therapist, or takes that one away again.
func (w *walk) handsOver() {
	path := w.at("/therapists/" + string(w.other.ID))
	w.sends(w.Admin, pick(w, "method", "PUT", "DELETE"), path, nil)
}
