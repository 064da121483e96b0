package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"cadans/api/door"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// attempt is a form that was refused: which form, why, and what was entered. The page with the form is shown again with
// it.
type attempt struct {
	form     string
	err      error
	mistakes []mistake
	value    func(name string) string
}

// Refused reports whether it is this form that was refused.
func (a attempt) Refused(form string) bool { return a.err != nil && a.form == form }

// Old is what was entered in a field of a refused form, or else its initial value.
func (a attempt) Old(form, field, otherwise string) string {
	if !a.Refused(form) {
		return otherwise
	}
	return a.value(field)
}

// NewID is the id of what a form will store. A form that is submitted twice, or again after it was refused, keeps its
// id, so its content is stored once.
func (a attempt) NewID(form string) string { return a.Old(form, "id", id.New()) }

// answerForm answers a form: an accepted one with a redirect to a page; one that was refused for its content, or
// because it came too late, with the page that shows it again.
func (r *request) answerForm(err error, form, page string, show func() error) error {
	switch {
	case err == nil:
		return r.backTo(page)
	case fault.Is(err, fault.Invalid):
		r.refuse(err, form, mistakesIn(err, r.language)...)
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Stale):
		_, _, detail := door.Explained(err, r.language)
		r.refuse(err, form, mistake{text: detail})
	default:
		return err
	}
	r.back, _, _ = strings.Cut(page, "#")
	r.Status(http.StatusBadRequest)
	return show()
}

// refuse keeps what was entered in a form and what is wrong with it, for the page that shows it again.
func (r *request) refuse(err error, form string, mistakes ...mistake) {
	values := map[string]string{}
	for name, value := range r.Context().PostArgs().All() {
		values[string(name)] = string(value)
	}
	r.attempt = attempt{form, err, mistakes, func(name string) string { return values[name] }}
}

// mistakesIn lists what is wrong with the body that a form stands for.
func mistakesIn(err error, l people.Language) (mistakes []mistake) {
	for _, e := range door.FieldErrors(err, l) {
		m := mistake{text: e.Detail}
		if e.Pointer != nil {
			m.pointers = []string{*e.Pointer}
		}
		mistakes = append(mistakes, m)
	}
	return mistakes
}

// backTo answers an accepted form with a redirect, so that reloading the page does not submit it again.
func (r *request) backTo(path string) error { return r.Redirect(path, http.StatusSeeOther) }

// text returns a multi-line field as it is stored, because browsers end lines with CR LF.
func (r *request) text(name string) string {
	return strings.ReplaceAll(r.FormValue(name), "\r\n", "\n")
}

// fields is a form as a request body of the contract, so that a page obeys the same rules as the API. An empty field
// counts as missing.
type fields map[string]any

func (f fields) text(name, value string) fields {
	if value != "" {
		f[name] = value
	}
	return f
}

// number adds a whole-number field. Anything that is not a number passes through unchanged, for the contract to refuse.
func (f fields) number(name, value string) fields {
	value = strings.TrimSpace(value)
	if n, err := strconv.Atoi(value); err == nil {
		f[name] = float64(n)
	} else {
		f.text(name, value)
	}
	return f
}

// doseOf reads the fields of a dose.
func doseOf(field func(name string) string) map[string]any {
	dose := fields{}
	for _, name := range []string{"sets", "reps", "hold_s", "minutes"} {
		dose.number(name, field(name))
	}
	return dose
}

// as returns a form as the contract's own type. What is not of the type that the contract asks for is left out: the
// contract refuses it.
func as[Body any](f fields) Body {
	var body Body
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // a form holds texts and numbers
	}
	_ = json.Unmarshal(text, &body)
	return body
}

func (f fields) whole(name string) int {
	n, _ := f[name].(float64)
	return int(n)
}

// dayIn parses a day that the contract has accepted. An empty field is the zero Date.
func dayIn(text string) localtime.Date {
	day, err := localtime.ParseDate(text)
	if err != nil {
		return localtime.Date{}
	}
	return day
}
