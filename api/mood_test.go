package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// Who was too tired or low to exercise is asked about mood, unless that was asked in the last four weeks.
func TestALowDayAsksAboutMood(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		tasks := func() (keys []string) {
			list, err := anna.ListQuestionnaireTasksWithResponse(context.Background())
			require.NoError(t, err)
			for _, task := range list.JSON200.Data {
				keys = append(keys, task.Task)
			}
			return keys
		}
		names := func(barrier string) {
			reported := sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), map[string]any{
				"id": sys.NewID(), "local_date": anna.Today().String(), "barrier": barrier})
			require.Equal(t, http.StatusCreated, reported.Status, string(reported.Body))
		}
		names("fatigue")
		require.Empty(t, tasks(), "mood was asked at the start")
		sys.Clock.Advance(13 * 24 * time.Hour)
		names("time")
		names("fatigue")
		require.Empty(t, tasks(), "thirteen days ago")
		sys.Clock.Advance(13 * 24 * time.Hour)
		names("fatigue")
		require.Empty(t, tasks(), "twenty-six days ago")
		sys.Clock.Advance(24 * time.Hour)
		require.Empty(t, tasks(), "twenty-seven")
		sys.Clock.Advance(24 * time.Hour) // the questionnaires of week 4 are due, mood among them
		require.Contains(t, tasks(), "week_4/phq2")
		anna.AnswersQuestions()
		sys.Clock.Advance(27 * 24 * time.Hour)
		names("fatigue")
		require.Empty(t, tasks(), "twenty-seven days after week 4")
		sys.Clock.Advance(24 * time.Hour)
		anna.AnswersQuestions() // those of week 8
		sys.Clock.Advance(29 * 24 * time.Hour)
		anna.AnswersQuestions() // and of week 12
		sys.Clock.Advance(28 * 24 * time.Hour)
		names("fatigue")
		low := anna.Today()
		require.Equal(t, []string{"low_" + low.String() + "/phq2"}, tasks())
		sys.Clock.Advance(24 * time.Hour)
		names("fatigue")
		require.Equal(t, []string{"low_" + low.String() + "/phq2"}, tasks(), "asked once, about the first day")
		sys.Clock.Advance(12 * 24 * time.Hour)
		require.Equal(t, []string{"low_" + low.String() + "/phq2"}, tasks(), "for two weeks")
		answered, err := anna.AnswerQuestionnaireWithResponse(context.Background(), client.QuestionnaireResponse{
			ID: sys.NewID(), Task: tasks()[0], Answers: map[string]int{"interest": 2, "mood": 1}})
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, answered.StatusCode(), string(answered.Body))
		require.Empty(t, tasks())
		isToldOfMood(t, sys, therapist, 3, anna.Today())
	})
}

// isToldOfMood expects the alert about a PHQ-2, in both languages, with the day as each writes it.
func isToldOfMood(
	t *testing.T, sys *testkit.System, therapist *testkit.Member, score int, on localtime.Date,
) {
	t.Helper()
	for l, want := range map[people.Language]string{
		people.Dutch:   "PHQ-2 is %d van 6 op %s (3 of meer): vraag naar stemming.",
		people.English: "PHQ-2 is %d of 6 on %s (3 or more): ask about mood.",
	} {
		told := sys.Call("GET", "/v1/alerts", therapist.Token(), nil, "Accept-Language", string(l))
		require.Contains(t, string(told.Body), fmt.Sprintf(want, score, l.Date(on)))
	}
}
