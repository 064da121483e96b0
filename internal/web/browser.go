package web

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"cadans/api/door"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/fault"
	"cadans/internal/record/people"
)

// Cookies. The prefix makes browsers reject one set by another host, a path or plain HTTP.
const (
	sessionCookie  = "__Host-session"
	languageCookie = "language"
	themeCookie    = "theme"
	browserCookie  = "__Host-browser"
	keysCookie     = "keys"
)

const year = 365 * 24 * 60 * 60 // seconds

var errForeignForm = fault.New(fault.Forbidden, "forbidden", "the form was not sent from one of our pages")

// isOurs reports whether a form was submitted from one of our pages. Browsers say from which site a form comes. In a
// session the form also contains a token that only our pages know.
func (r *request) isOurs(signedIn bool) bool {
	return r.isSameSite() && (!signedIn || r.hasFormToken())
}

func (r *request) hasFormToken() bool {
	return hmac.Equal([]byte(r.FormValue("form")), []byte(r.formToken()))
}

// isSameSite checks the browser's headers about where a request comes from. It uses Origin only for old browsers: newer
// ones send "null", because our pages send no referrer.
func (r *request) isSameSite() bool {
	if site := r.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(r.Get(fiber.HeaderOrigin))
	return err == nil && origin.Host != "" && origin.Host == string(r.Request().Host())
}

// formToken derives the form token from the cookie, which scripts and other sites cannot read.
func (r *request) formToken() string {
	mac := hmac.New(sha256.New, []byte(r.cookie))
	mac.Write([]byte("form"))
	return hex.EncodeToString(mac.Sum(nil))
}

func (r *request) setSession(value string, seconds int) {
	r.Cookie(&fiber.Cookie{
		Name:     sessionCookie,
		Value:    value,
		Path:     "/",
		MaxAge:   seconds,
		Secure:   true,
		HTTPOnly: true,
		SameSite: fiber.CookieSameSiteStrictMode,
	})
}

// setBrowser sets the cookie that identifies this browser at its next sign-in.
func (r *request) setBrowser(value string) {
	r.Cookie(&fiber.Cookie{
		Name:     browserCookie,
		Value:    value,
		Path:     "/",
		MaxAge:   year,
		Secure:   true,
		HTTPOnly: true,
		SameSite: fiber.CookieSameSiteStrictMode,
	})
}

func (s *site) signInForm(r *request) error {
	return r.show("signin", r.language.Say("signin.title"), signInView{})
}

// signInView is the form, with the address of the previous try.
type signInView struct{ Email string }

// signIn starts a session. After a wrong password it shows the form again, with the address filled in.
func (s *site) signIn(r *request) error {
	email := r.FormValue("email")
	browser := cmp.Or(r.Cookies(browserCookie), auth.NewBrowser())
	cookie, next, err := s.parts.Auth.SignIn(r.ctx, auth.Login{
		Email: email, Password: r.FormValue("password"), Address: s.parts.ClientIP(r.Ctx), Browser: browser,
	})
	if fault.Is(err, fault.Unauthenticated) || fault.Is(err, fault.TooMany) {
		status, title, detail := door.Explained(err, r.language)
		r.Status(status)
		r.refuse(err, "signin", mistake{[]string{"/email", "/password"}, detail})
		return r.show("signin", title, signInView{Email: email})
	}
	if err != nil {
		return err
	}
	r.setSession(cookie, 0)
	r.setBrowser(browser)
	if next != auth.Done {
		return r.backTo("/sign-in/code")
	}
	return r.backTo(s.next(r))
}

func (s *site) signOut(r *request) error {
	if err := s.parts.Auth.LogOut(r.ctx, r.viewer); err != nil {
		return err
	}
	r.setSession("", -1)
	r.setShortCookie(findCookie, "", -time.Second)
	return r.Redirect("/sign-in", http.StatusSeeOther)
}

// appearance stores the reader's choice of language, theme and keys in the browser.
func (s *site) appearance(r *request) error {
	if l := people.Language(r.FormValue("language")); l.IsKnown() {
		r.keep(languageCookie, string(l))
	}
	if t := r.FormValue("theme"); t == "light" || t == "dark" {
		r.keep(themeCookie, t)
	}
	if k := r.FormValue("keys"); k == "on" || k == "off" {
		r.keep(keysCookie, k)
	}
	back := r.FormValue("back")
	if !isLocal(back) {
		back = "/"
	}
	return r.Redirect(back, http.StatusSeeOther)
}

func (r *request) keep(name, value string) {
	r.Cookie(&fiber.Cookie{
		Name:     name,
		Value:    value,
		Path:     "/",
		MaxAge:   year,
		HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func languageOf(c *fiber.Ctx) people.Language {
	if chosen := people.Language(c.Cookies(languageCookie)); chosen.IsKnown() {
		return chosen
	}
	return door.AcceptLanguage(c)
}

// keys says whether single-key shortcuts are on, as they are by default.
func (r *request) keys() string {
	if r.Cookies(keysCookie) == "off" {
		return "off"
	}
	return "on"
}

// themeOf returns the chosen theme, or empty to follow the system.
func themeOf(c *fiber.Ctx) string {
	if chosen := c.Cookies(themeCookie); chosen == "light" || chosen == "dark" {
		return chosen
	}
	return ""
}
