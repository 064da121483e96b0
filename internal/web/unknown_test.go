package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
)

// A code that a later version stored is not told as something else, and an alert of an unknown urgency does not wait.
func TestUnknownCodesAreNotToldAsOthers(t *testing.T) {
	t.Parallel()
	for l, want := range map[words.Language][3]string{
		words.Dutch:   {"andere klacht", "Anders", "Nu"},
		words.English: {"other complaint", "Other", "Now"},
	} {
		w := Words{Words: adherence.Words{Language: l}}
		row := alertRow{Words: w}
		row.Urgency = "at_once"
		require.Equal(t, want, [3]string{complaintOf(w, people.Complaint("hip")), w.Module("yoga"), row.Soon()})
		require.Equal(t, alert.Now, row.Haste(), "its sign says the same")
	}
	english := Words{Words: adherence.Words{Language: words.English}}
	for urgency, want := range map[alert.Urgency]string{
		alert.Now: "Now", alert.Today: "Today", alert.ThisWeek: "This week", alert.NextVisit: "Next visit",
	} {
		row := alertRow{Words: english}
		row.Urgency = urgency
		require.Equal(t, want, row.Soon())
		require.Equal(t, urgency, row.Haste())
	}
	require.Equal(t, "Education", english.Module("education"))
	require.Equal(t, "Strength", english.Module(exercise.Strength))
}
