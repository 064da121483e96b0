package session_test

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

func number(n int) *int { return &n }

// How much of an item was done, in shares of the whole.
func TestShare(t *testing.T) {
	t.Parallel()
	sets3x10 := program.Item{Dose: exercise.Dose{Sets: 3, Reps: 10}}
	tenMinutes := program.Item{Dose: exercise.Dose{Sets: 1, Minutes: 10}}
	for _, tc := range []struct {
		name string
		item program.Item
		done session.ItemDone
		want int
	}{
		{"everything", sets3x10, session.ItemDone{Sets: number(3), Reps: number(10)}, session.Whole},
		{"one set less", sets3x10, session.ItemDone{Sets: number(2), Reps: number(10)}, 666_666_667},
		{"more than asked is all of it", sets3x10, session.ItemDone{Sets: number(5), Reps: number(20)}, session.Whole},
		{"sets alone, reps as prescribed", sets3x10, session.ItemDone{Sets: number(3)}, session.Whole},
		{"reps alone are one set", sets3x10, session.ItemDone{Reps: number(10)}, 333_333_333},
		{"no sets", sets3x10, session.ItemDone{Sets: number(0)}, 0},
		{"skipped", sets3x10, session.ItemDone{Skipped: "pain"}, 0},
		{"minutes for an exercise in reps", sets3x10, session.ItemDone{Minutes: number(10)}, 0},
		{"half the minutes", tenMinutes, session.ItemDone{Minutes: number(5)}, session.Whole / 2},
		{"one set of minutes", tenMinutes, session.ItemDone{Sets: number(1)}, session.Whole},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, session.Share(tc.item, tc.done))
		})
	}
}

// Shares are added exactly and rounded once: three items done to 2/3, 2/3 and 1/6 are half of a session.
func TestPermille(t *testing.T) {
	t.Parallel()
	part := func(weight, done, of int) session.Part {
		item := program.Item{Dose: exercise.Dose{Sets: 1, Reps: of}}
		return session.Part{Weight: weight, Share: session.Share(item, session.ItemDone{Reps: number(done)})}
	}
	for name, tc := range map[string]struct {
		parts []session.Part
		want  int
	}{
		"half in three":             {[]session.Part{part(135, 20, 30), part(135, 20, 30), part(135, 5, 30)}, 500},
		"just below half":           {[]session.Part{part(1000, 499, 1000), part(1, 0, 1000)}, 499},
		"thirds":                    {[]session.Part{part(7, 1, 3), part(7, 1, 3), part(7, 1, 3)}, 333},
		"half in three, otherwise":  {[]session.Part{part(135, 1, 3), part(135, 1, 3), part(135, 5, 6)}, 500},
		"two thirds":                {[]session.Part{part(1, 2, 3)}, 667},
		"half a permille":           {[]session.Part{part(1, 1, 2000)}, 1},
		"less than half a permille": {[]session.Part{part(1, 1, 2001)}, 0},
		"by weight":                 {[]session.Part{part(300, 1, 1), part(100, 0, 1)}, 750},
		"all":                       {[]session.Part{part(300, 9, 9), part(100, 7, 7)}, 1000},
		"nothing asked":             {nil, 0},
		"nothing that weighs":       {[]session.Part{part(0, 1, 1)}, 0},
	} {
		require.Equal(t, tc.want, session.Permille(tc.parts), name)
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	threeOf65s := program.Item{Dose: exercise.Dose{Sets: 3, Reps: 10}, SecondsPerSet: 65}
	tenMinutes := program.Item{Dose: exercise.Dose{Sets: 1, Minutes: 10}}
	for _, tc := range []struct {
		name string
		item program.Item
		done session.ItemDone
		want int
	}{
		{"everything", threeOf65s, session.ItemDone{Sets: number(3), Reps: number(10)}, 195},
		{"two sets of eight", threeOf65s, session.ItemDone{Sets: number(2), Reps: number(8)}, 104},
		{"more than asked is as long as it was", threeOf65s, session.ItemDone{Sets: number(4), Reps: number(10)}, 260},
		{"skipped", threeOf65s, session.ItemDone{Skipped: "pain"}, 0},
		{"minutes as they were", tenMinutes, session.ItemDone{Minutes: number(14)}, 840},
		{"nothing was asked", program.Item{}, session.ItemDone{Sets: number(1)}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, session.Seconds(tc.item, tc.done))
		})
	}
}

