package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/words"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/wish"
	"cadans/internal/run/testdb"
)

// noun is a closed list of codes that patients choose from: its table, the schema that offers it and the catalog keys
// that name it.
type noun struct {
	dir, kind string
	table     []string
	beside    []string // constants of the type that nobody can choose
	schema    string
	words     string
}

func nouns() []noun {
	return []noun{
		{"internal/record/barrier", "Barrier", codes(barrier.All()), nil, "Barrier", "barrier."},
		{"internal/record/wish", "Reason", codes(wish.Reasons()), nil, "ChangeReason", "wish.reason."},
		{"internal/record/people", "Complaint", codes(people.Complaints()), nil, "Complaint", "complaint."},
		{"internal/record/program", "PauseReason", codes(program.PauseReasons()), []string{string(program.SafetyPause)},
			"PauseReason", "pause.reason."},
	}
}

func codes[T ~string](table []T) []string {
	all := make([]string, len(table))
	for i, one := range table {
		all[i] = string(one)
	}
	return all
}

// Every constant of a noun stands in its table, once.
func TestNounsHaveOneTable(t *testing.T) {
	t.Parallel()
	for _, n := range nouns() {
		declared := constantsOf(t, n.dir, n.kind)
		require.ElementsMatch(t, declared, slices.Concat(n.table, n.beside), "%s.%s", n.dir, n.kind)
	}
}

// The contract offers what the table holds, in the same order.
func TestNounsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	document, err := openapi3.NewLoader().LoadFromFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	offered := func(schema string) (all []string) {
		for _, value := range document.Components.Schemas[schema].Value.Enum {
			all = append(all, value.(string))
		}
		return all
	}
	for _, n := range nouns() {
		require.Equal(t, n.table, offered(n.schema), n.schema)
	}
	require.Equal(t, append(codes(program.PauseReasons()), string(program.SafetyPause)), offered("AnyPauseReason"))
}

// Each code has a name of its own in every language.
func TestNounsHaveNames(t *testing.T) {
	t.Parallel()
	for _, n := range nouns() {
		for _, language := range words.All() {
			seen := map[string]string{}
			for _, code := range n.table {
				require.True(t, language.Has(n.words+code), "%s has no %s%s", language, n.words, code)
				name := language.Say(n.words + code)
				require.Empty(t, seen[name], "%s%s", n.words, code)
				seen[name] = code
			}
		}
	}
}

// Nobody lists the codes of a noun again, in tests and the demo neither: a list of four or more is taken from its
// package. A shorter one may be another noun that shares some.
func TestNobodyListsANounAgain(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"api", "internal"} {
		root := filepath.Join(testdb.Root(), dir)
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".gen.go") {
				return err
			}
			source, err := os.ReadFile(path)
			require.NoError(t, err)
			inside, err := filepath.Rel(testdb.Root(), path)
			require.NoError(t, err)
			for _, kind := range listed(t, source, filepath.ToSlash(filepath.Dir(inside))) {
				t.Errorf("%s lists codes of %s by hand: take them from the package, which has all", inside, kind)
			}
			return nil
		}))
	}
}

// The guard finds what it is for.
func TestTheGuardFindsLists(t *testing.T) {
	t.Parallel()
	for source, want := range map[string][]string{
		`var a = []string{"time", "forgot", "ill", "pain"}`:                          {"Barrier"},
		`var a = []barrier.Barrier{barrier.Time, barrier.Ill, "forgot", "pain"}`:     {"Barrier"},
		`var a = pick(w, "barrier", "time", "forgot", "ill", "pain")`:                {"Barrier"},
		`var a = pick(w, "why", "too_hard", "too_easy", "hurts", "no_space")`:        {"Reason"},
		`var a = []string{"time", "forgot"}`:                                         nil,
		`var a = []string{"time", "space", "matter", "energy"}`:                      nil,
		`var a = map[string]string{"time": "", "forgot": "", "ill": "", "pain": ""}`: nil,
		`var a = barrier.All()`: nil,
	} {
		require.Equal(t, want, listed(t, []byte("package a\n"+source), "internal/a"), source)
	}
}

// listed are the nouns of which a file lists four codes or more, and nothing else beside a label.
func listed(t *testing.T, source []byte, dir string) (kinds []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	ast.Inspect(file, func(node ast.Node) bool {
		var list []ast.Expr
		switch n := node.(type) {
		case *ast.CompositeLit:
			list = n.Elts
		case *ast.CallExpr:
			list = n.Args
		}
		for _, n := range nouns() {
			if n.dir != dir && n.isListedBy(list) && !slices.Contains(kinds, n.kind) {
				kinds = append(kinds, n.kind)
			}
		}
		return true
	})
	return kinds
}

// isListedBy reports whether expressions are codes of the noun, at least four, but for two arguments in front of them.
func (n noun) isListedBy(list []ast.Expr) bool {
	codes := 0
	for i, e := range list {
		switch text, isText := textIn(e); {
		case isText && slices.Contains(n.table, text), n.isConstant(e):
			codes++
		case i > 1:
			return false
		}
	}
	return codes >= 4
}

// isConstant reports whether an expression names a constant of the noun's package.
func (n noun) isConstant(e ast.Expr) bool {
	name, is := e.(*ast.SelectorExpr)
	return is && isName(name.X, filepath.Base(n.dir)) && name.Sel.Name != "All" && ast.IsExported(name.Sel.Name)
}

// constantsOf returns the values of a package's constants of a type.
func constantsOf(t *testing.T, dir, kind string) (values []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testdb.Root(), dir, "*.go"))
	require.NoError(t, err)
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(node ast.Node) bool {
			spec, is := node.(*ast.ValueSpec)
			if !is || !isNamed(spec.Type, kind) {
				return true
			}
			for _, value := range spec.Values {
				if literal, is := value.(*ast.BasicLit); is {
					text, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					values = append(values, text)
				}
			}
			return true
		})
	}
	require.NotEmpty(t, values, "%s.%s", dir, kind)
	return values
}

func isNamed(expression ast.Expr, name string) bool {
	of, is := expression.(*ast.Ident)
	return is && of.Name == name
}
