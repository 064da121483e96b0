package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters are those that no accent makes of another: they are found under the letters that people type for them.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th",
	"ı", "i", "ĳ", "ij")

// Key returns a name as it is searched: words of small letters and digits without accents, a blank between them. An
// apostrophe joins, as people leave it out; any other sign parts.
func Key(name string) string {
	var key strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(Line(name))) {
		switch {
		case unicode.Is(unicode.Mn, r), strings.ContainsRune("'’‘ʼ`´", r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			key.WriteRune(r)
		default:
			key.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(letters.Replace(key.String())), " ")
}

// Finds reports whether a name is among what somebody searches for: it has each word of it, in any order; a single
// letter is an initial. Nothing finds everything.
func Finds(wanted, name string) bool {
	key := " " + Key(name)
	for word := range strings.FieldsSeq(Key(wanted)) {
		if len([]rune(word)) == 1 {
			word = " " + word
		}
		if !strings.Contains(key, word) {
			return false
		}
	}
	return true
}
