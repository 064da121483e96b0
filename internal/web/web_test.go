package web_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/auth"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

// browser keeps cookies like one, and follows nothing by itself.
type browser struct {
	t       *testing.T
	sys     *testkit.System
	cookies map[string]string
}

// answer is a page as it came.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) send(method, path string, form url.Values, headers ...string) answer {
	b.t.Helper()
	return b.sendBody(method, path, strings.NewReader(form.Encode()), headers...)
}

func (b *browser) sendBody(method, path string, body io.Reader, headers ...string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, b.sys.URL+path, body)
	require.NoError(b.t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.sys.URL)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(b.t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	require.NoError(b.t, response.Body.Close())
	for _, c := range response.Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return answer{response.StatusCode, response.Header, string(content)}
}

func (b *browser) get(path string, headers ...string) answer {
	return b.send("GET", path, nil, headers...)
}

// signIn signs a member in with the password that the testkit gives everybody.
func (b *browser) signIn(email string) answer {
	return b.send("POST", "/sign-in", url.Values{"email": {email}, "password": {testkit.Password}})
}

func newBrowser(t *testing.T, sys *testkit.System) *browser {
	return &browser{t: t, sys: sys, cookies: map[string]string{"language": "en"}}
}

var formWord = regexp.MustCompile(`name="form"\s+value="([0-9a-f]{64})"`)

// A therapist signs in, sees who needs attention and why, opens a patient, and signs out.
func TestFromSignInToAPatient(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := newBrowser(t, sys)
		require.Equal(t, "/sign-in", b.get("/caseload").header.Get("Location"))
		require.Contains(t, b.get("/sign-in").body, `autocomplete="current-password"`)
		wrong := b.send("POST", "/sign-in", url.Values{"email": {therapist.Email}, "password": {"onjuist-wachtwoord"}})
		require.Equal(t, http.StatusUnauthorized, wrong.status)
		require.Contains(t, wrong.body, "The e-mail address or password is not right.")
		require.Contains(t, wrong.body, `value="`+therapist.Email+`"`, "the address is kept")
		require.NotContains(t, wrong.body, "onjuist")

		in := b.signIn(therapist.Email)
		require.Equal(t, http.StatusSeeOther, in.status, in.body)
		cookie := in.header.Get("Set-Cookie")
		for _, part := range []string{"__Host-session=", "; path=/", "; HttpOnly", "; secure", "; SameSite=Strict"} {
			require.Contains(t, cookie, part)
		}
		require.NotContains(t, cookie, "max-age", "it goes with the browser")

		list := b.get("/caseload")
		require.Equal(t, http.StatusOK, list.status)
		require.Contains(t, list.body, anna.Name)
		require.Contains(t, list.body, "Last 4 weeks")
		patient := b.get("/patients/" + string(anna.ID))
		require.Contains(t, patient.body, "Talk about")
		require.Contains(t, b.get(
			"/patients/"+string(anna.ID), "Cookie", "language=nl; __Host-session="+b.cookies["__Host-session"],
		).body, "Bespreek")
		require.Equal(t, http.StatusNotFound, b.get("/patients/"+sys.NewID()).status)

		out := b.send("POST", "/sign-out", url.Values{"form": {formWord.FindStringSubmatch(list.body)[1]}})
		require.Equal(t, "/sign-in", out.header.Get("Location"))
		require.NotContains(t, b.cookies, "__Host-session")
	})
}

// Feedback goes out once however often the form is sent, is held to the contract, and comes only from who treats.
func TestFeedbackFromAPage(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := newBrowser(t, sys)
		b.signIn(therapist.Email)
		path := "/patients/" + string(anna.ID)
		page := b.get(path)
		require.Contains(t, page.body, "No messages yet.")
		form := url.Values{
			"form": {formWord.FindStringSubmatch(page.body)[1]},
			"id":   {messageID.FindStringSubmatch(page.body)[1]},
			"text": {"Goed bezig.\r\n<b>Wat</b> hielp u?"},
		}
		for range 2 {
			sent := b.send("POST", path+"/feedback", form)
			require.Equal(t, http.StatusSeeOther, sent.status, sent.body)
			require.Equal(t, path+"#feedback", sent.header.Get("Location"))
		}
		mine, err := anna.ListMyFeedbackWithResponse(context.Background(), nil)
		require.NoError(t, err)
		require.Len(t, mine.JSON200.Data, 1)
		require.Equal(t, "Goed bezig.\n<b>Wat</b> hielp u?", mine.JSON200.Data[0].Text)
		shown := b.get(path).body
		require.Contains(t, shown, "&lt;b&gt;Wat&lt;/b&gt; hielp u?")
		require.Contains(t, shown, "not arrived yet")

		for name, text := range map[string]string{
			"empty":     "",
			"too long":  strings.Repeat("x", 601),
			"overrides": "a\u202eb",
		} {
			form.Set("text", text)
			form.Set("id", sys.NewID())
			wrong := b.send("POST", path+"/feedback", form)
			require.Equal(t, http.StatusBadRequest, wrong.status, name)
			require.Contains(t, wrong.body, `role="alert"`, name)
			require.Contains(t, wrong.body, text+"</textarea>", "what was written is kept")
			require.Contains(t, wrong.body, `name="back" value="`+path+`"`, "from where the language can be changed")
		}
		form.Set("id", "not-an-id")
		form.Set("text", "x")
		require.Equal(t, http.StatusBadRequest, b.send("POST", path+"/feedback", form).status)

		colleague := newBrowser(t, sys)
		colleague.signIn(sys.Therapist(sys.Admin, "C. Collega").Email)
		word := formWord.FindStringSubmatch(colleague.get("/caseload").body)[1]
		foreign := url.Values{"form": {word}, "id": {sys.NewID()}, "text": {"x"}}
		require.Equal(t, http.StatusNotFound, colleague.send("POST", path+"/feedback", foreign).status)
		admin := newBrowser(t, sys)
		admin.signIn(sys.Admin.Email)
		seen := admin.get(path).body
		require.Contains(t, seen, "Goed bezig.")
		require.NotContains(t, seen, "<textarea", "who does not treat does not write")
		foreign.Set("form", formWord.FindStringSubmatch(seen)[1])
		require.Equal(t, http.StatusForbidden, admin.send("POST", path+"/feedback", foreign).status)
	})
}

