package prevention_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/rules/prevention"
	"cadans/pkg/localtime"
)

var monday = localtime.MustParseDate("2026-01-05")

// A week rises by a fifth at most, and the middle track comes close to the 130 minutes of week 12.
func TestTheWeeksOfTheThreeTracks(t *testing.T) {
	t.Parallel()
	for track, tc := range map[prevention.Track]struct {
		first int
		want  []int
	}{
		prevention.Gentle:   {30, []int{30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95}},
		prevention.Standard: {30, []int{30, 36, 42, 48, 57, 67, 77, 87, 97, 107, 117, 127, 137, 147}},
		prevention.Fast:     {60, []int{60, 72, 84, 99, 114, 129, 144, 150, 150, 150, 150, 150, 150, 150}},
	} {
		p := prevention.Plan{StartOn: monday, Track: track, WeekOne: tc.first, Rules: prevention.RuleVersion}
		for i, want := range tc.want {
			_, minutes := p.Decide(weeks(i, func(w *prevention.Week) { w.Done = 200 }))
			require.Equal(t, want, minutes, "%s, week %d", track, i+1)
		}
	}
	p := prevention.Plan{StartOn: monday, Track: prevention.Fast, WeekOne: 15, Rules: prevention.RuleVersion}
	_, minutes := p.Decide(weeks(1, func(w *prevention.Week) { w.Done = 200 }))
	require.Equal(t, 18, minutes, "one minute more in each of three walks")
}

// The table of plans that were started under the first rules: minutes, days and minutes a walk, when every week goes
// well.
func TestTheTableOfTheThreeTracks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		track                     prevention.Track
		first                     int
		week, minutes, days, walk int
	}{
		{prevention.Gentle, 30, 1, 30, 3, 10}, {prevention.Standard, 30, 1, 30, 3, 10},
		{prevention.Fast, 60, 1, 60, 4, 15}, {prevention.Gentle, 30, 4, 45, 3, 15},
		{prevention.Standard, 30, 4, 60, 4, 15}, {prevention.Fast, 60, 4, 105, 5, 21},
		{prevention.Gentle, 30, 8, 65, 4, 17}, {prevention.Standard, 30, 8, 100, 5, 20},
		{prevention.Fast, 60, 8, 150, 5, 30}, {prevention.Gentle, 30, 12, 85, 4, 22},
		{prevention.Standard, 30, 12, 140, 5, 28}, {prevention.Fast, 60, 12, 150, 5, 30},
		{prevention.Gentle, 30, 13, 90, 4, 23}, {prevention.Standard, 30, 13, 150, 5, 30},
		{prevention.Fast, 60, 13, 150, 5, 30}, {prevention.Gentle, 30, 20, 125, 5, 25},
		{prevention.Standard, 30, 20, 150, 5, 30}, {prevention.Fast, 60, 20, 150, 5, 30},
		{prevention.Gentle, 30, 25, 150, 5, 30}, {prevention.Standard, 30, 26, 150, 5, 30},
		{prevention.Gentle, 30, 26, 150, 5, 30},
	} {
		p := prevention.Plan{StartOn: monday, Track: tc.track, WeekOne: tc.first}
		_, minutes := p.Decide(weeks(tc.week-1, func(w *prevention.Week) { w.Done = 200 }))
		require.Equal(t, tc.minutes, minutes, "%s, week %d", tc.track, tc.week)
		require.Equal(t, tc.days, prevention.Days(minutes), "%s, week %d", tc.track, tc.week)
		require.Equal(t, tc.walk, prevention.PerWalk(minutes), "%s, week %d", tc.track, tc.week)
	}
}

func weeks(n int, set func(*prevention.Week)) []prevention.Week {
	list := make([]prevention.Week, n)
	for i := range list {
		list[i].Monday = monday.AddDays(7 * i)
		set(&list[i])
	}
	return list
}

func TestStart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		now, want int
	}{{0, 30}, {37, 30}, {40, 30}, {41, 35}, {75, 60}, {100, 80}, {187, 150}, {300, 150}} {
		start := prevention.Start{WeekMinutes: tc.now, Comfortable: 10}
		require.Equal(t, tc.want, start.WeekOne(), "%d minutes now", tc.now)
	}
	for comfortable, want := range map[int]int{0: 6, 2: 6, 3: 9, 9: 27, 10: 30, 60: 30} {
		require.Equal(t, want, prevention.Start{Comfortable: comfortable}.WeekOne(), "%d comfortable", comfortable)
	}
	require.Equal(t, 40, prevention.Start{WeekMinutes: 50, Comfortable: 3}.WeekOne(), "who walks that much already")
	base := prevention.Start{WeekMinutes: 40, Comfortable: 15, Age: 74}
	for _, tc := range []struct {
		name   string
		change func(*prevention.Start)
		want   prevention.Track
	}{
		{"as it is", func(*prevention.Start) {}, prevention.Standard},
		{"14 comfortable minutes", func(s *prevention.Start) { s.Comfortable = 14 }, prevention.Gentle},
		{"a complaint of the leg", func(s *prevention.Start) { s.LowerLimb = true }, prevention.Gentle},
		{"75 years", func(s *prevention.Start) { s.Age = 75 }, prevention.Gentle},
		{"little confidence", func(s *prevention.Start) { s.LowConfid = true }, prevention.Gentle},
		{"74 minutes now", func(s *prevention.Start) { s.WeekMinutes = 74 }, prevention.Standard},
		{"75 minutes now", func(s *prevention.Start) { s.WeekMinutes = 75 }, prevention.Fast},
		{"75 minutes now with a complaint", func(s *prevention.Start) { s.WeekMinutes, s.LowerLimb = 75, true },
			prevention.Gentle},
	} {
		s := base
		tc.change(&s)
		require.Equal(t, tc.want, s.Track(), tc.name)
	}
}

