package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/safety"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// The form says in which part each safety question stands: at most twelve at a time.
func TestTheFormTellsTheParts(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	var form client.IntakeForm
	require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/intake-form", sys.Admin.Token(), nil).Body, &form))
	count := map[int]int{}
	for _, q := range form.Signs {
		require.NotEmpty(t, q.Heading.Nl)
		count[*q.Part]++
	}
	require.Equal(t, map[int]int{1: 12, 2: 12, 3: 10, 4: 7}, count)
	require.Equal(t, "Tekenen die niet kunnen wachten", form.Signs[0].Heading.Nl)
}

// An app that knows only the questions of form 1 submits as before. What it did not ask is told, and is no stop.
func TestAnOlderAppSubmits(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		answers := testkit.Answers(nil)
		for _, q := range safety.IntakeQuestions {
			if q.Form > 1 {
				delete(answers["signs"].(map[string]any), string(q.Sign))
			}
		}
		var sent client.Intake
		require.NoError(t, json.Unmarshal(anna.Submits(answers).Body, &sent))
		require.Equal(t, client.Ok, sent.SafetyLevel)
		require.Len(t, sent.NotAsked, 12)
		require.Contains(t, sent.NotAsked, "urine_flow")

		answers["signs"].(map[string]any)["urine_flow"] = false
		saved := sys.Call("PUT", "/v1/me/intake/answers", anna.Token(), answers)
		require.Equal(t, http.StatusOK, saved.Status)
		refused := sys.Call("POST", "/v1/me/intake/submissions", anna.Token(), map[string]any{"id": sys.NewID()})
		require.Equal(t, http.StatusBadRequest, refused.Status, "who asks one question of a form asks them all")
	})
}

// A patient with a low mood reads whom to call.
func TestALowMoodIsToldToThePatient(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	for score, told := range map[int]bool{2: false, 3: true} {
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		body := string(anna.Submits(testkit.Answers(map[string]any{"phq2_mood": score})).Body)
		if !told {
			require.NotContains(t, body, "mood_advice")
			continue
		}
		require.Contains(t, body, "Call 0800-0113 or go to 113.nl")
	}
}

// No sign above a review lets anything be proposed.
func TestNoStopIsProposedFor(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	for _, q := range safety.IntakeQuestions {
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		var sent client.Intake
		answers := testkit.Yes(testkit.Answers(map[string]any{"region": "both"}), string(q.Sign))
		require.NoError(t, json.Unmarshal(anna.Submits(answers).Body, &sent))
		asked := sys.Call("POST", at(anna, "/program-proposals"), therapist.Token(), map[string]any{"id": sys.NewID()})
		if safety.Level(sent.SafetyLevel).Stops() {
			require.Equal(t, "safety-stop", asked.Problem().Code, q.Sign)
			continue
		}
		require.Equal(t, http.StatusCreated, asked.Status, q.Sign)
	}
}
