package web

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A refused form is shown again with its mistakes: a summary at the top, which has the focus and links to the fields,
// and beside each wrong field what is wrong with it. It is added to the finished page, in the words of the page's own
// labels. So a form does nothing for it, and one that is new has it too.

// mistake is something that is wrong with a form: in the fields that its pointers name, or else in the form as a whole.
type mistake struct {
	pointers []string // JSON Pointers into the body that the form stands for
	text     string
}

// refusal is a page that shows a refused form again.
type refusal struct {
	Words
	page     *html.Node
	form     *html.Node // nil if the page shows it no more: what it was about is gone
	controls []*html.Node
	summary  *html.Node // the list of links
}

// marked returns a page with the mistakes of the form that it shows again.
func (a attempt) marked(page []byte, path string, w Words) ([]byte, error) {
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	r := refusal{Words: w, page: document, summary: element(atom.Ul)}
	r.form = a.formOf(document, path)
	r.controls = controlsOf(document, r.form)
	r.choose(a)
	r.summarize()
	for _, m := range a.mistakes {
		r.tell(m)
	}
	var out bytes.Buffer
	err = html.Render(&out, document)
	return out.Bytes(), err
}

// formOf finds the refused form: by the path to which it goes and, where several go there, by its hidden fields.
func (a attempt) formOf(page *html.Node, path string) (found *html.Node) {
	for form := range page.Descendants() {
		if form.DataAtom != atom.Form || valueOf(form, "action") != path {
			continue
		}
		if a.sent(form) {
			return form
		}
		if found == nil {
			found = form
		}
	}
	return found
}

// renewed are the hidden fields that differ each time a form is shown.
var renewed = []string{"form", "id", "etag", "based"}

// sent reports whether a form has the hidden fields that were sent.
func (a attempt) sent(form *html.Node) bool {
	for field := range form.Descendants() {
		name := valueOf(field, "name")
		isHidden := valueOf(field, "type") == "hidden" && !slices.Contains(renewed, name)
		if isHidden && valueOf(field, "value") != a.value(name) {
			return false
		}
	}
	return true
}

// controlsOf are the fields of a form that a reader fills in. A form of buttons alone is about the fields beside it.
func controlsOf(page, form *html.Node) (controls []*html.Node) {
	var others []*html.Node
	for n := range page.Descendants() {
		switch {
		case !isControl(n):
		case form != nil && (isWithin(n, form) || has(n, "form") && valueOf(n, "form") == valueOf(form, "id")):
			controls = append(controls, n)
		default:
			others = append(others, n)
		}
	}
	if form != nil && len(controls) == 0 {
		return others
	}
	return controls
}

func isControl(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Select, atom.Textarea:
		return has(n, "name")
	case atom.Input:
		return has(n, "name") && valueOf(n, "type") != "hidden"
	default:
		return false
	}
}

// choose chooses in each list what was chosen when the form was sent.
func (r *refusal) choose(a attempt) {
	for _, list := range r.controls {
		if list.DataAtom != atom.Select || a.value(valueOf(list, "name")) == "" {
			continue
		}
		for option := range list.Descendants() {
			remove(option, "selected")
			if option.DataAtom == atom.Option && valueOf(option, "value") == a.value(valueOf(list, "name")) {
				set(option, "selected", "")
			}
		}
	}
}

// summarize puts the summary at the top of the page's content, and the focus on it.
func (r *refusal) summarize() {
	for n := range r.page.Descendants() {
		remove(n, "autofocus")
	}
	title := element(atom.H2, "id", "wrong-title")
	title.AppendChild(textNode(r.Say("form.refused")))
	top := element(atom.Div, "class", "refusal", "id", "wrong", "role", "alert", "tabindex", "-1", "autofocus", "",
		"aria-labelledby", "wrong-title")
	top.AppendChild(title)
	top.AppendChild(r.summary)
	for n := range r.page.Descendants() {
		if n.DataAtom == atom.Main {
			n.InsertBefore(top, n.FirstChild)
			return
		}
	}
}

// tell adds a mistake to the summary, and says it beside its fields.
func (r *refusal) tell(m mistake) {
	var fields []*html.Node
	for _, pointer := range m.pointers {
		fields = append(fields, r.fieldsAt(pointer)...)
	}
	line := m.text
	if len(m.pointers) == 1 && len(fields) > 0 {
		line = r.Say("form.refused.field", "name", r.nameOf(fields[0]), "what", m.text)
	}
	target := ""
	switch {
	case len(fields) > 0:
		target = r.mark(fields, m.text)
	case r.form != nil:
		target = r.tellForm(m.text)
	}
	r.list(line, target)
}

// list adds a line to the summary; it is a link if it has a target.
func (r *refusal) list(line, target string) {
	content := textNode(line)
	if target != "" {
		link := element(atom.A, "href", "#"+target)
		link.AppendChild(content)
		content = link
	}
	item := element(atom.Li)
	item.AppendChild(content)
	r.summary.AppendChild(item)
}

