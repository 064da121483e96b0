package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/run/testkit"
	"cadans/internal/web"
)

// Every page, for everybody who should not have it: strangers are sent to sign in, a form without our word changes
// nothing, somebody else's patient is a page that does not exist, and who does not treat does not write.
func TestNobodyElsesPages(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		treats, colleague, admin, stranger := newBrowser(t, sys), newBrowser(t, sys), newBrowser(t, sys),
			newBrowser(t, sys)
		treats.signIn(therapist.Email)
		colleague.signIn(sys.Therapist(sys.Admin, "C. Collega").Email)
		admin.signIn(sys.Admin.Email)
		word := func(b *browser) url.Values {
			return url.Values{"form": {formWord.FindStringSubmatch(b.get("/caseload").body)[1]}}
		}
		words := map[*browser]url.Values{treats: word(treats), colleague: word(colleague), admin: word(admin)}
		before := sys.Stored()
		for _, page := range web.Pages() {
			if page.Operation == "" || page.Operation == "logOut" {
				continue
			}
			path := strings.NewReplacer(
				":patient_id", string(anna.ID), ":module_number", "1", ":slug", "bridge",
			).Replace(page.Path)
			for strings.Contains(path, ":") {
				name, rest, _ := strings.Cut(path[strings.Index(path, ":"):], "/")
				path = strings.Replace(path, name, sys.NewID(), 1)
				_ = rest
			}
			at := page.Method + " " + path
			if page.Method == http.MethodPost {
				require.Equal(
					t, http.StatusForbidden, treats.send(page.Method, path, nil).status, "%s without the word", at,
				)
				require.Equal(
					t, http.StatusForbidden, stranger.send(page.Method, path, words[treats]).status, "%s of a stranger",
					at,
				)
			} else {
				require.Equal(t, "/sign-in", stranger.get(path).header.Get("Location"), at)
			}
			if strings.Contains(page.Path, ":patient_id") || strings.Contains(page.Path, ":alert_id") {
				answer := colleague.send(page.Method, path, words[colleague])
				// what is written there is looked at first
				if page.Path != "/alerts/:alert_id/snoozes" && page.Path != "/alerts/:alert_id/resolutions" {
					require.Equal(t, http.StatusNotFound, answer.status, "%s of a colleague: %s", at, answer.body)
				}
				require.NotContains(t, answer.body, anna.Name)
			}
			if mayNot(page.Operation) {
				require.Equal(
					t, http.StatusForbidden, admin.send(page.Method, path, words[admin]).status, "%s of an admin", at,
				)
			}
		}
		require.Equal(t, before, sys.Stored(), "nothing was written")
	})
}

// mayNot reports whether an operation is closed to admins.
func mayNot(operation access.Operation) bool {
	return access.Enter(access.Viewer{Role: access.Admin}, operation) != nil
}

// The forms that give way under too many requests are those of the sign-in pages.
func TestSignInPagesAreForms(t *testing.T) {
	t.Parallel()
	for _, path := range access.SignInPages {
		require.Contains(t, web.Pages(), web.Page{Method: http.MethodPost, Path: path})
	}
}
