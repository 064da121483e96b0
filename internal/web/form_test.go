package web_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/stretchr/testify/require"
)

// form is a form of a page, as a reader finds it: where it goes, and what is in it.
type form struct {
	*browser
	action string
	fields url.Values
}

var (
	formTag   = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	actionOf  = regexp.MustCompile(`action="([^"]*)"`)
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	selectTag = regexp.MustCompile(`(?s)<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>`)
	chosenTag = regexp.MustCompile(`<option value="([^"]*)"( selected)?>`)
)

func attribute(tag, name string) string {
	found := regexp.MustCompile(`\s` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// form returns the first form of a page that goes to an address with this end, filled in as it is shown.
func (b *browser) form(page, end string) form {
	b.t.Helper()
	shown := b.get(page)
	require.Equal(b.t, http.StatusOK, shown.status, shown.body)
	for _, found := range formTag.FindAllStringSubmatch(shown.body, -1) {
		action := actionOf.FindStringSubmatch(found[1])
		if action == nil || !strings.HasSuffix(action[1], end) {
			continue
		}
		f := form{b, action[1], url.Values{}}
		for _, tag := range inputTag.FindAllString(found[2], -1) {
			if attribute(tag, "type") != "checkbox" || strings.Contains(tag, " checked") {
				f.fields.Add(attribute(tag, "name"), attribute(tag, "value"))
			}
		}
		for _, tag := range selectTag.FindAllStringSubmatch(found[2], -1) {
			f.fields.Set(tag[1], chosen(tag[2]))
		}
		for _, tag := range areaTag.FindAllStringSubmatch(found[2], -1) {
			f.fields.Set(tag[1], html.UnescapeString(tag[2]))
		}
		return f
	}
	require.Fail(b.t, "no such form", "%s on %s", end, page)
	return form{}
}

func chosen(options string) (value string) {
	for i, o := range chosenTag.FindAllStringSubmatch(options, -1) {
		if i == 0 || o[2] != "" {
			value = o[1]
		}
	}
	return value
}

// with fills in some fields.
func (f form) with(pairs ...string) form {
	for i := 0; i+1 < len(pairs); i += 2 {
		f.fields.Set(pairs[i], pairs[i+1])
	}
	return f
}

// sent expects the form to be accepted, and returns the page that comes.
func (f form) sent() string {
	f.t.Helper()
	answer := f.send("POST", f.action, f.fields)
	require.Equal(f.t, http.StatusSeeOther, answer.status, answer.body)
	page, _, _ := strings.Cut(answer.header.Get("Location"), "#")
	return f.get(page).body
}

// refused expects the form back with what was wrong.
func (f form) refused(wrong string) string {
	f.t.Helper()
	answer := f.send("POST", f.action, f.fields)
	require.Equal(f.t, http.StatusBadRequest, answer.status, answer.body)
	require.Contains(f.t, html.UnescapeString(answer.body), wrong)
	require.Contains(f.t, answer.body, `role="alert"`)
	return answer.body
}

// file sends a form with a file, as browsers do, and returns the page that comes.
func (f form) file(name string, content []byte) string {
	f.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for field := range f.fields {
		if field != "file" {
			require.NoError(f.t, parts.WriteField(field, f.fields.Get(field)))
		}
	}
	part, err := parts.CreateFormFile("file", name)
	require.NoError(f.t, err)
	_, err = part.Write(content)
	require.NoError(f.t, err)
	require.NoError(f.t, parts.Close())
	answer := f.sendBody(http.MethodPost, f.action, &body, "Content-Type", parts.FormDataContentType())
	if answer.status == http.StatusSeeOther {
		return f.get(answer.header.Get("Location")).body
	}
	require.Equal(f.t, http.StatusBadRequest, answer.status, answer.body)
	return answer.body
}
