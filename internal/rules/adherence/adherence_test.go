package adherence_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// monday is the first day of every vector.
var monday = localtime.MustParseDate("2026-11-16")

func item(name string, schedule program.Schedule, sets, secondsPerSet int) program.Item {
	return program.Item{
		ID: id.ProgramItem(name), Exercise: name, Module: exercise.Strength, Dose: exercise.Dose{Sets: sets, Reps: 10},
		Schedule: schedule, SecondsPerSet: secondsPerSet,
	}
}

func quota(q int) program.Schedule {
	return program.Schedule{Kind: program.WeeklyQuota, Quota: q, TimesPerDay: 1}
}

func fixed(days ...time.Weekday) program.Schedule {
	return program.Schedule{Kind: program.FixedDays, Days: days, TimesPerDay: 1}
}

func version(number int, from localtime.Date, items ...program.Item) program.Version {
	return program.Version{
		ID:            id.ProgramVersion(strconv.Itoa(number)),
		Number:        number,
		EffectiveFrom: from,
		Items:         items,
	}
}

func pause(from, until int) program.Pause {
	return program.Pause{Start: monday.AddDays(from), End: monday.AddDays(until)}
}

// done is a session with everything in it, logged at once, on a day counted from monday.
func done(v program.Version, day int) session.Session {
	fractions := map[string]float64{}
	for _, i := range v.Items {
		fractions[string(i.ID)] = 1
	}
	return doneInPart(v, day, fractions)
}

func doneInPart(v program.Version, day int, fractions map[string]float64) session.Session {
	at := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC).AddDate(0, 0, day)
	s := session.Session{
		ID: id.Session(at.String()),
		Content: session.Content{
			PerformedAt: at,
			LocalDate:   monday.AddDays(day),
			Version:     v.ID,
			Status:      session.Completed,
		},
		ReceivedAt: at.Add(time.Minute),
	}
	for _, i := range v.Items {
		sets, reps := 1, int(fractions[string(i.ID)]*float64(i.Dose.Sets*i.Dose.Reps))
		s.Items = append(s.Items, session.ItemDone{Item: i.ID, Sets: &sets, Reps: &reps})
	}
	s.Credit = session.Credit(v, s.Items)
	return s
}

// week builds the seven days from monday.
func week(h program.History, sessions ...session.Session) adherence.Series {
	byDay := map[localtime.Date][]session.Session{}
	for _, s := range sessions {
		byDay[s.LocalDate] = append(byDay[s.LocalDate], s)
	}
	var series adherence.Series
	for day := range 7 {
		date := monday.AddDays(day)
		series = append(series, adherence.Build(h, date, byDay[date]))
	}
	return series
}

func permille(n int) *int { return &n }

