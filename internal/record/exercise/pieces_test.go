package exercise_test

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/run/testkit"
)

// A film is stored in pieces of a size that holds nobody up, comes back whole, and leaves nothing behind when it goes.
func TestAFilmIsStoredInPieces(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		film := testkit.Film(3 << 20)
		send := func() int {
			return sys.Call(
				"POST", "/v1/practice/media", sys.Admin.Token(), film, "Content-Type", "application/octet-stream",
			).Status
		}
		require.Equal(t, http.StatusCreated, send())
		require.Equal(t, http.StatusOK, send(), "again")
		largest, pieces := stored(t, sys)
		require.Equal(t, 256<<10, largest)
		require.Equal(t, (len(film)+largest-1)/largest, pieces)

		hash := ""
		require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
			return tx.Value(&hash, "SELECT hash FROM media")
		}))
		back := sys.Call("GET", "/v1/media/"+hash, sys.Admin.Token(), nil)
		require.True(t, bytes.Equal(film, back.Body))

		sys.Clock.Advance(72 * time.Hour) // no exercise shows it
		picture := sys.Call(
			"POST", "/v1/practice/media", sys.Admin.Token(), testkit.Picture(), "Content-Type",
			"application/octet-stream",
		)
		require.Equal(t, http.StatusCreated, picture.Status)
		_, pieces = stored(t, sys)
		require.Equal(t, 1, pieces, "that of the picture")
		require.Equal(t, http.StatusNotFound, sys.Call("GET", "/v1/media/"+hash, sys.Admin.Token(), nil).Status)
	})
}

// The same film sent several times at once is stored once, and every sender is told that it is there.
func TestTheSameFilmAtOnce(t *testing.T) {
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		sys := testkit.Start(t, on)
		film, token := testkit.Film(600<<10), sys.Admin.Token()
		statuses := make([]int, 4)
		var wait sync.WaitGroup
		for i := range statuses {
			wait.Go(func() {
				answer, err := sys.Send(
					"POST", "/v1/practice/media", token, film, "Content-Type", "application/octet-stream",
				)
				require.NoError(t, err)
				statuses[i] = answer.Status
			})
		}
		wait.Wait()
		slices.Sort(statuses)
		require.Equal(t, []int{200, 200, 200, 201}, statuses)
	})
}

// stored returns the size of the largest piece and how many there are.
func stored(t *testing.T, sys *testkit.System) (largest, pieces int) {
	t.Helper()
	require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		if err := tx.Value(&largest, "SELECT max(length(content)) FROM media_pieces"); err != nil {
			return err
		}
		return tx.Value(&pieces, "SELECT count(*) FROM media_pieces")
	}))
	return largest, pieces
}
