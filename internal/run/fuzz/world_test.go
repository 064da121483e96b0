package fuzz_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// Names that nobody may read but those whom they concern.
const (
	neighbourCanary = "Kanarie Buurman"
	elsewhereCanary = "Kanarie Elders"
)

// role is who sends a request.
type role string

const (
	stranger  role = "stranger"
	patient   role = "patient"
	therapist role = "therapist"
	admin     role = "admin"
)

var roles = []role{stranger, patient, therapist, admin}

// may reports whether the rule table lets the role in at all.
func (r role) may(operation string) bool {
	viewer := access.Viewer{Role: access.Role(r)}
	if r == stranger {
		viewer.Role = ""
	}
	return access.Enter(viewer, access.Operation(operation)) == nil
}

// operation is one of the contract.
type operation struct {
	id, method, path string
	parameters       []*openapi3.Parameter
	body             *openapi3.Schema
	isRaw            bool
	isTold           bool // a phone tells something in the body: what can be understood of it is stored
}

// sender returns who may send the operation, the therapist first: it is the one who treats.
func (o operation) sender() role {
	for _, r := range []role{patient, therapist, admin, stranger} {
		if r.may(o.id) {
			return r
		}
	}
	panic(o.id + " is for nobody")
}

func operationsOf(document *openapi3.T) (all []operation) {
	for path, item := range document.Paths.Map() {
		for method, op := range item.Operations() {
			o := operation{id: op.OperationID, method: method, path: path, isTold: op.Extensions["x-told"] == true}
			for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
				o.parameters = append(o.parameters, p.Value)
			}
			if op.RequestBody != nil {
				if json := op.RequestBody.Value.Content.Get("application/json"); json != nil {
					o.body = json.Schema.Value
				} else {
					o.isRaw = true
				}
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b operation) int {
		return cmp.Or(cmp.Compare(endsOf(a.id), endsOf(b.id)), cmp.Compare(a.id, b.id))
	})
	return all
}

// endsOf puts what changes the world for everybody last: settings, and signing in, which is refused after too many
// tries.
func endsOf(operation string) int {
	return slices.Index([]string{"putPracticeSettings", "createMember", "logOut", "refreshTokens", "redeemPairing",
		"logIn"}, operation)
}

// records are the ids that exist, by the name of the parameter that takes them.
type records map[string][]string

func (r records) add(name string, ids ...string) { r[name] = append(r[name], ids...) }

// world is a running program with a patient of one's own, a neighbour in the same practice, and another practice.
type world struct {
	*testkit.System
	t                       *testing.T
	own, colleague          *testkit.Member
	otherAdmin, elsewhere   *testkit.Member
	patient, neighbour, far *testkit.Patient
	mine, theirs, others    records
	stock                   records // of the own practice
	operations              []operation
	changes                 *changes
	accessTokens            map[role]string
}

func newWorld(t *testing.T) *world {
	w := &world{System: testkit.Start(t, testkit.Unanswered), t: t}
	w.own, w.colleague = w.Therapist(w.Admin, "T. Eigen"), w.Therapist(w.Admin, "C. Collega")
	_, w.otherAdmin = w.NewPractice(elsewhereCanary)
	w.elsewhere = w.Therapist(w.otherAdmin, elsewhereCanary)
	w.neighbour = w.colleague.NewPatient(neighbourCanary, "Europe/Amsterdam")
	w.theirs = w.furnish(w.neighbour, w.colleague, neighbourCanary)
	w.far = w.elsewhere.NewPatient(elsewhereCanary, "Europe/Amsterdam")
	w.others = w.furnish(w.far, w.elsewhere, elsewhereCanary)
	w.stockUp(w.elsewhere, w.others, elsewhereCanary)
	w.stock = records{}
	w.stockUp(w.own, w.stock, "eigen")
	w.operations = operationsOf(w.App.Contract.Document())
	w.changes = watchChanges(w)
	return w
}

// fresh gives the world a new patient with records of every kind, so that no operation suffers from the one before.
func (w *world) fresh() {
	w.forgetTries()
	w.patient = w.own.NewPatient("E. Eigen", "Europe/Amsterdam")
	w.mine = w.furnish(w.patient, w.own, "eigen")
	for name, ids := range w.stock {
		w.mine.add(name, ids...)
	}
	w.mine.add("member_id", string(w.colleague.ID))
	w.accessTokens = nil
}

// token returns what the role shows.
func (w *world) token(r role) string {
	if w.accessTokens == nil {
		w.accessTokens = map[role]string{patient: w.patient.Token(), therapist: w.own.Token(), admin: w.Admin.Token(),
			stranger: ""}
	}
	return w.accessTokens[r]
}

// signInAgain follows a log-out.
func (w *world) signInAgain(r role) {
	w.forgetTries()
	if r == patient {
		w.patient.Pair(w.own)
	}
	w.accessTokens = nil
}