// V1 to V7 of the clinical requirements.
func TestVectors(t *testing.T) {
	t.Parallel()
	oneItem := func(s program.Schedule) program.Version { return version(1, monday, item("a", s, 2, 60)) }
	q5, q3 := oneItem(quota(5)), oneItem(quota(3))
	mwf := oneItem(fixed(time.Monday, time.Wednesday, time.Friday))
	later := version(2, monday.AddDays(3), item("b", quota(5), 2, 60))

	for _, tc := range []struct {
		name      string
		history   program.History
		sessions  []session.Session
		expected7 int
		want      *int
		raw       *int
		band      adherence.Band
	}{
		{
			"V1: quota 5, 7 active days, 4 full sessions", program.History{Versions: []program.Version{q5}},
			[]session.Session{done(q5, 0), done(q5, 1), done(q5, 3), done(q5, 4)}, 35, permille(800), permille(800),
			adherence.OnTrack,
		},
		{
			"V2: quota 3, paused 3 of 7 days, 2 done",
			program.History{Versions: []program.Version{q3}, Pauses: []program.Pause{pause(4, 6)}},
			[]session.Session{done(q3, 0), done(q3, 2)}, 12, permille(1000), permille(1167), adherence.OnTrack,
		},
		{
			"V2: quota 3, paused 3 of 7 days, 1 done",
			program.History{Versions: []program.Version{q3}, Pauses: []program.Pause{pause(4, 6)}},
			[]session.Session{done(q3, 0)}, 12, permille(583), permille(583), adherence.Partial,
		},
		{
			"V4: quota 3 until Wednesday, 5 from Thursday, 3 done",
			program.History{Versions: []program.Version{q3, later}},
			[]session.Session{done(q3, 0), done(q3, 2), done(later, 4)}, 29, permille(724), permille(724),
			adherence.Partial,
		},
		{
			"V4: quota 3 until Wednesday, 5 from Thursday, 4 done",
			program.History{Versions: []program.Version{q3, later}},
			[]session.Session{done(q3, 0), done(q3, 2), done(later, 4), done(later, 5)}, 29, permille(966),
			permille(966), adherence.OnTrack,
		},
		{
			"V5: fixed Mon, Wed, Fri, paused Wed and Thu, done Mon and Sat",
			program.History{Versions: []program.Version{mwf}, Pauses: []program.Pause{pause(2, 3)}},
			[]session.Session{done(mwf, 0), done(mwf, 5)}, 14, permille(1000), permille(1000), adherence.OnTrack,
		},
		{
			"V6: quota 3, 5 full sessions", program.History{Versions: []program.Version{q3}},
			[]session.Session{done(q3, 0), done(q3, 1), done(q3, 2), done(q3, 3), done(q3, 4)}, 21, permille(1000),
			permille(1667), adherence.OnTrack,
		},
		{
			"nothing done is none, not null", program.History{Versions: []program.Version{q5}}, nil, 35, permille(0),
			permille(0), adherence.None,
		},
		{
			"two active days are too few",
			program.History{Versions: []program.Version{q5}, Pauses: []program.Pause{pause(2, 6)}},
			[]session.Session{done(q5, 0)}, 10, nil, nil, "",
		},
		{
			"less than one expected session is too little",
			program.History{Versions: []program.Version{oneItem(quota(1))}, Pauses: []program.Pause{pause(6, 6)}},
			[]session.Session{done(q5, 0)}, 6, nil, nil, "",
		},
		{
			"a session in a pause counts up to what the other days expect",
			program.History{Versions: []program.Version{q3}, Pauses: []program.Pause{pause(4, 6)}},
			[]session.Session{done(q3, 0), done(q3, 5)}, 12, permille(1000), permille(1167), adherence.OnTrack,
		},
		{
			"a second session on a day is extra", program.History{Versions: []program.Version{q5}},
			[]session.Session{done(q5, 0), done(q5, 0)}, 35, permille(200), permille(400), adherence.Low,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := week(tc.history, tc.sessions...).Rate(monday.AddDays(6), 7)
			require.Equal(t, tc.expected7, r.Expected7)
			require.Equal(t, tc.want, r.Sessions)
			require.Equal(t, tc.want, r.Dose, "with full sessions, dose and sessions agree")
			require.Equal(t, tc.raw, r.Raw)
			require.Equal(t, tc.band, adherence.BandOf(r))
		})
	}
}

func TestVector3CreditIsWeightedByPrescribedSeconds(t *testing.T) {
	t.Parallel()
	v := version(1, monday, item("a", quota(5), 2, 65), item("b", quota(5), 3, 65), item("c", quota(5), 2, 55),
		program.Item{ID: "d", Dose: exercise.Dose{Sets: 1, Minutes: 10}, Schedule: quota(5)})
	minutes := 5
	s := doneInPart(v, 0, map[string]float64{"a": 1, "b": 1})
	s.Items[3] = session.ItemDone{Item: "d", Minutes: &minutes}
	s.Credit = session.Credit(v, s.Items)
	require.Equal(t, 604, s.Credit)

	day := adherence.Build(program.History{Versions: []program.Version{v}}, monday, []session.Session{s})
	require.Equal(t, 1, day.Done)
	require.Equal(t, 0, day.Complete)
	require.Equal(t, 604, day.Credit)
}

// V7 is the EXAS-like mean: frequency times intensity per exercise.
func TestVector7CreditOfReps(t *testing.T) {
	t.Parallel()
	a, b := version(1, monday, item("a", quota(3), 2, 60)), version(1, monday, item("b", quota(3), 3, 60))
	h := program.History{Versions: []program.Version{a}}
	rate := week(h, done(a, 0), done(a, 2)).Rate(monday.AddDays(6), 7)
	require.Equal(t, permille(667), rate.Dose)

	twoOfThree := map[string]float64{"b": 2.0 / 3}
	h = program.History{Versions: []program.Version{b}}
	rate = week(h, doneInPart(b, 0, twoOfThree), doneInPart(b, 2, twoOfThree)).Rate(monday.AddDays(6), 7)
	require.Equal(t, 445, *rate.Dose, "twice 667 of 3,000: each session is rounded once")
}

