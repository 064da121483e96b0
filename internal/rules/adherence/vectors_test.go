package adherence_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// outcome is everything a window says. Rates are in permille, -1 for null.
type outcome struct{ expected7, done, sessions, dose, raw int }

func outcomeOf(r adherence.Rate) outcome {
	return outcome{r.Expected7, r.Done, orNull(r.Sessions), orNull(r.Dose), orNull(r.Raw)}
}

func orNull(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// null is what a window says when there is too little to judge.
func null(expected7, done int) outcome { return outcome{expected7, done, -1, -1, -1} }

// full is a window in which every session held everything, so that rates by sessions and by dose agree.
func full(expected7, done, permille int) outcome {
	return outcome{expected7, done, permille, permille, permille}
}

// one is a program of one exercise of 2 sets of 10.
func one(number int, from int, s program.Schedule) program.Version {
	return version(number, monday.AddDays(from), item("exercise "+string(rune('a'+number)), s, 2, 60))
}

func twice(s program.Schedule) program.Schedule {
	s.TimesPerDay = 2
	return s
}

func history(versions ...program.Version) program.History { return program.History{Versions: versions} }

func pausedOn(from, until int, versions ...program.Version) program.History {
	return program.History{Versions: versions, Pauses: []program.Pause{pause(from, until)}}
}

func each(v program.Version, days ...int) (sessions []session.Session) {
	for _, day := range days {
		sessions = append(sessions, done(v, day))
	}
	return sessions
}

func part(v program.Version, day int, fraction float64) session.Session {
	return doneInPart(v, day, map[string]float64{string(v.Items[0].ID): fraction})
}

// Worked out by hand, one line each: expected sevenths, sessions done, and the rates by sessions, by dose and uncapped.
func TestHandVectors(t *testing.T) {
	t.Parallel()
	var (
		q1, q3, q4, q5, q7 = one(
			1, 0, quota(1),
		), one(1, 0, quota(3)), one(1, 0, quota(4)), one(1, 0, quota(5)), one(1, 0, quota(7))
		mwf        = one(1, 0, fixed(time.Monday, time.Wednesday, time.Friday))
		onlyMonday = one(1, 0, fixed(time.Monday))
		weekend    = one(1, 0, fixed(time.Saturday, time.Sunday))
		q3twice    = one(1, 0, twice(quota(3)))
		mwfTwice   = one(1, 0, twice(fixed(time.Monday, time.Wednesday, time.Friday)))
		nothing    = program.Version{ID: "9", Number: 9, EffectiveFrom: monday.AddDays(3)}
		twoQuotas  = version(1, monday, item("often", quota(5), 2, 60), item("seldom", quota(2), 5, 60))
		fixedMore  = version(
			1, monday, item("quota", quota(2), 2, 60),
			item("fixed", fixed(time.Monday, time.Wednesday, time.Friday), 2, 60),
		)
		quotaMore = version(
			1, monday, item("quota", quota(3), 2, 60), item("fixed", fixed(time.Tuesday, time.Thursday), 2, 60),
		)
		q5next = one(2, 3, quota(5))
	)
	for _, tc := range []struct {
		name     string
		history  program.History
		sessions []session.Session
		days     int
		want     outcome
	}{
		// Rest days.
		{"fixed days, all done", history(mwf), each(mwf, 0, 2, 4), 7, full(21, 3, 1000)},
		{"fixed days, one of three", history(mwf), each(mwf, 0), 7, full(21, 1, 333)},
		{"fixed days, done on the days between", history(mwf), each(mwf, 1, 3, 5), 7, full(21, 3, 1000)},
		{"one fixed day, done", history(onlyMonday), each(onlyMonday, 0), 7, full(7, 1, 1000)},
		{"one fixed day, nothing", history(onlyMonday), nil, 7, full(7, 0, 0)},
		{"five days on which nothing was planned are null", history(weekend), nil, 5, null(0, 0)},
		{"six days with one of two planned", history(weekend), each(weekend, 5), 6, full(7, 1, 1000)},
		// Quotas and the edges of bands.
		{"every day, done", history(q7), each(q7, 0, 1, 2, 3, 4, 5, 6), 7, full(49, 7, 1000)},
		{"every day, one missed", history(q7), each(q7, 0, 1, 2, 3, 4, 5), 7, full(49, 6, 857)},
		{"once a week, done", history(q1), each(q1, 6), 7, full(7, 1, 1000)},
		{"once a week, not done", history(q1), nil, 7, full(7, 0, 0)},
		{"exactly half", history(q4), each(q4, 0, 1), 7, full(28, 2, 500)},
		{"just below half", history(q5), each(q5, 0, 1), 7, full(35, 2, 400)},
		{"three of five", history(q5), each(q5, 0, 1, 2), 7, full(35, 3, 600)},
		{"28 days, sixteen of twenty", history(q5), each(q5, 0, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 17, 21, 22, 23, 24),
			28, full(140, 16, 800)},
		{"28 days, fifteen of twenty", history(q5), each(q5, 0, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 17, 21, 22, 23), 28,
			full(140, 15, 750)},
		{"14 days, seven of ten", history(q5), each(q5, 0, 1, 2, 3, 7, 8, 9), 14, full(70, 7, 700)},
		// Twice a day.
		{"twice a day on three days", history(q3twice), each(q3twice, 0, 0, 2, 2, 4, 4), 7, full(42, 6, 1000)},
		{"twice a day, once on six days", history(q3twice), each(q3twice, 0, 1, 2, 3, 4, 5), 7, full(42, 6, 1000)},
		{"twice a day, three on one day", history(q3twice), each(q3twice, 0, 0, 0), 7, outcome{42, 2, 333, 333, 500}},
		{"fixed days twice, half of it", history(mwfTwice), each(mwfTwice, 0, 0, 2), 7, full(42, 3, 500)},
		{"twice a day, two halves", history(q3twice), []session.Session{part(q3twice, 0, .5), part(q3twice, 0, .5)}, 7,
			outcome{42, 2, 333, 167, 167}},
		// More than once on a day, and parts.
		{"two phones log the same moment: one counts", history(q5), each(q5, 0, 0), 7, outcome{35, 1, 200, 200, 400}},
		{"a second session fills up no other day", history(q5), each(q5, 0, 0, 1), 7, outcome{35, 2, 400, 400, 600}},
		{"two halves make one", history(q5), []session.Session{part(q5, 0, .5), part(q5, 0, .5)}, 7, full(35, 1, 200)},
		{"below half is not done", history(q5), []session.Session{part(q5, 0, .45)}, 7, outcome{35, 0, 0, 90, 90}},
		{"half is done", history(q5), []session.Session{part(q5, 0, .5)}, 7, outcome{35, 1, 200, 100, 100}},
		{"twice as many days as asked", history(q3), each(q3, 0, 1, 2, 3, 4, 5), 7, outcome{21, 6, 1000, 1000, 2000}},
		// A change in the middle of a week.
		{"from seven to one on Thursday", history(q7, one(2, 3, quota(1))), each(q7, 0, 1, 2), 7, full(25, 3, 840)},
		{"other fixed days from Thursday", history(mwf, one(2, 3, fixed(time.Tuesday, time.Thursday, time.Saturday))),
			append(each(mwf, 0, 2), done(one(2, 3, fixed(time.Tuesday, time.Thursday, time.Saturday)), 3)), 7,
			full(28, 3, 750)},
		{"two versions from one day: the later governs", history(q7, one(2, 0, quota(3))),
			each(one(2, 0, quota(3)), 0, 1, 2), 7, full(21, 3, 1000)},
		{"a phone that did not know the new version", history(q3, q5next), each(q3, 4), 7, full(29, 1, 241)},
		{"starts on Thursday", history(q5next), each(q5next, 3, 5), 7, full(20, 2, 700)},
		{"starts on Friday: three days are enough", history(one(1, 4, quota(5))), each(one(1, 4, quota(5)), 4), 7,
			full(15, 1, 467)},
		{"starts on Saturday: two are not", history(one(1, 5, quota(5))), each(one(1, 5, quota(5)), 5), 7, null(10, 1)},
		{"ended on Thursday", history(q5, nothing), each(q5, 0, 2), 7, full(15, 2, 933)},
		// Pauses.
		{"a week's pause is null, what was done is kept", pausedOn(0, 6, q5), each(q5, 2), 7, null(0, 1)},
		{"two days left are null", pausedOn(1, 5, q5), each(q5, 0), 7, null(10, 1)},
		{"three days left are judged", pausedOn(1, 4, q5), each(q5, 0, 5), 7, full(15, 2, 933)},
		{"a session in the pause counts", pausedOn(1, 4, q5), each(q5, 0, 2), 7, full(15, 2, 933)},
		{"a stop without end", pausedOn(2, 4000, q5), each(q5, 0), 7, null(10, 1)},
		{"an illness told afterwards lifts what was asked", pausedOn(0, 3, q7), each(q7, 4, 5, 6), 7,
			full(21, 3, 1000)},
		// Several schedules in one program.
		{"the seldom exercise left out: sessions count, dose falls", history(twoQuotas), []session.Session{
			doneInPart(twoQuotas, 0, map[string]float64{"often": 1}),
			doneInPart(twoQuotas, 1, map[string]float64{"often": 1}),
			doneInPart(twoQuotas, 2, map[string]float64{"often": 1}),
			doneInPart(twoQuotas, 3, map[string]float64{"often": 1}),
			doneInPart(twoQuotas, 4, map[string]float64{"often": 1}),
		}, 7, outcome{35, 5, 1000, 501, 501}},
		{"more fixed days than the quota", history(fixedMore), each(fixedMore, 0, 2), 7, outcome{21, 2, 667, 800, 800}},
		{"a quota covers fewer fixed days", history(quotaMore), each(quotaMore, 1, 3, 5), 7,
			outcome{21, 3, 1000, 1000, 1200}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ofDay := map[localtime.Date][]session.Session{}
			for _, s := range tc.sessions {
				ofDay[s.LocalDate] = append(ofDay[s.LocalDate], s)
			}
			var series adherence.Series
			for day := range tc.days {
				date := monday.AddDays(day)
				series = append(series, adherence.Build(tc.history, date, ofDay[date]))
			}
			require.Equal(t, tc.want, outcomeOf(series.Rate(monday.AddDays(tc.days-1), tc.days)))
		})
	}
}

