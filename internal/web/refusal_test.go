package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cadans/internal/kernel/words"
	"cadans/internal/run/testkit"
	"cadans/internal/web"
)

// buttons are the forms in which a reader fills in nothing: a page can only say of the form that it was refused.
var buttons = []string{
	"/sign-out", "/appearance", "/loss/dismissal", "/alerts/:alert_id/reopenings", "/patients/:patient_id/invite",
	"/patients/:patient_id/progressions/:progression_id", "/patients/:patient_id/change-requests/:request_id",
	"/patients/:patient_id/program/adjustments", "/patients/:patient_id/program/versions/:version_id/withdrawal",
	"/patients/:patient_id/program/pauses/:pause_id", "/patients/:patient_id/program/draft/discard",
	"/patients/:patient_id/program/draft/rebase", "/patients/:patient_id/program/draft/publish",
	"/patients/:patient_id/proposals", "/library/:slug/media/removal", "/library/:slug/archive",
}

// Every form that is refused names its wrong fields: the summary has the focus and links to them, and each is marked
// and says what is wrong. The test sends every form of every page with nonsense in each field, so a new form is in it
// as soon as a link leads to its page.
func TestEveryRefusedFormNamesItsFields(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.writesExercise(t)
	for _, language := range words.All() {
		met := map[string]bool{}
		reader, admin := s.reader(t, 1, language), s.reader(t, 0, language)
		for _, page := range s.everyPage(t, string(language)) {
			reader.meets(page, met)
		}
		for _, path := range []string{"/practice/members", "/practice/settings"} {
			admin.meets(admin.get(path).body, met)
		}
		for _, p := range web.Pages() {
			known := p.Method != http.MethodPost || met[p.Path] || slices.Contains(buttons, p.Path) ||
				p.Path == "/sign-in/code" // TestTheFirstPractice
			if !known {
				t.Errorf("no page of the story has the form of POST %s: tell one that has it", p.Path)
			}
		}
	}
}

// meets sends the forms of a page that were not met before.
func (b *browser) meets(page string, met map[string]bool) {
	t := b.t
	t.Helper()
	for _, form := range formsOf(parsed(t, page)) {
		pattern := patternOf(t, attributeOf(form.Node, "action"))
		switch {
		case met[pattern]:
		case len(form.fields) > 0:
			require.NotContains(t, buttons, pattern, "its form has fields: take it from the list")
			b.refuses(form)
			met[pattern] = true
		case !slices.Contains(buttons, pattern):
			t.Errorf("the form of POST %s has no field: name it in buttons", pattern)
		}
	}
}

// writesExercise gives the practice of the story an exercise of its own.
func (s story) writesExercise(t *testing.T) {
	t.Helper()
	b := s.reader(t, 1, words.English)
	b.form("/library/new", "/library").with("name_nl", "Handdoek", "instructions_nl", "Trek rustig.").sent()
}

// reader is the browser of a member.
func (s story) reader(t *testing.T, member int, language words.Language) *browser {
	t.Helper()
	b := &browser{t: t, sys: &testkit.System{URL: s.url}, cookies: map[string]string{"language": string(language)}}
	form := url.Values{"email": {s.Members[member].Email}, "password": {s.Members[member].Password}}
	require.Equal(t, http.StatusSeeOther, b.send("POST", "/sign-in", form).status)
	return b
}

// refuses sends a form with nonsense, and expects every mistake at its field.
func (b *browser) refuses(form pageForm) {
	t := b.t
	t.Helper()
	action := attributeOf(form.Node, "action")
	token := formWord.FindStringSubmatch(b.get("/library/new").body)[1]
	body, kind := form.nonsense(t, token)
	answer := b.sendBody(http.MethodPost, action, body, "Content-Type", kind)
	require.Contains(
		t, []int{http.StatusBadRequest, http.StatusUnauthorized}, answer.status, "%s\n%s", action, answer.body,
	)
	page := parsed(t, answer.body)
	summary := byID(page, "wrong")
	require.NotNil(t, summary, "%s has no summary", action)
	require.Equal(t, atom.Main, summary.Parent.DataAtom)
	require.True(t, hasAttribute(summary, "autofocus"), action)
	require.Contains(t, allText(summary), words.Language(b.cookies["language"]).Say("form.refused"))
	marked := linksToMarked(t, page, summary)
	require.NotZero(t, marked, "POST %s marks no field:\n%s", action, allText(summary))
}

// linksToMarked counts the links of a summary that lead to a field that is marked and says why.
func linksToMarked(t *testing.T, page, summary *html.Node) (marked int) {
	t.Helper()
	for link := range summary.Descendants() {
		if link.DataAtom != atom.A {
			continue
		}
		target := byID(page, strings.TrimPrefix(attributeOf(link, "href"), "#"))
		require.NotNil(t, target, "%s leads nowhere", allText(link))
		if attributeOf(target, "aria-invalid") == "true" {
			marked++
			reasons := strings.Fields(attributeOf(target, "aria-describedby"))
			require.NotEmpty(t, reasons)
			reason := byID(page, reasons[len(reasons)-1])
			require.NotNil(t, reason)
			said := allText(link)
			require.Contains(t, allText(reason), strings.TrimSpace(said[strings.LastIndex(said, ":")+1:]))
		}
	}
	return marked
}

