package safety_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/safety"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// rulesOf are the rules that applied.
func rulesOf(v safety.Verdict) (rules []string) {
	for _, f := range v.Findings {
		rules = append(rules, f.Rule)
	}
	return rules
}

// What was told within a week, by whatever source and whatever was decided about it, makes a new sign more serious. By
// itself it raises nothing again; the same sign that is told anew does.
func TestSignsOfAWeekBelongTogether(t *testing.T) {
	type telling struct {
		daysLater int
		signs     []safety.Sign
		rules     []string
	}
	both, weak := []safety.Sign{safety.BothLegs}, []safety.Sign{safety.NewWeakness}
	nobody, weakLeg := safety.Answers{}, safety.Answers{WeakLimb: true, Weeks: 3}
	for name, tc := range map[string]struct {
		intake safety.Answers // of the first day
		then   []telling
	}{
		"the same day":  {nobody, []telling{{0, both, []string{"R-9"}}, {0, weak, []string{"E-11", "R-5"}}}},
		"a week later":  {nobody, []telling{{0, both, []string{"R-9"}}, {7, weak, []string{"E-11", "R-5"}}}},
		"8 days later":  {nobody, []telling{{0, both, []string{"R-9"}}, {8, weak, []string{"R-5"}}}},
		"the other way": {nobody, []telling{{0, weak, []string{"R-5"}}, {3, both, []string{"E-11", "R-9"}}}},
		"another matter": {nobody, []telling{
			{0, both, []string{"R-9"}}, {1, []safety.Sign{safety.Infection}, []string{"R-2"}},
		}},
		"the same again":   {nobody, []telling{{0, both, []string{"R-9"}}, {1, both, []string{"R-9"}}}},
		"in the intake":    {safety.Answers{Yes: both}, []telling{{7, weak, []string{"E-11", "R-5"}}}},
		"a weak leg":       {weakLeg, []telling{{7, both, []string{"E-11", "R-9"}}}},
		"a weak leg, late": {weakLeg, []telling{{8, both, []string{"R-9"}}}},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			inWard(t, func(t *testing.T, w ward) {
				anna, bert := w.person(testdb.Anna), w.person(testdb.Bert)
				first := anna.Today(w.Clock.Now())
				gate := safety.NewGate(w.guard, func(*database.Tx, id.Patient) (safety.Answers, localtime.Date, error) {
					return tc.intake, first, nil
				})
				for n, told := range tc.then {
					w.Clock.Advance(time.Duration(told.daysLater) * 24 * time.Hour)
					source := []safety.Source{safety.FromCheckIn, safety.FromSession}[n%2]
					w.Write(func(tx *database.Tx) error {
						_, err := gate.AdmitNew(tx, bert, source, "of Bert", weak, nil)
						require.NoError(t, err)
						v, err := gate.AdmitNew(tx, anna, source, strconv.Itoa(n), told.signs, nil)
						require.Equal(t, told.rules, rulesOf(v))
						return err
					})
					for _, r := range w.shows(testdb.Anna)[:1] {
						w.decides(testdb.Anna, r.report, id.SafetyDecision("d"+strconv.Itoa(n)), safety.Cleared, "seen")
					}
				}
			})
		})
	}
}

// Every new sign gives a finding, whatever was told before: a report keeps it for the days after. What was told never
// makes it milder, and is never a finding alone.
func TestNewSignsBesideWhatWasTold(t *testing.T) {
	t.Parallel()
	var fresh, all []safety.Sign
	for _, q := range safety.NewSignQuestions {
		fresh = append(fresh, q.Sign)
	}
	for _, q := range safety.IntakeQuestions {
		all = append(all, q.Sign)
	}
	all = append(all, fresh...)
	order := []safety.Level{safety.OK, safety.Review, safety.Refer, safety.Emergency}
	rapid.Check(t, func(t *rapid.T) {
		known := healthy()
		known.Yes = rapid.SliceOf(rapid.SampledFrom([]safety.Sign{safety.InfectionRisk, safety.SpinalSurgery})).
			Draw(t, "known")
		told := known
		told.Yes = slices.Concat(known.Yes, rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "told"))
		told.WeakLimb, told.Weeks = rapid.Bool().Draw(t, "weak limb"), rapid.IntRange(0, 60).Draw(t, "weeks")
		sign := rapid.SampledFrom(fresh).Draw(t, "new")
		alone := safety.ScreenNew([]safety.Sign{sign}, known, known)
		beside := safety.ScreenNew([]safety.Sign{sign}, known, told)
		require.NotEmpty(t, alone.Findings)
		require.Subset(t, rulesOf(beside), rulesOf(alone))
		require.GreaterOrEqual(t, slices.Index(order, beside.Level), slices.Index(order, alone.Level))
		require.Equal(t, safety.OK, safety.ScreenNew(nil, known, told).Level)
	})
}
