package web

import (
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"cadans/internal/kernel/fault"
)

// findCookie holds the name that a member searched for and the member's id, so that at a shared computer nobody else
// sees it. Names stay out of URLs, which browsers, proxies and logs keep. A cookie works on every replica, and the
// server stores nothing.
const findCookie = "__Host-find"

// findFor is how long Back returns to the result of a search.
const findFor = 15 * time.Minute

// longestName is the maximum length of a searched name.
const longestName = 120

// find redirects a search to its result, so that Back and reloading do not submit it again.
func (s *site) find(r *request) error {
	name := strings.TrimSpace(r.FormValue("find"))
	if utf8.RuneCountInString(name) > longestName {
		err := fault.Input(fault.Violation{Pointer: "/find", Code: "too-long"})
		return r.answerForm(err, "find", "/caseload", func() error { return s.caseload(r) })
	}
	if name == "" {
		r.setShortCookie(findCookie, "", -time.Second)
		return r.backTo("/caseload")
	}
	kept := string(r.viewer.Member) + "\n" + name
	r.setShortCookie(findCookie, base64.RawURLEncoding.EncodeToString([]byte(kept)), findFor)
	return r.backTo("/caseload?found=1")
}

// wanted is the name searched for on this page; empty on pages that are not a search result.
func (r *request) wanted() string {
	if r.Query("found") == "" {
		return ""
	}
	kept, err := base64.RawURLEncoding.DecodeString(r.Cookies(findCookie))
	member, name, _ := strings.Cut(string(kept), "\n")
	if err != nil || member != string(r.viewer.Member) {
		return ""
	}
	return name
}