// Late sessions by hand: 47 hours is prompt, 49 hours late, and at seven days and a minute a session no longer counts.
func TestLateVectors(t *testing.T) {
	t.Parallel()
	q3 := one(1, 0, quota(3))
	for _, tc := range []struct {
		name            string
		delay           time.Duration
		late, uncounted int
		want            outcome
	}{
		{"47 hours", 47 * time.Hour, 0, 0, full(21, 1, 333)},
		{"48 hours", 48 * time.Hour, 0, 0, full(21, 1, 333)},
		{"49 hours", 49 * time.Hour, 1, 0, full(21, 1, 333)},
		{"7 days less a minute", 7*24*time.Hour - time.Minute, 1, 0, full(21, 1, 333)},
		{"7 days", 7 * 24 * time.Hour, 1, 0, full(21, 1, 333)},
		{"7 days and a minute", 7*24*time.Hour + time.Minute, 0, 1, full(21, 0, 0)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := done(q3, 1)
			s.ReceivedAt = s.PerformedAt.Add(tc.delay)
			series := week(history(q3), s)
			require.Equal(t, tc.want, outcomeOf(series.Rate(monday.AddDays(6), 7)))
			require.Equal(
				t, []int{1, tc.late, tc.uncounted}, []int{series[1].Sessions, series[1].Late, series[1].Uncounted},
			)
			require.Equal(t, tc.uncounted == 0, series[1].Work != nil, "minutes are of sessions that count")
		})
	}
}

