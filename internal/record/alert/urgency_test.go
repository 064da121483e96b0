package alert_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/alert"
)

// Each urgency comes before the ones after it, and all come before none.
func TestUrgenciesHaveAnOrder(t *testing.T) {
	t.Parallel()
	order := []alert.Urgency{"", alert.NextVisit, alert.ThisWeek, alert.Today, alert.Now}
	for i, a := range order {
		for j, b := range order {
			require.Equal(t, i > j, a.Compare(b) > 0, "%q and %q", a, b)
			require.Equal(t, i == j, a.Compare(b) == 0, "%q and %q", a, b)
			require.Equal(t, order[max(i, j)], alert.Soonest(a, b))
		}
	}
	require.Equal(t, alert.Urgency(""), alert.Soonest())
}
