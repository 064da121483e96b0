package auth

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Who comes after those that wait hears so at once; waiting in vain would take others' time.
func TestTooManyLogInsAtOnce(t *testing.T) {
	t.Parallel()
	p := NewPasswords(PasswordCost{MemoryKiB: 64, Passes: 1})
	for range hashesAtOnce {
		p.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	results := make(chan error)
	for range mostWaiting {
		go func() { _, err := p.Hash(ctx, "een-lang-geheim-woord"); results <- err }()
	}
	require.Eventually(t, func() bool { return len(p.waiting) == mostWaiting }, 10*time.Second, time.Millisecond)
	_, err := p.Hash(context.Background(), "een-lang-geheim-woord")
	require.ErrorIs(t, err, errBusy)
	for range hashesAtOnce {
		p.leave()
	}
	for range mostWaiting {
		require.NoError(t, <-results)
	}
	cancel()
	require.Empty(t, p.waiting)
}
