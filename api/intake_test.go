package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// The form asks exactly what the contract takes, with the same ranges and choices.
func TestTheFormIsTheContract(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	schemas := sys.App.Contract.Document().Components.Schemas
	var form client.IntakeForm
	require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/intake-form", sys.Admin.Token(), nil).Body, &form))

	answers := schemas["IntakeAnswers"].Value.Properties
	require.Len(t, form.Questions, len(answers)-1) // without the signs
	for _, q := range form.Questions {
		field, known := answers[q.Key]
		require.True(t, known, q.Key)
		if q.Minimum != nil {
			require.Equal(t, *field.Value.Min, float64(*q.Minimum), q.Key)
			require.Equal(t, *field.Value.Max, float64(*q.Maximum), q.Key)
		}
		options := field.Value.Enum
		if field.Value.Items != nil {
			options = field.Value.Items.Value.Enum
		}
		for _, option := range q.Options {
			require.Contains(t, options, any(option), q.Key)
		}
	}
	signs := schemas["IntakeSigns"].Value.Properties
	require.Len(t, form.Signs, len(signs))
	for _, q := range form.Signs {
		require.Contains(t, signs, q.Sign)
	}
	for _, q := range form.NewSigns {
		require.Contains(t, schemas["NewSign"].Value.Enum, any(q.Sign))
	}
	require.Len(t, form.NewSigns, len(schemas["NewSign"].Value.Enum))
}

// A draft is saved as it is, names what is missing, and an incomplete one is refused with every missing answer.
func TestAnIntakeIsAutosavedAndCompleteWhenSent(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {

		draft := sys.Call(
			"PUT", "/v1/me/intake/answers", anna.Token(),
			map[string]any{"region": "neck", "likes": []string{}, "radiating": "below"},
		)
		var saved client.IntakeDraft
		require.NoError(t, json.Unmarshal(draft.Body, &saved))
		require.Contains(t, saved.Missing, "weeks")
		require.Contains(t, saved.Missing, "radiating_numb")
		require.Contains(t, saved.Missing, "signs/neck_vascular")
		require.NotContains(t, saved.Missing, "likes", "nothing liked is an answer")
		require.NotContains(t, saved.Missing, "work_load", "whether there is work is not known yet")
		require.NotNil(t, saved.Answers.Likes)

		refused := sys.Call("POST", "/v1/me/intake/submissions", anna.Token(), map[string]any{"id": sys.NewID()})
		require.Equal(t, http.StatusBadRequest, refused.Status)
		require.Len(t, refused.Problem().Errors, len(saved.Missing))

		contradiction := sys.Call(
			"PUT", "/v1/me/intake/answers", anna.Token(),
			testkit.Answers(map[string]any{"likes": []string{"core"}, "dislikes": []string{"core"}}),
		)
		require.Equal(t, http.StatusBadRequest, contradiction.Status)
		require.Equal(t, "contradicts", contradiction.Problem().Errors[0].Code)

		id := sys.NewID()
		require.Equal(
			t, http.StatusOK, sys.Call("PUT", "/v1/me/intake/answers", anna.Token(), testkit.Answers(nil)).Status,
		)
		first := sys.Call("POST", "/v1/me/intake/submissions", anna.Token(), map[string]any{"id": id})
		again := sys.Call("POST", "/v1/me/intake/submissions", anna.Token(), map[string]any{"id": id})
		require.Equal(t, []int{http.StatusCreated, http.StatusOK}, []int{first.Status, again.Status})
		require.JSONEq(t, string(first.Body), string(again.Body))

		after := sys.Call("GET", "/v1/me/intake", anna.Token(), nil)
		require.NoError(t, json.Unmarshal(after.Body, &saved))
		require.Equal(t, anna.Today().AddDays(28).String(), *saved.DueOn)
		require.Contains(t, saved.Missing, "fear", "the next intake starts without answers")
	})
}

