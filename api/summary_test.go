package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// lived is four weeks of a patient: all done in the first two; then a visit; then fewer sessions, more pain, less
// confidence and a reason.
func lived(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
	t.Helper()
	for day := range 26 {
		early := day < 14
		if early && day%7 < 5 || !early && day%7 < 2 {
			before, after, confidence := 3, 3, 7
			if !early {
				before, after, confidence = 6, 8, 5
			}
			n := anna.FullSession(sys.Clock.Now(), before, after)
			n.Confidence = &confidence
			anna.Logs(n, http.StatusCreated)
		}
		switch day {
		case 13:
			visit := map[string]any{
				"id":         sys.NewID(),
				"kind":       "practice",
				"local_date": anna.Today().String(),
				"next_on":    anna.Today().AddDays(14).String(),
			}
			require.Equal(t, http.StatusCreated, sys.Call("POST", at(anna, "/visits"), therapist.Token(), visit).Status)
			require.Equal(t, http.StatusOK, sys.Call("POST", at(anna, "/visits"), therapist.Token(), visit).Status)
			visit["kind"] = "phone"
			require.Equal(
				t, http.StatusConflict, sys.Call("POST", at(anna, "/visits"), therapist.Token(), visit).Status,
			)
		case 18, 20:
			barrier := map[string]any{
				"id":         sys.NewID(),
				"local_date": anna.Today().String(),
				"barrier":    "time",
				"note":       "Druk op het werk",
			}
			require.Equal(
				t, http.StatusCreated, sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), barrier).Status,
			)
		}
		sys.Clock.Advance(24 * time.Hour)
		_ = anna.Token()
		sys.Sweep()
		_ = anna.Pushes()
	}
}

// Thirty seconds before a consult, and the same on paper: since the last visit, against as many days before it.
func TestSummarySinceTheLastVisit(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		lived(t, sys, therapist, anna)
		var sum client.PatientSummary
		answer := sys.Call("GET", at(anna, "/summary"), therapist.Token(), nil, "Accept-Language", "en")
		require.NoError(t, json.Unmarshal(answer.Body, &sum))
		since := sum.Since
		require.Equal(t, "2026-03-16", since.From)
		require.Equal(t, "2026-03-27", since.Until)
		require.Equal(t, client.AtPractice, since.LastVisit.Kind)
		require.Equal(
			t, []any{4, "8.6", 467}, []any{since.Sessions.Done, since.Sessions.Expected, *since.Sessions.Permille},
		)
		require.Equal(
			t, []any{8, "8.6"}, []any{since.Before.Done, since.Before.Expected}, "the twelve days up to the visit",
		)
		require.Equal(t, client.SummaryPain{NowTenths: number(60), BeforeTenths: number(30), ChangeTenths: number(30),
			Scores: 4, BeyondError: true, Rises: 4, ScoredSessions: 4}, since.Pain)
		require.Equal(t, []int{5, 7}, []int{*since.Confidence, *since.ConfidenceBefore})
		require.Equal(t, []client.NamedBarrier{
			{Barrier: client.BarrierTime, Times: 2, LastOn: "2026-03-22", Note: text("Druk op het werk")},
		}, sum.Barriers)
		require.True(t, sum.Complete)
		require.Equal(t, "2026-03-29", *sum.Row.NextVisitOn)
		require.Equal(t, 1, sum.Waiting.Alerts)
		require.Equal(t, "Ask what made the pain rise and whether the exercises may be lighter.", sum.TalkingPoint)

		for language, lines := range map[string][]string{
			"en": {`lang="en"`, "A. Jansen", "Since the last visit (15 Mar)",
				"47% (4 of 8.6); before that 93% (8 of 8.6)",
				"3.0 → 6.0 (&#43;3.0, 2 points or more); more pain after 4 of 4 sessions",
				"5; before that 7", "no time (2×): “Druk op het werk”", "Talk about"},
			"nl": {`lang="nl"`, "Sinds het vorige bezoek (15 mrt)", "47 % (4 van 8,6); daarvoor 93 % (8 van 8,6)",
				"3,0 → 6,0 (&#43;3,0, 2 punten of meer); meer pijn na 4 van 4 sessies",
				"geen tijd (2×)", "Bespreek"},
		} {
			page := sys.Call("GET", at(anna, "/brief"), therapist.Token(), nil, "Accept-Language", language)
			require.Equal(t, http.StatusOK, page.Status)
			require.Equal(t, "text/html", page.Header.Get("Content-Type"))
			require.Contains(t, page.Header.Get("Cache-Control"), "no-store")
			for _, line := range lines {
				require.Contains(t, strings.Join(strings.Fields(string(page.Body)), " "), line)
			}
		}
		require.Equal(t, http.StatusOK, sys.Call("GET", "/docs/brief.css", "", nil).Status)
	})
}

