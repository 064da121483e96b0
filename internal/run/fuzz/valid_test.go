package fuzz_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// request is what is sent: path parameters and the query apart, so that either can be spoilt.
type request struct {
	operation operation
	path      map[string]string
	query     [][2]string
	headers   map[string]string
	token     string
	body      any // sent as it is when it is a string or bytes; none when it is nil
}

// valid returns a request that must be accepted when the operation's sender sends it now. What has to exist for it is
// made.
func (w *world) valid(o operation) request {
	r := request{operation: o, path: map[string]string{}, headers: map[string]string{}}
	for _, p := range o.parameters {
		if p.In == "path" {
			r.path[p.Name] = w.known(p.Name)
		}
	}
	if fill, special := fixtures[o.id]; special {
		fill(w, &r)
	}
	return r
}

// known returns an id of one's own, or whatever else a path names.
func (w *world) known(parameter string) string {
	switch parameter {
	case "slug":
		return "bridge"
	case "key":
		return "nprs"
	case "module_number":
		return "1"
	}
	if ids := w.mine[parameter]; len(ids) > 0 {
		return ids[len(ids)-1]
	}
	return w.NewID()
}

func (w *world) at(path string) string { return "/v1/patients/" + string(w.patient.ID) + path }

func (w *world) today() string { return w.patient.Today().String() }

// fixture makes what a valid request needs, and fills it in.
type fixture func(*world, *request)

