package words

import (
	"fmt"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// plurals says which plural form a number takes in a language, by the rules of CLDR. Small numbers are looked up beforehand.
type plurals struct {
	localizer *i18n.Localizer
	small     [101]string
}

// probe is a message that says which of its forms was taken: the rules have no other door.
var probe = &i18n.Message{ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"}

func pluralsOf(code string) (plurals, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return plurals{}, fmt.Errorf("words: the folder %q is no language: %w", code, err)
	}
	bundle := i18n.NewBundle(tag)
	if err = bundle.AddMessages(tag, probe); err != nil {
		return plurals{}, fmt.Errorf("words: %w", err)
	}
	p := plurals{localizer: i18n.NewLocalizer(bundle, code)}
	for n := range p.small {
		p.small[n] = p.ask(n)
	}
	return p, nil
}

func (p *plurals) of(n int) string {
	if n >= 0 && n < len(p.small) {
		return p.small[n]
	}
	return p.ask(n)
}

func (p *plurals) ask(n int) string {
	form, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: probe.ID, PluralCount: n})
	if err != nil {
		return probe.Other
	}
	return form
}
