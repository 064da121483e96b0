package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// source is a package to mutate, read and checked.
type source struct {
	path  string // as it is imported
	files []*sourceFile
	info  *types.Info
	set   *token.FileSet
	types *types.Package
}

type sourceFile struct {
	name string // where it stands
	text []byte
	tree *ast.File
}

// listed is what go list tells about a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	CgoFiles                []string
	TestGoFiles             []string
	XTestGoFiles            []string
	DepOnly                 bool
	Deps                    []string
}

// list asks go list; what it tells about packages that others need comes with it.
func list(patterns ...string) (found []listed, err error) {
	command := exec.Command("go", append([]string{
		"list", "-export", "-deps",
		"-json=ImportPath,Dir,Export,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,DepOnly,Deps",
	}, patterns...)...)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("mutants: go list: %w", err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var l listed
		if err := decoder.Decode(&l); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		found = append(found, l)
	}
}

// load reads the packages that patterns name. Those without tests of logic to change, such as generated ones, are the
// caller's to leave out.
func load(patterns ...string) (sources []*source, err error) {
	found, err := list(patterns...)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, l := range found {
		exports[l.ImportPath] = l.Export
	}
	for _, l := range found {
		if l.DepOnly || len(l.CgoFiles) > 0 {
			continue
		}
		s, err := check(l, exports)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// check parses a package and finds the types of its expressions.
func check(l listed, exports map[string]string) (*source, error) {
	s := &source{path: l.ImportPath, set: token.NewFileSet(), info: &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Defs:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	var trees []*ast.File
	for _, name := range l.GoFiles {
		f := &sourceFile{name: filepath.Join(l.Dir, name)}
		var err error
		if f.text, err = os.ReadFile(f.name); err != nil {
			return nil, err
		}
		f.tree, err = parser.ParseFile(s.set, f.name, f.text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files, trees = append(s.files, f), append(trees, f.tree)
	}
	config := types.Config{Importer: importer.ForCompiler(s.set, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
	var err error
	s.types, err = config.Check(l.ImportPath, s.set, trees, s.info)
	return s, err
}
