package walker_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testkit"
	"cadans/pkg/localtime"
)

var (
	formTag  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	fieldTag = regexp.MustCompile(
		`(?s)<(input|button)([^>]*)>|<select([^>]*)>(.*?)</select>|<textarea([^>]*)>(.*?)</textarea>`,
	)
	optionTag  = regexp.MustCompile(`<option value="([^"]*)"`)
	attributes = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
)

// form is one of a page as a reader finds it.
type form struct {
	action string
	fields []field
}

// field is one place of a form to fill in. A button is one as well: pressing it sends its value.
type field struct {
	kind, name, value string
	options           []string
	chosen            bool
}

// attributesOf reads what stands in a tag.
func attributesOf(tag string) map[string]string {
	found := map[string]string{}
	for _, a := range attributes.FindAllStringSubmatch(tag, -1) {
		found[a[1]] = html.UnescapeString(a[2])
	}
	return found
}

// formsOf are the forms of a page that change something, but what only ends or turns the reading.
func formsOf(text string) (forms []form) {
	for _, found := range formTag.FindAllStringSubmatch(text, -1) {
		f := form{action: attributesOf(found[1])["action"]}
		if f.action == "/sign-out" || f.action == "/appearance" {
			continue
		}
		for _, tag := range fieldTag.FindAllStringSubmatch(found[2], -1) {
			if one := fieldOf(tag); one.name != "" {
				f.fields = append(f.fields, one)
			}
		}
		forms = append(forms, f)
	}
	return forms
}

func fieldOf(tag []string) field {
	all := attributesOf(tag[2] + tag[3] + tag[5])
	_, chosen := all["checked"]
	f := field{kind: all["type"], name: all["name"], value: all["value"], chosen: chosen}
	switch {
	case tag[1] == "button":
		f.kind = "button"
	case tag[4] != "":
		f.kind = "select"
		for _, option := range optionTag.FindAllStringSubmatch(tag[4], -1) {
			f.options = append(f.options, html.UnescapeString(option[1]))
		}
	case strings.HasPrefix(tag[0], "<textarea"):
		f.kind, f.value = "text", html.UnescapeString(tag[6])
	}
	return f
}

// sendsForm goes from page to page as somebody might, fills in some form there, and sends it.
func (w *walk) sendsForm(who *testkit.Member, starts ...string) {
	reader, path := w.reads(who), pick(w, "start", starts...)
	shown := reader.open(path)
	for range w.number("links", 0, 2) {
		if links := linksOf(shown.text); len(links) > 0 {
			path = pick(w, "link", links...)
			shown = reader.open(path)
		}
	}
	forms := formsOf(shown.text)
	if len(forms) == 0 {
		w.t.walk.Skip("no form there")
	}
	f := pick(w, "form", forms...)
	filled := w.fills(f)
	var answer page
	if slices.ContainsFunc(f.fields, func(one field) bool { return one.kind == "file" }) {
		answer = w.sendsFile(reader, f.action, filled)
	} else {
		answer = reader.send(f.action, strings.NewReader(filled.Encode()), urlEncoded)
	}
	filled.Del("form")
	w.tell("%s on %s: POST %s %.600s → %d %s", who.ID, path, f.action, filled.Encode(), answer.status, answer.location)
	w.judge(answer.status, answer.text)
	require.NoError(w.t, page{http.StatusOK, "", "", answer.text}.sound(f.action))
	if answer.status == http.StatusSeeOther {
		next, _, _ := strings.Cut(answer.location, "#")
		require.NoError(w.t, reader.open(next).sound(next))
	}
}

// fills fills a form in. A reader presses one button, and leaves what is hidden alone.
func (w *walk) fills(f form) url.Values {
	filled := url.Values{}
	var buttons []field
	for _, one := range f.fields {
		switch one.kind {
		case "button":
			buttons = append(buttons, one)
		case "checkbox", "radio":
			if one.chosen != w.oneIn(4, "the other way") {
				filled.Add(one.name, one.value)
			}
		case "select":
			filled.Set(one.name, pick(w, "option", one.options...))
		case "file":
		default:
			filled.Set(one.name, w.writes(one))
		}
	}
	if len(buttons) > 0 {
		button := pick(w, "button", buttons...)
		filled.Set(button.name, button.value)
	}
	return filled
}

// writes is what somebody writes in a field: mostly what stands there, now and then something else.
func (w *walk) writes(f field) string {
	switch {
	case f.kind == "hidden":
		return f.value
	case f.kind == "password":
		return testkit.Password
	case f.value != "" && !w.oneIn(4, "other"):
		return f.value
	case f.kind == "date":
		return pick(w, "date", "", w.day(-40, 60).String(), localtime.NewDate(2000, 1, 1).String())
	case f.kind == "number":
		return pick(w, "number", "", strconv.Itoa(w.number("n", -1, 40)), "3.5", "veel")
	case f.kind == "email":
		return w.NewID() + "@praktijk.example"
	default:
		return w.text("text")
	}
}

// sendsFile sends a form with a picture.
func (w *walk) sendsFile(r *reader, action string, filled url.Values) page {
	var sent bytes.Buffer
	parts := multipart.NewWriter(&sent)
	for name := range filled {
		require.NoError(w.t, parts.WriteField(name, filled.Get(name)))
	}
	part, err := parts.CreateFormFile("file", "picture.png")
	require.NoError(w.t, err)
	_, err = part.Write(testkit.Picture())
	require.NoError(w.t, err)
	require.NoError(w.t, parts.Close())
	return r.send(action, &sent, parts.FormDataContentType())
}
