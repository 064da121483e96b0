package walker_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
)

// reader is a member's browser: it keeps cookies, follows nothing by itself, and signs in where it is asked to.
type reader struct {
	w       *walk
	member  *testkit.Member
	cookies map[string]string
}

// page is one as it came.
type page struct {
	status   int
	location string
	kind     string
	text     string
}

// reads returns the browser of a member.
func (w *walk) reads(m *testkit.Member) *reader {
	if w.readers[m] == nil {
		w.readers[m] = &reader{w, m, map[string]string{}}
	}
	return w.readers[m]
}

// fetch asks for a page. It changes nothing of the reader, so that several pages may be asked for at once.
func (r *reader) fetch(method, path string, form io.Reader, kind string) (page, []*http.Cookie, error) {
	q, err := http.NewRequestWithContext(context.Background(), method, r.w.URL+path, form)
	if err != nil {
		return page{}, nil, err
	}
	q.AddCookie(&http.Cookie{Name: "language", Value: r.w.language})
	for name, value := range r.cookies {
		q.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	q.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		q.Header.Set("Content-Type", kind)
		q.Header.Set("Origin", r.w.URL)
	}
	response, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		return page{}, nil, err
	}
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	header := response.Header
	return page{
		response.StatusCode, header.Get("Location"), header.Get("Content-Type"), string(text),
	}, response.Cookies(), err
}

// open reads a page, and signs in first where the session has ended.
func (r *reader) open(path string) page {
	p := r.get(path)
	if p.location == "/sign-in" || strings.HasPrefix(p.location, "/sign-in?") {
		r.signIn()
		p = r.get(path)
	}
	return p
}

func (r *reader) get(path string) page {
	p, _, err := r.fetch(http.MethodGet, path, nil, "")
	require.NoError(r.w.t, err, path)
	return p
}

// send sends a form, and keeps what the answer sets.
func (r *reader) send(path string, form io.Reader, kind string) page {
	p, cookies, err := r.fetch(http.MethodPost, path, form, kind)
	require.NoError(r.w.t, err, path)
	for _, c := range cookies {
		if r.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(r.cookies, c.Name)
		}
	}
	delete(r.cookies, "language") // the walk says in which language it reads
	return p
}

func (r *reader) signIn() {
	r.cookies = map[string]string{}
	form := url.Values{"email": {r.member.Email}, "password": {testkit.Password}}
	p := r.send("/sign-in", strings.NewReader(form.Encode()), urlEncoded)
	require.Equal(r.w.t, http.StatusSeeOther, p.status, "sign in: %s", p.text)
}

const urlEncoded = "application/x-www-form-urlencoded"

// oddities are what a page says when something was left out of it.
var oddities = []string{"%!", "<no value>", "undefined", "NaN", canary, "&lt;nil&gt;"}

// sound says what is wrong with a page that was read: none is wrong that is there, or is somebody else's.
func (p page) sound(path string) error {
	switch p.status {
	case http.StatusOK, http.StatusNotFound, http.StatusSeeOther, http.StatusForbidden:
	default:
		return fmt.Errorf("page %s: %d %s", path, p.status, p.text)
	}
	for _, odd := range oddities {
		if strings.Contains(p.text, odd) {
			return fmt.Errorf("page %s says %q: %s", path, odd, around(p.text, odd))
		}
	}
	return nil
}

func around(text, odd string) string {
	i := strings.Index(text, odd)
	return text[max(i-200, 0):min(i+200, len(text))]
}
