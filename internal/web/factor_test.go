package web_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/testkit"
)

// newcomer is the first admin of a new installation.
type newcomer struct {
	*browser
	secret   string
	recovery []string
}

const newcomerEmail = "a.visser@praktijk.example"

func onBothNew(t *testing.T, promise func(*testing.T, *newcomer)) {
	t.Helper()
	testkit.OnEach(t, func(t *testing.T, on testkit.Option) {
		promise(t, &newcomer{browser: newBrowser(t, testkit.Start(t, on, testkit.Guarded))})
	})
}

// sets makes the first practice by the set-up link.
func (n *newcomer) sets() {
	key, err := n.sys.App.Auth.NewSetup(context.Background())
	require.NoError(n.t, err)
	form := url.Values{
		"key":      {key},
		"practice": {"Praktijk Zuid"},
		"name":     {"A. Visser"},
		"email":    {newcomerEmail},
		"password": {testkit.Password},
	}
	require.Equal(n.t, "/sign-in", n.send("POST", "/setup", form).header.Get("Location"))
}

func (n *newcomer) code() string {
	code, err := totp.GenerateCode(n.secret, n.sys.Clock.Now())
	require.NoError(n.t, err)
	return code
}

// proves sends a code and returns the answer.
func (n *newcomer) proves(code string) answer {
	word := formWord.FindStringSubmatch(n.get("/sign-in/code").body)
	require.NotNil(n.t, word)
	return n.send("POST", "/sign-in/code", url.Values{"form": {word[1]}, "code": {code}})
}

var (
	typedSecret  = regexp.MustCompile(`class="secret">([A-Z2-7 ]+)<`)
	recoveryCode = regexp.MustCompile(`<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>`)
)

// enrols signs in for the first time and sets up an app.
func (n *newcomer) enrols() {
	require.Equal(n.t, "/sign-in/code", n.signIn(newcomerEmail).header.Get("Location"))
	page := n.get("/sign-in/code").body
	n.secret = strings.ReplaceAll(typedSecret.FindStringSubmatch(html.UnescapeString(page))[1], " ", "")
	require.Contains(
		n.t, n.get("/sign-in/code").body, typedSecret.FindStringSubmatch(page)[1], "reloading keeps the secret",
	)
	n.recovery = nil
	shown := n.proves(n.code())
	require.Equal(n.t, http.StatusOK, shown.status, shown.body)
	for _, found := range recoveryCode.FindAllStringSubmatch(shown.body, -1) {
		n.recovery = append(n.recovery, found[1])
	}
	require.Len(n.t, n.recovery, 10)
}

// The first practice is made with a link that works once; its admin sets up an app, and
// from then on a code is asked each time.
func TestTheFirstPractice(t *testing.T) {
	onBothNew(t, func(t *testing.T, n *newcomer) {
		ctx := context.Background()
		old, err := n.sys.App.Auth.NewSetup(ctx)
		require.NoError(t, err)
		key, err := n.sys.App.Auth.NewSetup(ctx)
		require.NoError(t, err)
		form := url.Values{
			"practice": {"Praktijk Zuid"},
			"name":     {"A. Visser"},
			"email":    {newcomerEmail},
			"password": {testkit.Password},
		}
		for _, wrong := range []string{"", "guess", old} {
			form.Set("key", wrong)
			require.Equal(t, http.StatusNotFound, n.send("POST", "/setup", form).status, "only the latest link works")
		}
		form.Set("key", key)
		form.Set("email", "no address")
		again := n.send("POST", "/setup", form)
		require.Equal(t, http.StatusBadRequest, again.status)
		require.Contains(t, again.body, `value="Praktijk Zuid"`, "what was written is kept")
		require.NotContains(t, again.body, testkit.Password)
		require.Contains(t, again.body, `value="`+key+`"`)
		form.Set("email", newcomerEmail)
		require.Equal(t, "/sign-in", n.send("POST", "/setup", form).header.Get("Location"))
		require.Equal(t, http.StatusNotFound, n.send("POST", "/setup", form).status, "once")

		n.enrols()
		require.Contains(t, n.get("/practice/members").body, "A. Visser")
		empty, err := n.sys.App.Founding.IsEmpty(ctx)
		require.NoError(t, err)
		require.False(t, empty)
	})
}

// A link that was printed before somebody made the practice in another way makes no second one.
func TestASetupLinkIsForTheFirstPractice(t *testing.T) {
	onBothNew(t, func(t *testing.T, n *newcomer) {
		key, err := n.sys.App.Auth.NewSetup(context.Background())
		require.NoError(t, err)
		require.NoError(t,
			n.sys.App.Founding.CreatePractice(context.Background(), id.Practice(id.New()), "Praktijk Oost",
				people.NewMember{
					ID:       id.Member(id.New()),
					Name:     "O. Oost",
					Email:    "o@praktijk.example",
					Password: testkit.Password,
					Role:     access.Admin,
				}))
		form := url.Values{
			"key":      {key},
			"practice": {"P"},
			"name":     {"A"},
			"email":    {newcomerEmail},
			"password": {testkit.Password},
		}
		require.Equal(t, http.StatusNotFound, n.send("POST", "/setup", form).status)
	})
}

