package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"html"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"cadans/internal/run/testdb"
)

// families is where keys are composed of codes; a test of its own knows all codes.
const families = "internal/web/"

// content are the packages whose texts have a shape of their own, and are data: questionnaires, exercises, rules with
// their evidence, and what the people of the demo say.
var content = []string{
	"internal/record/education", "internal/record/exercise", "internal/record/intake", "internal/record/questionnaire",
	"internal/rules/proposal", "internal/run",
}

// Every text that the program says exists, every text that exists is said, and none stands beside the catalogs.
func TestTextsStandInCatalogs(t *testing.T) {
	t.Parallel()
	w := reading{keys: keysOf(t), places: placesOf(t), used: map[string]bool{}}
	w.walk(t)
	require.Greater(t, len(w.used), 500)
	for key := range w.keys {
		if !w.used[key] {
			w.wrong = append(w.wrong, key+" is said nowhere")
		}
	}
	require.Empty(t, slices.Sorted(slices.Values(w.wrong)))
}

// The guard finds what it is for.
func TestTheGuardFindsTexts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ file, source, want string }{
		"a key that is missing":           {"a.go", `package a; var s = w.Say("b.c")`, "a.go: b.c is in no catalog"},
		"a key of a page that is missing": {"a.html", `<p>{{.Say "b.c"}}</p>`, "a.html: b.c is in no catalog"},
		"a pair of texts": {
			"a.go", `package a; var s = w.Pick("ja", "yes")`,
			`a.go: "ja" and "yes" stand in code`,
		},
		"a Dutch text": {
			"a.go", `package a; var s = "Er is geen programma"`,
			`a.go: Dutch: "Er is geen programma"`,
		},
		"a text of a page": {"a.html", `<p>Hello {{.Name}}</p>`, "a.html: text: Hello"},
		"a label":          {"a.html", `<p aria-label="Menu"></p>`, "a.html: text: Menu"},
		"nothing": {
			"a.html", `<p title="{{.Say "a.known"}}">{{.Say "a.known"}} · 10 Cadans</p>`,
			"",
		},
		"a composed key": {
			"a.go", `package a; var s = w.Say("b." + code)`,
			"a.go: says a composed key: ask Has first",
		},
		"a key that is named, and missing": {
			"a.go", `package a; var s = verdict("a.gone")`,
			"a.go: a.gone is in no catalog",
		},
		"a file that is named": {"a.go", `package a; var s = read("b.html")`, ""},
		"a title of a page": {
			families + "a.go", `package a; var s = r.show("a", "Members")`, families + `a.go: text: "Members"`,
		},
		"a sentence of a page": {
			families + "a.go", `package a; var s = row{Name: "Not known yet."}`,
			families + `a.go: text: "Not known yet."`,
		},
		"names in a page": {
			families + "a.go", `package a; var s = get("Sec-Fetch-Site", "Europe/Amsterdam", "GET")`, "",
		},
		"a pair in a struct": {
			"a.go", `package a; var s = pair{NL: "ja", EN: "yes"}`,
			`a.go: "ja" and "yes" stand in code`,
		},
		"a pair in a list": {
			"a.go", `package a; var s = [2]string{"ja graag", "yes please"}`,
			`a.go: "ja graag" and "yes please" stand in code`,
		},
		"two codes in a list": {"a.go", `package a; var s = [2]string{"yes", "no"}`, ""},
		"a composed key that is kept": {
			"a.go", `package a; var s = words.Keep("b." + code)`,
			"a.go: says a composed key: ask Has first",
		},
		"a list of keys":      {families + "a.go", `package a; var s = w.Say("b." + code)`, ""},
		"a key that is asked": {"a.go", `package a; func f() { if key := "a." + code; w.Has(key) { w.Say(key) } }`, ""},
		"a placeholder without a value": {
			"a.go", `package a; var s = w.Say("a.day")`, "a.go: a.day gets no {day}",
		},
		"a placeholder of another text": {
			"a.go", `package a; var s = words.Keep("a.known", "day", 1)`, "a.go: a.known has no {day}",
		},
		"a placeholder under another name": {
			"a.go", `package a; var s = w.Say("a.day", "date", 1)`,
			"a.go: a.day gets no {day}; a.go: a.day has no {date}",
		},
		"a placeholder in a family": {
			families + "a.go", `package a; var s = w.Say("a." + code)`, families + "a.go: a.day gets no {day}",
		},
		"placeholders as a list":     {"a.go", `package a; var s = w.Say("a.day", all...)`, ""},
		"a placeholder with a value": {"a.go", `package a; var s = w.Say("a.day", "day", 1)`, ""},
		"a placeholder of a page without a value": {
			"a.html", `<p>{{.Say "a.day" "date" .}}</p>`, "a.html: a.day gets no {day}",
		},
		"a placeholder of a page": {"a.html", `<p>{{$.Say "a.day" "day" (.Weekday .Date)}}</p>`, ""},
		"no Dutch":                {"a.go", `package a; var s = "the patient is in pain"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := reading{
				keys:   map[string]bool{"a.known": true, "a.day": true},
				places: map[string][]string{"a.day": {"day"}}, used: map[string]bool{},
			}
			w.file(t, tc.file, []byte(tc.source))
			require.Equal(t, tc.want, strings.Join(w.wrong, "; "))
		})
	}
}

// keysOf are the keys of the English catalog; that the others have the same is the catalogs' own test.
func keysOf(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(testdb.Root(), "internal/kernel/words/en/*.yaml"))
	require.NoError(t, err)
	for _, path := range files {
		if filepath.Base(path) == "language.yaml" {
			continue
		}
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		var texts map[string]any
		require.NoError(t, yaml.Unmarshal(content, &texts))
		for key := range maps.Keys(texts) {
			keys[key] = true
		}
	}
	return keys
}

// reading is what was found in code and pages.
type reading struct {
	keys, used map[string]bool
	places     map[string][]string // the placeholders of each text
	wrong      []string
}

func (w *reading) walk(t *testing.T) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(testdb.Root(), func(path string, d fs.DirEntry, err error) error {
		inside, relErr := filepath.Rel(testdb.Root(), path)
		require.NoError(t, relErr)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".git") || inside == "api/wire"):
			return filepath.SkipDir
		case d.IsDir() || strings.HasSuffix(path, "_test.go") || !isRead(inside):
			return nil
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		w.file(t, filepath.ToSlash(inside), source)
		return nil
	}))
}

func isRead(path string) bool {
	return strings.HasSuffix(path, ".go") || strings.HasPrefix(path, "internal/web/pages/") ||
		path == "api/brief.html" || path == "internal/screens/review/document.html"
}

func (w *reading) file(t *testing.T, path string, source []byte) {
	t.Helper()
	if strings.HasSuffix(path, ".html") {
		w.page(path, string(source))
	} else {
		w.code(t, path, source)
	}
}

var (
	saying = regexp.MustCompile(`\.(?:Say|Forms|In) "([a-z_]+\.[a-z_.0-9]+)"`)
	action = regexp.MustCompile(`\{\{.*?\}\}`)
	said   = regexp.MustCompile(`>([^<]*)<|(?:aria-label|placeholder|title|alt)="([^"]*)"`)
	letter = regexp.MustCompile(`\p{L}{2,}`)
)

