package progress

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
)

// Weeks are told where there are any, and not while an alert about pain is open.
func TestWeeksAreNotPraisedWithPain(t *testing.T) {
	t.Parallel()
	w, met := adherence.Words{Language: people.English}, adherence.Weeks{Met: 3, Of: 3}
	require.Equal(t, "It went as planned in 3 of 3 weeks.", weeks(w, met, false))
	require.Empty(t, weeks(w, met, true))
	require.Empty(t, weeks(w, adherence.Weeks{}, false))
}
