package sparse_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/sparse"
)

// The first time is written at once, the next line a minute later says how many came between, and causes do not hide
// each other.
func TestOnceAMinute(t *testing.T) {
	t.Parallel()
	now := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	var written strings.Builder
	l := sparse.New(now, slog.New(slog.NewTextHandler(&written, nil)))
	lines := func() (found []string) {
		for text := range strings.Lines(written.String()) {
			_, what, _ := strings.Cut(strings.TrimSpace(text), "msg=")
			found = append(found, what)
		}
		written.Reset()
		return found
	}
	for range 3 {
		l.Warn("refused", "disk", "request_id", "r-1")
	}
	l.Warn("refused", "network")
	require.Equal(t, []string{
		"refused cause=disk left_out=0 request_id=r-1", "refused cause=network left_out=0",
	}, lines())
	now.Advance(time.Minute - time.Millisecond)
	l.Warn("refused", "disk")
	require.Empty(t, lines())
	now.Advance(time.Millisecond)
	l.Warn("refused", "disk")
	l.Warn("refused", "disk")
	require.Equal(t, []string{"refused cause=disk left_out=3"}, lines())
	now.Advance(time.Minute)
	l.Warn("refused", "disk")
	require.Equal(t, []string{"refused cause=disk left_out=1"}, lines())
}
