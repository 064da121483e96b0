package words

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/pkg/localtime"
)

// folder is a language in a test: the facts of English, and texts.
func folder(t *testing.T, texts map[string]string) fstest.MapFS {
	t.Helper()
	facts, err := fs.ReadFile(files, "en/"+factsFile)
	require.NoError(t, err)
	made := fstest.MapFS{"en/" + factsFile: {Data: facts}}
	for path, content := range texts {
		made[path] = &fstest.MapFile{Data: []byte(content)}
		code, _, _ := strings.Cut(path, "/")
		made[code+"/"+factsFile] = &fstest.MapFile{Data: facts}
	}
	return made
}

func TestSay(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		language Language
		key      string
		args     []any
		want     string
	}{
		"a text":                      {Dutch, "menu.caseload", nil, "Patiënten"},
		"in English":                  {English, "menu.caseload", nil, "Caseload"},
		"a language without catalog":  {"tlh", "menu.caseload", nil, "Caseload"},
		"no such key":                 {Dutch, "menu.nowhere", nil, "menu.nowhere"},
		"one":                         {Dutch, "unit.days", []any{"n", 1}, "1 dag"},
		"one that is pointed to":      {Dutch, "unit.days", []any{"n", new(1)}, "1 dag"},
		"one without a sign":          {Dutch, "unit.days", []any{"n", uint8(1)}, "1 dag"},
		"one of another size":         {Dutch, "unit.days", []any{"n", int64(1)}, "1 dag"},
		"none of what has a name":     {Dutch, "unit.days", []any{"n", time.March}, "March dagen"},
		"none":                        {Dutch, "unit.days", []any{"n", 0}, "0 dagen"},
		"many":                        {English, "unit.days", []any{"n", 1000}, "1000 days"},
		"a placeholder":               {English, "program.version.from", []any{"day", "Mon 23 Nov"}, "from Mon 23 Nov"},
		"a placeholder without value": {English, "program.version.from", []any{"date", "x"}, "from {day}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, tc.language.Say(tc.key, tc.args...))
		})
	}
	n := 3
	require.Equal(t, "n = 3", English.Say("practice.tile.of", "number", &n))
}

// What is kept stays in two languages; a reader of a third one gets English.
func TestPair(t *testing.T) {
	t.Parallel()
	day := Keep("unit.days", "n", 1)
	require.Equal(t, Pair{NL: "1 dag", EN: "1 day"}, day)
	require.Equal(t, []string{"1 dag", "1 day", "1 day", "1 day"},
		[]string{day.In(Dutch), day.In(English), day.In(Pseudo), day.In("tlh")})
	monday := localtime.MustParseDate("2026-11-23")
	since := KeepAs(func(l Language) string { return l.Say("program.version.from", "day", l.Weekday(monday)) })
	require.Equal(t, Pair{NL: "vanaf ma 23 nov", EN: "from Mon 23 Nov"}, since)
	require.Equal(t, Pair{NL: "1 dag; vanaf ma 23 nov", EN: "1 day; from Mon 23 Nov"}, Join([]Pair{day, since}, "; "))
	require.Empty(t, Join(nil, "; "))
}

func TestDatesAndNumbers(t *testing.T) {
	t.Parallel()
	day := localtime.MustParseDate("2026-11-23")
	require.Equal(t, "23 nov", Dutch.Date(day))
	require.Equal(t, "Mon 23 Nov", English.Weekday(day))
	require.Equal(t, "maandag 23 november", Dutch.LongDate(day))
	require.Equal(t, "–", Dutch.Date(localtime.Date{}))
	require.Equal(t, "50 %", Dutch.Percent(496))
	require.Equal(t, "50%", English.Percent(496))
	require.Equal(t, "6,3", Dutch.Tenths(63))
	require.Equal(t, "6.3", English.Tenths(63))
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	require.Equal(t, []Language{Dutch, English}, All(), "Dutch first")
	require.Equal(t, "Nederlands", Dutch.Name())
	require.True(t, Pseudo.IsKnown())
	require.False(t, Language("tlh").IsKnown())
	require.Equal(t, "ltr", English.Direction())
	require.JSONEq(t, `{"one": "{n} day", "other": "{n} days"}`, English.Forms("unit.days"))
}

