package walker_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
)

// pages are the addresses that were found on pages so far. Nobody lists them: a new
// page is read as soon as one leads to it.
type pages struct {
	known map[string]bool
	alike map[string]int // how many there are of a kind
}

func newPages() *pages {
	p := &pages{map[string]bool{}, map[string]int{}}
	for _, path := range []string{"/caseload", "/alerts", "/library", "/practice", "/help"} {
		p.known[path] = true
	}
	return p
}

var linkTag = regexp.MustCompile(`<a\s[^>]*href="(/[^"#]*)`)

// shelf is how many pages of one kind are remembered where they differ by what is asked for alone.
const shelf = 3

// linksOf are the pages that a page leads to, in order.
func linksOf(text string) (links []string) {
	for _, found := range linkTag.FindAllStringSubmatch(text, -1) {
		links = append(links, html.UnescapeString(found[1]))
	}
	return links
}

// learn notes where a page leads to.
func (p *pages) learn(text string) {
	for _, path := range linksOf(text) {
		if p.known[path] {
			continue
		}
		kind := patientPath.FindString(path) + kindOf(path)
		if p.alike[kind] < shelf || !strings.ContainsAny(kind, "?*") {
			p.known[path] = true
			p.alike[kind]++
		}
	}
}

var (
	exercisePath = regexp.MustCompile(`^/library/[^/?]+`)
	patientPath  = regexp.MustCompile(`^/patients/[0-9a-f-]{36}`)
)

// kindOf is an address without what differs between pages of one kind.
func kindOf(path string) string {
	path, query, asked := strings.Cut(path, "?")
	if asked {
		name, _, _ := strings.Cut(query, "=")
		path += "?" + name
	}
	return patientPath.ReplaceAllString(exercisePath.ReplaceAllString(path, "/library/*"), "/patients/:id")
}

// about are the known pages about a patient, and those of the practice, in order.
func (p *pages) about(patient string, practice bool) (list []string) {
	for path := range p.known {
		isPatient := strings.HasPrefix(path, "/patients/"+patient)
		if isPatient || practice && !strings.HasPrefix(path, "/patients/") || path == "/caseload" ||
			practice && path == "/patients/new" {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}

// readPages reads the pages about the touched patient, and those of the practice.
func (w *walk) readPages(practice bool) map[string]page {
	reader, patient := w.reads(w.own), "/patients/"+string(w.touched.ID)
	w.pages.known[patient] = true
	require.Equal(w.t, http.StatusOK, reader.open("/help").status)
	read := map[string]page{}
	for {
		paths := slices.DeleteFunc(w.pages.about(string(w.touched.ID), practice), func(path string) bool {
			return read[path].status != 0 || !w.done.suspects(kindOf(path))
		})
		if len(paths) == 0 {
			return read
		}
		found := make([]page, len(paths))
		w.atOnce(len(paths), func(i int) string { return kindOf(paths[i]) }, func(i int) (err error) {
			if found[i], _, err = reader.fetch(http.MethodGet, paths[i], nil, ""); err != nil {
				return err
			}
			return found[i].sound(paths[i])
		})
		for i, path := range paths {
			read[path] = found[i]
			w.pages.learn(found[i].text)
		}
	}
}
