package browser_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
)

// The first run of a new installation: the link, the practice, an authenticator app, recovery codes, an empty list. The
// pages on the way are held to the same rules as all others.
func TestTheFirstRun(t *testing.T) {
	needsChromium(t)
	at := start(t, "required")
	axe, err := os.ReadFile(filepath.Join("testdata", "axe-core", "axe.min.js"))
	require.NoError(t, err)
	key, err := at.app.Auth.NewSetup(context.Background())
	require.NoError(t, err)
	b := newTab(t, at, true)
	for _, theme := range []string{"dark", "light"} {
		b.reads("en", theme)
		b.visit("/setup?key=" + key)
		b.isSound("set-up", string(axe), "en")
	}
	b.fill("#practice", "Praktijk Zuid")
	b.fill("#name", "A. Visser")
	b.fill("#email", "a.visser@praktijk.example")
	b.fill("#password", "een-lang-geheim-woord")
	b.press("Set up")
	b.sees("E-mail address")
	b.fill("#email", "a.visser@praktijk.example")
	b.fill("#password", "een-lang-geheim-woord")
	b.press("Sign in")
	b.sees("Set up an authenticator app")
	picture(b, "authenticator-en-light-1280")
	b.isSound("authenticator", string(axe), "en")
	secret := strings.ReplaceAll(evaluate[string](b, `document.querySelector(".secret").textContent`), " ", "")
	code, err := totp.GenerateCode(secret, at.clock.Now())
	require.NoError(t, err)
	b.fill("#code", code)
	b.press("Continue")
	b.sees("Your recovery codes")
	picture(b, "recovery-codes-en-light-1280")
	b.isSound("recovery codes", string(axe), "en")
	b.press("I have kept them")
	b.sees("No patients yet")
	b.isSound("empty caseload", string(axe), "en")
	for _, language := range []string{"nl", "en"} {
		for _, theme := range []string{"dark", "light"} {
			b.reads(language, theme)
			b.visit("/practice/audit")
			b.isSound("access log of the practice", string(axe), language)
		}
	}
	b.sees("read the list of patients")
	picture(b, "audit-en-light-1280")
	b.press("Sign out")
	b.sees("E-mail address")
	b.isSound("sign-in", string(axe), "en")
}
