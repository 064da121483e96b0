package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// finder collects what can be changed in a package.
type finder struct {
	source  *source
	file    *sourceFile
	results []*types.Signature // of the functions around, innermost last
	mutants []*mutant
}

// find returns every mutant of a package, in the order of its files.
func find(s *source) []*mutant {
	f := &finder{source: s}
	for _, file := range s.files {
		if ast.IsGenerated(file.tree) {
			continue
		}
		f.file = file
		for _, d := range file.tree.Decls {
			f.declaration(d)
		}
	}
	return f.mutants
}

// declaration looks into functions and variables. Constants stay; where they are used they may change. What only makes
// texts for logs and errors is left out.
func (f *finder) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body == nil || d.Name.Name == "String" || d.Name.Name == "Error" {
			return
		}
		f.function(f.source.info.Defs[d.Name].Type().(*types.Signature), d.Body)
	case *ast.GenDecl:
		if d.Tok == token.VAR {
			f.walk(d)
		}
	}
}

func (f *finder) function(signature *types.Signature, body *ast.BlockStmt) {
	f.results = append(f.results, signature)
	f.walk(body)
	f.results = f.results[:len(f.results)-1]
}

// walk visits what stands in a node, outer before inner.
func (f *finder) walk(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.function(f.source.info.TypeOf(n).(*types.Signature), n.Body)
			return false
		case *ast.BlockStmt:
			f.statements(n.List)
		case *ast.CaseClause:
			f.statements(n.Body)
		case *ast.IfStmt:
			f.condition(n.Cond)
		case *ast.ReturnStmt:
			f.returned(n)
		case *ast.DeferStmt, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			if f.isTalk(n) {
				return false
			}
			f.droppedCall(n)
		case *ast.BinaryExpr:
			f.binary(n)
		}
		if e, ok := n.(ast.Expr); ok && f.isConstant(e) {
			f.text(e)
			return false
		}
		return true
	})
}

func (f *finder) add(at ast.Node, what string, edits func(number int) []edit) *mutant {
	m := &mutant{source: f.source, file: f.file, at: f.source.set.Position(at.Pos()), what: what, edits: edits}
	f.mutants = append(f.mutants, m)
	return m
}

func (f *finder) offset(p token.Pos) int { return f.source.set.Position(p).Offset }

func (f *finder) span(n ast.Node) (start, end int) { return f.offset(n.Pos()), f.offset(n.End()) }

// words shows a piece of the source on one line.
func (f *finder) words(n ast.Node) string {
	start, end := f.span(n)
	line := oneLine(string(f.file.text[start:end]))
	if runes := []rune(line); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return line
}

// wrap adds a mutant that hands an expression to the switch.
func (f *finder) wrap(e ast.Expr, function, what, more string) *mutant {
	start, end := f.span(e)
	return f.add(e, what, call(function, start, end, more))
}

func (f *finder) isConstant(e ast.Expr) bool { return f.source.info.Types[e].Value != nil }

// isBool reports whether an expression is of type bool itself, or can be.
func (f *finder) isBool(e ast.Expr) bool {
	basic, ok := f.source.info.TypeOf(e).(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

// text adds the mutants of a constant text that is SQL.
func (f *finder) text(e ast.Expr) {
	value := f.source.info.Types[e]
	if value.Value.Kind() != constant.String || !types.Identical(value.Type.Underlying(), types.Typ[types.String]) {
		return
	}
	if basic, ok := value.Type.(*types.Basic); !ok || basic.Kind() != types.String {
		return
	}
	for _, changed := range mutateSQL(constant.StringVal(value.Value)) {
		f.wrap(e, "Text", changed.what, ", "+strconv.Quote(changed.text)).sql = true
	}
}

// isTalk reports whether a call makes a text for a log or an error.
func (f *finder) isTalk(c *ast.CallExpr) bool {
	callee := f.callee(c)
	if callee == nil || callee.Pkg() == nil {
		return false
	}
	switch callee.Pkg().Path() {
	case "log", "log/slog":
		return true
	case "fmt":
		return callee.Name() == "Errorf" || strings.HasPrefix(callee.Name(), "Print")
	case "errors":
		return callee.Name() == "New"
	}
	return false
}

func (f *finder) callee(c *ast.CallExpr) types.Object {
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return f.source.info.Uses[fun]
	case *ast.SelectorExpr:
		return f.source.info.Uses[fun.Sel]
	}
	return nil
}
