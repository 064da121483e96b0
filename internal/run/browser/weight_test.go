package browser_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// visitor is a browser without a screen: it keeps cookies and reads pages.
type visitor struct {
	t    testing.TB
	url  string
	http *http.Client
}

func (v visitor) get(path string) []byte {
	v.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, v.url+path, nil)
	require.NoError(v.t, err)
	answer, err := v.http.Do(r)
	require.NoError(v.t, err)
	body, err := io.ReadAll(answer.Body)
	require.NoError(v.t, err)
	require.NoError(v.t, answer.Body.Close())
	require.Equal(v.t, http.StatusOK, answer.StatusCode, path)
	return body
}

// secure says that our cookies may be sent, as browsers do on loopback.
type secure struct{ http.CookieJar }

// Cookies implements http.CookieJar.
func (s secure) Cookies(u *url.URL) []*http.Cookie {
	https := *u
	https.Scheme = "https"
	return s.CookieJar.Cookies(&https)
}

// SetCookies implements http.CookieJar.
func (s secure) SetCookies(u *url.URL, cookies []*http.Cookie) {
	https := *u
	https.Scheme = "https"
	s.CookieJar.SetCookies(&https, cookies)
}

// manager signs the admin in, who sees every patient of the practice.
func manager(t testing.TB, at *practice) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	v := visitor{t, at.url, &http.Client{Jar: secure{jar}}}
	form := url.Values{"email": {at.Members[0].Email}, "password": {at.Members[0].Password}}
	r, err := http.NewRequestWithContext(
		context.Background(), http.MethodPost, at.url+"/sign-in", bytes.NewBufferString(form.Encode()),
	)
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := v.http.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, "/caseload", answer.Request.URL.Path)
	return v
}

const kib = 1024

var assets = regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`)

// A list of 200 patients stays light enough for a slow line, and so do the files it needs.
func TestWeight(t *testing.T) {
	at := openWith(t, 200)
	v := manager(t, at)
	page := v.get("/caseload")
	require.Equal(t, 200, bytes.Count(page, []byte("<tr data-row>")))
	require.Less(t, len(page), 200*kib)
	compressed := 0
	found := assets.FindAllSubmatch(page, -1)
	require.Len(t, found, 2)
	for _, asset := range found {
		var small bytes.Buffer
		w := gzip.NewWriter(&small)
		_, err := w.Write(v.get(string(asset[1])))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		compressed += small.Len()
	}
	require.Less(t, compressed, 100*kib)
}

// BenchmarkCaseloadPage is how long a list of 200 patients takes, with the network of this machine.
func BenchmarkCaseloadPage(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as serve does
	v := manager(b, openWith(b, 200))
	var took []time.Duration
	size := 0
	for b.Loop() {
		start := time.Now()
		size = len(v.get("/caseload"))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	fmt.Printf("\ncaseload of 200 patients: p50 %.1f ms, p95 %.1f ms, %d KiB (goals: p50 below 30 ms, below 200 KiB)\n",
		took[len(took)/2].Seconds()*1000, took[len(took)*95/100].Seconds()*1000, size/kib)
}
