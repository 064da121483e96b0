package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// stores are the functions whose argument is stored, or hashed for long.
var stores = []string{"database.BodyHash", "json.Marshal"}

// Nothing is stored or hashed as the domain has it: a struct that goes to disk names each field, so that another name
// in the code changes nothing stored.
func TestStoredFormsNameTheirFields(t *testing.T) {
	t.Parallel()
	found := 0
	for _, wing := range []string{"record", "rules"} {
		dirs, err := filepath.Glob(filepath.Join(testdb.Root(), "internal", wing, "*"))
		require.NoError(t, err)
		for _, dir := range dirs {
			room := roomIn(t, dir)
			found += room.stored
			require.Empty(t, room.wrong)
		}
	}
	require.Greater(t, found, 30)
}

// The guard finds what it is for.
func TestTheGuardFindsStoredForms(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		source string
		wrong  int
	}{
		"a receiver":         {`type P struct{ A int }; func (p P) hash() { database.BodyHash(p) }`, 1},
		"a parameter":        {`type P struct{ A int }; func hash(p P) { database.BodyHash(p) }`, 1},
		"part of a list":     {`type P struct{ A int }; func hash(p *P) { json.Marshal([]any{"x", p}) }`, 1},
		"a field":            {`type P struct{ A Q }; type Q struct{ B int }; func hash(p P) { json.Marshal(p.A) }`, 1},
		"a literal":          {`type P struct{ A int }; func hash() { json.Marshal(P{}) }`, 1},
		"a named form":       {"type P struct{ A int `json:\"a\"` }; func hash(p P) { json.Marshal(p) }", 0},
		"a form made of it":  {`type P struct{ A int }; func (p P) hash() { database.BodyHash(p.hashed()) }`, 0},
		"a list of its text": {`type P struct{ A string }; func (p P) hash() { database.BodyHash([]string{p.A}) }`, 0},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a; "+tc.source, parser.SkipObjectResolution)
		require.NoError(t, err)
		r := room{structs: map[string]*ast.StructType{}}
		r.read([]*ast.File{file})
		require.Len(t, r.wrong, tc.wrong, name)
	}
}

// room is what a package stores.
type room struct {
	name    string
	structs map[string]*ast.StructType
	stored  int
	wrong   []string
}

func roomIn(t *testing.T, dir string) room {
	t.Helper()
	r := room{name: filepath.Base(dir), structs: map[string]*ast.StructType{}}
	var files []*ast.File
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, file)
		return err
	}))
	r.read(files)
	return r
}

func (r *room) read(files []*ast.File) {
	for _, file := range files {
		ast.Inspect(file, func(node ast.Node) bool {
			if spec, is := node.(*ast.TypeSpec); is {
				if of, is := spec.Type.(*ast.StructType); is {
					r.structs[spec.Name.Name] = of
				}
			}
			return true
		})
	}
	for _, file := range files {
		for _, one := range file.Decls {
			if f, is := one.(*ast.FuncDecl); is && f.Body != nil {
				r.function(f)
			}
		}
	}
}

// function looks at what is stored in a function, whose receiver and parameters are known.
func (r *room) function(f *ast.FuncDecl) {
	known := map[string]string{}
	for _, list := range []*ast.FieldList{f.Recv, f.Type.Params} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			for _, name := range field.Names {
				known[name.Name] = typeName(field.Type)
			}
		}
	}
	ast.Inspect(f.Body, func(node ast.Node) bool {
		call, is := node.(*ast.CallExpr)
		if !is || len(call.Args) != 1 || !slices.Contains(stores, typeName(call.Fun)) {
			return true
		}
		r.stored++
		for _, part := range partsOf(call.Args[0]) {
			if of := r.typeOf(part, known); r.isBare(of) {
				r.wrong = append(r.wrong, r.name+": "+f.Name.Name+" stores "+of+" as it is")
			}
		}
		return true
	})
}

// partsOf returns the elements of a list, or the expression itself.
func partsOf(e ast.Expr) []ast.Expr {
	if list, is := e.(*ast.CompositeLit); is {
		if _, is := list.Type.(*ast.ArrayType); is {
			return list.Elts
		}
	}
	return []ast.Expr{e}
}

// typeOf names the type of an expression as far as the package itself tells it.
func (r *room) typeOf(e ast.Expr, known map[string]string) string {
	switch e := e.(type) {
	case *ast.Ident:
		return known[e.Name]
	case *ast.CompositeLit:
		return typeName(e.Type)
	case *ast.SelectorExpr:
		of := r.structs[r.typeOf(e.X, known)]
		if of == nil {
			return ""
		}
		for _, field := range of.Fields.List {
			for _, name := range field.Names {
				if name.Name == e.Sel.Name {
					return typeName(field.Type)
				}
			}
		}
	}
	return ""
}

// isBare reports whether a type is a struct of the package with a field that its form does not name.
func (r *room) isBare(name string) bool {
	of := r.structs[name]
	if of == nil {
		return false
	}
	for _, field := range of.Fields.List {
		if len(field.Names) == 0 || !ast.IsExported(field.Names[0].Name) {
			continue
		}
		if field.Tag == nil {
			return true
		}
		text, err := strconv.Unquote(field.Tag.Value)
		named, _, _ := strings.Cut(reflect.StructTag(text).Get("json"), ",")
		if err != nil || named == "" {
			return true
		}
	}
	return false
}

// typeName writes a type or function as the source has it, pointers and lists left out.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ArrayType:
		return typeName(e.Elt)
	case *ast.SelectorExpr:
		return typeName(e.X) + "." + e.Sel.Name
	default:
		return ""
	}
}