// fixtures are the operations that need more than a path of one's own.
var fixtures = map[string]fixture{
	"redeemPairing": func(w *world, r *request) {
		w.forgetTries()
		made := w.must("POST", "/v1/pairings", w.token(therapist), map[string]any{"id": w.NewID(),
			"patient_id": w.patient.ID})
		var invite client.PairingWithCode
		require.NoError(w.t, json.Unmarshal(made.Body, &invite))
		r.body = map[string]any{"code": invite.Code, "birth_year": w.patient.BirthYear,
			"device": map[string]any{"name": "x", "platform": "ios"}}
	},
	"logIn": func(w *world, r *request) {
		w.forgetTries()
		r.body = map[string]any{"email": w.own.Email, "password": testkit.Password}
	},
	"refreshTokens": func(w *world, r *request) {
		answer, err := w.own.LogInWithResponse(context.Background(), client.LogIn{Email: w.own.Email,
			Password: testkit.Password})
		require.NoError(w.t, err)
		require.NotNil(w.t, answer.JSON201, string(answer.Body))
		r.body = map[string]any{"refresh_token": answer.JSON201.RefreshToken}
	},
	"putPreferences": func(w *world, r *request) {
		now := w.must("GET", "/v1/me/preferences", w.token(patient), nil)
		r.body, r.headers["If-Match"] = decoded(now.Body), now.Header.Get("ETag")
	},
	"putPushRegistration": body(func(w *world) any {
		return map[string]any{"kind": "fcm",
			"address": "phone-" + w.NewID()}
	}),
	"logSession": body(func(w *world) any { return w.session(time.Minute) }),
	"correctSession": func(w *world, r *request) {
		r.path["session_id"] = w.logged(2 * time.Minute)
		content := w.session(time.Minute)
		delete(content, "id")
		r.body = content
	},
	"deleteSession": func(w *world, r *request) { r.path["session_id"] = w.logged(time.Minute) },
	"setAftermath": func(w *world, r *request) {
		r.path["session_id"], r.body = w.logged(time.Minute), map[string]any{"settled": true}
	},
	"addCorrectionNote": func(w *world, r *request) {
		w.Clock.Advance(8 * 24 * time.Hour) // when it can no longer be corrected
		w.accessTokens = nil
		r.body = map[string]any{"id": w.NewID(), "text": "Het waren 2 sets."}
	},
	"reportBarrier": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "local_date": w.today(),
			"barrier": "time"}
	}),
	"pauseMyProgram":      body((*world).pause),
	"pausePatientProgram": body((*world).pause),
	"saveActionPlan": withETag("/v1/me/action-plan", patient,
		func(*world) any { return map[string]any{"after": "koffie", "exercises": 2} }),
	"recordReminderReceipt": func(w *world, r *request) {
		r.path["reminder_id"], r.body = w.reminded(), map[string]any{"event": "opened", "at": w.Clock.Now()}
	},
	"snoozeReminder": func(w *world, r *request) {
		r.path["reminder_id"], r.body = w.reminded(), map[string]any{"id": w.NewID(), "minutes": 60}
	},
	"recordFeedbackReceipt": body(func(w *world) any { return map[string]any{"event": "opened", "at": w.Clock.Now()} }),
	"saveMyIntake":          body(func(*world) any { return testkit.Answers(nil) }),
	"savePatientIntake":     body(func(*world) any { return testkit.Answers(nil) }),
	"submitMyIntake": func(w *world, r *request) {
		w.must("PUT", "/v1/me/intake/answers", w.token(patient), testkit.Answers(nil))
		r.body = w.onlyID()
	},
	"submitPatientIntake": func(w *world, r *request) {
		w.must("PUT", w.at("/intake/answers"), w.token(therapist), testkit.Answers(nil))
		r.body = w.onlyID()
	},
	"checkIn": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "local_date": w.today(), "new_signs": []any{}}
	}),
	"decideSafetyReport": func(w *world, r *request) {
		w.hasIntake("pregnancy")
		reports := idsOf(w.must("GET", w.at("/safety-reports"), w.token(therapist), nil))
		r.path["report_id"], r.body = reports[0], map[string]any{"id": w.NewID(), "decision": "cleared",
			"note": "Onderzocht."}
	},
	"adjustProgram": versioned(func(w *world) any {
		return map[string]any{
			"id":      w.NewID(),
			"changes": []any{map[string]any{"item_id": w.item2(), "kind": "regress"}},
		}
	}),
	"completeProgram":       versioned(func(w *world) any { w.publishes(5); return w.onlyID() }),
	"publishProgramVersion": versioned((*world).version),
	"withdrawProgramVersion": func(w *world, r *request) {
		r.path["version_id"] = w.ahead()
		versioned(func(*world) any { return nil })(w, r)
	},
	"listAlternatives": func(w *world, r *request) { r.path["item_id"] = w.item2() },
	"swapExercise": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "item_id": w.item2(), "exercise": "pelvic-tilt-lying"}
	}),
	"decideProgression": func(w *world, r *request) {
		r.path["progression_id"], r.body = w.changedByRule(false), map[string]any{"outcome": "refused",
			"reason": "Nog even niet."}
	},
	"undoProgression":        func(w *world, r *request) { r.path["progression_id"] = w.changedByRule(true) },
	"setProgressionSettings": body(func(*world) any { return map[string]any{"auto_progress": false} }),
	"declareFlare": body(func(w *world) any {
		w.calm()
		return map[string]any{"id": w.NewID(), "days": 3,
			"new_signs": []any{}}
	}),
	"endFlare": func(w *world, r *request) {
		w.calm()
		r.path["flare_id"] = w.NewID()
		w.must("POST", "/v1/me/flares", w.token(patient), map[string]any{"id": r.path["flare_id"], "days": 3,
			"new_signs": []any{}})
	},
	"chooseLighterProgram": body(func(w *world) any {
		w.calm()
		return map[string]any{"id": w.NewID(), "kind": "half"}
	}),
	"endLighterProgram": func(w *world, r *request) {
		w.calm()
		r.path["lighter_id"] = w.NewID()
		w.must("POST", "/v1/me/lighter-programs", w.token(patient), map[string]any{"id": r.path["lighter_id"],
			"kind": "half"})
	},
	"listMyPrompts": func(_ *world, r *request) { r.query = [][2]string{{"kind", "weekly"}} },
	"storeActivity": body(func(w *world) any {
		day := w.patient.Today().AddDays(-1).String()
		return map[string]any{
			"items": []any{map[string]any{"kind": "steps", "source": "manual", "external_id": w.NewID(),
				"version": 1,
				"count":   10, "start_at": day + "T09:00:00Z", "end_at": day + "T10:00:00Z"}},
		}
	}),
	"withdrawActivity": func(_ *world, r *request) { r.query = [][2]string{{"source", "manual"}} },
	"startWalkingPlan": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "week_minutes": 60, "comfortable_minutes": 30}
	}),
	"getWalkingPlan":   func(w *world, _ *request) { w.walks() },
	"getMyWalkingPlan": func(w *world, _ *request) { w.walks() },
	"reportRecurrence": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "local_date": w.today(), "new_episode": false}
	}),
	"reportAdverseEvent": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "local_date": w.today(), "site": "foot", "related": "no"}
	}),
	"respondToModule": body(func(w *world) any {
		w.fresh()
		return map[string]any{"id": w.NewID(), "text": "Zo dus.", "submit": false}
	}),
	"answerModule": func(w *world, r *request) {
		w.Call("PUT", "/v1/me/modules/1/response", w.token(patient), map[string]any{"id": w.NewID(), "text": "Zo dus.",
			"submit": true})
		r.body = map[string]any{"text": "Mooi."}
	},
	"saveValuedActivity": func(w *world, r *request) {
		r.path["activity_id"], r.body = w.NewID(), map[string]any{"activity": "Koffie", "planned_on": w.today()}
	},
	"answerQuestionnaire": body(func(w *world) any {
		w.fresh() // each is answered once
		return map[string]any{
			"id":      w.NewID(),
			"task":    "baseline/nprs",
			"answers": map[string]any{"average": 3, "worst": 4},
		}
	}),
	"importScore": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "instrument": "odi", "version": "2", "local_date": w.today(),
			"score_tenths": 100,
			"min_tenths":   0, "max_tenths": 1000, "direction": "lower_is_better", "source": "paper"}
	}),
	"getProgramDraft": func(w *world, _ *request) { w.draft() },
	"saveProgramDraft": func(w *world, r *request) {
		r.headers["If-Match"], r.body = w.draft(), map[string]any{"items": []any{w.item("bridge"),
			w.item("knee-rolls-lying")}}
	},
	"publishProgramDraft": func(w *world, r *request) { r.headers["If-Match"], r.body = w.draft(), w.onlyID() },
	"getRiskProfile": func(w *world, _ *request) {
		w.must("POST", w.at("/risk-profile"), w.token(therapist), map[string]any{"id": w.NewID(), "risk": "low",
			"source": "therapist"})
	},
	"setRiskProfile": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "risk": "low",
			"source": "therapist"}
	}),
	"saveTemplate": func(w *world, r *request) {
		r.path["template_id"] = w.NewID()
		r.body = map[string]any{"name": "x", "items": []any{map[string]any{"core": true, "item": w.item("bridge")}}}
	},
	"addMedia": func(_ *world, r *request) {
		r.body, r.headers["Content-Type"] = testkit.Picture(), "application/octet-stream"
	},
	"saveExercise": func(w *world, r *request) { r.path["exercise_id"], r.body = w.NewID(), ownExercise("eigen") },
	"putPracticeSettings": func(w *world, r *request) {
		now := w.must("GET", "/v1/practice/settings", w.token(admin), nil)
		r.body, r.headers["If-Match"] = decoded(now.Body), now.Header.Get("ETag")
	},
	"proposeProgram": func(w *world, r *request) { w.hasIntake(); r.body = w.onlyID() },
	"decideProposal": func(w *world, r *request) {
		w.hasIntake()
		r.path["proposal_id"] = w.NewID()
		w.must("POST", w.at("/program-proposals"), w.token(therapist), map[string]any{"id": r.path["proposal_id"]})
		r.body = map[string]any{"outcome": "refused", "reason": "Nu niet."}
	},
	"streamEvents": func(w *world, r *request) {
		r.query = [][2]string{{"topic",
			"patient:" + string(w.patient.ID)}}
	},
	"recordVisit": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "kind": "phone",
			"local_date": w.today()}
	}),
	"getAlert":          alerted(nil),
	"acknowledgeAlert":  alerted(nil),
	"acknowledgeAlerts": func(w *world, r *request) { r.body = map[string]any{"alert_ids": []any{w.alert()}} },
	"snoozeAlert": alerted(func(w *world) any {
		return map[string]any{"until": w.Clock.Now().Add(72 * time.Hour)}
	}),
	"reopenAlert": func(w *world, r *request) {
		r.path["alert_id"] = w.alert()
		w.must("POST", "/v1/alerts/"+r.path["alert_id"]+"/resolutions", w.token(therapist),
			map[string]any{"outcome": "contacted"})
	},
	"resolveAlert":  alerted(func(*world) any { return map[string]any{"outcome": "contacted"} }),
	"requestChange": body(func(w *world) any { return map[string]any{"id": w.NewID(), "reason": "hurts"} }),
	"closeChangeRequest": func(w *world, r *request) {
		w.hasWish()
		r.path["request_id"], r.body = w.known("request_id"), map[string]any{"outcome": "kept"}
	},
	"createPatient": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "name": "N. Nieuw", "birth_year": 1980, "language": "nl",
			"time_zone": "Europe/Amsterdam", "complaint": "neck"}
	}),
	"setPhase": body(func(*world) any { return map[string]any{"phase": "prevention"} }),
	"sendFeedback": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "about": "session", "session_id": w.known("session_id"), "text": "Mooi."}
	}),
	"createPairing": body(func(w *world) any {
		return map[string]any{"id": w.NewID(),
			"patient_id": string(w.patient.ID)}
	}),
	"getPairing": paired, "revokePairing": paired,
	"createMember": body(func(w *world) any {
		return map[string]any{"id": w.NewID(), "name": "N. Lid", "email": w.NewID() + "@x.example",
			"password": testkit.Password, "role": "therapist"}
	}),
}

// address is the path with its parameters and query.
func (r request) address() string {
	path := r.operation.path
	for name, value := range r.path {
		path = strings.ReplaceAll(path, "{"+name+"}", escape(value))
	}
	var query []string
	for _, pair := range r.query {
		query = append(query, escape(pair[0])+"="+escape(pair[1]))
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + strings.Join(query, "&")
}

// sorted returns the headers in an order that does not change.
func (r request) sorted() (list []string) {
	for name := range r.headers {
		list = append(list, name)
	}
	slices.Sort(list)
	var pairs []string
	for _, name := range list {
		pairs = append(pairs, name, r.headers[name])
	}
	return pairs
}
