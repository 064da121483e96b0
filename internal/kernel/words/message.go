package words

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// count is the placeholder whose number decides the plural form.
const count = "n"

// message is what a key says. Forms are the plural forms besides other, by their CLDR names; most messages have none.
type message struct {
	other text
	forms map[string]text
}

func messageOf(m *i18n.Message) (message, error) {
	other, err := textOf(m.Other)
	if err != nil {
		return message{}, fmt.Errorf("words: %s: %w", m.ID, err)
	}
	found := message{other: other}
	forms := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many}
	for name, written := range forms {
		if written == "" {
			continue
		}
		form, err := textOf(written)
		if err != nil {
			return message{}, fmt.Errorf("words: %s, %s: %w", m.ID, name, err)
		}
		if found.forms == nil {
			found.forms = map[string]text{}
		}
		found.forms[name] = form
	}
	return found, nil
}

// form returns the plural form that the count asks for.
func (m message) form(c *catalog, args []any) text {
	if m.forms == nil {
		return m.other
	}
	n, isNumber := wholeOf(valueOf(count, args))
	if form, found := m.forms[c.plurals.of(n)]; isNumber && found {
		return form
	}
	return m.other
}

// text is one wording, cut at its placeholders: the pieces alternate, plain and name.
type text struct {
	whole  string
	pieces []string
}

func textOf(written string) (text, error) {
	t := text{whole: written}
	rest := written
	for {
		plain, after, opens := strings.Cut(rest, "{")
		if !opens {
			if t.pieces != nil {
				t.pieces = append(t.pieces, plain)
			}
			return t, nil
		}
		name, tail, closes := strings.Cut(after, "}")
		if !closes || name == "" {
			return text{}, fmt.Errorf("a brace is not closed in %q", written)
		}
		t.pieces, rest = append(t.pieces, plain, name), tail
	}
}

// names are the placeholders.
func (t text) names() (list []string) {
	for i := 1; i < len(t.pieces); i += 2 {
		list = append(list, t.pieces[i])
	}
	return list
}

// with fills in the placeholders from arguments. One without a value stays visible.
func (t text) with(args []any) string {
	return t.fill(func(name string) string {
		if value := valueOf(name, args); value != nil {
			return written(value)
		}
		return "{" + name + "}"
	})
}

// fill fills in the placeholders.
func (t text) fill(value func(name string) string) string {
	if t.pieces == nil {
		return t.whole
	}
	var out strings.Builder
	out.Grow(2 * len(t.whole))
	for i, piece := range t.pieces {
		if i%2 == 1 {
			piece = value(piece)
		}
		out.WriteString(piece)
	}
	return out.String()
}

// UnmarshalText reads a pattern of a fact.
func (t *text) UnmarshalText(written []byte) (err error) {
	*t, err = textOf(string(written))
	return err
}

// valueOf finds an argument by name; nil when there is none.
func valueOf(name string, args []any) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

func written(value any) string {
	if text, is := value.(string); is {
		return text
	}
	if n, is := wholeOf(value); is {
		return strconv.Itoa(n)
	}
	return fmt.Sprint(value)
}

// wholeOf returns the whole number that a value is, of whatever size, or points to, unless it writes itself; a template
// asks before it passes on what may be nil.
func wholeOf(value any) (n int, is bool) {
	if _, writes := value.(fmt.Stringer); writes {
		return 0, false
	}
	v := reflect.Indirect(reflect.ValueOf(value)) // of nil no value, which is no number
	switch {
	case v.CanInt():
		return int(v.Int()), true
	case v.CanUint():
		return int(v.Uint()), true
	default:
		return 0, false
	}
}
