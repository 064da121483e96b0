package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/settings"
	"cadans/internal/run/testkit"
)

// The numbers of the rules have bounds, the contract's are those of the rules, and a proposal follows what is set.
func TestPracticeSettings(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		const path = "/v1/practice/settings"
		got := sys.Call("GET", path, therapist.Token(), nil)
		var body map[string]any
		require.NoError(t, json.Unmarshal(got.Body, &body))
		etag := got.Header.Get("ETag")
		put := func(who *testkit.Member, key string, value any, etag string) testkit.Answer {
			changed := maps.Clone(body)
			changed[key] = value
			return sys.Call("PUT", path, who.Token(), changed, "If-Match", etag)
		}
		require.Equal(t, http.StatusForbidden, put(therapist, "low_below", 5, etag).Status)
		fields := sys.App.Contract.Document().Components.Schemas["PracticeSettings"].Value.Properties
		for _, b := range settings.Bounds {
			require.Equal(t, float64(b.Min), *fields[b.Key].Value.Min, b.Key)
			require.Equal(t, float64(b.Max), *fields[b.Key].Value.Max, b.Key)
			require.Equal(t, "out-of-range", put(sys.Admin, b.Key, b.Max+1, etag).Problem().Errors[0].Code)
		}
		require.Equal(
			t, "not-five-weeks", put(sys.Admin, "contact_weeks", []int{2, 2, 5, 9, 14}, etag).Problem().Errors[0].Code,
		)
		require.Equal(
			t, "not-five-weeks", put(sys.Admin, "contact_weeks", []int{5, 2, 9, 14, 24}, etag).Problem().Errors[0].Code,
		)

		anna.Submits(testkit.Answers(map[string]any{"weeks": 20, "motivation": 6}))
		require.True(t, proposes(t, sys, therapist, anna, "nl").StartsSmall)
		require.Equal(t, http.StatusPreconditionRequired, put(sys.Admin, "low_below", 5, "").Status)
		set := put(sys.Admin, "low_below", 5, etag)
		require.Equal(t, http.StatusOK, set.Status, string(set.Body))
		require.Equal(t, http.StatusPreconditionFailed, put(sys.Admin, "low_below", 4, etag).Status)
		require.Equal(t, http.StatusOK, put(sys.Admin, "low_below", 5, etag).Status, "it is so already")
		require.False(t, proposes(t, sys, therapist, anna, "nl").StartsSmall)
		_, other := sys.NewPractice("Praktijk Elders")
		require.Contains(
			t, string(sys.Call("GET", path, other.Token(), nil).Body), `"low_below":7`, "another practice has its own",
		)
	})
}
