package house_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"cadans/internal/run/testdb"
)

var place = regexp.MustCompile(`\{([a-z_]+)\}`)

// placesOf are the placeholders of each text of the English catalog; that the others have the same is the catalogs' own
// test.
func placesOf(t *testing.T) map[string][]string {
	t.Helper()
	places := map[string][]string{}
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
		for key, text := range texts {
			if forms, has := text.(map[string]any); has {
				text = forms["other"]
			}
			places[key] = namesIn(text.(string))
		}
	}
	return places
}

func namesIn(text string) (names []string) {
	for _, m := range place.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// fills holds a call to the placeholders of its text: one that gets no value stands on the page as "{day}". What is
// passed on as a list is the business of who made it.
func (w *reading) fills(path string, c *ast.CallExpr) {
	if c.Ellipsis.IsValid() {
		return
	}
	var given []string
	for i := 1; i < len(c.Args); i += 2 {
		if name, is := textIn(c.Args[i]); is {
			given = append(given, name)
		}
	}
	if key, is := textIn(c.Args[0]); is {
		w.compare(path, key, given)
	}
	composed, is := c.Args[0].(*ast.BinaryExpr)
	if !is {
		return
	}
	prefix, is := textIn(composed.X)
	for key := range w.places {
		if is && strings.HasPrefix(key, prefix) && !strings.Contains(strings.TrimPrefix(key, prefix), ".") {
			w.compare(path, key, given)
		}
	}
}

// fillsOn does so for a page: the names are what is quoted after the key.
func (w *reading) fillsOn(path, key, rest string) {
	var given []string
	for _, m := range quoted.FindAllStringSubmatch(rest, -1) {
		if slices.Contains(w.places[key], m[1]) {
			given = append(given, m[1])
		}
	}
	w.compare(path, key, given)
}

var (
	quoted  = regexp.MustCompile(`"([a-z_]+)"`)
	filling = regexp.MustCompile(`\.(?:Say|In) "([a-z_]+\.[a-z_.0-9]+)"([^}]*)`)
)

func (w *reading) compare(path, key string, given []string) {
	for _, name := range w.places[key] {
		if !slices.Contains(given, name) {
			w.wrong = append(w.wrong, path+": "+key+" gets no {"+name+"}")
		}
	}
	for _, name := range given {
		if len(w.places) > 0 && w.keys[key] && !slices.Contains(w.places[key], name) {
			w.wrong = append(w.wrong, path+": "+key+" has no {"+name+"}")
		}
	}
}
