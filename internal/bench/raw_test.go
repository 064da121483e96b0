package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The raw rows beside the measurements are those of today's schema.
func TestRawRowsFitTheSchema(t *testing.T) {
	t.Parallel()
	rows, err := rawRows(t.TempDir(), 10, 50*time.Millisecond)
	require.NoError(t, err)
	require.Positive(t, rows)
}
