package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

func modules(t *testing.T, sys *testkit.System, who interface{ Token() string }, path string) []client.EducationModule {
	t.Helper()
	var list client.EducationList
	require.NoError(t, json.Unmarshal(sys.Call("GET", path, who.Token(), nil, "Accept-Language", "en").Body, &list))
	return list.Data
}

// One module a week; draft, submitted, answered; what was answered cannot be changed any more.
func TestWeeklyModules(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		states := func() (list []string) {
			for _, m := range modules(t, sys, anna, "/v1/me/modules") {
				list = append(list, string(m.State))
			}
			return list
		}
		require.Equal(t, []string{"open", "later", "later", "later", "later", "later"}, states())
		id := sys.NewID()
		write := func(number, id, text string, submit bool) testkit.Answer {
			return sys.Call(
				"PUT", "/v1/me/modules/"+number+"/response", anna.Token(),
				map[string]any{"id": id, "text": text, "submit": submit},
			)
		}
		feedback := func(text string) testkit.Answer {
			return sys.Call("PUT", at(anna, "/modules/1/feedback"), therapist.Token(), map[string]any{"text": text})
		}
		require.Equal(t, "not-open-yet", write("2", id, "x", false).Problem().Code)
		require.Equal(t, http.StatusBadRequest, write("7", id, "x", false).Status)
		require.Equal(t, "nothing-submitted", feedback("Mooi.").Problem().Code)
		require.Equal(t, http.StatusOK, write("1", id, "Meer pijn", false).Status)
		require.Equal(t, "nothing-submitted", feedback("Mooi.").Problem().Code, "a draft is not for the therapist")
		require.Equal(t, http.StatusOK, write("1", id, "Meer pijn na slecht slapen", true).Status)
		require.Equal(t, "response-exists", write("1", sys.NewID(), "x", true).Problem().Code)
		require.Equal(t, []int{200, 200}, []int{feedback("Mooi gezien.").Status, feedback("Mooi gezien.").Status})
		require.Equal(t, http.StatusOK, write("1", id, "Meer pijn na slecht slapen", true).Status, "a retry")
		require.Equal(t, "locked-by-feedback", write("1", id, "Iets anders", true).Problem().Code)
		sys.Clock.Advance(14 * 24 * time.Hour)
		require.Equal(t, []string{"feedback_given", "open", "open", "later", "later", "later"}, states())
		mine := modules(t, sys, therapist, at(anna, "/modules"))[0]
		require.Equal(t, "Understanding pain", mine.Title)
		require.Equal(t, "Mooi gezien.", *mine.Response.Feedback)
		require.Contains(
			t, string(sys.Call("GET", "/v1/education-cards", anna.Token(), nil).Body), "Opnieuw beginnen na een pauze",
		)
	})
}

func TestValuedActivities(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		path := "/v1/me/valued-activities/" + sys.NewID()
		save := func(body map[string]any) int { return sys.Call("PUT", path, anna.Token(), body).Status }
		require.Equal(
			t, http.StatusNoContent, save(map[string]any{"activity": "Koffie met Ria", "planned_on": "2026-03-07"}),
		)
		require.Equal(
			t, http.StatusNoContent,
			save(map[string]any{"activity": "Koffie met Ria", "planned_on": "2026-03-07", "done": true}),
		)
		var list client.ValuedActivityList
		require.NoError(
			t, json.Unmarshal(sys.Call("GET", at(anna, "/valued-activities"), therapist.Token(), nil).Body, &list),
		)
		require.Len(t, list.Data, 1)
		require.True(t, *list.Data[0].Done)
	})
}

