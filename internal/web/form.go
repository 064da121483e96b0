package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"cadans/api/door"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// attempt is a form that was refused: which form, why, and what was entered. The page with the form is shown again with
// it.
type attempt struct {
	form, wrong string
	err         error
	value       func(name string) string
}

// Wrong says why a form was refused; empty if it was not.
func (a attempt) Wrong(form string) string {
	if a.form != form {
		return ""
	}
	return a.wrong
}

// Old is what was entered in a field of a refused form, or else its initial value.
func (a attempt) Old(form, field, otherwise string) string {
	if a.form != form {
		return otherwise
	}
	return a.value(field)
}

// NewID is the id of what a form will store. A form that is submitted twice, or again after it was refused, keeps its
// id, so its content is stored once.
func (a attempt) NewID(form string) string { return a.Old(form, "id", id.New()) }

// again shows a page again if its form was refused for its content, or because it came too late.
func (r *request) again(err error, form, page string, show func() error) error {
	switch {
	case err == nil:
		return r.backTo(page)
	case fault.Is(err, fault.Invalid):
		r.attempt.wrong = door.FieldsExplained(err, r.language)
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Stale):
		_, _, r.attempt.wrong = door.Explained(err, r.language)
	default:
		return err
	}
	path, _, _ := strings.Cut(page, "#")
	r.back, r.attempt.form, r.attempt.err = path, form, err
	values := map[string]string{}
	for name, value := range r.Context().PostArgs().All() {
		values[string(name)] = string(value)
	}
	r.attempt.value = func(name string) string { return values[name] }
	r.Status(http.StatusBadRequest)
	return show()
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