// pageForm is a form of a page that changes something, with the fields that a reader fills in.
type pageForm struct {
	*html.Node
	fields []*html.Node
}

// formsOf are the forms of a page that change something.
func formsOf(page *html.Node) (forms []pageForm) {
	for form := range page.Descendants() {
		if form.DataAtom != atom.Form || attributeOf(form, "method") != "post" {
			continue
		}
		found := pageForm{Node: form}
		for n := range page.Descendants() {
			outside := hasAttribute(n, "form") && attributeOf(n, "form") == attributeOf(form, "id")
			if isField(n) && (outside || slices.Contains(slices.Collect(n.Ancestors()), form)) {
				found.fields = append(found.fields, n)
			}
		}
		if n := byTag(form, atom.Button); n != nil { // otherwise it only shows
			forms = append(forms, found)
		}
	}
	return forms
}

func byTag(in *html.Node, tag atom.Atom) *html.Node {
	for n := range in.Descendants() {
		if n.DataAtom == tag {
			return n
		}
	}
	return nil
}

func isField(n *html.Node) bool {
	isInput := n.DataAtom == atom.Input && attributeOf(n, "type") != "hidden"
	return isInput || n.DataAtom == atom.Select || n.DataAtom == atom.Textarea
}

// nonsense is a form as a browser sends it, with a text in each field that none takes. No box is ticked.
func (f pageForm) nonsense(t *testing.T, token string) (io.Reader, string) {
	t.Helper()
	values := url.Values{}
	for n := range f.Descendants() {
		if attributeOf(n, "type") == "hidden" {
			values.Set(attributeOf(n, "name"), attributeOf(n, "value"))
		}
	}
	values.Set("form", token)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, n := range f.fields {
		switch attributeOf(n, "type") {
		case "checkbox":
		case "file":
			file, err := parts.CreateFormFile(attributeOf(n, "name"), "file")
			require.NoError(t, err)
			_, err = io.WriteString(file, "nonsense")
			require.NoError(t, err)
		default:
			longest, _ := strconv.Atoi(attributeOf(n, "maxlength"))
			values.Set(attributeOf(n, "name"), strings.Repeat("x", longest+1))
		}
	}
	if attributeOf(f.Node, "enctype") == "" {
		return strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"
	}
	for name := range values {
		require.NoError(t, parts.WriteField(name, values.Get(name)))
	}
	require.NoError(t, parts.Close())
	return &body, parts.FormDataContentType()
}

// patternOf is the row of the table to which a form goes.
func patternOf(t *testing.T, path string) string {
	t.Helper()
	for _, p := range web.Pages() {
		if p.Method == http.MethodPost && fiber.RoutePatternMatch(path, p.Path) {
			return p.Path
		}
	}
	require.Fail(t, "a form goes nowhere", path)
	return ""
}

func parsed(t *testing.T, page string) *html.Node {
	t.Helper()
	document, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	return document
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attributeOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func byID(page *html.Node, id string) *html.Node {
	for n := range page.Descendants() {
		if hasAttribute(n, "id") && attributeOf(n, "id") == id {
			return n
		}
	}
	return nil
}

func allText(n *html.Node) string {
	var said strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			said.WriteString(d.Data)
		}
	}
	return said.String()
}

// A pointer of the contract leads to the field of the page that stands for it.
func TestFieldsOfPointers(t *testing.T) {
	t.Parallel()
	for pointer, name := range map[string]string{
		"/birth_year":               "birth_year",
		"/name/nl":                  "name_nl",
		"/name":                     "name_nl",
		"/dose/hold_s":              "hold_s",
		"/dose":                     "sets",
		"/equipment/3":              "equipment",
		"/items/0/dose/sets":        "sets-0",
		"/items/12/schedule/days/2": "days-12",
		"/items/3/schedule":         "kind-3",
		"/items/3/exercise":         "sets-3",
		"/items/3":                  "sets-3",
		"/effective_from":           "effective_from",
		"/alert_ids":                "alert",
		"/until":                    "days",
		"/file/picture":             "file",
	} {
		fields := map[string]bool{
			"birth_year": true, "name_nl": true, "sets": true, "hold_s": true, "equipment": true, "sets-0": true,
			"days-12": true, "kind-3": true, "sets-3": true, "effective_from": true, "alert": true, "days": true,
			"file": true,
		}
		names := web.FieldNames(pointer)
		first := slices.IndexFunc(names, func(n string) bool { return fields[n] })
		require.GreaterOrEqual(t, first, 0, pointer)
		require.Equal(t, name, names[first], pointer)
	}
}
