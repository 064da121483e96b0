package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
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

	"cadans/internal/kernel/words"
	"cadans/internal/run/testdb"
)

// Every code that the program answers or the contract names has its words in every language.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	problems, fields := codesInSource(t)
	require.Greater(t, len(problems), 20)
	require.Greater(t, len(fields), 25)
	named := codesInContract(t)
	require.NotEmpty(t, named)
	for _, l := range words.All() {
		for _, code := range slices.Concat(problems, named) {
			require.True(t, l.Has("problem."+code+".title"), "%s: %s", l, code)
			require.True(t, l.Has("problem."+code+".detail"), "%s: %s", l, code)
		}
		for _, code := range fields {
			require.True(t, l.Has("field."+code), "%s: %s", l, code)
		}
	}
}

// No catalog has words for a code that the program never writes.
func TestWordsOfCodesAreSaid(t *testing.T) {
	t.Parallel()
	catalog, err := os.ReadFile(filepath.Join(testdb.Root(), "internal/kernel/words/en/problems.yaml"))
	require.NoError(t, err)
	var texts map[string]string
	require.NoError(t, yaml.Unmarshal(catalog, &texts))
	written := textsInSource(t)
	key := regexp.MustCompile(`^(?:problem\.([a-z0-9-]+)\.(?:title|detail)|field\.([a-z0-9-]+))$`)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		code := key.FindStringSubmatch(name)
		require.NotNil(t, code, name)
		require.Contains(t, written, code[1]+code[2], name)
	}
}

// codesInContract collects the codes that openapi.yaml names, each in backticks and of two words or more.
func codesInContract(t *testing.T) (codes []string) {
	t.Helper()
	contract, err := os.ReadFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	for _, m := range regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`").FindAllSubmatch(contract, -1) {
		codes = append(codes, string(m[1]))
	}
	return codes
}

// codesInSource collects the second argument of fault.New and the Code of each fault.Violation.
func codesInSource(t *testing.T) (problems, fields []string) {
	t.Helper()
	inspectSource(t, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "New" && isFault(f.X) && len(n.Args) == 3 {
				problems = appendLiteral(problems, n.Args[1])
			}
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && says(f.Sel.Name) && len(n.Args) == 2 {
				fields = appendLiteral(fields, n.Args[1])
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
				fields = appendLiteral(fields, n.Value)
			}
		}
	})
	return problems, fields
}

// says reports whether a method of this name takes a pointer and the code of what is wrong there.
func says(method string) bool { return method == "warn" || method == "refuse" }

// textsInSource collects whatever the program writes.
func textsInSource(t *testing.T) (list []string) {
	t.Helper()
	inspectSource(t, func(n ast.Node) {
		if x, ok := n.(ast.Expr); ok {
			list = appendLiteral(list, x)
		}
	})
	return list
}

// inspectSource shows every node of the program, without its tests and what is generated.
func inspectSource(t *testing.T, show func(ast.Node)) {
	t.Helper()
	set := token.NewFileSet()
	for _, dir := range []string{"api", "internal"} {
		require.NoError(t,
			filepath.WalkDir(filepath.Join(testdb.Root(), dir), func(path string, _ fs.DirEntry, err error) error {
				if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
					strings.HasSuffix(path, ".gen.go") {
					return err
				}
				file, err := parser.ParseFile(set, path, nil, 0)
				if err != nil {
					return err
				}
				ast.Inspect(file, func(n ast.Node) bool {
					show(n)
					return true
				})
				return nil
			}))
	}
}

func isFault(x ast.Expr) bool {
	ident, ok := x.(*ast.Ident)
	return ok && ident.Name == "fault"
}

func appendLiteral(list []string, x ast.Expr) []string {
	literal, ok := x.(*ast.BasicLit)
	if !ok {
		return list
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return list
	}
	return append(list, text)
}
