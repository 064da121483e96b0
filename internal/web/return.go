package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// nextCookie holds where a reader goes after signing in: the page on which a session ended. An address may hold the id
// of a patient, so it is in no address itself.
const nextCookie = "__Host-next"

// nextFor is how long a reader has to sign in again and be led back.
const nextFor = 15 * time.Minute

// notBack are addresses that a page asks for by itself, or that are no page to begin with.
var notBack = []string{livePath, "/stay", "/sign-out", "/"}

// comesBack remembers the page that was asked for. The answer to a form is none: then it
// is the page on which the form stands.
func (s *site) comesBack(r *request) {
	path := r.OriginalURL()
	if r.Method() == http.MethodPost {
		path = s.pageWith(r.Path())
	}
	if s.isOurPage(path) {
		r.brief(nextCookie, url.QueryEscape(path), nextFor)
	}
}

// next is where a reader goes after signing in, this once.
func (s *site) next(r *request) string {
	path, err := url.QueryUnescape(r.Cookies(nextCookie))
	r.brief(nextCookie, "", -time.Second)
	if err != nil || !s.isOurPage(path) {
		return "/caseload"
	}
	return path
}

// isOurPage reports whether an address leads to a page of ours that may be asked for, and nowhere else.
func (s *site) isOurPage(address string) bool {
	path, _, _ := strings.Cut(address, "?")
	return isLocal(address) && !slices.Contains(notBack, path) && s.isPage(path)
}

// isLocal reports whether an address stays on this host, as browsers understand it.
func isLocal(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") &&
		!strings.ContainsAny(address, "\\\t\r\n")
}

// isPage reports whether the table has a page at a path.
func (s *site) isPage(path string) bool {
	return slices.ContainsFunc(s.readable, func(pattern string) bool { return fiber.RoutePatternMatch(path, pattern) })
}

// pageWith is the nearest page above the address of a form.
func (s *site) pageWith(path string) string {
	for path != "" && !s.isPage(path) {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return path
}

// brief keeps something in the browser for some minutes; a negative time takes it away.
func (r *request) brief(name, value string, long time.Duration) {
	r.Cookie(&fiber.Cookie{
		Name:     name,
		Value:    value,
		Path:     "/",
		MaxAge:   int(long.Seconds()),
		Secure:   true,
		HTTPOnly: true,
		SameSite: fiber.CookieSameSiteStrictMode,
	})
}
