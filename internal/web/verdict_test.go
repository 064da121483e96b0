package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/adherence"
)

// Each verdict on a change has words, and where no smallest important change is known the change stands alone.
func TestWhatAChangeMeans(t *testing.T) {
	t.Parallel()
	v := questionnairesView{head: head{Words: Words{Words: adherence.Words{Language: words.English}}}}
	for want, verdict := range map[string]string{
		"+0.3":                     questionnaire.Verdict(3, 0, questionnaire.LowerIsBetter),
		"+0.3 worse":               questionnaire.Verdict(3, 2, questionnaire.LowerIsBetter),
		"+0.3 better":              questionnaire.Verdict(3, 2, questionnaire.HigherIsBetter),
		"+0.3 no clear difference": questionnaire.Verdict(3, 5, questionnaire.LowerIsBetter),
	} {
		change := 3
		require.Equal(t, want, v.Means(questionnaire.Measured{Change: &change, Verdict: verdict}))
	}
}
