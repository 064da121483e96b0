package trouble_test

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// figures lets a run take as long as the figures need, and fail on those that a busy machine may miss.
var figures = flag.Bool("figures", false, "run in full length and hold every figure to its bar")

// rounds is how often trouble comes: a few times where only what is lost and what is said counts.
func rounds(full int) int {
	if *figures {
		return full
	}
	return max(full/10, 2)
}

// figure logs what was measured beside its bar.
func figure(t *testing.T, what string, measured, bar time.Duration) {
	t.Helper()
	t.Logf("%s: %v, bar %v", what, measured.Round(time.Millisecond), bar)
	if *figures {
		require.LessOrEqual(t, measured, bar, what)
	}
}
