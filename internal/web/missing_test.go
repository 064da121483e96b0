package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// A mistyped address is answered with a page in the reader's language where a page is what is asked
// for, and as a problem where programs ask.
func TestAMistypedAddress(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	b := signedIn(t, sys, sys.Admin)
	for language, says := range map[string]string{"nl": "Niet gevonden", "en": "Not found"} {
		b.cookies["language"] = language
		for _, path := range []string{"/pateints", "/caseload/", "/patients/x/y/z", "/practice/nothing"} {
			page := b.get(path, "Accept", "text/html,application/xhtml+xml")
			require.Equal(t, http.StatusNotFound, page.status, path)
			require.Contains(t, page.header.Get("Content-Type"), "text/html", path)
			require.Contains(t, page.body, "<h1>"+says, path)
			require.Contains(t, page.body, `<html lang="`+language+`"`, path)
			require.Contains(t, page.body, `href="/caseload"`, "the reader is still signed in")
		}
	}
	b.cookies["language"] = "en"
	wrong := b.send("POST", "/help", nil, "Accept", "text/html")
	require.Equal(t, http.StatusMethodNotAllowed, wrong.status)
	require.Contains(t, wrong.header.Get("Content-Type"), "text/html")
	stranger := newBrowser(t, sys).get("/pateints", "Accept", "text/html")
	require.Equal(t, http.StatusNotFound, stranger.status)
	require.NotContains(t, stranger.body, "/caseload")
	for _, path := range []string{"/v1/pateints", "/v1/", "/v1"} {
		require.Contains(
			t, b.get(path, "Accept", "text/html").header.Get("Content-Type"), "application/problem+json", path,
		)
	}
	require.Contains(
		t, b.get("/pateints", "Accept", "application/json").header.Get("Content-Type"), "application/problem+json",
	)
	require.Contains(t, b.get("/pateints").header.Get("Content-Type"), "application/problem+json")
}

// What a script reads from an attribute is written as it is: html/template takes a
// name that begins with "on" for a script.
func TestTextsForTheScriptAreText(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	b := signedIn(t, sys, sys.Admin)
	require.Contains(t, b.get("/caseload").body, `update – refresh`)
	files, err := filepath.Glob("pages/*.html")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Empty(t, regexp.MustCompile(`data-on[a-z]*=`).FindAllString(strings.ToLower(string(text)), -1), file)
	}
}
