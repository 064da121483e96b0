package fuzz_test

import (
	"context"
	"encoding/json"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/run/testkit"
)

// body is a fixture that needs a body alone.
func body(make func(*world) any) fixture { return func(w *world, r *request) { r.body = make(w) } }

// withETag names what is stored, where something is.
func withETag(path string, as role, make func(*world) any) fixture {
	return func(w *world, r *request) {
		if tag := w.Call("GET", path, w.token(as), nil).Header.Get("ETag"); tag != "" {
			r.headers["If-Match"] = tag
		}
		r.body = make(w)
	}
}

// versioned names the program that a change is based on.
func versioned(make func(*world) any) fixture {
	return func(w *world, r *request) {
		r.body = make(w)
		r.headers["If-Match"] = w.must("GET", w.at("/program-versions"), w.token(therapist), nil).Header.Get("ETag")
	}
}

func alerted(make func(*world) any) fixture {
	return func(w *world, r *request) {
		if r.path["alert_id"] = w.alert(); make != nil {
			r.body = make(w)
		}
	}
}

func paired(w *world, r *request) {
	r.path["pairing_id"] = w.NewID()
	w.must("POST", "/v1/pairings", w.token(therapist), map[string]any{"id": r.path["pairing_id"],
		"patient_id": w.patient.ID})
}

func decoded(text []byte) (value any) {
	if err := json.Unmarshal(text, &value); err != nil {
		panic(err)
	}
	return value
}

func (w *world) onlyID() any { return map[string]any{"id": w.NewID()} }

// session is a full one, some time ago.
func (w *world) session(ago time.Duration) map[string]any {
	return w.patient.SessionBody(w.Clock.Now().Add(-ago))
}

// logged is the id of a new session.
func (w *world) logged(ago time.Duration) string {
	n := w.session(ago)
	w.must("POST", "/v1/me/sessions", w.token(patient), n)
	return n["id"].(string)
}

// item2 is an exercise of a program that was just published.
func (w *world) item2() string {
	w.publishes(5)
	return w.patient.Version.Items[2].ID
}

func (w *world) version() any {
	return map[string]any{"id": w.NewID(), "effective_from": w.today(), "items": []any{w.item("bridge")}}
}

// ahead publishes a version for a day to come.
func (w *world) ahead() string {
	version := w.version().(map[string]any)
	version["effective_from"] = w.patient.Today().AddDays(200).String()
	etag := w.must("GET", w.at("/program-versions"), w.token(therapist), nil).Header.Get("ETag")
	w.must("POST", w.at("/program-versions"), w.token(therapist), version, "If-Match", etag)
	return version["id"].(string)
}

// pause is on a day of its own, each time a later one.
func (w *world) pause() any {
	taken := idsOf(w.must("GET", "/v1/me/program-pauses", w.token(patient), nil))
	day := w.patient.Today().AddDays(110 + 10*len(taken)).String()
	return map[string]any{"id": w.NewID(), "reason": "illness", "start_date": day, "end_date": day}
}

// draft saves one and returns its ETag.
func (w *world) draft() string {
	w.must("DELETE", w.at("/program-draft"), w.token(therapist), nil)
	return w.must("PUT", w.at("/program-draft"), w.token(therapist),
		map[string]any{"items": []any{w.item("bridge")}}).Header.Get("ETag")
}

// publishes clears what the signs of refused records have stopped, and publishes a program.
func (w *world) publishes(perWeek int) {
	for _, report := range idsOf(w.must("GET", w.at("/safety-reports"), w.token(therapist), nil)) {
		w.Call("POST", w.at("/safety-reports/"+report+"/decisions"), w.token(therapist),
			map[string]any{"id": w.NewID(), "decision": "cleared", "note": "Onderzocht."})
	}
	w.own.Publishes(w.patient, perWeek)
}

// calm ends whatever makes the program lighter, and publishes an ordinary one.
func (w *world) calm() {
	for _, path := range []string{"/v1/me/lighter-programs", "/v1/me/flares"} {
		for _, one := range idsOf(w.must("GET", path, w.token(patient), nil)) {
			w.Call("DELETE", path+"/"+one, w.token(patient), nil)
		}
	}
	w.publishes(5)
}

func (w *world) walks() {
	w.Call("POST", w.at("/walking-plan"), w.token(therapist), map[string]any{"id": w.NewID(), "week_minutes": 60,
		"comfortable_minutes": 30})
}

func (w *world) hasWish() {
	wish := w.NewID()
	w.must("POST", "/v1/me/change-requests", w.token(patient), map[string]any{"id": wish, "reason": "hurts"})
	w.mine.add("request_id", wish)
}

// hasIntake submits one with some safety questions answered with yes.
func (w *world) hasIntake(signs ...string) {
	w.intake(w.patient, "eigen", signs...)
}

// intake of somebody with a low mood, which makes an alert, and a goal.
func (w *world) intake(p *testkit.Patient, word string, signs ...string) {
	answers := testkit.Answers(map[string]any{"phq2_mood": 3, "goals": []any{map[string]any{"activity": word,
		"score": 6}}})
	w.must("PUT", "/v1/me/intake/answers", p.Token(), testkit.Yes(answers, signs...))
	w.must("POST", "/v1/me/intake/submissions", p.Token(), w.onlyID())
}

// alert is an open one of the own patient; a new patient has one when it was resolved, as it is not told again for a
// while.
func (w *world) alert() string {
	list := func() []string {
		return idsOf(w.must("GET", "/v1/alerts?state=open&patient_id="+string(w.patient.ID), w.token(therapist), nil))
	}
	if len(list()) == 0 {
		w.fresh()
	}
	return list()[0]
}

// reminded is a reminder that was sent a moment ago.
func (w *world) reminded() string {
	reminder := w.NewID()
	require.NoError(w.t, w.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		if _, err := tx.Exec("UPDATE reminder_slots SET local_date = id WHERE patient_id = ?",
			w.patient.ID); err != nil { // out of the way
			return err
		}
		now := database.At(tx.Now())
		_, err := tx.Exec(`INSERT INTO reminder_slots 
			(id, patient_id, local_date, kind, state, reason, policy, decided_at, due_at, expires_at, sent_at)
			VALUES (?, ?, ?, 'lapse', 'sent', 'due', 2, ?, ?, ?,
				?)`, reminder, w.patient.ID, w.patient.Today(), now, now, now, now)
		return err
	}))
	return reminder
}

// changedByRule is a step down that a rule proposed, or made: every exercise hurt too much twice.
func (w *world) changedByRule(applied bool) string {
	w.must("PUT", w.at("/progression-settings"), w.token(therapist), map[string]any{"auto_progress": applied})
	w.publishes(7)
	w.Clock.Advance(8 * 24 * time.Hour)
	w.accessTokens = nil
	for ago := range 2 {
		n := w.session(time.Duration(1+ago) * time.Minute)
		for _, item := range n["items"].([]any) {
			item.(map[string]any)["pain"] = 9
		}
		w.must("POST", "/v1/me/sessions", w.token(patient), n)
	}
	require.NoError(w.t, w.App.Jobs.Sweep(context.Background()))
	made := idsOf(w.must("GET", w.at("/progressions"), w.token(therapist), nil))
	require.NotEmpty(w.t, made)
	return made[0]
}
