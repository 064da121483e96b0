package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// nextCookie holds the page to which a reader returns after signing in: the page on which the session ended. It is a
// cookie, because a URL with the id of a patient must not become part of another URL.
const nextCookie = "__Host-next"

// nextFor is how long a reader may take to sign in and still return.
const nextFor = 15 * time.Minute

// notReturnable are paths that pages request by themselves, or that are not worth returning to.
var notReturnable = []string{livePath, "/stay", "/sign-out", "/"}

// rememberPage remembers the requested page. For a form it remembers the page with the form.
func (s *site) rememberPage(r *request) {
	path := r.OriginalURL()
	if r.Method() == http.MethodPost {
		path = s.pageAbove(r.Path())
	}
	if s.isOurPage(path) {
		r.setShortCookie(nextCookie, url.QueryEscape(path), nextFor)
	}
}

// next returns and forgets the page to which the reader returns after signing in.
func (s *site) next(r *request) string {
	path, err := url.QueryUnescape(r.Cookies(nextCookie))
	r.setShortCookie(nextCookie, "", -time.Second)
	if err != nil || !s.isOurPage(path) {
		return "/caseload"
	}
	return path
}

// isOurPage reports whether a path leads to one of our pages that may be returned to.
func (s *site) isOurPage(address string) bool {
	path, _, _ := strings.Cut(address, "?")
	return isLocal(address) && !slices.Contains(notReturnable, path) && s.isPage(path)
}

// isLocal reports whether browsers understand a URL as one on this host.
func isLocal(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") &&
		!strings.ContainsAny(address, "\\\t\r\n")
}

// isPage reports whether there is a page at a path.
func (s *site) isPage(path string) bool {
	return slices.ContainsFunc(s.readable, func(pattern string) bool { return fiber.RoutePatternMatch(path, pattern) })
}

// pageAbove returns the closest page above the path of a form.
func (s *site) pageAbove(path string) string {
	for path != "" && !s.isPage(path) {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return path
}

// setShortCookie sets a cookie for a short time; a negative time deletes it.
func (r *request) setShortCookie(name, value string, long time.Duration) {
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
