package door

import (
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
)

// The codes whose words are said where a code has none of its own.
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

// problemText returns what a person reads about a problem.
func problemText(code string, l people.Language) (title, detail string) {
	if !isProblem(code) {
		code = anyProblem
	}
	title, detail = "problem."+code+".title", "problem."+code+".detail"
	return l.Say(title), l.Say(detail, limits...)
}

// isProblem reports whether a code has words, and so a page, of its own.
func isProblem(code string) bool { return people.English.Has("problem." + code + ".title") }

// fieldText returns what a person reads about one field.
func fieldText(code string, l people.Language) string {
	key := "field." + code
	if !l.Has(key) {
		key = "field." + anyField
	}
	return l.Say(key, limits...)
}
