package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// An exercise of the practice's own: written, asked of a patient, corrected by one of two at once, no longer offered,
// offered again. Another practice has nothing of it.
func TestOwnExercises(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		slug := sys.NewID()
		path := "/v1/practice/exercises/" + slug
		save := func(by *testkit.Member, body map[string]any, etag string) testkit.Answer {
			return sys.Call("PUT", path, by.Token(), body, "If-Match", etag)
		}
		first, again := save(therapist, ownExercise, ""), save(therapist, ownExercise, "")
		require.Equal(t, []int{201, 200}, []int{first.Status, again.Status}, string(first.Body))
		etag := first.Header.Get("ETag")
		require.Equal(t, etag, again.Header.Get("ETag"))

		corrected := maps.Clone(ownExercise)
		corrected["instructions"] = map[string]any{"nl": "Trek heel rustig.", "en": "Pull very calmly."}
		require.Equal(t, http.StatusPreconditionRequired, sys.Call("PUT", path, therapist.Token(), corrected).Status)
		require.Equal(t, http.StatusOK, save(therapist, corrected, etag).Status)
		other := maps.Clone(ownExercise)
		other["region"] = "general"
		require.Equal(t, http.StatusPreconditionFailed, save(therapist, other, etag).Status, "somebody was faster")

		_, foreign := sys.NewPractice("Elders")
		stranger := sys.Therapist(foreign, "E. Elders")
		require.Equal(t, http.StatusNotFound, save(stranger, ownExercise, etag).Status)
		require.NotContains(t, slugs(t, sys, stranger.Token()), slug)
		require.Equal(t, http.StatusNotFound, sys.Call("GET", "/v1/exercises/"+slug, stranger.Token(), nil).Status)
		theirs := stranger.NewPatient("B. Bakker", "Europe/Amsterdam")
		refused := publish(sys, stranger, theirs, slug)
		require.Equal(t, http.StatusBadRequest, refused.Status)
		require.Contains(t, string(refused.Body), "unknown-exercise")

		require.Contains(t, slugs(t, sys, therapist.Token()), slug)
		require.Equal(t, http.StatusCreated, publish(sys, therapist, anna, slug).Status)
		shown := todayOf(t, anna).Items[0].Item
		require.Equal(
			t, []string{slug, "Handdoek trekken", "Trek heel rustig."},
			[]string{shown.Exercise, shown.Name, shown.Instructions},
		)
		require.Equal(t, http.StatusOK, sys.Call("GET", "/v1/exercises/"+slug, anna.Token(), nil).Status)
		template := sys.Call("PUT", "/v1/program-templates/"+sys.NewID(), therapist.Token(), map[string]any{
			"name": "x",
			"items": []any{map[string]any{"core": true,
				"item": newItem(sys, slug, 2, 8, 2)}},
		})
		require.Equal(t, http.StatusCreated, template.Status, string(template.Body))
		alternatives := sys.Call("GET", "/v1/me/program/items/"+shown.ID+"/alternatives", anna.Token(), nil)
		require.Equal(t, http.StatusOK, alternatives.Status)
		require.JSONEq(t, `{"data":[]}`, string(alternatives.Body), "it stands in no chain, so nothing is like it")

		for range 2 {
			require.Equal(t, http.StatusNoContent, sys.Call("DELETE", path, therapist.Token(), nil).Status)
		}
		require.NotContains(t, slugs(t, sys, therapist.Token()), slug)
		require.Equal(t, "Handdoek trekken", todayOf(t, anna).Items[0].Item.Name, "a program keeps it")
		require.Equal(t, http.StatusCreated, publish(sys, therapist, anna, slug).Status, "also when it is changed")
		var archived client.OwnExercise
		require.NoError(t, json.Unmarshal(sys.Call("GET", path, therapist.Token(), nil).Body, &archived))
		require.True(t, archived.Archived)
		require.Equal(t, http.StatusOK, save(therapist, corrected, `"`+archived.Etag+`"`).Status)
		require.Contains(t, slugs(t, sys, therapist.Token()), slug, "offered again")
	})
}

// Everything that is wrong with an exercise is named at once, and nothing of it is stored.
func TestAWrongExerciseIsRefused(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		before := sys.Stored()
		for _, tc := range []struct {
			name string
			body map[string]any
			want map[string]string
		}{
			{"fields that are none", map[string]any{
				"module": "education", "region": "knee", "name": map[string]any{"de": "x"},
				"instructions": map[string]any{}, "dose": map[string]any{"sets": 7.5},
			},
				map[string]string{
					"/module": "unknown-value", "/region": "unknown-value", "/name/de": "unknown-field",
					"/dose/sets": "not-a-whole-number",
				}},
			{"fields that say nothing", map[string]any{
				"module": "core", "region": "neck", "name": map[string]any{}, "instructions": map[string]any{"nl": ""},
				"dose": map[string]any{"sets": 2},
			},
				map[string]string{"/name": "required", "/instructions": "required", "/dose": "wrong-dose"}},
		} {
			answer := sys.Call("PUT", "/v1/practice/exercises/"+sys.NewID(), therapist.Token(), tc.body)
			require.Equal(t, http.StatusBadRequest, answer.Status, tc.name)
			found := map[string]string{}
			for _, e := range answer.Problem().Errors {
				found[*e.Pointer] = e.Code
			}
			require.Equal(t, tc.want, found, tc.name)
		}
		require.Equal(t, before, sys.Stored())
	})
}

func slugs(t *testing.T, sys *testkit.System, token string) (found []string) {
	t.Helper()
	var list client.ExerciseList
	require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/exercises", token, nil).Body, &list))
	require.Equal(t, "pelvic-tilt-lying", list.Data[0].Slug, "the library comes first")
	for _, e := range list.Data {
		found = append(found, e.Slug)
	}
	return found
}

func publish(sys *testkit.System, by *testkit.Member, p *testkit.Patient, slug string) testkit.Answer {
	path := at(p, "/program-versions")
	based := sys.Call("GET", path, by.Token(), nil).Header.Get("ETag")
	return sys.Call("POST", path, by.Token(), map[string]any{
		"id":             sys.NewID(),
		"effective_from": p.Today().String(),
		"items":          []any{newItem(sys, slug, 2, 8, 3)},
	}, "If-Match", based)
}