// The weeks in which Amsterdam changes its clocks have 167 and 169 hours, and seven days.
func TestClockChangeVectors(t *testing.T) {
	t.Parallel()
	amsterdam, err := localtime.LoadZone("Europe/Amsterdam")
	require.NoError(t, err)
	for _, tc := range []struct {
		name, monday string
		hours        float64
		performed    []string // local
		want         outcome
		pauseDone    int
	}{
		{
			"spring: paused from Saturday, done half an hour into Sunday", "2026-03-23", 167,
			[]string{"2026-03-23T09:00:00", "2026-03-25T09:00:00", "2026-03-29T00:30:00"}, full(25, 3, 840), 1,
		},
		{
			"spring: done at 23:30 on the last day before the pause", "2026-03-23", 167,
			[]string{"2026-03-27T23:30:00"}, full(25, 1, 280), 0,
		},
		{
			"autumn: paused from Saturday, four before it", "2026-10-19", 169,
			[]string{"2026-10-19T09:00:00", "2026-10-20T09:00:00", "2026-10-22T09:00:00", "2026-10-23T23:59:00"},
			outcome{25, 4, 1000, 1000, 1120}, 0,
		},
		{
			"autumn: done in the hour that comes twice", "2026-10-19", 169,
			[]string{"2026-10-25T02:30:00"}, full(25, 1, 280), 1,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			first := localtime.MustParseDate(tc.monday)
			hours := localtime.Resolve(
				first.AddDays(7), 0, amsterdam,
			).Sub(localtime.Resolve(first, 0, amsterdam)).Hours()
			require.InDelta(t, tc.hours, hours, 0)
			v := version(1, first, item("a", quota(5), 2, 60))
			h := program.History{
				Versions: []program.Version{v},
				Pauses:   []program.Pause{{Start: first.AddDays(5), End: first.AddDays(6)}},
			}
			ofDay := map[localtime.Date][]session.Session{}
			for _, local := range tc.performed {
				at, err := time.ParseInLocation("2006-01-02T15:04:05", local, amsterdam)
				require.NoError(t, err)
				s := done(v, 0)
				s.PerformedAt, s.ReceivedAt, s.LocalDate = at, at, localtime.DateOf(at)
				ofDay[s.LocalDate] = append(ofDay[s.LocalDate], s)
			}
			var series adherence.Series
			pauseDone := 0
			for day := range 7 {
				series = append(series, adherence.Build(h, first.AddDays(day), ofDay[first.AddDays(day)]))
				pauseDone += series[day].PauseDone
			}
			require.Equal(t, tc.want, outcomeOf(series.Rate(first.AddDays(6), 7)))
			require.Equal(t, tc.pauseDone, pauseDone)
		})
	}
}

