package released_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/app"
	"cadans/internal/run/testkit"
)

// recorded is the moment after the last answer. The database is that of a demo of 16 patients.
var recorded = time.Date(2026, 10, 24, 18, 1, 0, 0, time.UTC)

// publicURL is where the older version answered: its access tokens say so.
const publicURL = "http://127.0.0.1:8190"

// person is somebody who signed in with the older version.
type person struct{ ID, Role, Access, Refresh string }

// answer is what somebody was answered.
type answer struct {
	Who, Path, Language, Type string
	Status                    int
	Body                      any
}

// recording reads who was there, and what they were answered.
func recording(t *testing.T) (signedIn []person, answers []answer) {
	t.Helper()
	lines := bufio.NewScanner(unpacked(t, "answers.jsonl.gz"))
	lines.Buffer(nil, 1<<20)
	require.True(t, lines.Scan())
	require.NoError(t, json.Unmarshal(lines.Bytes(), &signedIn))
	for lines.Scan() {
		var a answer
		require.NoError(t, json.Unmarshal(lines.Bytes(), &a))
		answers = append(answers, a)
	}
	require.NoError(t, lines.Err())
	return signedIn, answers
}

func unpacked(t *testing.T, name string) io.Reader {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	content, err := gzip.NewReader(file)
	require.NoError(t, err)
	return content
}

// system is this version on the database of the older one.
type system struct {
	*app.App
	t   *testing.T
	url string
}

func start(t *testing.T) *system {
	t.Helper()
	dir := t.TempDir()
	for kept, name := range map[string]string{"anchor.txt": "cadans.db.anchor", "key.txt": "cadans.key"} {
		content, err := os.ReadFile(filepath.Join("testdata", kept))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	file, err := os.Create(filepath.Join(dir, "cadans.db"))
	require.NoError(t, err)
	_, err = io.Copy(file, unpacked(t, "cadans.db.gz"))
	require.NoError(t, err)
	require.NoError(t, file.Close())

	now := clock.NewManual(recorded)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	a, err := app.New(context.Background(), config.Config{
		SecondFactor: "optional", PublicURL: publicURL, DatabasePath: file.Name(), SweepInterval: time.Minute,
	}, app.Deps{
		Contract: testkit.Contract(t), Clock: now, Stopwatch: now, Sender: nobody{}, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- a.ServeRequests(listener) }()
	t.Cleanup(func() {
		require.NoError(t, a.Stop(0))
		require.NoError(t, <-served)
	})
	return &system{App: a, t: t, url: "http://" + listener.Addr().String()}
}

// nobody gets a push.
type nobody struct{ reminder.Sender }

// get asks the same again.
func (s *system) get(was answer, token string) answer {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.url+was.Path, nil)
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept-Language", was.Language)
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	is := was
	is.Status, is.Type, is.Body = response.StatusCode, response.Header.Get("Content-Type"), string(text)
	if strings.Contains(is.Type, "json") {
		require.NoError(s.t, json.Unmarshal(text, &is.Body), was.Path)
	}
	return is
}