// Whoever does exactly what is asked has 100 %, however the schedules of the items differ.
func TestExactlyWhatWasAskedIsAllOfIt(t *testing.T) {
	t.Parallel()
	often, seldom := item("often", quota(5), 2, 60), item("seldom", quota(2), 5, 60)
	tuesday, thursday := item("tue", fixed(time.Tuesday), 1, 300), item("thu", fixed(time.Thursday), 3, 20)
	for _, tc := range []struct {
		name  string
		items []program.Item
		does  map[string][]int // item → days
	}{
		{"two quotas", []program.Item{often, seldom}, map[string][]int{"often": {0, 1, 2, 3, 4}, "seldom": {1, 3}}},
		{"two fixed days", []program.Item{tuesday, thursday}, map[string][]int{"tue": {1}, "thu": {3}}},
		{"a quota and a fixed day", []program.Item{often, tuesday},
			map[string][]int{"often": {0, 1, 2, 3, 4}, "tue": {1}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := version(1, monday, tc.items...)
			var sessions []session.Session
			for day := range 7 {
				fractions := map[string]float64{}
				for name, days := range tc.does {
					for _, d := range days {
						if d == day {
							fractions[name] = 1
						}
					}
				}
				if len(fractions) > 0 {
					sessions = append(sessions, doneInPart(v, day, fractions))
				}
			}
			r := week(program.History{Versions: []program.Version{v}}, sessions...).Rate(monday.AddDays(6), 7)
			require.Equal(t, permille(1000), r.Sessions)
			require.InDelta(t, 1000, *r.Dose, 2)
		})
	}
}

func TestLateSessions(t *testing.T) {
	t.Parallel()
	v := version(1, monday, item("a", quota(7), 2, 60))
	h := program.History{Versions: []program.Version{v}}
	for _, tc := range []struct {
		name                  string
		delay                 time.Duration
		done, late, uncounted int
	}{
		{"within 48 hours is prompt", 48 * time.Hour, 1, 0, 0},
		{"a minute more is late and counts", 48*time.Hour + time.Minute, 1, 1, 0},
		{"seven days later still counts", 7 * 24 * time.Hour, 1, 1, 0},
		{"a minute more is kept and does not count", 7*24*time.Hour + time.Minute, 0, 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := done(v, 0)
			s.ReceivedAt = s.PerformedAt.Add(tc.delay)
			day := adherence.Build(h, monday, []session.Session{s})
			require.Equal(
				t, []int{tc.done, tc.late, tc.uncounted, 1}, []int{day.Done, day.Late, day.Uncounted, day.Sessions},
			)
		})
	}
}

func TestPainOfADay(t *testing.T) {
	t.Parallel()
	v := version(1, monday, item("a", quota(7), 2, 60))
	three, five, zero := 3, 5, 0
	rose, silent, painless := done(v, 0), done(v, 0), done(v, 0)
	rose.PainBefore, rose.PainAfter = &three, &five
	painless.PainBefore = &zero
	rose.Status, rose.StoppedReason = session.Stopped, session.StoppedByPain
	day := adherence.Build(
		program.History{Versions: []program.Version{v}}, monday, []session.Session{rose, silent, painless},
	)
	require.Equal(t, 3, day.Before.Sum)
	require.Equal(t, 2, day.Before.Count, "a missing score is missing, a zero is a score")
	require.Equal(t, 5, *day.PainMax)
	require.Equal(t, 1, day.Rises)
	require.Equal(t, 1, day.StoppedPain)
}

func TestDropIsAgainstTheOwnMedian(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		weeks   []int // sessions a week of a quota of 10 tenths, oldest first; the last is now
		median  *int
		dropped bool
	}{
		{"just below 30 points", []int{5, 5, 5, 5, 4}, permille(1000), false},
		{"40 points", []int{5, 5, 5, 5, 3}, permille(1000), true},
		{"the median forgives one bad week", []int{5, 1, 5, 5, 3}, permille(1000), true},
		{"low stays low and is no drop", []int{1, 1, 1, 1, 0}, permille(200), false},
		{"one week before is too little", []int{5, 0}, nil, false},
		{"even numbers take the middle", []int{5, 5, 3, 3, 2}, permille(800), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v := version(1, monday, item("a", quota(5), 2, 60))
			h := program.History{Versions: []program.Version{v}}
			var series adherence.Series
			for w, n := range tc.weeks {
				for day := range 7 {
					var sessions []session.Session
					if day < n {
						sessions = []session.Session{done(v, 7*w+day)}
					}
					series = append(series, adherence.Build(h, monday.AddDays(7*w+day), sessions))
				}
			}
			until := monday.AddDays(7*len(tc.weeks) - 1)
			require.Equal(t, tc.median, series.MedianBefore(until))
			require.Equal(t, tc.dropped, series.Dropped(until))
		})
	}
}

func TestADayThatIsNotOverIsNotMissed(t *testing.T) {
	t.Parallel()
	v := version(1, monday, item("a", quota(7), 2, 60))
	h := program.History{Versions: []program.Version{v}}
	require.Equal(t, monday.AddDays(5), week(h, done(v, 0)).Until(monday.AddDays(6)))
	require.Equal(t, monday.AddDays(6), week(h, done(v, 6)).Until(monday.AddDays(6)))
}
