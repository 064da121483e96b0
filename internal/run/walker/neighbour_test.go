package walker_test

import (
	"net/http"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// canary stands in every name and text of the other practice, and so in nothing that anybody of ours reads.
const canary = "Kanarie"

// neighbour is another practice with a bit of everything.
type neighbour struct {
	ids    []string
	before digest
}

func newNeighbour(w *walk) *neighbour {
	practice, admin := w.NewPractice("Praktijk " + canary)
	therapist := w.Therapist(admin, "T. "+canary)
	patient := therapist.NewPatient("P. "+canary, "Europe/Amsterdam")
	therapist.Publishes(patient, 5)
	w.next = &neighbour{ids: []string{string(practice), string(admin.ID), string(therapist.ID), string(patient.ID)}}
	w.act, w.touched = "the neighbour lives", patient
	for _, sent := range w.neighbourly(therapist, patient) {
		answer := w.asks(sent.who, sent.method, sent.path, sent.body)
		require.Less(w.t, answer.Status, http.StatusBadRequest, "%s: %s", sent.path, answer.Body)
	}
	w.next.before = w.ofNeighbour()
	return w.next
}

type request struct {
	who          person
	method, path string
	body         any
}

// neighbourly is what is kept about the neighbour's patient: a session, an intake, a wish
// with its alert, a template, an exercise.
func (w *walk) neighbourly(therapist *testkit.Member, patient *testkit.Patient) []request {
	exercise, session := body{
		"module":       "strength",
		"region":       "neck",
		"name":         body{"nl": canary},
		"instructions": body{"nl": canary},
		"dose":         body{"sets": 2, "reps": 8},
	}, patient.SessionBody(w.Clock.Now())
	session["note"] = canary
	item := body{"id": w.NewID(), "exercise": "bridge", "dose": body{"sets": 1, "reps": 8},
		"schedule": body{"kind": "weekly_quota", "sessions_per_week": 3}}
	template := body{"name": canary, "items": []any{body{"core": true, "item": item}}}
	return []request{
		{patient, "POST", "/v1/me/sessions", session},
		{patient, "PUT", "/v1/me/intake/answers", testkit.Yes(testkit.Answers(nil), "saddle_numbness")},
		{patient, "POST", "/v1/me/intake/submissions", w.fresh(body{})},
		{patient, "POST", "/v1/me/change-requests", w.fresh(body{"reason": "too_hard", "note": canary})},
		{patient, "PUT", "/v1/me/modules/1/response", w.fresh(body{"text": canary, "submit": true})},
		{therapist, "POST", w.at("/feedback"), w.fresh(body{"about": "program", "text": canary})},
		{therapist, "POST", w.at("/visits"), w.fresh(body{"kind": "phone", "local_date": patient.Today()})},
		{therapist, "PUT", "/v1/program-templates/" + w.NewID(), template},
		{therapist, "PUT", "/v1/practice/exercises/" + w.NewID(), exercise},
	}
}

// owns reports whether a row is about the neighbour.
func (n *neighbour) owns(row string) bool {
	return slices.ContainsFunc(n.ids, func(id string) bool { return strings.Contains(row, id) })
}
