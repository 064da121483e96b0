package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

func newItem(sys *testkit.System, slug string, sets, reps, perWeek int) map[string]any {
	return map[string]any{"id": sys.NewID(), "exercise": slug, "dose": map[string]any{"sets": sets, "reps": reps},
		"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": perWeek}}
}

// A draft is the therapist's own until it is published; two therapists do not overwrite each other, and a version that
// was published meanwhile stops it.
func TestDrafts(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		path := at(anna, "/program-draft")
		save := func(body map[string]any, etag string) testkit.Answer {
			return sys.Call("PUT", path, therapist.Token(), body, "If-Match", etag)
		}
		publish := func(id, etag string) testkit.Answer {
			return sys.Call("POST", path+"/publications", therapist.Token(), map[string]any{"id": id}, "If-Match", etag)
		}
		require.Equal(t, http.StatusNotFound, sys.Call("GET", path, therapist.Token(), nil).Status)
		half := map[string]any{"items": []any{}}
		first := save(half, "")
		require.Equal(t, http.StatusOK, first.Status, string(first.Body))
		old := first.Header.Get("ETag")
		require.Equal(t, http.StatusBadRequest, publish(sys.NewID(), old).Status, "half a draft cannot be published")
		whole := map[string]any{"items": []any{newItem(sys, "hip-hinge-wall", 2, 10, 3)}}
		require.Equal(t, http.StatusPreconditionRequired, sys.Call("PUT", path, therapist.Token(), whole).Status)
		second := save(whole, old)
		etag := second.Header.Get("ETag")
		require.Equal(t, http.StatusOK, save(whole, old).Status, "a retry of what is stored")
		require.Equal(t, http.StatusPreconditionFailed, save(half, old).Status)
		require.Equal(t, etag, sys.Call("GET", path, therapist.Token(), nil).Header.Get("ETag"))
		require.Equal(t, "bridge", todayOf(t, anna).Items[0].Item.Exercise, "the patient sees nothing of it")

		id := sys.NewID()
		require.Equal(t, http.StatusPreconditionFailed, publish(id, old).Status)
		published, again := publish(id, etag), publish(id, etag)
		require.Equal(t, []int{201, 200}, []int{published.Status, again.Status}, string(published.Body))
		require.Equal(t, "hip-hinge-wall", todayOf(t, anna).Items[0].Item.Exercise)
		require.Equal(t, http.StatusNotFound, sys.Call("GET", path, therapist.Token(), nil).Status)

		etag = save(whole, "").Header.Get("ETag")
		therapist.Publishes(anna, 4)
		require.Equal(
			t, http.StatusPreconditionFailed, publish(sys.NewID(), etag).Status, "another version was published since",
		)
		require.Equal(t, []int{204, 204}, []int{
			sys.Call("DELETE", path, therapist.Token(), nil).Status,
			sys.Call("DELETE", path, therapist.Token(), nil).Status,
		})
	})
}

