package door

import (
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
)

// Codes whose texts are the fallback for codes without texts of their own.
const (
	anyProblem = "internal"
	anyField   = "invalid-input"
)

// limits are what texts name and code sets: how many MB a picture and a film may have, and for how many days a session
// can be changed.
var limits = []any{
	"picture", exercise.MaxPicture >> 20, "film", exercise.MaxFilm >> 20,
	"days", session.EditDays,
}

// problemText returns the text of a problem for people.
func problemText(code string, l people.Language) (title, detail string) {
	if !isProblem(code) {
		code = anyProblem
	}
	title, detail = "problem."+code+".title", "problem."+code+".detail"
	return l.Say(title), l.Say(detail, limits...)
}

// isProblem reports whether a code has texts of its own, and so a page.
func isProblem(code string) bool { return people.English.Has("problem." + code + ".title") }

// fieldText returns the text for people about an invalid field.
func fieldText(code string, l people.Language) string {
	key := "field." + code
	if !l.Has(key) {
		key = "field." + anyField
	}
	return l.Say(key, limits...)
}
