package dose_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/dose"
)

// Pain just inside and just outside of what is acceptable, by what it rose from.
func TestIsTooMuch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		before, pain int // before of -1 is not known
		want         bool
	}{
		{-1, 5, false}, {-1, 6, true}, {3, 5, false}, {3, 6, true}, {0, 5, false}, {4, 6, false}, {4, 7, true},
		{8, 10, false}, {7, 10, true},
	} {
		var before *int
		if tc.before >= 0 {
			before = &tc.before
		}
		require.Equal(t, tc.want, dose.IsTooMuch(before, tc.pain), "%d → %d", tc.before, tc.pain)
	}
}
