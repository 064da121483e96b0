package database_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
)

// The same text is decoded once, another text or another kind of value anew, and a failure is not kept.
func TestDecoded(t *testing.T) {
	t.Parallel()
	db := openSQLite(t, filepath.Join(t.TempDir(), "x.db"))
	require.NoError(t, db.Read(context.Background(), func(tx *database.Tx) error {
		times := 0
		upper := func(text []byte) (string, error) { times++; return strings.ToUpper(string(text)), nil }
		for _, tc := range []struct {
			text, want string
			times      int
		}{{"a", "A", 1}, {"a", "A", 1}, {"b", "B", 2}, {"a", "A", 2}} {
			got, err := database.Decoded(tx, []byte(tc.text), upper)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
			require.Equal(t, tc.times, times)
		}
		length, err := database.Decoded(tx, []byte("a"), func(text []byte) (int, error) { return len(text), nil })
		require.NoError(t, err)
		require.Equal(t, 1, length)

		wrong := errors.New("wrong")
		_, err = database.Decoded(tx, []byte("c"), func([]byte) (string, error) { return "", wrong })
		require.ErrorIs(t, err, wrong)
		got, err := database.Decoded(tx, []byte("c"), upper)
		require.NoError(t, err)
		require.Equal(t, "C", got)
		return nil
	}))
}