var messageID = regexp.MustCompile(`name="id"\s+value="([0-9a-f-]{36})"`)

// A session ends after 15 minutes without a request, after 10 hours in all, and when it is
// signed out; a planted one is worth nothing.
func TestHowLongABrowserStaysSignedIn(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		b := newBrowser(t, sys)
		b.cookies["__Host-session"] = "planted"
		b.signIn(therapist.Email)
		require.NotEqual(t, "planted", b.cookies["__Host-session"])
		sys.Clock.Advance(auth.BrowserIdle - time.Second)
		require.Equal(t, http.StatusOK, b.get("/caseload").status)
		sys.Clock.Advance(auth.BrowserIdle)
		require.Equal(t, http.StatusSeeOther, b.get("/caseload").status)

		b.signIn(therapist.Email)
		for range 10*60/14 + 1 {
			sys.Clock.Advance(14 * time.Minute)
			if b.get("/caseload").status != http.StatusOK {
				break
			}
		}
		require.Equal(t, http.StatusSeeOther, b.get("/caseload").status, "ten hours have passed")

		b.signIn(therapist.Email)
		stolen := b.cookies["__Host-session"]
		word := formWord.FindStringSubmatch(b.get("/caseload").body)[1]
		b.send("POST", "/sign-out", url.Values{"form": {word}})
		b.cookies["__Host-session"] = stolen
		require.Equal(t, http.StatusSeeOther, b.get("/caseload").status)
	})
}

// Nothing is changed by a form of another site, nor by one that does not know the word.
func TestForeignForms(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	b := newBrowser(t, sys)
	credentials := url.Values{"email": {therapist.Email}, "password": {testkit.Password}}
	for _, origin := range []string{"https://elsewhere.example", "null", "", "not a url"} {
		require.Equal(t, http.StatusForbidden, b.send("POST", "/sign-in", credentials, "Origin", origin).status, origin)
	}
	for site, want := range map[string]int{
		"same-origin": http.StatusSeeOther,
		"same-site":   http.StatusForbidden,
		"cross-site":  http.StatusForbidden,
		"none":        http.StatusForbidden,
	} {
		require.Equal(
			t, want, b.send("POST", "/sign-in", credentials, "Origin", "null", "Sec-Fetch-Site", site).status, site,
		)
	}
	for _, word := range []string{"", strings.Repeat("0", 64)} {
		require.Equal(t, http.StatusForbidden, b.send("POST", "/sign-out", url.Values{"form": {word}}).status)
	}
	require.Equal(t, http.StatusOK, b.get("/caseload").status, "still signed in")
	for back, want := range map[string]string{
		"/caseload":                 "/caseload",
		"https://elsewhere.example": "/",
		"//elsewhere.example":       "/",
		`/\elsewhere.example`:       "/",
	} {
		require.Equal(
			t, want,
			b.send("POST", "/appearance", url.Values{"language": {"nl"}, "back": {back}}).header.Get("Location"), back,
		)
	}
	require.Contains(t, b.get("/caseload").body, `<html lang="nl"`)
}

// What people write is shown as text. No page is kept, framed, or shows anything of another host.
func TestPagesAreSafe(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	evil := therapist.NewPatient(`<img src=x onerror=alert(1)>"'&{{.}}`, "Europe/Amsterdam")
	therapist.Publishes(evil, 5)
	other := sys.Therapist(sys.Admin, "C. Collega")
	b := newBrowser(t, sys)
	b.signIn(therapist.Email)
	for _, path := range []string{"/caseload", "/patients/" + string(evil.ID), "/sign-in", "/patients/unknown"} {
		page := b.get(path)
		require.NotContains(t, page.body, "<img")
		require.NotRegexp(t, `<script[^>]*>[^<]`, page.body, "no script but our file")
		require.NotRegexp(t, `<[^>]* on[a-z]+=|<[^>]* style="|(src|href)="(https?:)?//`, page.body)
		require.Equal(t, "no-store", page.header.Get("Cache-Control"))
		policy := page.header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'")
		require.Contains(t, policy, "frame-ancestors 'none'")
		require.NotContains(t, policy, "unsafe")
	}
	require.Contains(t, b.get("/caseload").body, "&lt;img src=x onerror=alert(1)&gt;")

	colleague := newBrowser(t, sys)
	colleague.signIn(other.Email)
	require.Equal(t, http.StatusNotFound, colleague.get("/patients/"+string(evil.ID)).status, "somebody else's patient")
	require.Contains(t, colleague.get("/caseload").body, "No patients yet")
	require.Equal(
		t, http.StatusSeeOther, b.send("GET", "/caseload", nil, "Cookie", "__Host-session="+evil.Token()).status,
		"a patient's token is no cookie",
	)
}