// A set-up link ends after a day.
func TestASetupLinkEnds(t *testing.T) {
	onBothNew(t, func(t *testing.T, n *newcomer) {
		key, err := n.sys.App.Auth.NewSetup(context.Background())
		require.NoError(t, err)
		n.sys.Clock.Advance(24 * time.Hour)
		form := url.Values{
			"key":      {key},
			"practice": {"P"},
			"name":     {"A"},
			"email":    {newcomerEmail},
			"password": {testkit.Password},
		}
		require.Equal(t, http.StatusNotFound, n.send("POST", "/setup", form).status)
	})
}

// A password opens nothing by itself; each code works once; a recovery code stands in for a lost phone.
func TestTheSecondFactor(t *testing.T) {
	onBothNew(t, func(t *testing.T, n *newcomer) {
		n.sets()
		require.Equal(t, "/sign-in/code", n.signIn(newcomerEmail).header.Get("Location"))
		require.Equal(t, "/sign-in", n.get("/caseload").header.Get("Location"), "the password opens nothing")
		api := n.sys.Call(
			"POST", "/v1/auth/sessions", "", map[string]any{"email": newcomerEmail, "password": testkit.Password},
		)
		require.Equal(t, "second-factor-missing", api.Problem().Code)
		n.enrols()
		proven := n.cookies["__Host-session"]
		require.Equal(t, http.StatusOK, n.get("/caseload").status)

		used := n.code()
		n.signIn(newcomerEmail)
		require.NotEqual(t, proven, n.cookies["__Host-session"])
		require.Equal(t, http.StatusUnauthorized, n.proves(used).status, "a code works once")
		n.sys.Clock.Advance(30 * time.Second)
		asked := n.cookies["__Host-session"]
		require.Equal(t, "/caseload", n.proves(n.code()).header.Get("Location"))
		require.NotEqual(t, asked, n.cookies["__Host-session"], "the cookie from before is worth nothing")
		n.cookies["__Host-session"] = asked
		require.Equal(t, "/sign-in", n.get("/caseload").header.Get("Location"))

		n.signIn(newcomerEmail)
		require.Equal(t, "/caseload", n.proves(strings.ToLower(n.recovery[0])).header.Get("Location"))
		n.signIn(newcomerEmail)
		require.Equal(t, http.StatusUnauthorized, n.proves(n.recovery[0]).status, "a recovery code works once")

		n.sys.Clock.Advance(10 * time.Minute)
		require.Equal(
			t, "/sign-in", n.get("/sign-in/code").header.Get("Location"), "a password is good for ten minutes",
		)
	})
}

// Wrong codes are counted, whoever sends them, and the window of a clock that is off by a step is open.
func TestCodesAreNotGuessed(t *testing.T) {
	onBothNew(t, func(t *testing.T, n *newcomer) {
		n.sets()
		n.enrols()
		call := func(code string) testkit.Answer {
			return n.sys.Call(
				"POST", "/v1/auth/sessions", "",
				map[string]any{"email": newcomerEmail, "password": testkit.Password, "code": code},
			)
		}
		require.Equal(t, "second-factor-required", n.sys.Call(
			"POST", "/v1/auth/sessions", "", map[string]any{"email": newcomerEmail, "password": testkit.Password},
		).Problem().Code)
		n.sys.Clock.Advance(2 * time.Minute)
		late := n.code()
		n.sys.Clock.Advance(30 * time.Second)
		require.Equal(t, http.StatusCreated, call(late).Status, "a step late")
		n.sys.Clock.Advance(time.Minute)
		early, err := totp.GenerateCode(n.secret, n.sys.Clock.Now().Add(30*time.Second))
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, call(early).Status, "a step early")
		require.Equal(t, "wrong-code", call(n.code()).Problem().Code, "older than one that was used")
		for range 4 {
			require.Equal(t, "wrong-code", call("000000").Problem().Code)
		}
		n.sys.Clock.Advance(30 * time.Second)
		n.signIn(newcomerEmail)
		require.Equal(t, http.StatusTooManyRequests, n.proves(n.code()).status, "right, but locked")
		n.sys.Clock.Advance(6 * time.Minute)
		require.Equal(t, "/caseload", n.proves(n.code()).header.Get("Location"))

		require.NoError(t, n.sys.App.Auth.ForgetFactor(context.Background(), newcomerEmail))
		require.Equal(t, "/sign-in/code", n.signIn(newcomerEmail).header.Get("Location"))
		before := n.secret
		n.enrols()
		require.NotEqual(t, before, n.secret, "another secret")
	})
}

// A sign-in that waits for its code is bound to the form it was asked with.
func TestACodeNeedsOurForm(t *testing.T) {
	onBothNew(t, func(t *testing.T, n *newcomer) {
		n.sets()
		n.signIn(newcomerEmail)
		require.Equal(
			t, http.StatusForbidden,
			n.send("POST", "/sign-in/code", url.Values{"form": {strings.Repeat("0", 64)}, "code": {"123456"}}).status,
		)
		require.Equal(t, "/sign-in", newBrowser(t, n.sys).get("/sign-in/code").header.Get("Location"))
	})
}