// Every intake is kept, and the therapist sees how the factors changed.
func TestTheTherapistSeesHowFactorsChange(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	anna.Submits(testkit.Answers(map[string]any{"fear": 8, "weeks": 20}))
	sys.Clock.Advance(28 * 24 * time.Hour)
	anna.Submits(testkit.Answers(
		map[string]any{"fear": 5, "weeks": 24, "works": true, "work_load": 4, "work_satisfaction": 2, "sick_hours": 8},
	))

	listed, err := therapist.ListIntakesWithResponse(context.Background(), string(anna.ID))
	require.NoError(t, err)
	require.Len(t, listed.JSON200.Data, 2)
	first, second := listed.JSON200.Data[0], listed.JSON200.Data[1]
	require.Equal(t, 8, *first.Intake.Answers.Fear)
	require.Equal(t, "chronic", string(second.Phase))
	factor := func(list []client.Factor, key string) client.Factor {
		i := slices.IndexFunc(list, func(f client.Factor) bool { return f.Factor == key })
		require.GreaterOrEqual(t, i, 0, key)
		return list[i]
	}
	require.Nil(t, factor(first.Profile, "fear").Change)
	require.Equal(t, -3, *factor(second.Profile, "fear").Change)
	require.Nil(t, factor(second.Profile, "work_load").Change, "it was not asked before")
}

// A stop blocks program and reminders at once, tells the patient what to do and the therapist what is wrong, and only a
// recorded decision reopens it.
func TestASafetyStop(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		sent := anna.Submits(testkit.Yes(testkit.Answers(nil), "bladder_bowel"))
		require.Contains(t, string(sent.Body), "112")
		today, err := anna.GetTodayWithResponse(context.Background(), nil)
		require.NoError(t, err)
		require.Equal(t, "paused", string(today.JSON200.State))
		require.Equal(t, client.StopEmergency, today.JSON200.SafetyAdvice.Level)
		require.Contains(t, today.JSON200.Headline, "112")
		require.Nil(t, today.JSON200.Pause.EndDate)

		sys.Advance(3 * 24 * time.Hour)
		anna.ExpectNoPush()
		ended := sys.Call("DELETE", "/v1/me/program-pauses/"+today.JSON200.Pause.ID, anna.Token(), nil)
		require.Equal(t, http.StatusConflict, ended.Status)
		require.Equal(t, "safety-stop", ended.Problem().Code)

		var alerts client.AlertList
		require.NoError(t, json.Unmarshal(sys.Call(
			"GET", "/v1/alerts?patient_id="+string(anna.ID), therapist.Token(), nil, "Accept-Language", "en",
		).Body, &alerts))
		require.Len(t, alerts.Data, 1)
		require.Equal(t, client.UrgencyNow, alerts.Data[0].Urgency)
		require.Contains(t, alerts.Data[0].Reason, "bladder")
		closed := sys.Call(
			"POST", "/v1/alerts/"+alerts.Data[0].ID+"/resolutions", therapist.Token(),
			map[string]any{"outcome": "contacted"},
		)
		require.Equal(t, "decision-needed", closed.Problem().Code)

		reports, err := therapist.ListSafetyReportsWithResponse(context.Background(), string(anna.ID))
		require.NoError(t, err)
		require.Len(t, reports.JSON200.Data, 1)
		report := reports.JSON200.Data[0]
		require.Equal(t, "awaiting", string(report.Status))
		decide := func(id, decision string) testkit.Answer {
			return sys.Call(
				"POST", "/v1/patients/"+string(anna.ID)+"/safety-reports/"+report.ID+"/decisions", therapist.Token(),
				map[string]any{"id": id, "decision": decision, "note": "Gezien door de huisarts."},
			)
		}
		require.Equal(t, http.StatusCreated, decide(sys.NewID(), "refer").Status)
		require.Equal(t, "paused", string(todayOf(t, anna).State), "referred is not cleared")

		id := sys.NewID()
		cleared, again, other := decide(id, "cleared"), decide(id, "cleared"), decide(id, "refer")
		require.Equal(t, []int{201, 200, 409}, []int{cleared.Status, again.Status, other.Status})
		require.Equal(t, "planned", string(todayOf(t, anna).State))
		require.Nil(t, todayOf(t, anna).SafetyAdvice)
		sys.Advance(24 * time.Hour)
		anna.ExpectPush(reminder.Rescue)
		require.Empty(
			t, sys.Call("GET", "/v1/alerts?patient_id="+string(anna.ID), therapist.Token(), nil).Problem().Errors,
		)
		require.NoError(t, json.Unmarshal(
			sys.Call("GET", "/v1/alerts?patient_id="+string(anna.ID), therapist.Token(), nil).Body, &alerts,
		))
		require.Empty(t, alerts.Data)
	})
}

func todayOf(t *testing.T, p *testkit.Patient) *client.Today {
	t.Helper()
	today, err := p.GetTodayWithResponse(context.Background(), nil)
	require.NoError(t, err)
	return today.JSON200
}

