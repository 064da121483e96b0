package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// What the app says follows what the patient does: a plan, a barrier, a painful session, a pause, a flare, days away.
func TestPrompts(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		say := func(query string) []client.PromptBody {
			var kind *client.ReminderKind
			if query != "" {
				asked := client.ReminderKind(query)
				kind = &asked
			}
			answer, err := anna.ListMyPromptsWithResponse(context.Background(), &client.ListMyPromptsParams{Kind: kind})
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, answer.StatusCode(), string(answer.Body))
			return answer.JSON200.Data
		}
		ids := func(said []client.PromptBody) (ids []string) {
			for _, p := range said {
				ids = append(ids, p.ID)
			}
			return ids
		}
		must := func(answer testkit.Answer, status int) {
			require.Equal(t, status, answer.Status, string(answer.Body))
		}
		require.Equal(t, []string{"forgot-1"}, ids(say("")))
		require.Equal(t, http.StatusBadRequest, sys.Call("GET", "/v1/me/prompts?kind=nag", anna.Token(), nil).Status)

		must(
			sys.Call("PUT", "/v1/me/action-plan", anna.Token(), map[string]any{"after": "ontbijt", "exercises": 2}),
			http.StatusOK,
		)
		require.Equal(
			t, "Uw plan: Direct na ontbijt doe ik 2 oefeningen. Past dit nog?", say("")[0].Text.Nl,
		)

		must(sys.Call(
			"POST", "/v1/me/barrier-reports", anna.Token(),
			map[string]any{"id": sys.NewID(), "local_date": anna.Today().String(), "barrier": "boredom"},
		), http.StatusCreated)
		bored := say("")
		require.Equal(t, []string{"answer-boredom"}, ids(bored))
		require.Equal(t, "listAlternatives", bored[0].Actions[0].Operation)
		require.Equal(t, []string{"ask-1"}, ids(say("lapse")))
		sys.Clock.Advance(14 * 24 * time.Hour)
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		require.Equal(t, []string{"time-3"}, ids(say("")), "two weeks later it is another time")

		sys.Clock.Advance(24 * time.Hour)
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 4), http.StatusCreated)
		require.NotContains(t, ids(say("")), "flare-2", "a point more")
		sys.Clock.Advance(24 * time.Hour)
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 5), http.StatusCreated)
		require.Equal(t, []string{"flare-2", "flare-3"}, ids(say("")))
		sys.Clock.Advance(24 * time.Hour)
		require.NotContains(t, ids(say("")), "flare-2", "yesterday's")
		require.Contains(t, ids(say("weekly")), "motivation-3")

		sys.Clock.Advance(6 * 24 * time.Hour)
		require.Equal(t, []string{"back-1", "ask-1"}, ids(say("")))
		pause := sys.NewID()
		today := anna.Today()
		must(sys.Call("POST", "/v1/me/program-pauses", anna.Token(), map[string]any{
			"id":         pause,
			"reason":     "holiday",
			"start_date": today.String(),
			"end_date":   today.AddDays(3).String(),
		}), http.StatusCreated)
		require.Equal(t, []string{"pause-1"}, ids(say("")))
		must(sys.Call("DELETE", "/v1/me/program-pauses/"+pause, anna.Token(), nil), http.StatusNoContent)
		must(sys.Call(
			"POST", "/v1/me/flares", anna.Token(),
			map[string]any{"id": sys.NewID(), "days": 3, "new_signs": []string{}},
		), http.StatusCreated)
		require.Equal(t, []string{"flare-1", "flare-3"}, ids(say("cue")))
		must(sys.Call("POST", "/v1/me/check-ins", anna.Token(), map[string]any{
			"id":         sys.NewID(),
			"local_date": anna.Today().String(),
			"new_signs":  []string{"saddle_numbness"},
		}), http.StatusCreated)
		require.Empty(t, say(""), "a safety stop")
	})
}
