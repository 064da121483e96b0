package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// forNobody are the functions of record, rules and screens that begin a transaction of their own, and why: nobody asks
// for it. Whoever does ask has it begun by access, with the check first.
var forNobody = map[string]string{
	"internal/record/people.Founding.SetUp":          "there is nobody yet; the key of the set-up link decides",
	"internal/record/people.Founding.IsEmpty":        "there may be nobody yet",
	"internal/record/people.Founding.createPractice": "there is nobody yet",
	"internal/record/people.HasMembers":              "the program asks at its start",
	"internal/record/exercise.Library.Refresh":       "a replica learns what others have stored",
	"internal/rules/adherence.Keeper.SweepAt":        "a sweep",
	"internal/rules/adherence.Keeper.renewBatch":     "a sweep",
	"internal/rules/reminder.Sweeper.decideAll":      "a sweep",
	"internal/rules/reminder.Sweeper.advance":        "a sweep",
	"internal/rules/reminder.Sweeper.backlog":        "a sweep",
	"internal/rules/reminder.Sweeper.write":          "a sweep",
	"internal/rules/reminder.Sweeper.forget":         "a phone's address that no longer works",
}

// Nobody reads or writes for somebody without asking whether they may: in record, rules and screens a transaction is
// begun by access.Read, Write, Create or Change, but for a short list.
func TestTransactionsAreGuarded(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, wing := range []string{"record", "rules", "screens"} {
		root := filepath.Join(testdb.Root(), "internal", wing)
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			dir, err := filepath.Rel(testdb.Root(), filepath.Dir(path))
			require.NoError(t, err)
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			require.NoError(t, err)
			for _, function := range unguarded(file) {
				found[filepath.ToSlash(dir)+"."+function] = true
			}
			return nil
		}))
	}
	for function := range found {
		if forNobody[function] == "" {
			t.Errorf("%s begins a transaction without a check: ask through access.Guard", function)
		}
	}
	for function := range forNobody {
		require.True(t, found[function], "%s begins none any more: take it from the list", function)
	}
}

// The guard finds what it is for.
func TestTheGuardFindsTransactions(t *testing.T) {
	t.Parallel()
	for source, found := range map[string][]string{
		"func (s *Service) List() { access.Read(ctx, s.guard, ask, work) }":             nil,
		"func (s *Service) List() { s.db.Read(ctx, work) }":                             {"Service.List"},
		"func (s *Service) Save() { s.db.Write(ctx, func(tx *Tx) error { return x }) }": {"Service.Save"},
		"func save(db *database.DB) { begin := db.Write; begin(ctx, work) }":            {"save"},
		"func f(r io.Reader) { r.Read(b) }":                                             nil,
		"func f(tx *database.Tx) { plan.Write(tx, patient) }":                           nil,
		"func f() { access.Write(ctx, g, ask, work); s.parts.db.Write(ctx, work) }":     {"f"},
		"var begin = (*database.DB).Write":                                              {"begin"},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "p.go", "package p\n"+source, 0)
		require.NoError(t, err)
		require.Equal(t, found, unguarded(file), source)
	}
}

// unguarded names the declarations of a file that begin a transaction by themselves.
func unguarded(file *ast.File) (names []string) {
	for _, declaration := range file.Decls {
		if beginsTransaction(declaration) {
			names = append(names, nameOf(declaration))
		}
	}
	return names
}

// beginsTransaction looks for Read and Write of anything but access. A call with one argument reads or writes bytes,
// and one that passes tx on is inside a transaction already.
func beginsTransaction(declaration ast.Decl) (does bool) {
	var others []ast.Node
	ast.Inspect(declaration, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if len(n.Args) == 1 || len(n.Args) > 1 && isName(n.Args[0], "tx") {
				others = append(others, n.Fun)
			}
		case *ast.SelectorExpr:
			is := n.Sel.Name == "Read" || n.Sel.Name == "Write"
			does = does || is && !isName(n.X, "access") && !slices.Contains(others, ast.Node(n))
		}
		return true
	})
	return does
}

func nameOf(declaration ast.Decl) string {
	function, is := declaration.(*ast.FuncDecl)
	if !is {
		return declaration.(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Names[0].Name
	}
	if function.Recv == nil {
		return function.Name.Name
	}
	return typeOf(function.Recv.List[0].Type) + "." + function.Name.Name
}

// typeOf names the type of a receiver.
func typeOf(receiver ast.Expr) string {
	switch r := receiver.(type) {
	case *ast.StarExpr:
		return typeOf(r.X)
	case *ast.IndexExpr: // generic
		return typeOf(r.X)
	case *ast.IndexListExpr:
		return typeOf(r.X)
	default:
		return receiver.(*ast.Ident).Name
	}
}
