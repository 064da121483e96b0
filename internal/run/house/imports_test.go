package house_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// floors are the wings from the ground up. Wings of one floor do not import each other.
var floors = [][]string{
	{"pkg"},
	{"internal/kernel"},
	{"internal/record"},
	{"internal/rules"},
	{"internal/screens"},
	{"api/wire"},
	{"api/door", "api/inbound", "api/services"},
	{"api", "internal/web", "internal/push"},
	{"internal/run"},
	{"."},
}

// homes are the only packages that may import a library.
var homes = map[string][]string{
	"gorm.io/":                    {"internal/kernel/database"},
	"github.com/gofiber/":         {"api", "internal/web", "internal/run"},
	"github.com/valyala/fasthttp": {"api", "internal/web", "internal/run"},
	"firebase.google.com/":        {"internal/push"},
	"github.com/stretchr/testify": {"internal/run/testkit", "internal/run/testdb"},
	"cadans/internal/run/testkit": {"internal/run/testkit"}, // and tests
	"cadans/internal/run/testdb":  {"internal/run/testdb", "internal/run/testkit"},
}

const module = "cadans"

// Nobody imports upward, every package stands in a wing, and libraries are used where they belong.
func TestImportsGoDown(t *testing.T) {
	t.Parallel()
	imports := importsOf(t)
	require.Greater(t, len(imports), 50)
	for _, dir := range slices.Sorted(maps.Keys(imports)) {
		for _, wrong := range offencesOf(dir, imports[dir]) {
			t.Error(wrong)
		}
	}
}

// The guard finds what it is for.
func TestTheGuardFindsImports(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		dir, imports string
		found        int
	}{
		{"internal/record/session", "cadans/internal/kernel/database", 0},
		{"internal/record/session", "cadans/internal/record/people", 0},
		{"internal/web", "cadans/api/door", 0},
		{"api", "cadans/api/door", 0},
		{"internal/web", "cadans/api", 1},
		{"api/door", "cadans/api", 1},
		{"api/wire", "cadans/api/door", 1},
		{"api", "github.com/gofiber/fiber/v2", 0},
		{".", "cadans/internal/run/cli", 0},
		{"internal/kernel/queue", "cadans/internal/record/exercise", 1},
		{"internal/record/session", "cadans/internal/rules/adherence", 1},
		{"internal/rules/reminder", "cadans/internal/screens/today", 1},
		{"internal/screens/caseload", "cadans/api", 1},
		{"internal/push", "cadans/internal/run/app", 1},
		{"pkg/localtime", "cadans/internal/kernel/fault", 1},
		{"internal/rules/proposal", "gorm.io/gorm", 1},
		{"internal/record/settings", "gorm.io/gorm", 1},
		{"internal/record/people", "github.com/gofiber/fiber/v2", 1},
		{"internal/run/app", "firebase.google.com/go/v4", 1},
		{"internal/run/app", "cadans/internal/run/testkit", 1},
		{"internal/run/app", "cadans/internal/run/testdb", 1},
		{"attic", "fmt", 1},
		{"internal/attic", "fmt", 1},
		{"internal/kernelx", "fmt", 1},
	} {
		require.Len(t, offencesOf(tc.dir, []string{tc.imports}), tc.found, "%s imports %s", tc.dir, tc.imports)
	}
}

// offencesOf says what a package imports that it may not.
func offencesOf(dir string, imports []string) (wrong []string) {
	own, wing := floorOf(dir)
	if own < 0 {
		return []string{dir + " stands in no wing"}
	}
	for _, path := range imports {
		if of, is := strings.CutPrefix(path, module+"/"); is {
			if floor, from := floorOf(of); floor > own || floor == own && from != wing {
				wrong = append(wrong, dir+" may not import "+of)
			}
		}
		for library, allowed := range homes {
			if strings.HasPrefix(path, library) &&
				!slices.ContainsFunc(allowed, func(home string) bool { return isIn(dir, home) }) {
				wrong = append(wrong, dir+" is no home for "+path)
			}
		}
	}
	return wrong
}

// floorOf returns on which floor a package stands and in which wing, or -1.
func floorOf(dir string) (floor int, wing string) {
	for floor, wings := range floors {
		for _, wing := range wings {
			if isIn(dir, wing) {
				return floor, wing
			}
		}
	}
	return -1, ""
}

func isIn(dir, wing string) bool { return dir == wing || strings.HasPrefix(dir, wing+"/") }

// importsOf returns what each package imports, tests aside.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	require.NoError(t, filepath.WalkDir(testdb.Root(), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".git")):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		dir, err := filepath.Rel(testdb.Root(), filepath.Dir(path))
		require.NoError(t, err)
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, one := range file.Imports {
			name, err := strconv.Unquote(one.Path.Value)
			require.NoError(t, err)
			imports[dir] = append(imports[dir], name)
		}
		return nil
	}))
	return imports
}
