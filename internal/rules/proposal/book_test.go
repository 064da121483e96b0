package proposal

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/settings"
)

// Whatever the rulebook names is known here: what its conditions ask about, every phase and every module.
func TestTheRulebookNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	facts := Case{Settings: settings.Defaults()}.facts()
	var conditions []rulebook.Condition
	for _, r := range book.Rules {
		conditions = append(conditions, r.When)
		for module := range r.Points {
			require.Contains(t, Modules, exercise.Module(module), r.ID)
		}
	}
	for _, r := range book.Caps {
		conditions = append(conditions, r.When)
	}
	for _, r := range book.Minds {
		conditions = append(conditions, r.When)
	}
	library, err := exercise.Load()
	require.NoError(t, err)
	for _, r := range book.Cautions {
		conditions = append(conditions, r.When)
		for _, slug := range r.Exercises {
			_, err := library.Find(slug)
			require.NoError(t, err, r.ID)
		}
	}
	for _, c := range conditions {
		require.NoError(t, c.Check(facts))
	}
	for _, phase := range []intake.Phase{intake.Acute, intake.Subacute, intake.Chronic, intake.Recovered} {
		require.NotEmpty(t, book.Base[string(phase)].Points)
	}
	require.Len(t, book.Base, 4)
}

// Every case has limits, and every exercise of the library has days.
func TestEachCaseFindsItsRow(t *testing.T) {
	t.Parallel()
	for _, phase := range []intake.Phase{intake.Acute, intake.Subacute, intake.Chronic, intake.Recovered} {
		for _, minutes := range []int{5, 60} {
			for _, score := range []int{0, 10} {
				c := Case{
					Phase: phase, Minutes: minutes, Motivation: score, Confidence: score, Days: 7,
					Settings: settings.Defaults(),
				}
				require.NotZero(t, CapsOf(c).Items)
			}
		}
	}
	library, err := exercise.Load()
	require.NoError(t, err)
	for _, e := range library.All() {
		c := Case{Days: 7, Motivation: 9, Confidence: 9, Settings: settings.Defaults()}
		require.NotZero(t, daysOf(c, e), e.Slug)
	}
}