func TestSessionTravelsThereAndBack(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		body := anna.SessionBody(sys.Clock.Now().Add(-30 * time.Hour))
		body["note"], body["confidence"], body["duration_s"] = "Ging goed.\nTweede regel.", 7, 840
		logged := sys.Call("POST", "/v1/me/sessions", anna.Token(), body)
		require.Equal(t, http.StatusCreated, logged.Status, string(logged.Body))
		read := sys.Call("GET", "/v1/me/sessions/"+body["id"].(string), anna.Token(), nil)
		require.JSONEq(t, string(logged.Body), string(read.Body))
		var s map[string]any
		require.NoError(t, json.Unmarshal(read.Body, &s))
		require.Equal(t, "2026-03-01T03:00:00Z", s["performed_at"], "instants are answered in UTC")
		require.Equal(t, "+01:00", s["utc_offset"])
		require.Equal(t, "2026-03-01", s["local_date"])
		require.Equal(t, "prompt", s["counted"])
		require.InDelta(t, 1000, s["credit_permille"], 0)
		require.NotContains(t, s, "stopped_reason")
		byTherapist := sys.Call("GET", "/v1/patients/"+string(anna.ID)+"/sessions", therapist.Token(), nil)
		require.Contains(t, string(byTherapist.Body), "Tweede regel.")
	})
}

func TestAbsentScoresStayAbsent(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		n := anna.FullSession(sys.Clock.Now(), 0, 0)
		n.PainAfter = nil
		s := anna.Logs(n, http.StatusCreated).JSON201
		require.Equal(t, 0, *s.PainBefore)
		require.Nil(t, s.PainAfter)
	})
}

func TestCorrecting(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		n := anna.FullSession(sys.Clock.Now().Add(-time.Hour), 3, 3)
		anna.Logs(n, http.StatusCreated)
		content := map[string]any{"performed_at": n.PerformedAt, "time_zone": n.TimeZone, "local_date": n.LocalDate,
			"program_version_id": n.ProgramVersionID, "status": "partial", "items": n.Items, "pain_before": 5}
		path := "/v1/me/sessions/" + n.ID
		correct := func() client.Session {
			got := sys.Call("PUT", path, anna.Token(), content)
			require.Equal(t, http.StatusOK, got.Status, string(got.Body))
			var s client.Session
			require.NoError(t, json.Unmarshal(got.Body, &s))
			return s
		}
		require.Equal(t, 2, correct().Revision)
		require.Equal(t, 2, correct().Revision, "a repeated correction changes nothing")
		require.Equal(t, 1, sys.Stored()["session_revisions"], "what was said before is kept")
		anna.Logs(n, http.StatusOK) // a late retry of the first body is still the same session

		sys.Clock.Advance(session.EditWindow - time.Hour)
		content["pain_before"] = 6
		require.Equal(t, 3, correct().Revision, "up to seven days after logging")
		sys.Clock.Advance(time.Hour + time.Second)
		content["pain_before"] = 7
		late := sys.Call("PUT", path, anna.Token(), content)
		require.Equal(t, http.StatusConflict, late.Status)
		require.Equal(t, "edit-window-closed", late.Problem().Code)

		note := map[string]any{"id": sys.NewID(), "text": "De pijn was 7."}
		require.Equal(t, http.StatusCreated, sys.Call("POST", path+"/corrections", anna.Token(), note).Status)
		again := sys.Call("POST", path+"/corrections", anna.Token(), note)
		require.Equal(t, http.StatusOK, again.Status)
		require.Contains(t, string(again.Body), "De pijn was 7.")
		note["text"] = "Toch 6."
		require.Equal(t, http.StatusConflict, sys.Call("POST", path+"/corrections", anna.Token(), note).Status)
	})
}