// The rules of a language with many forms are those of CLDR.
func TestPluralForms(t *testing.T) {
	t.Parallel()
	found, err := read(folder(t, map[string]string{
		"en/a.yaml": "days: {one: '{n} day', other: '{n} days'}",
		"pl/a.yaml": "days: {one: '{n} dzień', few: '{n} dni (few)', many: '{n} dni', other: '{n} dnia'}",
	}))
	require.NoError(t, err)
	polish := found["pl"]
	for n, want := range map[int]string{
		1: "1 dzień", 2: "2 dni (few)", 5: "5 dni", 22: "22 dni (few)", 1002: "1002 dni (few)",
	} {
		args := []any{"n", n}
		require.Equal(t, want, polish.messages["days"].form(polish, args).with(args))
	}
}

// What is broken is refused when the program starts; what is missing is English.
func TestRead(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string]map[string]string{
		"a key in two files":           {"en/a.yaml": "a.b: one", "en/b.yaml": "a.b: two"},
		"a key twice in a file":        {"en/a.yaml": "a.b: one\na.b: two"},
		"a brace that is left open":    {"en/a.yaml": "a.b: 'from {day'"},
		"no YAML":                      {"en/a.yaml": "\t"},
		"a folder that is no language": {"en/a.yaml": "a.b: one", "no language/a.yaml": "a.b: one"},
		"a language without a fact":    {"en/a.yaml": "a.b: one", "en/" + factsFile: "name: English"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := folder(t, texts)
			for path, content := range texts {
				made[path] = &fstest.MapFile{Data: []byte(content)}
			}
			_, err := read(made)
			require.Error(t, err)
		})
	}
	found, err := read(folder(t, map[string]string{"en/a.yaml": "a.b: one\na.c: two", "tr/a.yaml": "a.b: bir"}))
	require.NoError(t, err)
	require.Equal(t, "bir", found["tr"].messages["a.b"].other.whole)
	require.Equal(t, "two", found["tr"].messages["a.c"].other.whole)
}

// Every letter of the pseudo-language is strange, and its texts are 40 % longer.
func TestPseudo(t *testing.T) {
	t.Parallel()
	require.Equal(t, "rtl", Pseudo.Direction())
	require.NotContains(t, Pseudo.Say("menu.caseload"), "Caseload")
	require.Contains(t, Pseudo.Say("program.version.from", "day", "23 Nov"), "23 Nov", "a value stays as it is")
	plain, strange := 0, 0
	for _, m := range catalogs[English].messages {
		plain += len([]rune(m.other.whole))
	}
	for _, m := range pseudo().messages {
		strange += len([]rune(m.other.whole))
		for i, piece := range append([]string{m.other.whole}, m.other.pieces...) {
			if m.other.pieces == nil || i%2 == 1 {
				require.NotRegexp(t, "[A-Za-z]", piece)
			}
		}
	}
	require.InDelta(t, 1.4, float64(strange)/float64(plain), 0.05)
}

// The tests below hold every language to English, whatever its folder is called.

func TestEveryLanguageHasEveryText(t *testing.T) {
	t.Parallel()
	require.Empty(t, differences(t, files))
}

