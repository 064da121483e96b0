package door

import (
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
)

// The codes whose words are said where a code has none of its own.
const (
	anyProblem = "internal"
	anyField   = "invalid-input"
)

// problemText returns what a person reads about a problem.
func problemText(code string, l people.Language) (title, detail string) {
	if !isProblem(code) {
		code = anyProblem
	}
	title, detail = "problem."+code+".title", "problem."+code+".detail"
	return l.Say(title), l.Say(detail)
}

// isProblem reports whether a code has words, and so a page, of its own.
func isProblem(code string) bool { return people.English.Has("problem." + code + ".title") }

// fieldText returns what a person reads about one field, with the limits that the code sets.
func fieldText(code string, l people.Language) string {
	key := "field." + code
	if !l.Has(key) {
		key = "field." + anyField
	}
	return l.Say(key, "picture", exercise.MaxPicture>>20, "film", exercise.MaxFilm>>20)
}
