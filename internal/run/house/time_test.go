package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// clockFuncs read or wait for the machine's clock.
var clockFuncs = map[string]bool{
	"Now":       true,
	"Sleep":     true,
	"Since":     true,
	"Until":     true,
	"After":     true,
	"Tick":      true,
	"NewTimer":  true,
	"NewTicker": true,
}

// The machine's clock is read in package clock alone, and no day is counted as 24 hours: a local day has 23 or 25 of
// them twice a year. A length of time that is compared with, such as how long a session may be corrected, is a constant
// with a name. The linter says the first too, where it is installed; this holds everywhere.
func TestTimeComesFromTheClockAndDaysFromTheCalendar(t *testing.T) {
	t.Parallel()
	seen := 0
	require.NoError(t, filepath.WalkDir(testdb.Root(), func(path string, d fs.DirEntry, err error) error {
		inside, relErr := filepath.Rel(testdb.Root(), path)
		require.NoError(t, relErr)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (inside == filepath.Join("internal", "kernel", "clock") ||
			inside == filepath.Join("internal", "run", "bench") || strings.HasPrefix(d.Name(), ".git")):
			return filepath.SkipDir // the clock itself, and what measures real time
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		seen++
		for _, offence := range offences(t, inside, source) {
			t.Error(offence)
		}
		return nil
	}))
	require.Greater(t, seen, 100)
}

// The guard itself finds what it is for.
func TestTheGuardFindsOffences(t *testing.T) {
	t.Parallel()
	const head = "package p\nimport \"time\"\n"
	for source, found := range map[string]int{
		"const editWindow = 7 * 24 * time.Hour":                                                0,
		"func f(t time.Time) time.Time { return t.AddDate(0, 0, 1) }":                          0,
		"func f(t time.Time) time.Time { return t.Add(24 * time.Hour) }":                       1,
		"func f(n int, t time.Time) time.Time { return t.Add(time.Duration(n)*24*time.Hour) }": 1,
		"func f(d time.Duration) int { return int(d.Hours() / 24) }":                           1,
		"func f(d time.Duration) int { return int(d.Hours()) / 24 }":                           1,
		"func f(d time.Duration) int { return int(d / (24*time.Hour)) }":                       1,
		"func f() time.Time { return time.Now() }":                                             1,
		"func f() { time.Sleep(1); <-time.After(1) }":                                          2,
	} {
		require.Len(t, offences(t, "p.go", []byte(head+source)), found, source)
	}
}

func offences(t *testing.T, name string, source []byte) (found []string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, 0)
	require.NoError(t, err)
	report := func(at ast.Node, what string) { found = append(found, set.Position(at.Pos()).String()+": "+what) }
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			return n.Tok != token.CONST
		case *ast.SelectorExpr:
			if isName(n.X, "time") && clockFuncs[n.Sel.Name] {
				report(n, "time."+n.Sel.Name+": time comes from the injected clock")
			}
		case *ast.BinaryExpr:
			hours := n.Op == token.MUL && (is24(n.X) || endsIn24(n.X)) && isHour(n.Y)
			divided := n.Op == token.QUO && is24(n.Y) && mentions(n.X, "Hours")
			if hours || divided {
				report(n, "a day is not 24 hours: use localtime.Date")
			}
		}
		return true
	})
	return found
}

func isName(e ast.Expr, name string) bool {
	ident, ok := e.(*ast.Ident)
	return ok && ident.Name == name
}

func is24(e ast.Expr) bool {
	literal, ok := e.(*ast.BasicLit)
	return ok && literal.Value == "24"
}

// endsIn24 is the left side of n * 24 * time.Hour.
func endsIn24(e ast.Expr) bool {
	product, ok := e.(*ast.BinaryExpr)
	return ok && product.Op == token.MUL && is24(product.Y)
}

func isHour(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	return ok && isName(selector.X, "time") && selector.Sel.Name == "Hour"
}

func mentions(e ast.Expr, name string) (yes bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		ident, ok := n.(*ast.Ident)
		yes = yes || ok && ident.Name == name
		return true
	})
	return yes
}
