package overview

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func n(values ...int) (cells []*int) {
	for _, v := range values {
		if v < 0 {
			cells = append(cells, nil)
			continue
		}
		cells = append(cells, &v)
	}
	return cells
}

func TestSmallCellsAreHidden(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		counts []int
		shown  []*int
	}{
		{"all large enough", []int{10, 11, 30}, n(10, 11, 30)},
		{"two small ones hide each other", []int{9, 11, 0}, n(-1, 11, -1)},
		{"one alone would be worked out from the total", []int{9, 11, 30}, n(-1, -1, 30)},
		{"none is as telling as one", []int{0, 12, 30}, n(-1, -1, 30)},
		{"nothing to show", []int{1, 2, 3}, n(-1, -1, -1)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.shown, hide(tc.counts))
		})
	}
}

// Whatever the counts: nothing below ten is shown, and what is hidden never follows from the rest.
func TestWhatIsHiddenStaysHidden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 40), 2, 8).Draw(t, "counts")
		hidden := 0
		for i, cell := range hide(counts) {
			if cell == nil {
				hidden++
				continue
			}
			require.Equal(t, counts[i], *cell)
			require.GreaterOrEqual(t, *cell, fewest)
		}
		require.NotEqual(t, 1, hidden)
	})
}

func TestAShareNeedsTenOnEitherSide(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		part, of int
		value    *int
	}{
		{9, 20, nil}, {10, 19, nil}, {10, 20, n(500)[0]}, {11, 20, nil}, {20, 20, n(1000)[0]}, {9, 9, nil},
		{0, 20, nil},
	} {
		require.Equal(t, tc.value, Tile{}.share(tc.part, tc.of).Value, "%d of %d", tc.part, tc.of)
	}
}
