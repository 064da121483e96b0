package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// own is an exercise of a practice's own, with other words each time.
func own(words string) map[string]any {
	return map[string]any{
		"module": "strength", "region": "neck", "name": map[string]any{"nl": words},
		"dose":         map[string]any{"sets": 2, "reps": 8},
		"instructions": map[string]any{"nl": "Duw: " + words}, "cautions": map[string]any{"nl": "Let op: " + words},
	}
}

// A version of a program shows the exercise as it was published, to patient and therapist alike, whatever it says now.
// The next version shows the new words.
func TestWhatWasAskedIsFrozen(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		exercise := sys.NewID()
		address := "/v1/practice/exercises/" + exercise
		saved := sys.Call("PUT", address, therapist.Token(), own("Muurpush"))
		require.Equal(t, http.StatusCreated, saved.Status, string(saved.Body))
		versions := "/v1/patients/" + string(anna.ID) + "/program-versions"
		publish := func() {
			etag := sys.Call("GET", versions, therapist.Token(), nil).Header.Get("ETag")
			answer := sys.Call("POST", versions, therapist.Token(), map[string]any{
				"id": sys.NewID(), "effective_from": anna.Today().String(), "items": []any{map[string]any{
					"id": sys.NewID(), "exercise": exercise, "dose": map[string]any{"sets": 2, "reps": 8},
					"schedule": map[string]any{"kind": "weekly_quota", "sessions_per_week": 5},
				}},
			}, "If-Match", etag)
			require.Equal(t, http.StatusCreated, answer.Status, string(answer.Body))
		}
		publish()
		etag := saved.Header.Get("ETag")
		edited := sys.Call("PUT", address, therapist.Token(), own("Anders"), "If-Match", etag)
		require.Equal(t, http.StatusOK, edited.Status, string(edited.Body))

		seen := func(path, token string) string {
			return string(sys.Call("GET", path, token, nil, "Accept-Language", "nl").Body)
		}
		for path, token := range map[string]string{versions: therapist.Token(), "/v1/me/today": anna.Token()} {
			require.Contains(t, seen(path, token), `"Muurpush"`, path)
			require.Contains(t, seen(path, token), "Let op: Muurpush", path)
			require.NotContains(t, seen(path, token), "Anders", path)
		}
		publish()
		require.Contains(t, seen("/v1/me/today", anna.Token()), `"Anders"`)
		require.Contains(t, seen(versions, therapist.Token()), `"Muurpush"`, "the earlier version stays as it was")
	})
}
