package safety_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/safety"
)

// Nobody reads more than twelve questions at a time, parts follow each other, and what cannot wait stands in the first.
func TestQuestionsStandInParts(t *testing.T) {
	t.Parallel()
	for _, questions := range [][]safety.Question{safety.IntakeQuestions, safety.NewSignQuestions} {
		count, part := map[int]int{}, 1
		for _, q := range questions {
			require.Contains(t, []int{part, part + 1}, q.Number, q.Sign)
			part = q.Number
			count[part]++
			require.LessOrEqual(t, count[part], safety.MaxPart)
			require.NotEmpty(t, q.NL)
			require.NotEmpty(t, q.EN)
			require.NotEmpty(t, q.Heading.EN)
		}
	}
}

// An app that knows only the first form is complete without the later questions, and they are told apart as not asked.
// Who answers one of a later form owes them all.
func TestWhatAnOlderAppLeavesOut(t *testing.T) {
	t.Parallel()
	old := map[safety.Sign]bool{}
	for _, q := range safety.IntakeQuestions {
		if q.Form == 1 && !q.OfNeck {
			old[q.Sign] = false
		}
	}
	require.Len(t, old, 24, "what version 1 of the API asks of a back")
	needed, notAsked := safety.Unanswered(false, old)
	require.Empty(t, needed)
	require.Len(t, notAsked, 12)
	require.NotContains(t, notAsked, safety.SuddenHeadache, "that is asked of necks")

	old[safety.UrineFlow] = false
	needed, notAsked = safety.Unanswered(false, old)
	require.Len(t, needed, 11)
	require.Empty(t, notAsked)

	needed, _ = safety.Unanswered(true, old)
	require.Contains(t, needed, safety.NeckVascular)
}
