package adherence_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testkit"
	"cadans/internal/screens/caseload"
	"cadans/pkg/localtime"
)

// Wherever pain is asked, every reader tells the figure of the one series.
func TestEveryReaderTellsTheOneSeries(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		rapid.Check(t, func(rt *rapid.T) {
			l := &life{
				sys: sys, patient: therapist.NewPatient("A. Jansen", "Europe/Amsterdam"),
				therapist: access.Viewer{Role: access.Therapist, Practice: sys.Practice, Member: therapist.ID},
			}
			l.viewer = access.Viewer{Role: access.Patient, Practice: sys.Practice, Patient: l.patient.ID}
			l.publish(rt)
			for range rapid.IntRange(1, 30).Draw(rt, "answers") {
				l.tellsPain(rt, therapist)
			}
			l.checkPain(rt)
		})
	})
}

// tellsPain gives one answer about pain, of today or of some days ago.
func (l *life) tellsPain(t *rapid.T, therapist *testkit.Member) {
	score := rapid.IntRange(0, 10).Draw(t, "score")
	day := l.patient.Today().AddDays(-rapid.IntRange(0, 6).Draw(t, "days ago"))
	body := map[string]any{"id": l.sys.NewID(), "local_date": day.String()}
	path, token := "/v1/me/check-ins", l.patient.Token()
	switch rapid.SampledFrom([]string{"session", "check-in", "score", "intake", "recurrence", "wait", "wait"}).
		Draw(t, "what") {
	case "session":
		l.accept(t, second(
			l.sys.App.Sessions.Log(context.Background(), l.viewer, id.Session(l.sys.NewID()),
				session.Told{Content: l.content(t)}),
		))
		return
	case "intake":
		l.patient.Submits(testkit.Answers(map[string]any{"nprs_avg24": score, "nprs_worst": 10}))
		return
	case "wait":
		l.sys.Clock.Advance(time.Duration(rapid.IntRange(1, 72).Draw(t, "hours")) * time.Hour)
		return
	case "check-in":
		body["new_signs"], body["nprs_avg24"] = []string{}, score
	case "score":
		path, token = "/v1/patients/"+string(l.patient.ID)+"/scores", therapist.Token()
		body["instrument"], body["version"], body["source"] = "nprs", "1", "paper"
		body["score_tenths"], body["min_tenths"], body["max_tenths"] = 10*score, 0, 100
		body["direction"] = "lower_is_better"
	case "recurrence":
		path = "/v1/me/recurrence-checks"
		body["new_episode"], body["nprs_avg"] = false, score
	}
	answer := l.sys.Call("POST", path, token, body)
	require.Equal(t, http.StatusCreated, answer.Status, string(answer.Body))
}

// checkPain compares the figures of every reader with the series.
func (l *life) checkPain(t *rapid.T) {
	ctx, today := context.Background(), l.patient.Today()
	points := l.series(t, today)
	level := func(from, until localtime.Date) pain.Scores {
		var in []pain.Point
		for _, p := range points {
			if !p.Day.Before(from) && !p.Day.After(until) {
				in = append(in, p)
			}
		}
		return pain.LevelOf(in)
	}
	shown, err := l.sys.App.Progress.Pain(ctx, l.therapist, l.patient.ID, today.AddDays(-60), today)
	require.NoError(t, err)
	require.Equal(t, points, shown.Points)
	for _, day := range shown.Days {
		require.Equal(t, level(day.Date, day.Date), day.Before, day.Date)
	}
	require.NoError(t, l.sys.App.DB.Read(ctx, func(tx *database.Tx) error {
		p, err := people.ByID(tx, l.patient.ID)
		require.NoError(t, err)
		status, err := adherence.StatusOf(tx, p)
		require.NoError(t, err)
		from, until := status.Until.AddDays(-6), status.Until
		if from.Before(status.Start) {
			from = status.Start // days before the program are no part of its course
		}
		require.Equal(t, level(from, until).Mean(), status.Pain.Now)
		summary, err := caseload.SummaryOf(tx, p, people.English)
		require.NoError(t, err)
		if since := summary.Since; !since.From.IsZero() && !since.From.Before(status.Start) {
			require.Equal(t, level(since.From, since.Until).Mean(), since.Pain.Now)
		}
		return nil
	}))
}

func (l *life) series(t *rapid.T, today localtime.Date) (points []pain.Point) {
	require.NoError(t, l.sys.App.DB.Read(context.Background(), func(tx *database.Tx) (err error) {
		points, err = pain.Of(tx, l.patient.ID, today.AddDays(-60), today)
		return err
	}))
	return points
}
