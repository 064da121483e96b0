package intake_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/intake"
	"cadans/pkg/localtime"
)

// The phase moves on with the days since the intake: five weeks of complaints are six after seven days, and thirteen
// after eight weeks. Recovery stays.
func TestThePhaseMovesOn(t *testing.T) {
	t.Parallel()
	day := localtime.MustParseDate("2026-03-02")
	for _, tc := range []struct {
		weeks     int
		recovered bool
		days      int
		want      intake.Phase
	}{
		{5, false, 0, intake.Acute}, {5, false, 6, intake.Acute}, {5, false, 7, intake.Subacute},
		{5, false, 55, intake.Subacute}, {5, false, 56, intake.Chronic}, {5, false, -30, intake.Acute},
		{5, true, 400, intake.Recovered},
	} {
		i := intake.Intake{SubmittedOn: day, Answers: intake.Answers{Weeks: &tc.weeks, Recovered: &tc.recovered}}
		require.Equal(t, tc.want, i.PhaseOn(day.AddDays(tc.days)), "%+v", tc)
	}
}

func TestPhases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		weeks     int
		recovered bool
		want      intake.Phase
	}{
		{0, false, intake.Acute}, {5, false, intake.Acute}, {6, false, intake.Subacute}, {12, false, intake.Subacute},
		{13, false, intake.Chronic}, {2600, false, intake.Chronic}, {2, true, intake.Recovered},
		{40, true, intake.Recovered},
	} {
		require.Equal(t, tc.want, intake.PhaseOf(tc.weeks, tc.recovered), "%d weeks", tc.weeks)
	}
}

// 4, 8 and 12 weeks after the first, then every 13; a late or an early one moves nothing.
func TestWhenTheNextIntakeIsDue(t *testing.T) {
	t.Parallel()
	first := localtime.MustParseDate("2026-01-05")
	for _, tc := range []struct {
		name      string
		lastAfter int // days
		want      int
	}{
		{"after the first", 0, 28}, {"a day before it is due", 27, 28}, {"on the day", 28, 56}, {"a week late", 35, 56},
		{"after 8 weeks", 56, 84}, {"after 12 weeks", 84, 84 + 91}, {"half a year later", 84 + 91, 84 + 182},
		{"after a year without", 400, 84 + 4*91},
	} {
		require.Equal(t, first.AddDays(tc.want), intake.DueOn(first, first.AddDays(tc.lastAfter)), tc.name)
	}
}

func TestRisk(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                   string
		physical, psychosocial int
		want                   intake.Risk
	}{
		{"nothing", 0, 0, intake.Low}, {"one factor", 1, 0, intake.Low}, {"one psychosocial factor", 0, 1, intake.Low},
		{"two factors", 2, 0, intake.Medium}, {"four factors, one psychosocial", 3, 1, intake.Medium},
		{"two psychosocial factors", 0, 2, intake.High}, {"five factors", 5, 0, intake.High},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := intake.Base()
			for i, set := range []func(){
				func() { *a.Prior = 1 }, func() { a.Goals[0].Score = 3 },
				func() { *a.Radiating = intake.BelowTheJoint }, func() { *a.PainAverage = 7 },
				func() { *a.WorkLoad = 7 },
			} {
				if i < tc.physical {
					set()
				}
			}
			for i, set := range []func(){func() { *a.Stress = 6 }, func() { *a.Fear = 7 }} {
				if i < tc.psychosocial {
					set()
				}
			}
			require.Equal(t, tc.want, a.Risk())
		})
	}
	require.Equal(t, intake.Support{Weeks: 3, Contacts: 2}, intake.Low.Support())
	require.Equal(t, intake.Support{Weeks: 12, Contacts: 8}, intake.Medium.Support())
	require.Equal(t, intake.Support{Weeks: 12, Contacts: 12}, intake.High.Support())
}

// Just below and at each cut-off of the prognostic factors.
func TestPrognosticFactors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		set    func(*intake.Answers)
		factor string
	}{
		{"no earlier episode", func(a *intake.Answers) { *a.Prior = 0 }, ""},
		{"an earlier episode", func(a *intake.Answers) { *a.Prior = 1 }, "prior"},
		{"goal at 4", func(a *intake.Answers) { a.Goals[0].Score = 4 }, ""},
		{"goal at 3", func(a *intake.Answers) { a.Goals[0].Score = 3 }, "activity_limitation"},
		{"pain 6", func(a *intake.Answers) { *a.PainAverage = 6 }, ""},
		{"pain 7", func(a *intake.Answers) { *a.PainAverage = 7 }, "pain"},
		{"work load 6", func(a *intake.Answers) { *a.WorkLoad = 6 }, ""},
		{"work load 7", func(a *intake.Answers) { *a.WorkLoad = 7 }, "work_load"},
		{"work load 7 of somebody without work", func(a *intake.Answers) { *a.WorkLoad, *a.Works = 7, false }, ""},
		{"stress 5", func(a *intake.Answers) { *a.Stress = 5 }, ""},
		{"stress 6", func(a *intake.Answers) { *a.Stress = 6 }, "stress"},
		{"fear 6", func(a *intake.Answers) { *a.Fear = 6 }, ""},
		{"fear 7", func(a *intake.Answers) { *a.Fear = 7 }, "fear"},
		{"PHQ-2 of 2", func(a *intake.Answers) { *a.PHQ2Mood, *a.PHQ2Interest = 1, 1 }, ""},
		{"PHQ-2 of 3", func(a *intake.Answers) { *a.PHQ2Mood, *a.PHQ2Interest = 2, 1 }, "mood"},
		{"expectation 4", func(a *intake.Answers) { *a.Expectation = 4 }, ""},
		{"expectation 3", func(a *intake.Answers) { *a.Expectation = 3 }, "expectation"},
		{"satisfaction 4", func(a *intake.Answers) { *a.WorkSatisfaction = 4 }, ""},
		{"satisfaction 3", func(a *intake.Answers) { *a.WorkSatisfaction = 3 }, "work_satisfaction"},
	} {
		a := intake.Base()
		tc.set(&a)
		physical, psychosocial := a.Prognosis()
		factors := append(physical, psychosocial...)
		if tc.factor == "" {
			require.Empty(t, factors, tc.name)
			continue
		}
		require.Equal(t, []string{tc.factor}, factors, tc.name)
	}
}

func TestMood(t *testing.T) {
	t.Parallel()
	for score, want := range []string{"ok", "ok", "watch", "alert", "alert", "alert", "alert"} {
		a := intake.Base()
		*a.PHQ2Interest, *a.PHQ2Mood = score/2, score-score/2
		require.Equal(t, want, a.Mood(), "PHQ-2 of %d", score)
	}
}

func TestWalkLimited(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		set  func(*intake.Answers)
		want bool
	}{
		{"10 minutes", func(a *intake.Answers) { *a.WalkMinutes = 10 }, false},
		{"9 minutes", func(a *intake.Answers) { *a.WalkMinutes = 9 }, true},
		{"an aid", func(a *intake.Answers) { *a.WalkAid = true }, true},
		{"a fall", func(a *intake.Answers) { *a.Falls = 1 }, true},
	} {
		a := intake.Base()
		tc.set(&a)
		require.Equal(t, tc.want, a.WalkLimited(), tc.name)
	}
}