// The same gate reads "anything new?" of a session, its correction, and the weekly check-in. A session
// that brings a stop is kept and counts.
func TestTheGateReadsEverySource(t *testing.T) {
	t.Parallel()
	for name, tell := range map[string]func(*testing.T, *testkit.System, *testkit.Patient) testkit.Answer{
		"session": func(_ *testing.T, sys *testkit.System, p *testkit.Patient) testkit.Answer {
			body := p.SessionBody(sys.Clock.Now().Add(-time.Minute))
			body["new_signs"] = []string{"new_weakness"}
			return sys.Call("POST", "/v1/me/sessions", p.Token(), body)
		},
		"correction": func(_ *testing.T, sys *testkit.System, p *testkit.Patient) testkit.Answer {
			body := p.SessionBody(sys.Clock.Now().Add(-time.Minute))
			require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/sessions", p.Token(), body).Status)
			id := body["id"].(string)
			delete(body, "id")
			body["new_signs"] = []string{"new_weakness"}
			return sys.Call("PUT", "/v1/me/sessions/"+id, p.Token(), body)
		},
		"check-in": func(_ *testing.T, sys *testkit.System, p *testkit.Patient) testkit.Answer {
			return sys.Call("POST", "/v1/me/check-ins", p.Token(), map[string]any{
				"id":         sys.NewID(),
				"local_date": p.Today().String(),
				"new_signs":  []string{"new_weakness"},
				"nprs_avg24": 4,
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t)
			therapist := sys.Therapist(sys.Admin, "T. de Vries")
			anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
			therapist.Publishes(anna, 7)
			told := tell(t, sys, anna)
			require.Contains(t, []int{http.StatusOK, http.StatusCreated}, told.Status, string(told.Body))
			require.Contains(t, string(told.Body), "safety_advice")
			require.Equal(t, client.StopRefer, todayOf(t, anna).SafetyAdvice.Level)
		})
	}
}

// A PHQ-2 of 3 or more tells the therapist; 2 does not.
func TestMoodIsToldToTheTherapist(t *testing.T) {
	t.Parallel()
	for score, want := range map[int]int{2: 0, 3: 1} {
		sys := testkit.Start(t)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		anna.Submits(testkit.Answers(map[string]any{"phq2_mood": score}))
		require.Equal(
			t, want, strings.Count(string(sys.Call("GET", "/v1/alerts", therapist.Token(), nil).Body), `"kind":"mood"`),
		)
		if want == 1 {
			isToldOfMood(t, sys, therapist, score, anna.Today())
		}
	}
}

// A stop shows no exercises, neither today nor as the program.
func TestAStopShowsNoExercises(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		anna.Submits(testkit.Yes(testkit.Answers(nil), "bladder_bowel"))
		require.Empty(t, todayOf(t, anna).Items)
		require.Equal(t, "safety-stop", sys.Call("GET", "/v1/me/program", anna.Token(), nil).Problem().Code)
	})
}

// Correcting a score of a session whose signs a therapist has cleared does not stop the program again; a new sign does.
func TestACorrectionTellsOnlyWhatIsNew(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		body := anna.SessionBody(sys.Clock.Now().Add(-time.Minute))
		body["new_signs"] = []string{"new_weakness"}
		require.Equal(t, http.StatusCreated, sys.Call("POST", "/v1/me/sessions", anna.Token(), body).Status)
		var reports client.SafetyReportList
		require.NoError(
			t, json.Unmarshal(sys.Call("GET", at(anna, "/safety-reports"), therapist.Token(), nil).Body, &reports),
		)
		sys.Call("POST", at(anna, "/safety-reports/"+reports.Data[0].ID+"/decisions"), therapist.Token(),
			map[string]any{"id": sys.NewID(), "decision": "cleared", "note": "Onderzocht."})
		path := "/v1/me/sessions/" + body["id"].(string)
		delete(body, "id")
		body["pain_after"] = 1
		require.Equal(t, http.StatusOK, sys.Call("PUT", path, anna.Token(), body).Status)
		require.Nil(t, todayOf(t, anna).SafetyAdvice)
		body["new_signs"] = []string{"new_weakness", "new_numbness"}
		require.Equal(t, http.StatusOK, sys.Call("PUT", path, anna.Token(), body).Status)
		require.NotNil(t, todayOf(t, anna).SafetyAdvice)
	})
}
