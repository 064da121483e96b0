package api_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/exercise"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// sentInVain sends what is too large, and returns the status. The server answers before it has read everything, and
// closes: a client that is still writing then may miss the answer, and asks again.
func sentInVain(t *testing.T, sys *testkit.System, path, token string, content []byte) int {
	t.Helper()
	var answer testkit.Answer
	err := error(syscall.ECONNRESET)
	for tries := 0; tries < 20 && (errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)); tries++ {
		answer, err = sys.Send("POST", path, token, content, "Content-Type", "application/octet-stream")
	}
	require.NoError(t, err)
	return answer.Status
}

// A picture and a film are sent, shown with an exercise, fetched whole and in parts by those of the practice,
// and forgotten when nothing shows them.
func TestMedia(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		send := func(token string, content []byte, kind string) testkit.Answer {
			return sys.Call("POST", "/v1/practice/media", token, content, "Content-Type", kind)
		}
		sent := func(content []byte) (m client.MediaBody) {
			answer := send(therapist.Token(), content, "application/octet-stream")
			require.Equal(t, http.StatusCreated, answer.Status, string(answer.Body))
			require.NoError(t, json.Unmarshal(answer.Body, &m))
			return m
		}
		content := testkit.Film(1 << 20)
		film, picture := sent(content), sent(testkit.Picture())
		require.Equal(t, []any{"video/mp4", len(content), "image/png"}, []any{film.Type, film.Bytes, picture.Type})
		require.Equal(t, http.StatusOK, send(therapist.Token(), content, "application/octet-stream").Status, "again")
		require.Equal(t, http.StatusUnsupportedMediaType, send(therapist.Token(), content, "video/mp4").Status)
		require.Equal(
			t, "unreadable-media",
			send(therapist.Token(), []byte("no film"), "application/octet-stream").Problem().Errors[0].Code,
		)
		large := testkit.Film(80 << 10) // than any other request may be
		for who, token := range map[string]string{"a stranger": "", "a patient": anna.Token(), "a forger": "x.y.z"} {
			require.Equal(
				t, http.StatusRequestEntityTooLarge, sentInVain(t, sys, "/v1/practice/media", token, large),
				"%s fills no memory", who,
			)
		}
		require.Equal(
			t, http.StatusRequestEntityTooLarge, sentInVain(t, sys, "/v1/patients", therapist.Token(), large),
			"nor a member anywhere else",
		)
		require.Equal(t, "media-too-large", send(
			therapist.Token(), testkit.Film(exercise.MaxFilm+1<<20), "application/octet-stream",
		).Problem().Errors[0].Code)

		shown := maps.Clone(ownExercise)
		shown["picture"], shown["film"] = film.Hash, picture.Hash
		path := "/v1/practice/exercises/" + sys.NewID()
		wrong := sys.Call("PUT", path, therapist.Token(), shown)
		require.Equal(
			t, []string{"/picture", "/film"},
			[]string{*wrong.Problem().Errors[0].Pointer, *wrong.Problem().Errors[1].Pointer}, "one for the other",
		)
		shown["picture"], shown["film"] = picture.Hash, film.Hash
		saved := sys.Call("PUT", path, therapist.Token(), shown)
		require.Equal(t, http.StatusCreated, saved.Status, string(saved.Body))
		require.Equal(
			t, http.StatusCreated, publish(sys, therapist, anna, path[len("/v1/practice/exercises/"):]).Status,
		)
		item := todayOf(t, anna).Items[0].Item
		require.Equal(t, []string{picture.Hash, film.Hash}, []string{*item.Picture, *item.Film})

		get := func(token, hash string, headers ...string) testkit.Answer {
			return sys.Call("GET", "/v1/media/"+hash, token, nil, headers...)
		}
		whole := get(anna.Token(), film.Hash)
		require.Equal(t, http.StatusOK, whole.Status)
		require.Equal(t, []string{"video/mp4", "private, max-age=31536000, immutable", "bytes", "nosniff"}, []string{
			whole.Header.Get("Content-Type"), whole.Header.Get("Cache-Control"), whole.Header.Get("Accept-Ranges"),
			whole.Header.Get("X-Content-Type-Options")})
		require.Equal(t, content, whole.Body)
		require.Equal(
			t, http.StatusNotModified, get(anna.Token(), film.Hash, "If-None-Match", whole.Header.Get("ETag")).Status,
		)
		for _, tc := range []struct {
			asks, says string
			status     int
			body       []byte
		}{
			{"bytes=0-9", "bytes 0-9/1048806", 206, content[:10]},
			{"bytes=1048800-", "bytes 1048800-1048805/1048806", 206, content[1048800:]},
			{"bytes=-6", "bytes 1048800-1048805/1048806", 206, content[1048800:]},
			{"bytes=1048800-9999999", "bytes 1048800-1048805/1048806", 206, content[1048800:]},
			{"bytes=2000000-", "bytes */1048806", 416, nil},
			{"bytes=0-1,4-5", "", 200, content},
			{"lines=0-1", "", 200, content},
		} {
			part := get(anna.Token(), film.Hash, "Range", tc.asks)
			require.Equal(t, tc.status, part.Status, tc.asks)
			require.Equal(t, tc.says, part.Header.Get("Content-Range"), tc.asks)
			if tc.body != nil {
				require.Equal(t, tc.body, part.Body, tc.asks)
			}
		}
		_, foreign := sys.NewPractice("Elders")
		require.Equal(t, http.StatusNotFound, get(foreign.Token(), film.Hash).Status)

		unused := sent(testkit.Picture())
		sys.Clock.Advance(47 * time.Hour)
		sent(testkit.Picture())
		require.Equal(t, http.StatusOK, get(therapist.Token(), unused.Hash).Status, "it waits for its exercise")
		sys.Clock.Advance(2 * time.Hour)
		sent(testkit.Picture())
		require.Equal(t, http.StatusNotFound, get(therapist.Token(), unused.Hash).Status, "no exercise shows it")
		require.Equal(t, http.StatusOK, get(therapist.Token(), picture.Hash).Status)
		require.Equal(t, http.StatusOK, get(therapist.Token(), film.Hash).Status)
	})
}
