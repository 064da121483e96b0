package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// longestLine is how many characters a line of a template has at most. The linter measures the lines of Go.
const longestLine = 160

// Templates can be read without scrolling sideways.
func TestTemplatesHaveShortLines(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"internal/web/pages/*.html", "api/*.html", "api/*/*.html"} {
		found, err := filepath.Glob(filepath.Join(testdb.Root(), pattern))
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.Greater(t, len(files), 12)
	for _, path := range files {
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		for i, line := range strings.Split(string(source), "\n") {
			if n := utf8.RuneCountInString(line); n > longestLine {
				t.Errorf("%s:%d has %d characters", filepath.Base(path), i+1, n)
			}
		}
	}
}

// What a function and a file may have at most, in lines. Tests may have more: their cases stand together.
const (
	longestFunction = 40
	longestFile     = 400
)

// A function does one thing, and a file is about one idea.
func TestFunctionsAndFilesAreShort(t *testing.T) {
	t.Parallel()
	require.NoError(t, filepath.WalkDir(testdb.Root(), func(path string, d fs.DirEntry, err error) error {
		isCode := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") &&
			!strings.HasSuffix(path, ".gen.go")
		if err != nil || d.IsDir() || !isCode {
			return err
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, wrong := range tooLong(t, source) {
			t.Errorf("%s: %s: cut it by idea", strings.TrimPrefix(path, testdb.Root()), wrong)
		}
		return nil
	}))
}

// The guard finds what it is for.
func TestTheGuardFindsWhatIsLong(t *testing.T) {
	t.Parallel()
	body := func(lines int) string { return strings.Repeat("\tg()\n", lines-2) }
	for source, want := range map[string][]string{
		"func f() {\n" + body(40) + "}\n":         nil,
		"func (T) f() {\n" + body(41) + "}\n":     {"f has 41 lines"},
		strings.Repeat("var _ = 1\n", 399):        nil,
		strings.Repeat("var _ = 1\n", 400):        {"401 lines"},
		"func f() {}\n" + strings.Repeat("\n", 9): nil,
	} {
		require.Equal(t, want, tooLong(t, []byte("package a\n"+source)))
	}
}

func tooLong(t *testing.T, source []byte) (wrong []string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	if n := strings.Count(string(source), "\n"); n > longestFile {
		wrong = append(wrong, fmt.Sprint(n, " lines"))
	}
	for _, d := range file.Decls {
		f, is := d.(*ast.FuncDecl)
		if !is {
			continue
		}
		if n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1; n > longestFunction {
			wrong = append(wrong, fmt.Sprintf("%s has %d lines", f.Name.Name, n))
		}
	}
	return wrong
}