// page looks for keys and for plain texts. The product's name is one, and the names of keys on a keyboard.
func (w *reading) page(path, source string) {
	for _, m := range saying.FindAllStringSubmatch(source, -1) {
		w.says(path, m[1])
	}
	for _, m := range filling.FindAllStringSubmatch(source, -1) {
		w.fillsOn(path, m[1], m[2])
	}
	bare := strings.ReplaceAll(action.ReplaceAllString(source, ""), "Cadans", "")
	for _, m := range said.FindAllStringSubmatch(">"+bare+"<", -1) {
		if text := strings.TrimSpace(html.UnescapeString(m[1] + m[2])); letter.MatchString(text) {
			w.wrong = append(w.wrong, path+": text: "+text)
		}
	}
}

func (w *reading) says(path, key string) {
	if !w.keys[key] {
		w.wrong = append(w.wrong, path+": "+key+" is in no catalog")
	}
	w.used[key] = true
}

// code looks for keys, for pairs of texts and for Dutch.
func (w *reading) code(t *testing.T, path string, source []byte) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
	require.NoError(t, err)
	dir := filepath.ToSlash(filepath.Dir(path))
	free := slices.ContainsFunc(content, func(in string) bool { return isIn(dir, in) })
	ast.Inspect(file, func(n ast.Node) bool {
		switch v := n.(type) {
		case *ast.CallExpr:
			w.call(path, v, free)
		case *ast.CompositeLit:
			w.composite(path, v, free)
		case *ast.BasicLit:
			w.literal(path, v, free)
		}
		return true
	})
}

