package proposal

import (
	"slices"
	"strings"
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
		require.NoError(t, r.When.Check(Case{}.cautious().Facts()), "a caution asks what progression knows too")
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

// What each exercise asks for, from its instructions: balance, which somebody standing free, on a moving base or on
// two points needs; a bend to the floor from standing; a back that bends far or is loaded while it is bent. Whoever
// sits, lies, leans against a wall or rises from a chair has something to hold.
var asks = map[string]string{
	"pelvic-tilt-lying": "", "cat-camel": "bend", "knee-rolls-lying": "", "open-book": "", "neck-rotation-lying": "",
	"neck-rotation-seated": "", "shoulder-rolls": "", "wall-angels": "", "bridge-small": "", "bridge": "",
	"bridge-single-leg": "", "sit-to-stand-raised": "", "sit-to-stand": "", "squat-backpack": "balance",
	"hip-hinge-wall": "balance", "deadlift-backpack": "balance bend", "band-row-seated": "",
	"band-row-standing": "balance", "side-arm-raise": "", "band-side-raise": "balance", "neck-press-hands": "",
	"heel-slide-brace": "", "dead-bug-legs": "", "dead-bug-full": "", "bird-dog-leg": "", "bird-dog": "balance",
	"chin-nod-lying": "", "head-lift-nod": "", "seated-forward-bend": "bend", "roll-down-standing": "floor bend",
	"floor-pick-up-light": "floor bend", "floor-pick-up-loaded": "floor bend", "look-over-shoulder": "",
	"march-seated": "", "march-standing": "balance", "walk-easy": "", "walk-brisk": "balance",
	"cycle-steady": "balance", "belly-breathing": "", "slow-breathing": "", "muscle-release-short": "",
	"muscle-release-full": "", "evening-wind-down": "", "worry-notebook": "", "movement-snack": "",
}

// Each exercise that asks for something stands in the caution about it, and no other: a new exercise is judged here.
func TestCautionsNameWhatExercisesAskFor(t *testing.T) {
	t.Parallel()
	library, err := exercise.Load()
	require.NoError(t, err)
	for id, about := range map[string][]string{"C-1": {"balance", "floor"}, "C-3": {"bend"}} {
		i := slices.IndexFunc(book.Cautions, func(c rulebook.Caution) bool { return c.ID == id })
		for _, e := range library.All() {
			said, known := asks[e.Slug]
			require.True(t, known, "%s was not judged", e.Slug)
			isAsked := slices.ContainsFunc(about, func(word string) bool { return strings.Contains(said, word) })
			require.Equal(t, isAsked, slices.Contains(book.Cautions[i].Exercises, e.Slug), "%s: %s", id, e.Slug)
		}
	}
}
