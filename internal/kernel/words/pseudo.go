package words

import (
	"strings"
	"unicode/utf8"
)

// strange are letters that everybody reads as the plain ones before them.
var strange = strings.NewReplacer(
	"a", "à", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ĝ", "h", "ĥ", "i", "î", "j", "ĵ", "k", "ķ", "l", "ļ", "m", "ɱ",
	"n", "ñ", "o", "ö", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "û", "v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ý", "z", "ž",
	"A", "Å", "B", "Ɓ", "C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ĝ", "H", "Ĥ", "I", "Î", "J", "Ĵ", "K", "Ķ", "L", "Ļ", "M", "Ṁ",
	"N", "Ñ", "O", "Ö", "P", "Þ", "Q", "Ǫ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Û", "V", "Ṽ", "W", "Ŵ", "X", "Ẋ", "Y", "Ý", "Z", "Ž",
)

// estrange makes a plain text strange and 40 % longer. It grows within its words, as a longer language does: what may break a line
// stays as far apart.
func estrange(plain string) string {
	growth := (utf8.RuneCountInString(plain)*2 + 4) / 5
	var out strings.Builder
	for _, r := range plain {
		one := strange.Replace(string(r))
		out.WriteString(one)
		if growth > 0 && one != string(r) && strings.ContainsRune("aeiouyrnAEIOUY", r) {
			out.WriteString(strings.ToLower(one))
			growth--
		}
	}
	return out.String()
}

// pseudo is this catalog made strange.
func (c *catalog) pseudo() *catalog {
	made := &catalog{facts: c.facts, plurals: c.plurals, messages: make(map[string]message, len(c.messages))}
	made.Direction, made.Name = "rtl", estrange(c.Name)
	for _, names := range []*[]string{&made.Months, &made.ShortMonths, &made.Weekdays, &made.ShortWeekdays} {
		*names = estrangeAll(*names)
	}
	for key, m := range c.messages {
		strangers := message{other: m.other.pseudo()}
		for name, form := range m.forms {
			if strangers.forms == nil {
				strangers.forms = map[string]text{}
			}
			strangers.forms[name] = form.pseudo()
		}
		made.messages[key] = strangers
	}
	return made
}

func estrangeAll(plain []string) (list []string) {
	for _, name := range plain {
		list = append(list, estrange(name))
	}
	return list
}

// pseudo is this text made strange, its placeholders left alone.
func (t text) pseudo() text {
	if t.pieces == nil {
		return text{whole: estrange(t.whole)}
	}
	made := text{pieces: make([]string, len(t.pieces))}
	for i, piece := range t.pieces {
		if made.pieces[i] = piece; i%2 == 0 {
			made.pieces[i] = estrange(piece)
		} else {
			piece = "{" + piece + "}"
		}
		made.whole += piece
	}
	return made
}
