package web_test

import (
	"html"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"cadans/internal/kernel/words"
)

// Every page in the pseudo-language says nothing in plain letters but data: names, what people wrote, and content that
// is kept in two languages. A text that reads the same in Dutch comes from no catalog; one of the English catalog was
// said in the wrong language. The page runs from right to left.
func TestNoTextStaysEnglish(t *testing.T) {
	t.Parallel()
	s := tell(t)
	dutch := textsOf(s.everyPage(t, string(words.Dutch)))
	pages := s.everyPage(t, string(words.Pseudo))
	for path, page := range pages {
		if page != "" && strings.HasPrefix(page, "<!doctype") {
			require.Contains(t, page, `<html lang="qps" dir="rtl"`, path)
		}
	}
	english, data := inCatalog(t), s.names()
	for _, said := range slices.Sorted(maps.Keys(textsOf(pages))) {
		switch {
		case english(said):
			t.Errorf("said in English: %q", said)
		case dutch[said] && !data(said):
			t.Errorf("said alike in every language: %q", said)
		}
	}
}

var (
	texts = regexp.MustCompile(`>([^<]+)<|(?:aria-label|placeholder|title|alt|data-name|data-forms)="([^"]*)"`)
	plain = regexp.MustCompile(`[A-Za-z]{2,}`)
	// own are parts of a page in the words of somebody else: the patient's language, what people wrote, evidence.
	own = regexp.MustCompile(
		`(?s)<ul lang=.*?</ul>|<div lang=.*?</div>|<p class="text">.*?</p>|“[^”]*”|\(-?\d+; [^<]*\)`,
	)
)

// textsOf are the texts of pages that have plain letters.
func textsOf(pages map[string]string) map[string]bool {
	found := map[string]bool{}
	for _, page := range pages {
		for _, m := range texts.FindAllStringSubmatch(own.ReplaceAllString(page, ""), -1) {
			if said := strings.TrimSpace(html.UnescapeString(m[1] + m[2])); plain.MatchString(said) {
				found[said] = true
			}
		}
	}
	return found
}

// stored are the keys of what is kept as it was said, and of one that reads like such a text.
var stored = regexp.MustCompile(
	`^(attention|flare|lighter|progression|proposal\.small|recurrence|safety\.(alert|finding)|` +
		`walking\.(contact|restart|week)|intake\.mood|program\.swapped|caseload\.reason\.not_syncing)\b`)

// inCatalog reports whether a text is an English one of the catalogs, but for what is kept.
func inCatalog(t *testing.T) func(string) bool {
	t.Helper()
	var alternatives []string
	files, err := filepath.Glob("../kernel/words/en/*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		var texts map[string]any
		require.NoError(t, yaml.Unmarshal(content, &texts))
		for key, text := range texts {
			said, is := text.(string)
			if is && strings.Contains(key, ".") && !stored.MatchString(key) && isTelling(said) {
				alternatives = append(alternatives, pattern(said))
			}
		}
	}
	require.Greater(t, len(alternatives), 500)
	one := regexp.MustCompile("^(" + strings.Join(alternatives, "|") + ")$")
	return func(said string) bool { return one.MatchString(said) }
}

// isTelling reports whether a text can be told from others: around placeholders it takes three words.
func isTelling(said string) bool {
	found := len(plain.FindAllString(placeholder.ReplaceAllString(said, ""), -1))
	return found >= 3 || found > 0 && !placeholder.MatchString(said)
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// pattern matches a text with up to three words for each placeholder.
func pattern(said string) string {
	pieces := placeholder.Split(said, -1)
	for i, piece := range pieces {
		pieces[i] = regexp.QuoteMeta(piece)
	}
	return strings.Join(pieces, `\S+(?: \S+){0,2}`)
}

// names reports whether a text is, or begins with, what has no language: people, the product, instruments, patients'
// own words.
func (s story) names() func(string) bool {
	list := []string{"Cadans", "NPRS", "PSFS", "Praktijk Zuid", "Nederlands", "English"}
	for _, m := range s.Members {
		list = append(list, m.Name, m.Email)
	}
	for _, p := range s.Patients {
		list = append(list, p.Name)
	}
	return func(said string) bool {
		return slices.ContainsFunc(list, func(name string) bool { return strings.Contains(said, name) })
	}
}

// What stands at the beginning of a line stands there in every language: the style knows no left and no right.
func TestTheStyleHasNoSides(t *testing.T) {
	t.Parallel()
	style, err := os.ReadFile("assets/style.css")
	require.NoError(t, err)
	rules := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(style), "")
	require.NotRegexp(t, `\b(left|right)\b`, rules)
	fourSides := `(padding|margin|inset): ([^ ;]+) ([^ ;]+) ([^ ;]+) ([^ ;]+);`
	for _, rule := range regexp.MustCompile(fourSides).FindAllStringSubmatch(rules, -1) {
		require.Equal(t, rule[3], rule[5], rule[0])
	}
}