// differences says what a language lacks, or has too much, beside English.
func differences(t *testing.T, folders fs.FS) (wrong []string) {
	t.Helper()
	entries, err := fs.ReadDir(folders, ".")
	require.NoError(t, err)
	english := alone(t, folders, string(English))
	for _, entry := range entries {
		c := alone(t, folders, entry.Name())
		for _, key := range slices.Sorted(maps.Keys(english.messages)) {
			m, has := c.messages[key]
			if !has {
				wrong = append(wrong, entry.Name()+" lacks "+key)
				continue
			}
			wrong = append(wrong, faults(entry.Name()+", "+key, c, m, english.messages[key])...)
		}
		for _, key := range slices.Sorted(maps.Keys(c.messages)) {
			if _, has := english.messages[key]; !has {
				wrong = append(wrong, entry.Name()+" alone has "+key)
			}
		}
	}
	return wrong
}

// alone is a language as its folder has it, with nothing filled in.
func alone(t *testing.T, folders fs.FS, name string) *catalog {
	t.Helper()
	c, err := readOne(folders, name)
	require.NoError(t, err)
	return c
}

// faults compares placeholders, and looks for the plural forms that the language needs.
func faults(at string, c *catalog, m, english message) (wrong []string) {
	if (m.forms == nil) != (english.forms == nil) {
		return []string{at + ": plural forms in one language only"}
	}
	wanted := placeholders(english.other)
	for name, form := range m.forms {
		if !slices.Contains(c.plurals.needed(), name) {
			wrong = append(wrong, at+": the language has no form "+name)
		}
		if !slices.Equal(wanted, placeholders(form)) {
			wrong = append(wrong, at+": other placeholders in form "+name)
		}
	}
	if !slices.Equal(wanted, placeholders(m.other)) {
		wrong = append(wrong, at+": other placeholders than in English")
	}
	if m.forms == nil {
		return wrong
	}
	for _, name := range c.plurals.needed() {
		if _, has := m.forms[name]; !has && name != probe.Other {
			wrong = append(wrong, at+": the form "+name+" is missing")
		}
	}
	return wrong
}

func placeholders(t text) []string { return slices.Compact(slices.Sorted(slices.Values(t.names()))) }

// needed are the forms that whole numbers take.
func (p plurals) needed() (forms []string) {
	for n := range 2000 {
		if form := p.of(n); !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return forms
}

// The comparison finds what it is for.
func TestDifferencesAreFound(t *testing.T) {
	t.Parallel()
	english := "a.b: 'from {day}'\nunit.days: {one: '{n} day', other: '{n} days'}\n"
	for name, tc := range map[string]struct {
		polish string
		want   []string
	}{
		"nothing": {
			"a.b: 'od {day}'\nunit.days: {one: '{n} a', few: '{n} b', many: '{n} c', other: '{n} d'}", nil,
		},
		"a key that is missing": {
			"unit.days: {one: '{n} a', few: '{n} b', many: '{n} c', other: '{n} d'}", []string{"pl lacks a.b"},
		},
		"a key too much": {
			"a.b: 'od {day}'\na.c: c\nunit.days: {one: '{n} a', few: '{n} b', many: '{n} c', other: '{n} d'}",
			[]string{"pl alone has a.c"},
		},
		"another placeholder": {
			"a.b: 'od {date}'\nunit.days: {one: '{n} a', few: '{n} b', many: '{n} c', other: '{n} d'}",
			[]string{"pl, a.b: other placeholders than in English"},
		},
		"a form that is missing": {
			"a.b: 'od {day}'\nunit.days: {one: '{n} a', many: '{n} c', other: '{n} d'}",
			[]string{"pl, unit.days: the form few is missing"},
		},
		"a form that the language has not": {
			"a.b: 'od {day}'\nunit.days: {one: '{n} a', two: '{n} a', few: '{n} b', many: '{n} c', other: '{n} d'}",
			[]string{"pl, unit.days: the language has no form two"},
		},
		"no plural": {
			"a.b: 'od {day}'\nunit.days: '{n} dni'", []string{"pl, unit.days: plural forms in one language only"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folders := folder(t, map[string]string{"en/a.yaml": english, "pl/a.yaml": tc.polish})
			require.Equal(t, tc.want, differences(t, folders))
		})
	}
}