// A patient's note is text, whatever it looks like.
func TestABriefEscapesWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("<script>alert(1)</script>", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	sys.Call("POST", "/v1/me/barrier-reports", anna.Token(), map[string]any{
		"id":         sys.NewID(),
		"local_date": anna.Today().String(),
		"barrier":    "other",
		"note":       "<img src=x>",
	})
	page := string(sys.Call("GET", at(anna, "/brief"), therapist.Token(), nil).Body)
	require.NotContains(t, page, "<script>")
	require.NotContains(t, page, "<img")
	require.Contains(t, page, "&lt;img src=x&gt;")
}

// What a patient sees: weeks that count and never break, pain in a sentence only when it clearly changed, gaps as null.
func TestProgressOfAPatient(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		progress := func() (p client.Progress) {
			require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/me/progress", anna.Token(), nil).Body, &p))
			return p
		}
		require.Nil(t, progress().Sentence)
		require.Empty(t, progress().Goals)
		anna.Submits(testkit.Answers(map[string]any{"goals": []map[string]any{{"activity": "Traplopen", "score": 4}}}))
		lived(t, sys, therapist, anna)
		p := progress()
		require.Equal(t, client.WeeksOnPlan{Met: 2, Of: 3}, p.WeeksOnPlan)
		require.Nil(t, p.Sentence, "an alert about pain is open")
		require.Nil(t, p.PainSentence, "two scores in a week are too few")
		require.Equal(t, []client.GoalProgress{{Activity: "Traplopen", FirstScore: 4}}, p.Goals)
		require.Equal(t, 14, p.ActiveDays28)

		var days client.AdherenceSeries
		require.NoError(t, json.Unmarshal(
			sys.Call("GET", "/v1/me/progress/adherence?since=2026-03-09&until=2026-03-22", anna.Token(), nil).Body,
			&days,
		))
		require.Len(t, days.Days, 14)
		require.Equal(t, client.AdherenceDay{LocalDate: "2026-03-09", Mark: client.MarkDone, ExpectedSevenths: 5,
			Done: 1, Sessions: 1,
			Minutes: map[string]int{"strength": 3, "core": 3, "mobility": 3}}, days.Days[0])
		require.Equal(t, client.AdherenceDay{
			LocalDate:        "2026-03-22",
			Mark:             client.MarkFree,
			ExpectedSevenths: 5,
			Minutes:          map[string]int{},
		}, days.Days[13])
		require.Equal(t, []string{"2026-03-09", "2026-03-16"}, []string{days.Weeks[0].Monday, days.Weeks[1].Monday})
		require.Equal(t, []int{5, 2}, []int{days.Weeks[0].Rate.Done, days.Weeks[1].Rate.Done})

		var pain client.PainSeries
		require.NoError(t, json.Unmarshal(sys.Call("GET", at(anna, "/pain"), therapist.Token(), nil).Body, &pain))
		require.Len(t, pain.Days, 27, "from the start of the program")
		require.Equal(t, client.PainDay{
			LocalDate:    "2026-03-16",
			BeforeTenths: number(60),
			AfterTenths:  number(80),
			Highest:      number(8),
		}, pain.Days[14])
		require.Equal(t, client.PainDay{LocalDate: "2026-03-18"}, pain.Days[16], "a gap is not a zero")
		require.Equal(t, []client.VersionMark{{Number: 1, EffectiveFrom: "2026-03-02"}}, pain.Versions)
		require.Equal(
			t, http.StatusBadRequest,
			sys.Call("GET", "/v1/me/progress/pain?since=2020-01-01", anna.Token(), nil).Status,
		)
	})
}

