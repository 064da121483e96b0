package caseload_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// Every state by what leads to it, with the whole reason in both languages. Today is Monday 30 March 2026.
func TestStatesAndReasons(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on, testkit.At("2026-03-02T10:00:00+01:00"))
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		patients := map[string]*testkit.Patient{}
		for _, who := range []string{
			"stopped for safety", "on track", "partial", "low", "dropped", "pain up", "stopped", "paused", "silent",
			"never started", "no program", "prevention",
		} {
			patients[who] = therapist.NewPatient(who, "Europe/Amsterdam")
			if who != "no program" && who != "never started" {
				therapist.Publishes(patients[who], 5)
			}
		}
		live(t, sys, therapist, patients)
		for _, tc := range []struct {
			who    string
			state  client.State
			en, nl string
		}{
			{"stopped for safety", client.StateSafetyStop, "Safety stop since 28 Mar: a decision is needed.",
				"Veiligheidsstop sinds 28 mrt: een beslissing is nodig."},
			{"on track", client.StateOnTrack,
				"Adherence over 7 days through 29 Mar: 100% (5 of 5); over 28 days: 100% (20 of 20).",
				"Therapietrouw over 7 dagen tot en met 29 mrt: 100 % (5 van 5); over 28 dagen: 100 % (20 van 20)."},
			{"partial", client.StatePartial,
				"Adherence over 7 days through 29 Mar: 60% (3 of 5); over 28 days: 60% (12 of 20).",
				"Therapietrouw over 7 dagen tot en met 29 mrt: 60 % (3 van 5); over 28 dagen: 60 % (12 van 20)."},
			{"low", client.StateLow,
				"Adherence over 7 days through 29 Mar: 20% (1 of 5); over 28 days: 20% (4 of 20).",
				"Therapietrouw over 7 dagen tot en met 29 mrt: 20 % (1 van 5); over 28 dagen: 20 % (4 van 20)."},
			{"dropped", client.StateDropped, "Adherence over 7 days (23 Mar through 29 Mar): " +
				"20% (1 of 5). In the four weeks before usually 100%.", "Therapietrouw over 7 dagen (23 mrt tot en " +
				"met 29 mrt): 20 % (1 van 5). In de vier weken daarvoor meestal 100 %."},
			{"pain up", client.StatePainUp,
				"Average pain this week 6.0; the two weeks before 3.0 (+3.0). Adherence over 7 days: 100% (5 of 5).",
				"Gemiddelde pijn deze week 6,0; de twee weken daarvoor 3,0 (+3,0). Therapietrouw over 7 dagen: " +
					"100 % (5 van 5)."},
			{"stopped", client.StatePainUp, "Stopped because of pain on 27 Mar. Adherence over 7 days: 80% (4 of 5).",
				"Op 27 mrt gestopt vanwege pijn. Therapietrouw over 7 dagen: 80 % (4 van 5)."},
			{"paused", client.StatePaused, "Paused from 28 Mar through 4 Apr (holiday).",
				"Pauze van 28 mrt tot en met 4 apr (vakantie)."},
			{"silent", client.StateNotSyncing,
				"No contact with the phone since 20 Mar. Sessions may exist that have not been sent yet.",
				"Geen contact met de telefoon sinds 20 mrt. Er kunnen sessies zijn die nog niet zijn verstuurd."},
			{"never started", client.StateNeverStarted, "Program started on 25 Mar, nothing logged yet.",
				"Programma gestart op 25 mrt, nog niets ingevuld."},
			{"no program", client.StateNoProgram, "No program has been published yet.",
				"Nog geen programma gepubliceerd."},
			{"prevention", client.StatePrevention, "In prevention. Over 28 days: 100% (20 of 20).",
				"In preventie. Over 28 dagen: 100 % (20 van 20)."},
		} {
			row := therapist.Row(patients[tc.who], "en")
			require.Equal(t, tc.state, row.State, tc.who)
			require.Equal(t, tc.en, *row.Reason, tc.who)
			require.Equal(t, tc.nl, *therapist.Row(patients[tc.who], "nl-NL, en;q=0.5").Reason, tc.who)
		}
		pages(t, sys, therapist)
	})
}