func (w *reading) call(path string, c *ast.CallExpr, free bool) {
	name, is := c.Fun.(*ast.SelectorExpr)
	if !is || len(c.Args) == 0 {
		return
	}
	says := slices.Contains([]string{"Say", "Forms", "Keep"}, name.Sel.Name)
	_, composed := c.Args[0].(*ast.BinaryExpr)
	if composed && says && !strings.HasPrefix(path, families) {
		w.wrong = append(w.wrong, path+": says a composed key: ask Has first")
	}
	if says && name.Sel.Name != "Forms" {
		w.fills(path, c)
	}
	first, isText := textIn(c.Args[0])
	switch {
	case !isText:
	case says && !(free && strings.Contains(first, " ")):
		w.says(path, first)
	case name.Sel.Name == "Pick" && len(c.Args) == 2 && !free:
		w.pair(path, c.Args[0], c.Args[1])
	}
}

// composite looks for pairs: in fields that are named after the languages, or in a list of two sentences.
func (w *reading) composite(path string, c *ast.CompositeLit, free bool) {
	if free {
		return
	}
	fields := map[string]ast.Expr{}
	for _, e := range c.Elts {
		if field, is := e.(*ast.KeyValueExpr); is {
			if name, is := field.Key.(*ast.Ident); is {
				fields[strings.ToLower(name.Name)] = field.Value
			}
		}
	}
	if fields["nl"] != nil && fields["en"] != nil {
		w.pair(path, fields["nl"], fields["en"])
	}
	if _, isList := c.Type.(*ast.ArrayType); isList && len(c.Elts) == 2 {
		if first, is := textIn(c.Elts[0]); is && strings.Contains(first, " ") {
			w.pair(path, c.Elts[0], c.Elts[1])
		}
	}
}

func (w *reading) pair(path string, a, b ast.Expr) {
	first, one := textIn(a)
	second, two := textIn(b)
	if one && two {
		w.wrong = append(w.wrong, path+": "+strconv.Quote(first)+" and "+strconv.Quote(second)+" stand in code")
	}
}

// named is what a key looks like.
var named = regexp.MustCompile(`^([a-z_]+\.)[a-z_0-9.-]*[a-z_0-9]$`)

// hasSection reports whether there are keys that begin so.
func (w *reading) hasSection(section string) bool {
	for key := range w.keys {
		if strings.HasPrefix(key, section) {
			return true
		}
	}
	return false
}

// literal notes the keys that a text names: itself, or all that begin with it. What looks like a key is one.
func (w *reading) literal(path string, l *ast.BasicLit, free bool) {
	text, is := textIn(l)
	if !is {
		return
	}
	if m := named.FindStringSubmatch(text); m != nil && w.hasSection(m[1]) && (w.keys[text] || !free) {
		w.says(path, text)
	}
	if strings.HasSuffix(text, ".") && len(text) > 1 && !strings.Contains(text, " ") {
		for key := range w.keys {
			w.used[key] = w.used[key] || strings.HasPrefix(key, text)
		}
	}
	if strings.HasPrefix(path, families) && sentence.MatchString(text) {
		w.wrong = append(w.wrong, path+": text: "+strconv.Quote(text))
	}
	if !free && len(dutch.FindAllString(text, -1)) >= 2 {
		w.wrong = append(w.wrong, path+": Dutch: "+strconv.Quote(text))
	}
}

// sentence is what people would read on a page: a word with a capital, alone or with others.
var sentence = regexp.MustCompile(`^\p{Lu}\p{Ll}+(?:[ ,;:–]+[\p{L}\d]+)*[.!?]?$`)

// dutch are words that only Dutch has, and that hardly any sentence does without.
var dutch = regexp.MustCompile(
	`(?i)\b(de|het|een|er|geen|niet|van|voor|wordt|zijn|uw|naar|bij|deze|nog|hoe|waar|gaat|programma)\b`)

func textIn(e ast.Expr) (string, bool) {
	l, is := e.(*ast.BasicLit)
	if !is || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}