// A smaller change in pain is not told: it may be chance.
func TestPainIsSaidOnlyBeyondTheMeasurementError(t *testing.T) {
	for name, tc := range map[string]struct {
		now  int
		says string
	}{
		"one point less":  {4, ""},
		"two points less": {3, "Dat is een duidelijk verschil."},
		"one point more":  {6, ""},
		"two points more": {7, "Uw therapeut kan dit zien."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := testkit.Start(t, testkit.Unanswered)
			therapist := sys.Therapist(sys.Admin, "T. de Vries")
			anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
			therapist.Publishes(anna, 5)
			for day := range 14 {
				score := 5
				if day >= 7 {
					score = tc.now
				}
				anna.Logs(anna.FullSession(sys.Clock.Now(), score, score), http.StatusCreated)
				sys.Clock.Advance(24 * time.Hour)
			}
			sys.Clock.Advance(-20 * time.Hour)
			var p client.Progress
			require.NoError(t, json.Unmarshal(sys.Call("GET", "/v1/me/progress", anna.Token(), nil).Body, &p))
			if tc.says == "" {
				require.Nil(t, p.PainSentence)
				return
			}
			require.Contains(t, said(p.PainSentence), tc.says)
		})
	}
}

func number(n int) *int { return &n }

func text(s string) *string { return &s }

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// On the day of a visit nothing has happened since: everything can be read, in both languages, and says so.
func TestTheDayOfAVisit(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		sys.Clock.Advance(5 * 24 * time.Hour)
		visit := map[string]any{"id": sys.NewID(), "kind": "practice", "local_date": anna.Today()}
		require.Equal(t, http.StatusCreated, sys.Call("POST", at(anna, "/visits"), therapist.Token(), visit).Status)
		for language, says := range map[string]string{
			"nl": "Er is nog geen dag voorbij sinds het vorige bezoek.",
			"en": "No day has passed since the last visit yet.",
		} {
			answer := sys.Call("GET", at(anna, "/summary"), therapist.Token(), nil, "Accept-Language", language)
			require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
			var sum client.PatientSummary
			require.NoError(t, json.Unmarshal(answer.Body, &sum))
			require.Equal(t, anna.Today().AddDays(1).String(), sum.Since.From)
			require.Equal(t, anna.Today().String(), sum.Since.Until)
			require.Equal(t, client.Rate{Expected: "0"}, sum.Since.Sessions)
			require.Equal(t, client.Rate{Expected: "0"}, sum.Since.Before)
			brief := sys.Call("GET", at(anna, "/brief"), therapist.Token(), nil, "Accept-Language", language)
			require.Equal(t, http.StatusOK, brief.Status, string(brief.Body))
			require.Contains(t, string(brief.Body), says)
		}
	})
}

// A range that lies in the future holds no days, for whoever asks; one that ends before it begins is refused.
func TestARangeWithoutDays(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		sys.Clock.Advance(5 * 24 * time.Hour)
		for _, path := range []string{
			"/v1/me/progress/adherence", "/v1/me/progress/pain", at(anna, "/adherence"), at(anna, "/pain"),
			"/v1/practice/metrics",
		} {
			who := therapist.Token()
			if path[:6] == "/v1/me" {
				who = anna.Token()
			}
			answer := sys.Call("GET", path+"?since=2026-03-20", who, nil)
			require.Equal(t, http.StatusOK, answer.Status, "%s: %s", path, answer.Body)
			require.NotContains(t, string(answer.Body), "local_date", path)
			for _, reversed := range []string{
				"?since=2026-03-09&until=2026-03-05",
				"?since=2026-03-04&until=2026-03-03",
			} {
				require.Equal(t, http.StatusBadRequest, sys.Call("GET", path+reversed, who, nil).Status, path+reversed)
			}
		}
	})
}
