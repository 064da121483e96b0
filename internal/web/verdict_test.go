package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/adherence"
	"cadans/pkg/localtime"
)

// Each verdict on a change has words in both languages. Where no smallest important change is known the change stands
// alone, and where two scores cannot be compared there is a reason and no number.
func TestWhatAChangeMeans(t *testing.T) {
	t.Parallel()
	change := 3
	judged := func(v questionnaire.Verdict) questionnaire.Judgement {
		return questionnaire.Judgement{Change: &change, Verdict: v}
	}
	cannot := func(why questionnaire.Reason) questionnaire.Judgement {
		return questionnaire.Judgement{Verdict: questionnaire.CannotBeCompared, Reason: why}
	}
	for _, tc := range []struct {
		is     questionnaire.Judgement
		en, nl string
	}{
		{questionnaire.Judgement{}, "first measurement", "eerste meting"},
		{judged(questionnaire.Unknown), "+0.3", "+0,3"},
		{judged(questionnaire.Improved), "+0.3 better", "+0,3 beter"},
		{judged(questionnaire.Worse), "+0.3 worse", "+0,3 slechter"},
		{judged(questionnaire.NoImportantChange), "+0.3 no clear difference", "+0,3 geen duidelijk verschil"},
		{questionnaire.Judgement{Verdict: questionnaire.Improved}, "better", "beter"},
		{questionnaire.Judgement{Verdict: questionnaire.Worse}, "worse", "slechter"},
		{cannot(questionnaire.OtherForm), "cannot be compared: another version of the questionnaire",
			"niet te vergelijken: een andere versie van de vragenlijst"},
		{cannot(questionnaire.OtherScale), "cannot be compared: another scale",
			"niet te vergelijken: een andere schaal"},
		{cannot(questionnaire.OtherDirection), "cannot be compared: higher was better in one of the two",
			"niet te vergelijken: bij een van de twee was hoger juist beter"},
		{cannot(questionnaire.NoCommonActivity), "cannot be compared: no activity was rated both times",
			"niet te vergelijken: geen activiteit kreeg beide keren een cijfer"},
		{cannot(questionnaire.ActivitiesUnknown), "cannot be compared: it is not known which activities were rated",
			"niet te vergelijken: niet bekend welke activiteiten een cijfer kregen"},
	} {
		for l, want := range map[words.Language]string{words.English: tc.en, words.Dutch: tc.nl} {
			w := Words{Words: adherence.Words{Language: l}}
			require.Equal(t, want, w.Means(questionnaire.Measured{Judgement: tc.is}))
		}
	}
}

// The letter gives each score with its scale, and says what the last one means.
func TestScoresInTheLetter(t *testing.T) {
	t.Parallel()
	odi := func(day string, tenths, most int) questionnaire.Score {
		return questionnaire.Score{
			Instrument: "odi", Date: localtime.MustParseDate(day), Tenths: tenths, Max: most,
			Direction: questionnaire.LowerIsBetter, StoredBy: "therapist",
		}
	}
	v := letterView{head: head{Words: Words{Words: adherence.Words{Language: words.English}}}}
	first, last := odi("2026-03-02", 300, 500), odi("2026-03-30", 440, 1000)
	require.Equal(t, []change{{
		Name: "Disability (ODI)", First: "30.0/50", FirstOn: "2 Mar 2026", Last: "44.0/100", LastOn: "30 Mar 2026",
		Means: "–16.0 better",
	}}, v.changes(questionnaire.Compare([]questionnaire.Score{first, last}, nil)))
}