// Seconds of work by module: sets of repetitions by their time, minutes as they were, more than asked as it was.
func TestWorkByModule(t *testing.T) {
	t.Parallel()
	v := version(1, monday, item("a", quota(3), 3, 65), item("b", quota(3), 2, 40),
		program.Item{
			ID:       "walk",
			Module:   exercise.Walking,
			Dose:     exercise.Dose{Sets: 1, Minutes: 20},
			Schedule: quota(3),
		})
	two, ten, twentyFive := 2, 10, 25
	s := done(v, 0)
	s.Items = []session.ItemDone{
		{Item: "a", Sets: &two, Reps: &ten}, // 2 of 3 sets of 65 s
		{Item: "b", Skipped: "pain"},
		{Item: "walk", Minutes: &twentyFive},
	}
	day := adherence.Build(history(v), monday, []session.Session{s, s})
	require.Equal(t, adherence.Work{exercise.Strength: 2 * 130, exercise.Walking: 2 * 1500}, day.Work)
	require.Nil(t, adherence.Build(history(v), monday, nil).Work)
}

// What arrives through the door and changes afterwards: a deletion, a correction in time and one too late, a retry from
// a second phone, and a traveller's day.
func TestLedgerFollowsWhatPeopleDo(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		ctx := context.Background()
		day := func(date string) (d adherence.Day) {
			require.NoError(t, sys.App.DB.Read(ctx, func(tx *database.Tx) error {
				on := localtime.MustParseDate(date)
				rows, err := adherence.DaysOf(tx, anna.ID, on, on)
				if len(rows) == 1 {
					d = rows[0]
				}
				return err
			}))
			return d
		}
		sys.AdvanceTo(time.Date(2026, 3, 5, 20, 0, 0, 0, time.UTC))
		first := anna.FullSession(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC), 3, 5)
		anna.Logs(first, http.StatusCreated)
		require.Equal(
			t, []int{1, 1, 1000, 1},
			[]int{day("2026-03-03").Done, day("2026-03-03").Complete, day("2026-03-03").Credit, day("2026-03-03").Late},
		)
		require.Equal(t, adherence.Scores{Sum: 5, Count: 1}, day("2026-03-03").After)

		anna.Logs(first, http.StatusOK) // the same phone again
		second := anna.FullSession(time.Date(2026, 3, 3, 9, 1, 0, 0, time.UTC), 3, 4)
		anna.Logs(second, http.StatusCreated) // another phone, the same moment
		require.Equal(
			t, []int{1, 2, 1000}, []int{day("2026-03-03").Done, day("2026-03-03").Sessions, day("2026-03-03").Extra},
		)

		gone, err := anna.DeleteSessionWithResponse(ctx, second.ID)
		require.NoError(t, err)
		require.Equal(t, http.StatusNoContent, gone.StatusCode())
		require.Equal(
			t, []int{1, 1, 0}, []int{day("2026-03-03").Done, day("2026-03-03").Sessions, day("2026-03-03").Extra},
		)

		moved := content(first)
		moved.PerformedAt, moved.LocalDate = first.PerformedAt.Add(24*time.Hour), "2026-03-04"
		corrected, err := anna.CorrectSessionWithResponse(ctx, first.ID, moved)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, corrected.StatusCode(), string(corrected.Body))
		require.Equal(t, []int{0, 1}, []int{day("2026-03-03").Sessions, day("2026-03-04").Done})

		sys.AdvanceTo(time.Date(2026, 3, 12, 20, 1, 0, 0, time.UTC)) // 7 days and a minute after it was logged
		moved.PerformedAt, moved.LocalDate = first.PerformedAt, "2026-03-03"
		late, err := anna.CorrectSessionWithResponse(ctx, first.ID, moved)
		require.NoError(t, err)
		require.Equal(t, http.StatusConflict, late.StatusCode())
		require.Equal(t, []int{0, 1}, []int{day("2026-03-03").Sessions, day("2026-03-04").Done})

		newYork, err := localtime.LoadZone("America/New_York")
		require.NoError(t, err)
		// 12 March at home, 11 March there
		away := anna.FullSession(time.Date(2026, 3, 12, 3, 30, 0, 0, time.UTC), 3, 3)
		away.PerformedAt, away.TimeZone, away.LocalDate = away.PerformedAt.In(newYork), "America/New_York", "2026-03-11"
		anna.Logs(away, http.StatusCreated)
		require.Equal(t, []int{1, 0}, []int{day("2026-03-11").Done, day("2026-03-12").Sessions})
		_ = anna.Pushes()
	})
}

