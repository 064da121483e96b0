package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/api/door"
	"cadans/internal/run/testdb"
)

// Every code that the source can answer has a text in both languages.
func TestEveryCodeHasTexts(t *testing.T) {
	t.Parallel()
	problems, fields := codesInSource(t)
	require.Greater(t, len(problems), 20)
	require.Greater(t, len(fields), 25)
	for _, code := range problems {
		require.Contains(t, door.ProblemCodes(), code)
	}
	for _, code := range fields {
		require.Contains(t, door.FieldCodes(), code)
	}
}

// codesInSource collects the second argument of fault.New and the Code of each fault.Violation.
func codesInSource(t *testing.T) (problems, fields []string) {
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
					switch n := n.(type) {
					case *ast.CallExpr:
						if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "New" && isFault(f.X) &&
							len(n.Args) == 3 {
							problems = appendLiteral(problems, n.Args[1])
						}
					case *ast.KeyValueExpr:
						if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Code" {
							fields = appendLiteral(fields, n.Value)
						}
					}
					return true
				})
				return nil
			}))
	}
	return problems, fields
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
	if err != nil || text == "invalid-input" {
		return list
	}
	return append(list, text)
}
