package door

import "cadans/internal/record/people"

// Codes whose texts are the fallback for codes without texts of their own.
const (
	anyProblem = "internal"
	anyField   = "invalid-input"
)

// problemText returns the text of a problem for people.
func problemText(code string, l people.Language) (title, detail string) {
	if !isProblem(code) {
		code = anyProblem
	}
	title, detail = "problem."+code+".title", "problem."+code+".detail"
	return l.Say(title), l.Say(detail)
}

// isProblem reports whether a code has texts of its own, and so a page.
func isProblem(code string) bool { return people.English.Has("problem." + code + ".title") }

// fieldText returns the text for people about an invalid field.
func fieldText(code string, l people.Language) string {
	key := "field." + code
	if !l.Has(key) {
		key = "field." + anyField
	}
	return l.Say(key)
}
