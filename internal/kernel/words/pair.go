package words

import "strings"

// Pair is a text that is kept as it was said, in Dutch and in English, or that is data in both. A reader in a third
// language gets the English one.
type Pair struct{ NL, EN string }

// Keep says a key in both languages, to be kept.
func Keep(key string, args ...any) Pair {
	return KeepAs(func(l Language) string { return l.Say(key, args...) })
}

// KeepAs keeps what is said in both languages, where they differ in more than the wording: in how they write a day, or
// in a text within the text.
func KeepAs(say func(Language) string) Pair { return Pair{NL: say(Dutch), EN: say(English)} }

// In returns the text for a reader.
func (p Pair) In(l Language) string {
	if l == Dutch {
		return p.NL
	}
	return p.EN
}

// Join puts texts one after another, with something in between.
func Join(pairs []Pair, between string) Pair {
	return KeepAs(func(l Language) string {
		texts := make([]string, len(pairs))
		for i, p := range pairs {
			texts[i] = p.In(l)
		}
		return strings.Join(texts, between)
	})
}