// What is due is asked, scored by the server, and shown with what its change means; a high PHQ-2 is told; a licensed
// score comes in as a number.
func TestQuestionnaires(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		due := func() (keys []string) {
			var list client.QuestionnaireTaskList
			require.NoError(
				t, json.Unmarshal(sys.Call("GET", "/v1/me/questionnaire-tasks", anna.Token(), nil).Body, &list),
			)
			for _, task := range list.Data {
				keys = append(keys, task.Task)
			}
			return keys
		}
		answer := func(id, task string, answers map[string]any) testkit.Answer {
			return sys.Call(
				"POST", "/v1/me/questionnaire-responses", anna.Token(),
				map[string]any{"id": id, "task": task, "answers": answers},
			)
		}
		require.Equal(t, []string{"baseline/nprs", "baseline/psfs", "baseline/phq2", "baseline/pavs"}, due())
		id := sys.NewID()
		first, again := answer(id, "baseline/nprs", map[string]any{"average": 6, "worst": 8}),
			answer(id, "baseline/nprs", map[string]any{"average": 6, "worst": 8})
		require.Equal(t, []int{201, 200}, []int{first.Status, again.Status}, string(first.Body))
		require.Equal(
			t, "id-reused", answer(id, "baseline/nprs", map[string]any{"average": 5, "worst": 8}).Problem().Code,
		)
		require.NotContains(t, due(), "baseline/nprs")
		require.Equal(
			t, "task-closed",
			answer(sys.NewID(), "baseline/nprs", map[string]any{"average": 6, "worst": 8}).Problem().Code,
		)
		require.Equal(
			t, "task-closed",
			answer(sys.NewID(), "week_4/nprs", map[string]any{"average": 6, "worst": 8}).Problem().Code,
		)
		require.Equal(
			t, "/answers/mood",
			*answer(sys.NewID(), "baseline/phq2", map[string]any{"interest": 3}).Problem().Errors[0].Pointer,
		)
		require.Equal(
			t, http.StatusBadRequest,
			answer(sys.NewID(), "baseline/phq2", map[string]any{"interest": "3", "mood": 0}).Status,
		)
		require.Equal(
			t, http.StatusCreated,
			answer(sys.NewID(), "baseline/phq2", map[string]any{"interest": 3, "mood": 0}).Status,
		)
		require.Contains(t, string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), `"mood"`)

		sys.Clock.Advance(28 * 24 * time.Hour)
		require.Contains(t, due(), "week_4/gpe")
		require.Equal(
			t, http.StatusCreated, answer(sys.NewID(), "week_4/nprs", map[string]any{"average": 4, "worst": 5}).Status,
		)
		imported := sys.Call("POST", at(anna, "/scores"), therapist.Token(), map[string]any{
			"id": sys.NewID(), "instrument": "odi", "version": "2.1a",
			"local_date":   anna.Today().String(),
			"score_tenths": 240, "min_tenths": 0, "max_tenths": 1000, "direction": "lower_is_better",
			"source": "papier",
		})
		require.Equal(t, http.StatusCreated, imported.Status, string(imported.Body))
		wrong := sys.Call("POST", at(anna, "/scores"), therapist.Token(), map[string]any{
			"id": sys.NewID(), "instrument": "odi", "version": "2.1a",
			"local_date":   anna.Today().String(),
			"score_tenths": 1240, "min_tenths": 0, "max_tenths": 1000, "direction": "lower_is_better",
			"source": "papier",
		})
		require.Equal(t, http.StatusBadRequest, wrong.Status)

		var scores client.ScoreList
		require.NoError(t, json.Unmarshal(sys.Call("GET", at(anna, "/scores"), therapist.Token(), nil).Body, &scores))
		require.Len(t, scores.Data, 4)
		last := scores.Data[slices.IndexFunc(
			scores.Data, func(s client.ScoreBody) bool { return s.Instrument == "nprs" && s.ChangeTenths != nil },
		)]
		require.Equal(t, -20, *last.ChangeTenths)
		require.Equal(t, "improved", string(*last.Verdict))
		require.Nil(t, scores.Data[0].ChangeTenths)
		require.Equal(t, http.StatusNotFound, sys.Call("GET", "/v1/questionnaires/odi", anna.Token(), nil).Status)
		require.Equal(t, http.StatusOK, sys.Call("GET", "/v1/questionnaires/psfs", anna.Token(), nil).Status)
	}, testkit.Unanswered)
}
