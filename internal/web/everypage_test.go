package web_test

import (
	"context"
	"encoding/base64"
	"html"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/run/app"
	"cadans/internal/run/demo"
	"cadans/internal/run/testkit"
)

// story is a demo practice whose pages can be asked for.
type story struct {
	demo.Practice
	url string
}

// tell serves a demo practice, with patients in every state.
func tell(t *testing.T) story {
	t.Helper()
	const patients = 24
	at, err := time.Parse(time.RFC3339, "2026-03-26T09:30:00+01:00")
	require.NoError(t, err)
	c := clock.NewManual(at)
	ctx := context.Background()
	a, err := app.New(ctx, config.Config{
		PublicURL:     "http://127.0.0.1:8080",
		DatabasePath:  filepath.Join(t.TempDir(), "cadans.db"),
		SweepInterval: time.Minute,
		SigningKey:    base64.StdEncoding.EncodeToString(make([]byte, 32)),
		SecondFactor:  "optional",
	}, app.Deps{Contract: testkit.Contract(t), Clock: c, Log: slog.New(slog.DiscardHandler), Unsafe: true})
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- a.ServeRequests(listener) }()
	t.Cleanup(func() {
		require.NoError(t, a.Stop(0))
		require.NoError(t, <-served)
	})
	made, err := demo.Seed(ctx, a, c, demo.Options{Now: c.Now(), Patients: patients, Seed: 1, Progress: func(int) {}})
	require.NoError(t, err)
	require.NoError(t, a.Jobs.Sweep(ctx))
	require.NoError(t, a.Statuses.Sweep(ctx))
	return story{made, "http://" + listener.Addr().String()}
}

var linkTo = regexp.MustCompile(`<a\s[^>]*href="(/[^"#]*)`)

// everyPage reads every page that a link leads to, in a language, as the admin who also treats; the pages before sign-
// in too.
func (s story) everyPage(t *testing.T, language string) map[string]string {
	t.Helper()
	b := &browser{t: t, sys: &testkit.System{URL: s.url}, cookies: map[string]string{"language": language}}
	read := map[string]string{"/sign-in": b.get("/sign-in").body}
	m := s.Members[1]
	form := url.Values{"email": {m.Email}, "password": {m.Password}}
	require.Equal(t, http.StatusSeeOther, b.send("POST", "/sign-in", form).status)
	next := []string{"/caseload", "/alerts?show=snoozed", "/alerts?show=resolved", "/setup?key=none", "/unknown"}
	for len(next) > 0 {
		path := next[0]
		next = next[1:]
		if read[path] != "" || strings.Contains(path, "after=") {
			continue
		}
		page := b.get(path)
		require.Less(t, page.status, http.StatusInternalServerError, path)
		read[path] = page.body
		for _, link := range linkTo.FindAllStringSubmatch(page.body, -1) {
			next = append(next, html.UnescapeString(link[1]))
		}
	}
	require.Greater(t, len(read), 100)
	return read
}
