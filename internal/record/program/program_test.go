package program_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

func versionOf(t *testing.T, slugs ...string) program.Version {
	t.Helper()
	library, err := exercise.Load()
	require.NoError(t, err)
	var v program.Version
	for _, slug := range slugs {
		e, err := library.Find(slug)
		require.NoError(t, err)
		v.Items = append(
			v.Items, program.Item{Exercise: slug, Module: e.Module, Dose: e.Default, SecondsPerSet: e.SecondsPerSet},
		)
	}
	return v
}

// The two worked examples of the session time estimate: sum(sets · seconds per set + (sets-1) · rest + 20 s), with
// rests of 45 s for strength and 15 s for the rest.
func TestDuration(t *testing.T) {
	t.Parallel()
	require.Equal(t, 585*time.Second, versionOf(t, "pelvic-tilt-lying", "bridge", "heel-slide-brace").Duration())
	require.Equal(
		t, 1140*time.Second,
		versionOf(t, "roll-down-standing", "sit-to-stand", "bird-dog-leg", "slow-breathing").Duration(),
	)
}

func TestExpected7(t *testing.T) {
	t.Parallel()
	monday := localtime.MustParseDate("2026-03-02")
	quota := program.Schedule{Kind: program.WeeklyQuota, Quota: 5, TimesPerDay: 1}
	twice := program.Schedule{Kind: program.FixedDays, Days: []time.Weekday{time.Monday, time.Friday}, TimesPerDay: 2}
	week := func(s program.Schedule) (sum int) {
		for day := range 7 {
			sum += s.Expected7(monday.AddDays(day))
		}
		return sum
	}
	require.Equal(t, 5, quota.Expected7(monday))
	require.Equal(t, 35, week(quota))
	require.Equal(t, 14, twice.Expected7(monday))
	require.Equal(t, 0, twice.Expected7(monday.AddDays(1)))
	require.Equal(t, 28, week(twice))
}

func TestWhichVersionGoverns(t *testing.T) {
	t.Parallel()
	day := localtime.MustParseDate("2026-03-10")
	h := program.History{Versions: []program.Version{
		{ID: "1", Number: 1, EffectiveFrom: day}, {ID: "2", Number: 2, EffectiveFrom: day.AddDays(7)},
		{ID: "3", Number: 3, EffectiveFrom: day.AddDays(7)},
	}}
	for _, tc := range []struct {
		name string
		on   localtime.Date
		want string
	}{
		{"before the start none", day.AddDays(-1), ""},
		{"on the first day the first", day, "1"},
		{"the day before the second still the first", day.AddDays(6), "1"},
		{"of two from the same day the later", day.AddDays(7), "3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v, _ := h.On(tc.on)
			require.Equal(t, tc.want, string(v.ID))
		})
	}
	first, err := h.Current(day.AddDays(-5))
	require.NoError(t, err)
	require.Equal(t, "1", string(first.ID), "before the start, the one to come")
	require.Equal(t, day, h.Start())
	_, err = program.History{}.Current(day)
	require.ErrorIs(t, err, program.ErrNoProgram)
}

// What a program decodes to is remembered; somebody who changes theirs changes nobody else's.
func TestNobodySharesItems(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	sets, least, reps := 3, 1, 10
	therapist.PublishesVersion(anna, client.NewProgramVersion{
		ID:            sys.NewID(),
		EffectiveFrom: anna.Today().String(),
		Items: []client.NewProgramItem{{
			ID: sys.NewID(), Exercise: "bridge", Dose: client.Dose{Sets: &sets, Reps: &reps},
			MinimumDose: &client.Dose{Sets: &least, Reps: &reps},
			Schedule:    client.Schedule{Kind: client.FixedDays, Days: []client.ScheduleDays{"mon", "wed"}},
		}},
	})
	read := func() (item *program.Item) {
		require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
			h, err := program.HistoryOf(tx, anna.ID)
			item = &h.Versions[0].Items[0]
			return err
		}))
		return item
	}
	first := read()
	untouched := *first
	minimum, days := *first.Minimum, slices.Clone(first.Schedule.Days)
	first.Exercise, first.Minimum.Sets, first.Schedule.Days[0] = "other", 9, time.Sunday
	again := *read()
	require.Equal(t, minimum, *again.Minimum)
	require.Equal(t, days, again.Schedule.Days)
	require.Equal(t, untouched.Exercise, again.Exercise)
}

