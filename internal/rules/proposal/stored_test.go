package proposal

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// Every reason has its evidence in Dutch: what is no reference alone has words of its own.
func TestEvidenceIsReadInBothLanguages(t *testing.T) {
	t.Parallel()
	references := []string{
		"Andersen 2011; Sterling 2019; Price 2020; Mueller 2023", "WalkBack, Lancet 2024",
	}
	used := []string{
		"design choice", "KNGF low back pain 2021; Back2Action", "KNGF low back pain 2021: match preferences",
		"WalkBack, Lancet 2024", "Owen 2020; cut-off Arroll 2010", book.Always.Evidence.EN, book.Preference.Evidence.EN,
		"Lopez-de-Uralde 2016; RESTORE, Lancet Rheumatol 2025; KNGF low back pain 2021",
		"KNGF low back pain 2021; Vambheim: relaxation reduced pain in most trials",
		"Dutch physical activity guideline: twice a week; Fernandez-Rodriguez 2022, Owen 2020",
		"Andersen 2011; Sterling 2019; Price 2020; Mueller 2023",
		"da Silva 2019: more than two episodes predict the next",
	}
	for _, r := range book.Rules {
		used = append(used, r.Evidence.EN)
	}
	for _, evidence := range used {
		dutch := dutchEvidence[evidence]
		require.Equal(t, slices.Contains(references, evidence), dutch == evidence, evidence)
		require.NotRegexp(t, `\b(the|with|a|choice|low|guideline|improves)\b`, dutch)
		require.Equal(t, evidence, Because{Evidence: evidence}.EvidenceIn(words.English))
	}
	for evidence := range dutchEvidence {
		require.Contains(t, used, evidence, "no rule rests on it")
	}
	require.Equal(t, "eigen keuze: veiligheid", Because{Evidence: "design choice: safety"}.EvidenceIn(words.Dutch))
	require.Equal(t, "WalkBack, Lancet 2024", Because{Evidence: "WalkBack, Lancet 2024"}.EvidenceIn(words.Dutch))
}

// What was found for low backs is not said of necks: the evidence says of whom it is, and what a neck rests on.
func TestEvidenceSaysOfWhomItIs(t *testing.T) {
	t.Parallel()
	evidence := []string{book.Always.Evidence.EN, book.Preference.Evidence.EN}
	for _, r := range book.Rules {
		if region := r.When["region"].Is; region == nil || slices.Contains(region, "neck") {
			evidence = append(evidence, r.Evidence.EN)
		}
	}
	ofBacks := regexp.MustCompile(`KNGF low back|Owen|Fernandez|Lopez|RESTORE|da Silva|WalkBack`)
	for _, said := range evidence {
		if ofBacks.MatchString(said) {
			require.Contains(t, said, "low back: ")
			require.Regexp(t, "neck: |everybody: ", said)
		}
	}
}

// What a patient likes is told to the therapist, not to the patient.
func TestPreferencesAreToldToTheTherapist(t *testing.T) {
	t.Parallel()
	c := Case{
		Phase: intake.Chronic, Likes: []exercise.Module{exercise.Walking}, Dislikes: []exercise.Module{exercise.Core},
	}
	said := map[exercise.Module][2]string{}
	for _, s := range Scores(c) {
		if last := s.Because[len(s.Because)-1]; last.Rule == "M-11" {
			said[s.Module] = [2]string{last.NL, last.EN}
		}
	}
	require.Equal(t, map[exercise.Module][2]string{
		exercise.Walking: {"De patiënt doet dit graag.", "The patient likes this."},
		exercise.Core:    {"De patiënt wil dit liever niet.", "The patient would rather not do this."},
	}, said)
}

// Who started small and does well is told in numbers as each language writes them.
func TestTheStepUpIsSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	most := 930
	told := stepUp(adherence.Rate{Done: 8, Expected7: 60, Sessions: &most}, localtime.MustParseDate("2026-03-15"))
	require.Equal(t, words.Pair{
		NL: "Klein begonnen, en in 2 weken tot en met 15 mrt 93 % gedaan (8 van 8,6): er kunnen dagen bij.",
		EN: "Started small, and 93% done in 2 weeks through 15 Mar (8 of 8.6): days can be added.",
	}, told.Pair)
}

// What is stored or hashed has the form it had in older versions, whatever the fields are called in the code.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	text, err := encode(testdb.Filled[Composition]())
	require.NoError(t, err)
	testdb.Stored(t, "composition.json", json.RawMessage(text))
}