// Each outcome just inside and outside, from a week of 100 minutes.
func TestWeeklyDecision(t *testing.T) {
	t.Parallel()
	p := prevention.Plan{StartOn: monday, Track: prevention.Standard, WeekOne: 90}
	before := prevention.Week{Monday: monday, Done: 90} // so that the second week asks 100
	for _, tc := range []struct {
		name    string
		week    prevention.Week
		outcome prevention.Outcome
		next    int
	}{
		{"all done", prevention.Week{Done: 100}, prevention.Advance, 110},
		{"67 of 100", prevention.Week{Done: 67}, prevention.Advance, 110},
		{"66 of 100", prevention.Week{Done: 66}, prevention.Hold, 100},
		{"33 of 100", prevention.Week{Done: 33}, prevention.Hold, 100},
		{"32 of 100 once", prevention.Week{Done: 32}, prevention.Hold, 100},
		{"pain once", prevention.Week{Done: 100, PainBroken: 1}, prevention.Hold, 100},
		{"pain twice", prevention.Week{Done: 100, PainBroken: 2}, prevention.Back, 90},
		{"a complaint of the knee", prevention.Week{Done: 100, LowerLimb: true}, prevention.Back, 65},
		{"4 of 7 days paused, 43 of 42 asked", prevention.Week{Done: 43, PausedDays: 4}, prevention.Advance, 110},
		{"a whole week paused", prevention.Week{PausedDays: 7}, prevention.Paused, 100},
		{"after 6 days of pause", prevention.Week{Done: 100, PauseEnded: 6}, prevention.Advance, 110},
		{"after 7 days of pause", prevention.Week{Done: 80, PauseEnded: 7}, prevention.Advance, 90},
		{"after 14 days of pause", prevention.Week{Done: 60, PauseEnded: 14}, prevention.Advance, 70},
		{"after 28 days of pause", prevention.Week{Done: 60, PauseEnded: 28}, prevention.Advance, 70},
	} {
		decisions, next := p.Decide([]prevention.Week{before, tc.week})
		require.Equal(t, tc.outcome, decisions[1].Outcome, tc.name)
		require.Equal(t, tc.next, next, tc.name)
		require.Equal(t, tc.week.PauseEnded >= 28, decisions[1].Restart, tc.name)
	}
	decisions, next := p.Decide([]prevention.Week{before, {Done: 32}, {Done: 0}, {Done: 0}, {Done: 0}})
	require.Equal(t, prevention.Back, decisions[2].Outcome, "two weeks in a row below a third")
	require.Equal(t, prevention.Hold, decisions[3].Outcome, "and then it counts anew")
	require.Equal(t, 90, next, "never below the first week")

	decisions, _ = p.Decide([]prevention.Week{{Done: 136}, {Done: 151}, {Done: 100}})
	require.Equal(
		t, []bool{false, true, false}, []bool{decisions[0].Overshoot, decisions[1].Overshoot, decisions[2].Overshoot},
	)
	decisions, _ = p.Decide([]prevention.Week{{Done: 135}, {Done: 151}})
	require.False(t, decisions[1].Overshoot, "150 %% is not more than 150 %%")
}

// walked returns the minutes of all walks of a week.
func walked(minutes int) int { return prevention.PerWalk(minutes) * prevention.Days(minutes) }

// The minutes stay within bounds and never rise faster than the track, whatever is logged.
func TestAWalkingPlanStaysWithinBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := prevention.Plan{
			StartOn: monday, Track: rapid.SampledFrom([]prevention.Track{
				prevention.Gentle, prevention.Standard, prevention.Fast,
			}).Draw(t, "track"),
			WeekOne: prevention.Start{
				WeekMinutes: rapid.IntRange(0, 300).Draw(t, "now"),
				Comfortable: rapid.IntRange(0, 40).Draw(t, "without rest"),
			}.WeekOne(),
			Rules: rapid.IntRange(1, prevention.RuleVersion).Draw(t, "rules"),
		}
		list := weeks(rapid.IntRange(1, 30).Draw(t, "weeks"), func(w *prevention.Week) {
			w.Done = rapid.IntRange(0, 300).Draw(t, "done")
			w.PausedDays = rapid.IntRange(0, 7).Draw(t, "paused")
			w.PauseEnded = rapid.SampledFrom([]int{0, 0, 0, 5, 7, 14, 30}).Draw(t, "ended")
			w.PainBroken = rapid.IntRange(0, 2).Draw(t, "pain")
			w.LowerLimb = rapid.IntRange(0, 9).Draw(t, "leg") == 0
		})
		decisions, next := p.Decide(list)
		asked := p.WeekOne
		for _, d := range decisions {
			require.LessOrEqual(t, d.Minutes, asked+p.Track.Step())
			require.GreaterOrEqual(t, d.Minutes, min(15, p.WeekOne))
			if p.Rules == prevention.RuleVersion {
				require.LessOrEqual(t, walked(d.Minutes), max(walked(asked)*6/5, walked(asked)+prevention.Days(asked)))
			}
			require.LessOrEqual(t, d.Minutes, prevention.Target)
			asked = d.Minutes
		}
		require.LessOrEqual(t, next, prevention.Target)
	})
}