func TestPauses(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		therapist := sys.Therapist(sys.Admin, "T. de Vries")
		anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
		therapist.Publishes(anna, 7)
		today := anna.Today()
		pause := client.NewPause{
			ID:        sys.NewID(),
			Reason:    client.PauseReasonIllness,
			StartDate: today.String(),
			EndDate:   today.AddDays(3).String(),
		}
		declare := func(p client.NewPause) *client.PauseMyProgramResponse {
			answer, err := anna.PauseMyProgramWithResponse(context.Background(), p)
			require.NoError(t, err)
			return answer
		}
		require.Equal(t, http.StatusCreated, declare(pause).StatusCode())
		require.Equal(t, http.StatusOK, declare(pause).StatusCode())
		overlapping := pause
		overlapping.ID = sys.NewID()
		require.Equal(t, http.StatusConflict, declare(overlapping).StatusCode())
		require.Equal(t, client.TodayStatePaused, screen(t, anna).State)

		sys.Clock.Advance(48 * time.Hour)
		ended, err := anna.EndMyPauseWithResponse(context.Background(), pause.ID)
		require.NoError(t, err)
		require.Equal(t, http.StatusNoContent, ended.StatusCode())
		require.Equal(t, client.TodayStatePlanned, screen(t, anna).State)
		listed, err := anna.ListMyPausesWithResponse(context.Background())
		require.NoError(t, err)
		require.Equal(t, today.AddDays(1).String(), *listed.JSON200.Data[0].EndDate, "spent days stay paused")

		long := sys.Call("POST", "/v1/patients/"+string(anna.ID)+"/program-pauses", therapist.Token(), client.NewPause{
			ID:        sys.NewID(),
			Reason:    client.PauseReasonOther,
			StartDate: today.AddDays(10).String(),
			EndDate:   today.AddDays(60).String(),
		})
		require.Equal(t, http.StatusCreated, long.Status, "a therapist can pause for longer: %s", long.Body)
	})
}

func screen(t *testing.T, p *testkit.Patient) client.Today {
	t.Helper()
	answer, err := p.GetTodayWithResponse(context.Background(), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode(), string(answer.Body))
	return *answer.JSON200
}

// Today through a week: planned, done, week complete, and a screen that the phone has already.
func TestToday(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("A. Jansen", "Europe/Amsterdam")
	require.Equal(t, client.TodayStateNoProgram, screen(t, anna).State)
	therapist.Publishes(anna, 2)

	first := screen(t, anna)
	require.Equal(t, client.TodayStatePlanned, first.State)
	require.Equal(t, "Uw plan voor vandaag staat klaar.", first.Headline)
	require.Equal(t, 13, first.Minutes)
	require.Equal(t, "Bruggetje", first.Items[0].Item.Name)
	anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
	done := screen(t, anna)
	require.Equal(t, client.TodayStateDone, done.State)
	require.Zero(t, done.Minutes)
	require.Equal(t, client.WeekSoFar{Done: 1, Planned: 2}, *done.Week)

	sys.Clock.Advance(24 * time.Hour)
	anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
	sys.Clock.Advance(24 * time.Hour)
	require.Equal(t, client.TodayStateOptional, screen(t, anna).State)
	require.Equal(t, "2 van 2 deze week. Meer mag, het hoeft niet.", screen(t, anna).Headline)

	whole := sys.Call("GET", "/v1/me/today", anna.Token(), nil)
	require.Equal(t, "no-store", whole.Header.Get("Cache-Control"))
	known := sys.Call("GET", "/v1/me/today", anna.Token(), nil, "If-None-Match", whole.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, known.Status)
	require.Empty(t, known.Body)
	past := sys.Call("GET", "/v1/me/today?date=2026-03-02", anna.Token(), nil)
	var day client.Today
	require.NoError(t, json.Unmarshal(past.Body, &day))
	require.Equal(t, client.TodayStateDone, day.State)
}