// Core items of a template are locked, options may change with a reason, and what was made of it is kept.
func TestTemplates(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		path := "/v1/program-templates/" + sys.NewID()
		core, option := newItem(sys, "bridge", 2, 8, 2), newItem(sys, "cat-camel", 2, 8, 5)
		body := map[string]any{"name": "Chronische rugpijn", "items": []any{
			map[string]any{"core": true, "item": core}, map[string]any{"core": false, "item": option}}}
		save := func(body map[string]any, etag string) testkit.Answer {
			return sys.Call("PUT", path, therapist.Token(), body, "If-Match", etag)
		}
		none := save(map[string]any{"name": "x", "items": []any{map[string]any{"core": false, "item": option}}}, "")
		require.Equal(t, "no-core", none.Problem().Errors[0].Code)
		made, again := save(body, ""), save(body, "")
		require.Equal(t, []int{201, 200}, []int{made.Status, again.Status}, string(made.Body))
		renamed := map[string]any{"name": "Rug, chronisch", "items": body["items"]}
		require.Equal(t, http.StatusPreconditionRequired, sys.Call("PUT", path, therapist.Token(), renamed).Status)
		require.Equal(t, http.StatusOK, save(renamed, made.Header.Get("ETag")).Status)
		require.Equal(t, http.StatusPreconditionFailed, save(body, made.Header.Get("ETag")).Status)
		_, other := sys.NewPractice("Praktijk Elders")
		require.NotContains(t, string(sys.Call("GET", "/v1/program-templates", other.Token(), nil).Body), "Rug")
		var list client.TemplateList
		require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/program-templates", therapist.Token(), nil).Body, &list))
		require.Equal(t, 2, list.Data[0].Revision)

		draft := at(anna, "/program-draft")
		try := func(items []any, reason string) testkit.Answer {
			sys.Call("DELETE", draft, therapist.Token(), nil)
			content := map[string]any{"items": items, "template_id": list.Data[0].ID}
			if reason != "" {
				content["adaptation_reason"] = reason
			}
			etag := sys.Call("PUT", draft, therapist.Token(), content).Header.Get("ETag")
			return sys.Call(
				"POST", draft+"/publications", therapist.Token(), map[string]any{"id": sys.NewID()}, "If-Match", etag,
			)
		}
		fresh := func(slug string, sets, reps, perWeek int) any { return newItem(sys, slug, sets, reps, perWeek) }
		locked := try([]any{fresh("bridge", 3, 8, 2), fresh("cat-camel", 2, 8, 5)}, "Sterker")
		require.Equal(t, "core-locked", locked.Problem().Errors[0].Code)
		silent := try([]any{fresh("bridge", 2, 8, 2)}, "")
		require.Equal(t, "/adaptation_reason", *silent.Problem().Errors[0].Pointer)
		require.Equal(
			t, http.StatusCreated, try([]any{fresh("bridge", 2, 8, 2), fresh("cat-camel", 2, 8, 5)}, "").Status,
		)
		require.Equal(
			t, http.StatusCreated,
			try([]any{fresh("bridge", 2, 8, 2), fresh("open-book", 1, 8, 5)}, "Draaien lukt beter").Status,
		)
		var adaptations client.AdaptationList
		require.NoError(t, json.Unmarshal(
			sys.Call("GET", at(anna, "/program-adaptations"), therapist.Token(), nil).Body, &adaptations,
		))
		require.Len(t, adaptations.Data, 2)
		require.Equal(t, []bool{false, true}, []bool{adaptations.Data[0].Changed, adaptations.Data[1].Changed})
		require.Equal(t, "Draaien lukt beter", *adaptations.Data[1].Reason)

		require.Equal(t, http.StatusNoContent, sys.Call("DELETE", path, therapist.Token(), nil).Status)
		require.Equal(
			t, http.StatusNotFound,
			sys.Call("DELETE", "/v1/program-templates/"+sys.NewID(), therapist.Token(), nil).Status,
		)
		require.NotContains(t, string(sys.Call("GET", "/v1/program-templates", therapist.Token(), nil).Body), "Rug")
	})
}

// The intake proposes how much support somebody needs; what a therapist sets holds.
func TestRiskProfile(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		path := at(anna, "/risk-profile")
		require.Equal(t, http.StatusNotFound, sys.Call("GET", path, therapist.Token(), nil).Status)
		body := map[string]any{"id": sys.NewID(), "risk": "high", "source": "start_back"}
		set := func() int { return sys.Call("POST", path, therapist.Token(), body).Status }
		require.Equal(t, []int{201, 200}, []int{set(), set()})
		body["risk"] = "low"
		require.Equal(t, http.StatusConflict, set())
		var profile client.RiskProfile
		require.NoError(t, json.Unmarshal(sys.Call("GET", path, therapist.Token(), nil).Body, &profile))
		require.Equal(t, []int{12, 12}, []int{profile.SupportWeeks, profile.SupportContacts})
	})
}
