package web

import (
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"cadans/internal/kernel/fault"
)

// findCookie holds the name that a member looks for, and who that is: at a shared desk it is nobody
// else's. Names stay out of addresses, which browsers, proxies and logs keep; every replica can read a
// cookie, and the server stores nothing.
const findCookie = "__Host-find"

// findFor is how long Back leads to what was found.
const findFor = 15 * time.Minute

// longestName is how long a name is that can be looked for.
const longestName = 120

// find answers a search with another page, so that Back and reloading send nothing twice.
func (s *site) find(r *request) error {
	name := strings.TrimSpace(r.FormValue("find"))
	if utf8.RuneCountInString(name) > longestName {
		return fault.Input(fault.Violation{Pointer: "/find", Code: "too-long"})
	}
	if name == "" {
		r.brief(findCookie, "", -time.Second)
		return r.backTo("/caseload")
	}
	kept := string(r.viewer.Member) + "\n" + name
	r.brief(findCookie, base64.RawURLEncoding.EncodeToString([]byte(kept)), findFor)
	return r.backTo("/caseload?found=1")
}

// wanted is the name that is looked for on this page; empty on any other than that of a search.
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
