package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/auth"
	"cadans/internal/run/testkit"
)

// A search is answered with another page, so that Back leads there; the name is in no
// address, and goes when the reader does.
func TestBackAfterASearch(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		other := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		b := signedIn(t, sys, therapist)
		find := b.form("/caseload", "/caseload").with("find", "jansén & <zoon>")
		answer := b.send("POST", find.action, find.fields)
		require.Equal(t, http.StatusSeeOther, answer.status, answer.body)
		require.NotContains(t, answer.header.Get("Location"), "jans")
		require.Contains(t, b.get(answer.header.Get("Location")).body, "Nobody found.")
		answer = b.send("POST", find.action, find.with("find", "jANS").fields)
		for range 2 {
			found := b.get(answer.header.Get("Location")).body
			require.Contains(t, found, anna.Name)
			require.NotContains(t, found, other.Name)
			require.Contains(t, found, `value="jANS"`)
		}
		require.Contains(t, b.get("/caseload").body, other.Name)
		word := b.form("/caseload", "/sign-out")
		b.send("POST", "/sign-out", word.fields)
		b.signIn(therapist.Email)
		require.Contains(t, b.get(answer.header.Get("Location")).body, other.Name, "what was looked for is forgotten")
	})
}

// Resolving an alert says what came of it: there is no answer that nobody gave.
func TestResolvingAsksWhatCameOfIt(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		asked := sys.Call(
			"POST", "/v1/me/change-requests", anna.Token(), map[string]any{"id": sys.NewID(), "reason": "too_hard"},
		)
		require.Equal(t, http.StatusCreated, asked.Status)
		require.NoError(t, sys.App.Statuses.Sweep(t.Context()))
		b := signedIn(t, sys, therapist)
		untouched := b.form("/alerts", "/resolutions")
		require.Empty(t, untouched.fields.Get("outcome"))
		again := untouched.with("note", "Gebeld <>.").refused("Choose what came of the alert.")
		require.Contains(t, again, `value="Gebeld &lt;&gt;."`, "what was written is kept")
		require.Contains(t, b.get("/alerts").body, anna.Name, "it stays")
		untouched.with("outcome", "contacted").sent()
		require.NotContains(t, b.get("/alerts").body, anna.Name)
	}, testkit.Alone)
}

// Two tabs write the same draft. The second shows what the first stored, keeps what was
// written in it, and may replace the first.
func TestTwoTabsWriteADraft(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID) + "/program/draft"
		for _, round := range []string{"before the first save", "after it"} {
			one, two := b.form(page, "/program/draft"), b.form(page, "/program/draft")
			one.with("sets-0", "7").sent()
			late := two.with("sets-0", "9", "reps-1", "12").refused("Somebody stored another draft meanwhile.")
			require.Contains(t, late, `name="sets-0" min="1" max="10" value="9"`, "what was written is kept: "+round)
			require.Contains(t, late, `name="reps-1" min="1" max="100" value="12"`, round)
			require.Regexp(t, `What is stored</h3><ul><li>[^<]*\b7\b`, late, "what the other tab stored: "+round)
			require.Equal(t, "7", b.form(page, "/program/draft").fields.Get("sets-0"), "and not overwritten: "+round)
			two.fields.Set("etag", b.form(page, "/program/draft").fields.Get("etag")) // as the page shows it now
			two.sent()
			require.Equal(t, "9", b.form(page, "/program/draft").fields.Get("sets-0"), round)
		}
	})
}

// Who is signed out comes back to the page that they were on, and never to another site.
func TestSigningInLeadsBack(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		b := signedIn(t, sys, therapist)
		page := "/patients/" + string(anna.ID)
		for path, send := range map[string]func() answer{
			page + "/sessions":      func() answer { return b.get(page + "/sessions") },
			"/alerts?show=snoozed":  func() answer { return b.get("/alerts?show=snoozed") },
			page + "/program/draft": nil,
			page:                    nil,
		} {
			if send == nil { // a form that is sent too late
				f := b.form(path, map[bool]string{true: "/feedback", false: "/program/draft"}[path == page])
				send = func() answer { return b.send("POST", f.action, f.fields) }
			}
			sys.Clock.Advance(auth.BrowserIdle + time.Second)
			require.Equal(t, "/sign-in", send().header.Get("Location"), path)
			require.Equal(t, path, b.signIn(therapist.Email).header.Get("Location"))
			require.Equal(t, "/caseload", b.signIn(therapist.Email).header.Get("Location"), "once")
		}
		for _, planted := range []string{
			"https://elsewhere.example", "//elsewhere.example", `/\elsewhere.example`, "/\tx", "caseload",
			"/live?topic=x",
		} {
			b.cookies["__Host-next"] = url.QueryEscape(planted)
			require.Equal(t, "/caseload", b.signIn(therapist.Email).header.Get("Location"), planted)
		}
		sys.Clock.Advance(auth.BrowserIdle + time.Second)
		b.get("/stay")
		require.Equal(
			t, "/caseload", b.signIn(therapist.Email).header.Get("Location"), "what is no page is not led back to",
		)
	})
}
