package intake

import (
	"errors"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/safety"
)

// Cautious is what the cautions of the rulebook ask about somebody. The zero value calls for none.
type Cautious struct {
	Unsteady  bool // a fall or a walking aid
	LowerLimb bool
	Signs     []safety.Sign // answered with yes
}

// Cautious returns what the answers call for.
func (a Answers) Cautious() Cautious {
	yes := func(answer *bool) bool { return answer != nil && *answer }
	return Cautious{
		Unsteady: a.Falls != nil && *a.Falls > 0 || yes(a.WalkAid), LowerLimb: yes(a.LowerLimb), Signs: a.Yes(),
	}
}

// CautiousOf returns what a patient's latest intake calls for; without an intake it is nothing.
func CautiousOf(tx *database.Tx, patient id.Patient) (Cautious, error) {
	last, err := LatestOf(tx, patient)
	if errors.Is(err, ErrNone) {
		return Cautious{}, nil
	}
	return last.Answers.Cautious(), err
}

// Against returns the caution that keeps an exercise from somebody, or false. What is harder than an exercise to avoid
// is avoided as well, for the same reason.
func (c Cautious) Against(library *exercise.Library, slug string) (rulebook.Caution, bool) {
	if caution, is := c.named(slug); is {
		return caution, true
	}
	e, err := library.Find(slug)
	if err != nil || e.Easier == "" {
		return rulebook.Caution{}, false
	}
	return c.Against(library, e.Easier)
}

// named returns the first caution that holds and names an exercise.
func (c Cautious) named(slug string) (rulebook.Caution, bool) {
	facts := c.Facts()
	for _, caution := range rulebook.Current().Modules.Cautions {
		if slices.Contains(caution.Exercises, slug) && caution.When.Holds(facts) {
			return caution, true
		}
	}
	return rulebook.Caution{}, false
}

// Facts are all that a caution may ask about.
func (c Cautious) Facts() rulebook.Facts {
	signs := make([]string, len(c.Signs))
	for i, sign := range c.Signs {
		signs[i] = string(sign)
	}
	return rulebook.Facts{
		Words: map[string]string{
			"unsteady": rulebook.YesNo(c.Unsteady), "lower_limb": rulebook.YesNo(c.LowerLimb),
		},
		Sets: map[string][]string{"signs": signs},
	}
}