func content(n client.NewSession) client.SessionContent {
	return client.SessionContent{
		PerformedAt: n.PerformedAt, TimeZone: n.TimeZone, LocalDate: n.LocalDate, ProgramVersionID: n.ProgramVersionID,
		Status: n.Status, Items: n.Items, PainBefore: n.PainBefore, PainAfter: n.PainAfter,
	}
}

// A row that somebody else spoilt is found and mended; a sound ledger has nothing to find.
func TestAuditFindsWhatDiffers(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 4), http.StatusCreated)
		audit := func(spoil string) (wrong []localtime.Date) {
			require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) (err error) {
				if spoil != "" {
					_, err = tx.Exec(spoil, anna.ID)
					require.NoError(t, err)
				}
				wrong, err = adherence.Audit(tx, anna.ID)
				return err
			}))
			return wrong
		}
		today := []localtime.Date{anna.Today()}
		require.Empty(t, audit(""))
		require.Equal(t, today, audit("UPDATE adherence_days SET module_seconds = '{}' WHERE patient_id = ?"))
		require.Empty(t, audit(""))
		require.Equal(t, today, audit("DELETE FROM adherence_days WHERE patient_id = ?"))
		require.Equal(t, []localtime.Date{localtime.MustParseDate("2026-01-01")}, audit(
			`INSERT INTO adherence_days (patient_id, local_date, active, paused, expected7, dose7000, done, complete,
				credit, extra, pause_done,
			pause_credit, sessions, late, uncounted, pain_sum, pain_count, rises, stopped_pain)
			VALUES (?, '2026-01-01', true, false, 5, 5000, 1, 1, 1000, 0, 0, 0, 1, 0, 0, 3, 1, 0, 0)`))
		require.Empty(t, audit(""))
	})
}
