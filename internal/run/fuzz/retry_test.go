package fuzz_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// onlyIDs have nothing in their body but the id, so no other body can bear it.
var onlyIDs = []string{"submitMyIntake", "submitPatientIntake", "proposeProgram", "publishProgramDraft"}

// everybodys are the ids that name a record for all practices: who chooses one that is taken hears so, and nothing of
// what it names.
var everybodys = []string{"createPatient", "createMember", "createPairing"}

// creates reports whether an operation makes a record under an id that its caller chooses.
func (o operation) creates() bool {
	return o.method == http.MethodPost && o.body != nil && o.body.Properties["id"] != nil
}

// asNeighbour is the same world as the neighbour and the colleague see it.
func (w *world) asNeighbour() *world {
	other := *w
	other.own, other.patient, other.mine, other.accessTokens = w.colleague, w.neighbour, w.theirs, nil
	return &other
}

// sends is what the operation's sender does now.
func (w *world) sends(r request) testkit.Answer {
	w.t.Helper()
	w.accessTokens = nil
	return w.Call(r.operation.method, r.address(), w.token(r.operation.sender()), r.body, r.sorted()...)
}

// Whoever creates a record may send it again until it is answered: the same body answers 200 with the same record,
// another body is refused, and a neighbour who chose the same id has a record of their own.
func TestCreationsMayBeRetriedBesideANeighbour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := 0
	for _, o := range w.operations {
		if !o.creates() {
			continue
		}
		seen++
		t.Run(o.id, func(t *testing.T) {
			w.t = t
			w.fresh()
			first := w.valid(o)
			first.body = normal(first.body)
			created := w.sends(first)
			require.Equal(t, http.StatusCreated, created.Status, string(created.Body))

			w.neighbourWrites(first)
			again := w.sends(first)
			require.Equal(t, http.StatusOK, again.Status, string(again.Body))
			require.Equal(t, idOf(created), idOf(again), "the same record")
			w.refusesOthers(first)
			last := w.sends(first)
			require.Equal(t, string(again.Body), string(last.Body), "and it stays as it is")
		})
	}
	require.Greater(t, seen, 25)
}

// idOf is the id of the record in an answer, or all of it where there is none.
func idOf(a testkit.Answer) string {
	var record struct{ ID string }
	if err := json.Unmarshal(a.Body, &record); err != nil || record.ID == "" {
		return string(a.Body)
	}
	return record.ID
}

// neighbourWrites lets the neighbour create a record with the same id.
func (w *world) neighbourWrites(first request) {
	w.t.Helper()
	beside, o := w.asNeighbour(), first.operation
	other := beside.valid(o)
	other.body = normal(other.body)
	other.body.(map[string]any)["id"] = first.body.(map[string]any)["id"]
	answer := beside.sends(other)
	if slices.Contains(everybodys, o.id) {
		require.Contains(w.t, []int{http.StatusConflict, http.StatusNotFound}, answer.Status, string(answer.Body))
		return
	}
	require.Equal(w.t, http.StatusCreated, answer.Status, "the neighbour's own: %s", answer.Body)
}

// refusesOthers sends the id with other bodies, each different in one field.
func (w *world) refusesOthers(first request) {
	w.t.Helper()
	if slices.Contains(onlyIDs, first.operation.id) {
		return
	}
	reused := 0
	for _, name := range properties(first.operation.body) {
		was := first.body.(map[string]any)[name]
		others := otherValues(first.operation.body.Properties[name].Value, was)
		if name == "patient_id" {
			others = []any{string(w.own.NewPatient("A. Ander", "Europe/Amsterdam").ID)}
		}
		for _, other := range others {
			changed := first.clone()
			changed.body.(map[string]any)[name] = other
			answer := w.sends(changed)
			require.GreaterOrEqual(w.t, answer.Status, http.StatusBadRequest, "%s is %v now, and was %v: %s", name,
				other, was, answer.Body)
			if answer.Problem().Code == "id-reused" {
				reused++
			}
		}
	}
	require.Positive(w.t, reused, "no other body was refused for its id")
}

// otherValues are near a value, and not it.
func otherValues(s *openapi3.Schema, was any) (others []any) {
	if len(s.AllOf) > 0 {
		s = s.AllOf[0].Value
	}
	if s.Format == "plain-text" || s.Format == "single-line" {
		text, _ := was.(string)
		return []any{text + " En anders."}
	}
	if was == nil {
		return nil
	}
	for _, one := range s.Enum {
		if one != was && one != nil {
			return []any{one}
		}
	}
	switch v := was.(type) {
	case float64:
		return slices.DeleteFunc([]any{v + 1, v - 1}, func(n any) bool { // mended, a phone's may be the same
			return s.Min != nil && n.(float64) < *s.Min || s.Max != nil && n.(float64) > *s.Max
		})
	case bool:
		return []any{!v}
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			return []any{day.AddDate(0, 0, -2).Format(time.DateOnly), day.AddDate(0, 0, -1).Format(time.DateOnly)}
		}
		if strings.HasPrefix(s.Pattern, "^[a-z0-9]+(") { // an exercise
			return []any{"bridge", "hip-hinge-wall"}
		}
	case []any:
		if len(v) > 1 {
			others = []any{v[:1]}
		}
	}
	return others
}
