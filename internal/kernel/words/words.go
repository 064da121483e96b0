// Package words holds every text that a person reads, by key, in a folder for each language.
//
// It promises that Say finds a text in constant time and never fails: where a language lacks one, the reader gets English.
// Tests refuse a language that lacks a text, a placeholder or a plural form, and a key that nobody uses. The plain facts of a
// language, such as the names of its months, its decimal sign and its direction, stand in the same folder. A new language is a
// new folder; no Go code names the languages there are.
//
// Content with a shape of its own, such as exercises and questionnaires, is data and stays where its shape is known.
package words

import (
	"cmp"
	"embed"
	"encoding/json"
	"maps"
	"slices"
	"sync"
)

// Language is what a person reads, by its BCP 47 code.
type Language string

// The languages that code must know by name: where the product is at home, and what a reader gets when a text is missing.
const (
	Dutch   Language = "nl"
	English Language = "en"
)

// Pseudo is English with strange letters, 40 % longer and from right to left. A text that stays plain on a page in this language
// comes from no catalog, and a page that holds it holds any language. No list offers it.
const Pseudo Language = "qps"

//go:embed */*.yaml
var files embed.FS

// The catalogs are read once, when the program starts.
var (
	catalogs = mustRead(files)
	pseudo   = sync.OnceValue(func() *catalog { return catalogs[English].pseudo() })
)

// All returns the languages that readers may choose, Dutch first and the others by their own names.
func All() []Language {
	return slices.SortedFunc(maps.Keys(catalogs), func(a, b Language) int {
		if a == Dutch || b == Dutch {
			return cmp.Compare(rank(a), rank(b))
		}
		return cmp.Compare(a.Name(), b.Name())
	})
}

func rank(l Language) int {
	if l == Dutch {
		return 0
	}
	return 1
}

// IsKnown reports whether there is a catalog in the language.
func (l Language) IsKnown() bool { return catalogs[l] != nil || l == Pseudo }

// Say returns the text of a key. Arguments come in pairs, a placeholder's name and its value; the number named n decides the
// plural form. A key that does not exist is returned as it is.
func (l Language) Say(key string, args ...any) string {
	c := l.catalog()
	m, found := c.messages[key]
	if !found {
		return key
	}
	if len(args) == 0 {
		return m.other.whole
	}
	return m.form(c, args).with(args)
}

// Forms returns the plural forms of a key as JSON, by their CLDR names, for a script that counts for itself.
func (l Language) Forms(key string) string {
	m := l.catalog().messages[key]
	forms := map[string]string{"other": m.other.whole}
	for name, form := range m.forms {
		forms[name] = form.whole
	}
	written, _ := json.Marshal(forms) // of texts alone
	return string(written)
}

// Has reports whether there is a text for a key: for keys that are made from a code.
func (l Language) Has(key string) bool {
	_, found := l.catalog().messages[key]
	return found
}

// Pick returns one of a pair of texts that are data, in Dutch and English.
func (l Language) Pick(dutch, english string) string {
	if l == Dutch {
		return dutch
	}
	return english
}

// catalog is that of the language, or the English one.
func (l Language) catalog() *catalog {
	if c := catalogs[l]; c != nil {
		return c
	}
	if l == Pseudo {
		return pseudo()
	}
	return catalogs[English]
}
