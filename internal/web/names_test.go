package web

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/education"
	"cadans/internal/record/people"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/reminder"
	"cadans/internal/screens/caseload"
	"cadans/pkg/localtime"
)

func in(l words.Language) Words { return Words{Words: adherence.Words{Language: l}} }

// rendered is a page with its spaces collapsed.
func rendered(t *testing.T, name string, w Words, content any) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, templates.ExecuteTemplate(&out, name, frame{Page: name, Words: w, Content: content}))
	return strings.Join(strings.Fields(out.String()), " ")
}

// Codes of stored rows are not shown as they are: questionnaires and ways of saying a reminder have names.
func TestCodesHaveNames(t *testing.T) {
	t.Parallel()
	for instrument, want := range map[string][2]string{
		"phq2": {"Stemming (PHQ-2)", "Mood (PHQ-2)"}, "effort": {"Inspanning", "Effort"}, "hads": {"HADS", "HADS"},
	} {
		m := questionnaire.Measured{Score: questionnaire.Score{Instrument: instrument}}
		require.Equal(t, want, [2]string{in(words.Dutch).Instrument(m), in(words.English).Instrument(m)})
	}
	for arm, want := range map[reminder.Arm]string{
		"": "evening reminder", reminder.Plain: "evening reminder – plain text",
		reminder.IfThen: "evening reminder – the patient's if-then plan", "rhyme": "evening reminder – another text",
	} {
		v := practiceView{Words: in(words.English)}
		require.Equal(t, want, v.EffectOf(reminder.Estimated{Kind: reminder.Rescue, Arm: arm}))
	}
}

// A module that waits for the therapist does not read like one that nobody has begun.
func TestWhereAModuleStands(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	opens := localtime.MustParseDate("2026-03-09")
	for name, tc := range map[string]struct {
		module education.Module
		nl, en string
	}{
		"later": {education.Module{OpensOn: opens}, "opent 9 mrt", "opens 9 Mar"},
		"open":  {education.Module{Open: true}, "open", "open"},
		"draft": {education.Module{Open: true, Response: &education.Response{}}, "begonnen", "begun"},
		"submitted": {education.Module{Open: true, Response: &education.Response{SubmittedAt: &now}},
			"ingestuurd", "submitted"},
		"answered": {education.Module{Open: true, Response: &education.Response{SubmittedAt: &now, FeedbackAt: &now}},
			"reactie gegeven", "answered"},
	} {
		for l, want := range map[words.Language]string{words.Dutch: tc.nl, words.English: tc.en} {
			require.Equal(t, want, modulesView{head: head{Words: in(l)}}.State(tc.module), name)
		}
	}
}

// A letter about a new patient says that there are no data, where it would write "0 of 0" and "– → –".
func TestALetterWithoutData(t *testing.T) {
	t.Parallel()
	w := in(words.Dutch)
	v := letterView{head: head{Words: w, Person: people.Patient{Name: "A. Jansen", Complaint: people.LowBack},
		Today: localtime.MustParseDate("2026-03-02")}, Pain: painEnds{"–", "–"}}
	page := rendered(t, "letter", w, v)
	require.Equal(t, 2, strings.Count(page, `<dd class="numbers">nog geen gegevens</dd>`), page)
	require.NotContains(t, page, "– →")
	require.NotContains(t, page, "0 van 0")
	v.Row.Last28 = adherence.Rate{Days: 28, Done: 1}
	require.Contains(t, rendered(t, "letter", w, v), "1 van 0 in", "what was done unasked is not hidden")
	v.Pain, v.Row.Last28 = painEnds{"3,0", "–"}, adherence.Rate{Days: 28, Done: 1, Expected7: 14}
	page = rendered(t, "letter", w, v)
	require.NotContains(t, page, "nog geen gegevens")
	require.Contains(t, page, "1 van 2 in de laatste 28 dagen")
	require.Contains(t, page, "3,0 → –")
}

// A phone that was never paired is not silent.
func TestAPatientWithoutAPhone(t *testing.T) {
	t.Parallel()
	w := in(words.English)
	v := patientView{head: head{Words: w, Today: localtime.MustParseDate("2026-03-02")}, Summary: caseload.Summary{}}
	page := rendered(t, "patient", w, v)
	require.Contains(t, page, "no phone paired yet")
	require.NotContains(t, page, "silent")
	contact := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	v.Since = caseload.Since{From: v.Today, Until: v.Today}
	page = rendered(t, "patient", w, v)
	require.Contains(t, page, `<dd class="big numbers">no data yet</dd>`)
	require.NotContains(t, page, "0 of 0")
	v.zone, v.Row.LastContact = time.UTC, &contact
	require.Contains(t, rendered(t, "patient", w, v), "the phone is silent")
}