// live lets four weeks pass in which everybody does what their name says.
func live(t *testing.T, sys *testkit.System, therapist *testkit.Member, patients map[string]*testkit.Patient) {
	t.Helper()
	days := map[string][]time.Weekday{
		"partial": {time.Monday, time.Wednesday, time.Friday}, "low": {time.Wednesday},
	}
	weekdays := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	end := localtime.MustParseDate("2026-03-30")
	for day := localtime.MustParseDate("2026-03-02"); day.Before(end); day = day.AddDays(1) {
		for who, p := range patients {
			sys.Clock.Set(localtime.Resolve(day, 18*60, p.Zone))
			lastWeek := !day.Before(localtime.MustParseDate("2026-03-23"))
			plan := weekdays
			if own, ok := days[who]; ok {
				plan = own
			}
			skips := who == "never started" || who == "dropped" && lastWeek && day.Weekday() != time.Monday ||
				who == "silent" && day.After(localtime.MustParseDate("2026-03-20"))
			for _, weekday := range plan {
				if p.Version.ID == "" || skips || weekday != day.Weekday() {
					continue
				}
				before := 3
				if who == "pain up" && lastWeek {
					before = 6
				}
				n := p.FullSession(sys.Clock.Now(), before, before)
				if who == "stopped" && day.String() == "2026-03-27" {
					reason := client.NewSessionStoppedReasonPain
					n.Status, n.StoppedReason, n.Items = client.SessionStatusStopped, &reason, nil
					n.Items = []client.SessionItem{}
				}
				p.Logs(n, http.StatusCreated)
			}
			if who != "silent" || !day.After(localtime.MustParseDate("2026-03-20")) {
				_, err := p.GetMeWithResponse(context.Background())
				require.NoError(t, err)
			}
		}
		switch day.String() {
		case "2026-03-25":
			therapist.Publishes(patients["never started"], 5)
		case "2026-03-28":
			paused, err := patients["paused"].PauseMyProgramWithResponse(context.Background(), client.NewPause{
				ID: sys.NewID(), Reason: client.PauseReasonHoliday, StartDate: "2026-03-28", EndDate: "2026-04-04"})
			require.NoError(t, err)
			require.Equal(t, http.StatusCreated, paused.StatusCode())
			patients["stopped for safety"].Submits(testkit.Yes(testkit.Answers(nil), "infection"))
			moved, err := therapist.SetPhaseWithResponse(
				context.Background(), string(patients["prevention"].ID),
				client.PhaseChange{Phase: client.PhasePrevention},
			)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, moved.StatusCode())
		}
	}
	sys.Clock.Set(time.Date(2026, 3, 30, 7, 0, 0, 0, time.UTC))
}

// Needs-attention first; pages join to the whole list; a filter keeps the counts of all.
func pages(t *testing.T, sys *testkit.System, therapist *testkit.Member) {
	t.Helper()
	var names []string
	var needs []bool
	var first client.CaseloadPage
	cursor := ""
	for range 10 {
		var page client.CaseloadPage
		answer := sys.Call("GET", "/v1/caseload?limit=3"+cursor, therapist.Token(), nil)
		require.NoError(t, json.Unmarshal(answer.Body, &page))
		if cursor == "" {
			first = page
		}
		for _, row := range page.Data {
			names, needs = append(names, row.Name), append(needs, row.NeedsAttention)
			require.Len(t, row.Series, 28)
		}
		if page.NextCursor == nil {
			break
		}
		cursor = "&cursor=" + *page.NextCursor
	}
	require.Equal(t, []string{
		"stopped for safety", "dropped", "pain up", "stopped", "never started", "low", "partial", "silent",
		"no program", "on track", "prevention", "paused",
	}, names)
	require.Equal(t, []bool{true, true, true, true, true, false, false, false, false, false, false, false}, needs)
	var filtered client.CaseloadPage
	answer := sys.Call("GET", "/v1/caseload?state=paused&state=pain_up", therapist.Token(), nil)
	require.NoError(t, json.Unmarshal(answer.Body, &filtered))
	require.Len(t, filtered.Data, 3)
	require.Equal(t, first.Counts, filtered.Counts)
	require.Equal(t, 2, filtered.Counts["pain_up"])
}