// tellForm says what is wrong at the start of the form, and returns the id of the text.
func (r *refusal) tellForm(said string) string {
	const place = "wrong-form"
	wrong := byID(r.form, place)
	if wrong == nil {
		wrong = element(atom.P, "class", "wrong", "id", place)
		r.form.InsertBefore(wrong, r.form.FirstChild)
	}
	wrong.AppendChild(textNode(said + " "))
	reveal(r.form)
	return place
}

// mark marks fields as wrong, says why beside them, and returns the id of the first.
func (r *refusal) mark(fields []*html.Node, said string) string {
	first := fields[0]
	for i, field := range fields {
		set(field, "id", cmp.Or(valueOf(field, "id"), idOf(field, i)))
	}
	reason := "wrong-" + valueOf(first, "id")
	switch {
	case r.form != nil && !isWithin(first, r.form):
		reason = r.tellForm(said)
	case has(first, "aria-invalid"): // a second mistake in one field
		byID(r.page, reason).AppendChild(textNode(" " + said))
		return valueOf(first, "id")
	default:
		wrong := element(atom.Span, "class", "wrong", "id", reason)
		wrong.AppendChild(textNode(said))
		putBeside(first, wrong)
	}
	for _, field := range fields {
		set(field, "aria-invalid", "true")
		set(field, "aria-describedby", strings.TrimSpace(valueOf(field, "aria-describedby")+" "+reason))
	}
	reveal(first)
	return valueOf(first, "id")
}

// idOf is the id of a field that has none; boxes of one name are numbered.
func idOf(field *html.Node, n int) string {
	id := "field-" + valueOf(field, "name")
	if n > 0 {
		id += "-" + valueOf(field, "value")
	}
	return id
}

// putBeside puts a text after a field. It stays outside of the field's label, because it is not part of its name; for
// boxes to tick it stands after the last.
func putBeside(field, said *html.Node) {
	if isBox(field) {
		if group := around(field, atom.Fieldset); group != nil {
			group.AppendChild(said)
			return
		}
	}
	if label := around(field, atom.Label); label != nil {
		both := element(atom.Span, "class", "field")
		label.Parent.InsertBefore(both, label)
		label.Parent.RemoveChild(label)
		both.AppendChild(label)
		field = label
	}
	field.Parent.InsertBefore(said, field.NextSibling)
}

// reveal opens what is folded up around a mistake.
func reveal(n *html.Node) {
	if folded := around(n, atom.Details); folded != nil {
		set(folded, "open", "")
	}
}

// nameOf names a field as its labels do: what it is part of, and itself.
func (r *refusal) nameOf(field *html.Node) string {
	var names []string
	for n := range field.Ancestors() {
		if n.DataAtom == atom.Fieldset && n.FirstChild != nil && n.FirstChild.DataAtom == atom.Legend {
			names = append(names, textOf(n.FirstChild))
		}
	}
	slices.Reverse(names)
	if isBox(field) && len(names) > 0 {
		return strings.Join(names, ", ")
	}
	if label := r.labelOf(field); label != nil {
		names = append(names, textOf(label))
	}
	return strings.Join(names, ", ")
}

func (r *refusal) labelOf(field *html.Node) *html.Node {
	if label := around(field, atom.Label); label != nil {
		return label
	}
	for n := range r.page.Descendants() {
		if n.DataAtom == atom.Label && has(n, "for") && valueOf(n, "for") == valueOf(field, "id") {
			return n
		}
	}
	return nil
}

// fieldsAt are the fields that a pointer names: one, or all boxes of one name.
func (r *refusal) fieldsAt(pointer string) (fields []*html.Node) {
	for _, name := range fieldNames(pointer) {
		for _, control := range r.controls {
			if valueOf(control, "name") == name && (len(fields) == 0 || isBox(control)) {
				fields = append(fields, control)
			}
		}
		if len(fields) > 0 {
			return fields
		}
	}
	return nil
}

// firstOf is the field that stands for something that has several.
var firstOf = map[string]string{
	"name": "name_nl", "instructions": "instructions_nl", "cautions": "cautions_nl", // one of two languages
	"dose": "sets", "minimum_dose": "sets", "schedule": "kind",
	"alert_ids": "alert", "until": "days",
}

// fieldNames are the names that the field at a pointer may have, the likeliest first: /items/2/dose/sets is the field
// sets-2, /name/nl is name_nl, and /dose the first field of the dose.
func fieldNames(pointer string) (names []string) {
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	row := ""
	if len(parts) > 1 && parts[0] == "items" {
		row, parts = "-"+parts[1], append([]string{"dose"}, parts[2:]...)
	}
	names = append(names, strings.Join(parts, "_")+row)
	for _, part := range slices.Backward(parts) {
		names = append(names, part+row)
		if first, several := firstOf[part]; several {
			names = append(names, first+row)
		}
	}
	return names
}