// forgetTries lets this address sign in again, however often it was refused.
func (w *world) forgetTries() {
	w.t.Helper()
	require.NoError(w.t, w.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec("DELETE FROM wrong_tries")
		return err
	}))
}

// must sends what has to work for a fixture.
func (w *world) must(method, path, token string, body any, headers ...string) testkit.Answer {
	w.t.Helper()
	answer := w.Call(method, path, token, body, headers...)
	require.Less(w.t, answer.Status, http.StatusMultipleChoices, "fixture: %s %s: %s", method, path, answer.Body)
	return answer
}

// furnish gives a patient a record of every kind, with a word in each text, and returns the ids.
func (w *world) furnish(p *testkit.Patient, m *testkit.Member, word string) records {
	w.t.Helper()
	r := records{}
	r.add("patient_id", string(p.ID))
	r.add("device_id", string(p.Device))
	m.Publishes(p, 7)
	r.add("program_version_id", p.Version.ID)
	for _, item := range p.Version.Items {
		r.add("item_id", item.ID)
	}
	mine, theirs, at := p.Token(), m.Token(), "/v1/patients/"+string(p.ID)
	post := func(name, path, token string, body map[string]any) string {
		body["id"] = w.NewID()
		w.must("POST", path, token, body)
		r.add(name, body["id"].(string))
		return body["id"].(string)
	}
	w.intake(p, word)
	done := p.FullSession(w.Clock.Now().Add(-time.Minute), 2, 2)
	done.Note = &word
	p.Logs(done, http.StatusCreated)
	r.add("session_id", done.ID)
	holiday := p.Today().AddDays(100).String()
	post("pause_id", "/v1/me/program-pauses", mine, map[string]any{"reason": "holiday", "start_date": holiday,
		"end_date": holiday})
	post("request_id", "/v1/me/change-requests", mine, map[string]any{"reason": "hurts", "note": word})
	post("feedback_id", at+"/feedback", theirs, map[string]any{"about": "program", "text": word})
	post("pairing_id", "/v1/pairings", theirs, map[string]any{"patient_id": p.ID})
	activity := w.NewID()
	w.must("PUT", "/v1/me/valued-activities/"+activity, mine, map[string]any{"activity": word,
		"planned_on": p.Today().String()})
	r.add("activity_id", activity)
	w.must("PUT", "/v1/me/action-plan", mine, map[string]any{"after": word, "exercises": 2})
	r.add("alert_id", idsOf(w.must("GET", "/v1/alerts?state=all&patient_id="+string(p.ID), theirs, nil))...)
	return r
}

// stockUp gives a practice an exercise, a picture and a template of its own.
func (w *world) stockUp(m *testkit.Member, r records, word string) {
	w.t.Helper()
	token := m.Token()
	exercise, template := w.NewID(), w.NewID()
	sent := w.must("POST", "/v1/practice/media", token, testkit.Picture(), "Content-Type", "application/octet-stream")
	var media client.MediaBody
	require.NoError(w.t, json.Unmarshal(sent.Body, &media))
	draft := ownExercise(word)
	draft["picture"] = media.Hash
	w.must("PUT", "/v1/practice/exercises/"+exercise, token, draft)
	w.must("PUT", "/v1/program-templates/"+template, token, map[string]any{"name": word, "items": []any{
		map[string]any{"core": true, "item": w.item("bridge")}}})
	r.add("media_hash", media.Hash)
	r.add("exercise_id", exercise)
	r.add("template_id", template)
	r.add("member_id", string(m.ID))
}

func ownExercise(word string) map[string]any {
	return map[string]any{"module": "strength", "region": "neck", "name": map[string]any{"nl": word},
		"instructions": map[string]any{"nl": word}, "dose": map[string]any{"sets": 2, "reps": 8}}
}

// item is one exercise of a program, twice a week.
func (w *world) item(exercise string) map[string]any {
	return map[string]any{"id": w.NewID(), "exercise": exercise, "dose": map[string]any{"sets": 2, "reps": 8},
		"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 2}}
}

// idsOf returns the ids of a list.
func idsOf(a testkit.Answer) (ids []string) {
	var list struct{ Data []struct{ ID string } }
	if err := json.Unmarshal(a.Body, &list); err != nil {
		panic(fmt.Sprintf("no list: %s", a.Body))
	}
	for _, record := range list.Data {
		ids = append(ids, record.ID)
	}
	return ids
}

// pick returns an id that a parameter may take: mostly one's own, else a neighbour's, another practice's, or
// nobody's.
func (w *world) pick(r *rand.Rand, name string) string {
	pools := []records{w.mine, w.mine, w.mine, w.mine, w.mine, w.mine, w.theirs, w.others}
	if ids := pools[r.IntN(len(pools))][name]; len(ids) > 0 {
		return ids[r.IntN(len(ids))]
	}
	return w.NewID()
}
