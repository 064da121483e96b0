package trouble_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
