package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The raw rows beside the measurements are those of today's schema.
func TestRawRowsFitTheSchema(t *testing.T) {
	t.Parallel()
	limit, err := newRaw(t.TempDir(), 10)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, limit.db.Close()) })
	rows, err := limit.measure(50 * time.Millisecond)
	require.NoError(t, err)
	require.Positive(t, rows)
}
