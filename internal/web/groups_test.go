package web

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/alert"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/caseload"
)

// The sections of the list follow the state: who is paused or has no program is not among those who go on. Under a
// filter there is one section, whose name and number are those of the filter.
func TestSectionsFollowTheState(t *testing.T) {
	t.Parallel()
	soon := []alert.Alert{{Raised: alert.Raised{Urgency: alert.Today}}}
	later := []alert.Alert{{Raised: alert.Raised{Urgency: alert.NextVisit}}}
	rows := []caseload.Row{
		{State: caseload.NotSyncing, Alerts: soon}, {State: caseload.PainUp}, {State: caseload.NotPaired},
		{State: caseload.NoProgram}, {State: caseload.OnTrack}, {State: caseload.Paused, Alerts: later},
	}
	w := Words{Words: adherence.Words{Language: "en"}}
	require.Equal(
		t, []string{"attention 2", "track 1", "paused 1", "new 1", "unknown 1"}, sections(groups(w, "", rows)),
	)
	unknown := []caseload.Row{rows[0], rows[2]}
	require.Equal(t, []string{"unknown 2"}, sections(groups(w, "unknown", unknown)))
	require.Equal(t, "Unknown", groups(w, "unknown", unknown)[0].Name)
	require.Equal(t, []string{"attention 1"}, sections(groups(w, "pain", rows[1:2])))
	require.Empty(t, groups(w, "paused", nil))
}

func sections(list []caseloadGroup) (said []string) {
	for _, g := range list {
		said = append(said, g.Kind+" "+strconv.Itoa(len(g.Rows)))
	}
	return said
}