func TestDeleting(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		days := sys.Stored()["adherence_days"]
		n := anna.FullSession(sys.Clock.Now(), 3, 3)
		anna.Logs(n, http.StatusCreated)
		path := "/v1/me/sessions/" + n.ID
		require.Equal(t, http.StatusNoContent, sys.Call("DELETE", path, anna.Token(), nil).Status)
		require.Equal(t, http.StatusNoContent, sys.Call("DELETE", path, anna.Token(), nil).Status)
		require.Equal(t, http.StatusNotFound, sys.Call("GET", path, anna.Token(), nil).Status)
		require.Equal(
			t, "session-deleted", sys.Call("POST", "/v1/me/sessions", anna.Token(), n).Problem().Code,
			"a late retry does not bring it back",
		)
		require.Equal(t, 0, therapist.Row(anna, "en").Last7Days.Done)
		require.Equal(t, days, sys.Stored()["adherence_days"])

		old := anna.FullSession(sys.Clock.Now(), 3, 3)
		anna.Logs(old, http.StatusCreated)
		sys.Clock.Advance(session.EditWindow + time.Second)
		require.Equal(
			t, "edit-window-closed", sys.Call("DELETE", "/v1/me/sessions/"+old.ID, anna.Token(), nil).Problem().Code,
		)
		require.Equal(
			t, http.StatusNotFound, sys.Call("DELETE", "/v1/me/sessions/"+sys.NewID(), anna.Token(), nil).Status,
		)
	})
}

func TestBoundariesOfTime(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		now := sys.Clock.Now()
		for _, tc := range []struct {
			name    string
			ago     time.Duration
			warned  int
			counted client.SessionCounted
		}{
			{"5 minutes ahead", -5 * time.Minute, 0, client.Prompt},
			{"a second more", -5*time.Minute - time.Second, 1, client.Prompt},
			{"48 hours ago", 48 * time.Hour, 0, client.Prompt},
			{"a second more", 48*time.Hour + time.Second, 0, client.Late},
			{"7 days ago", 7 * 24 * time.Hour, 0, client.Late},
			{"a second more", 7*24*time.Hour + time.Second, 0, client.NotCounted},
			{"30 days ago", 30 * 24 * time.Hour, 0, client.NotCounted},
			{"a second more", 30*24*time.Hour + time.Second, 0, client.NotCounted},
		} {
			got := anna.Logs(anna.FullSession(now.Add(-tc.ago), 3, 3), http.StatusCreated).JSON201
			require.Equal(t, tc.counted, got.Counted, tc.name)
			require.Len(t, got.Warnings, tc.warned, tc.name)
		}
		// A retry is the same session, however late.
		n := anna.FullSession(now, 3, 3)
		anna.Logs(n, http.StatusCreated)
		sys.Clock.Advance(31 * 24 * time.Hour)
		anna.Logs(n, http.StatusOK)
	})
}

// A session against a version that was superseded meanwhile is valid, and counts by what was asked then.
func TestSupersededVersion(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		offline := anna.FullSession(sys.Clock.Now(), 3, 3)
		sys.Clock.Advance(24 * time.Hour)
		therapist.Publishes(anna, 3)
		require.Equal(t, 1000, anna.Logs(offline, http.StatusCreated).JSON201.CreditPermille)
	})
}

func TestPages(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		var want []string
		for range 7 {
			n := anna.FullSession(sys.Clock.Now(), 3, 3) // all at one moment
			anna.Logs(n, http.StatusCreated)
			want = append(want, n.ID)
		}
		var got []string
		cursor := ""
		for range 4 {
			var page client.SessionPage
			answer := sys.Call("GET", "/v1/me/sessions?limit=2"+cursor, anna.Token(), nil)
			require.NoError(t, json.Unmarshal(answer.Body, &page))
			for _, s := range page.Data {
				got = append(got, s.ID)
			}
			if page.NextCursor == nil {
				break
			}
			cursor = "&cursor=" + *page.NextCursor
		}
		require.ElementsMatch(t, want, got)
	})
}
