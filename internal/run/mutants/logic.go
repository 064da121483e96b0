package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

var boundaries = map[token.Token]string{
	token.LSS: "Less", token.LEQ: "LessOrEqual", token.GTR: "Greater", token.GEQ: "GreaterOrEqual",
}

var boundaryMoved = map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">"}

// binary changes comparisons, connectives and sums.
func (f *finder) binary(b *ast.BinaryExpr) {
	if f.isConstant(b) {
		return
	}
	switch b.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		if f.isBool(b) {
			f.wrap(b, "Not", "“"+f.words(b)+"” turned round", "")
			f.operator(b, boundaries[b.Op], b.Op.String()+" → "+boundaryMoved[b.Op])
		}
	case token.EQL, token.NEQ:
		if f.isBool(b) && !f.isErrorCheck(b) {
			f.wrap(b, "Not", "“"+f.words(b)+"” turned round", "")
		}
	case token.LAND, token.LOR:
		f.connective(b)
	case token.ADD, token.SUB:
		f.sum(b)
	}
}

// isErrorCheck reports whether a comparison only asks whether something went wrong: a test that runs the line sees a
// change of it.
func (f *finder) isErrorCheck(b *ast.BinaryExpr) bool {
	isNil := func(e ast.Expr) bool { return f.source.info.Types[e].IsNil() }
	return (isNil(b.X) || isNil(b.Y)) && (f.isError(f.source.info.TypeOf(b.X)) || f.isError(f.source.info.TypeOf(b.Y)))
}

func (f *finder) isError(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

// operator turns a binary expression into a call of the switch with both operands.
func (f *finder) operator(b *ast.BinaryExpr, function, change string) {
	start, end := f.span(b)
	op := f.offset(b.OpPos)
	f.add(b, "“"+f.words(b)+"”: "+change, func(number int) []edit {
		return append(call(function, start, end, "")(number), edit{op, op + len(b.Op.String()), ",", replacing})
	})
}

// connective turns && and || into each other, and drops each operand that says more than that nothing went wrong.
func (f *finder) connective(b *ast.BinaryExpr) {
	if !f.isBool(b) {
		return
	}
	start, end := f.span(b)
	op := f.offset(b.OpPos)
	function, other, truth := "And", "||", " || "
	if b.Op == token.LOR {
		function, other, truth = "Or", "&&", " && !"
	}
	f.add(b, "“"+f.words(b)+"”: "+b.Op.String()+" → "+other, func(number int) []edit {
		return append(around(start, end, toggleName+"."+function+"("+strconv.Itoa(number)+", ", ") })"),
			edit{op, op + len(b.Op.String()), ", func() bool { return (", replacing})
	})
	for _, operand := range []ast.Expr{b.X, b.Y} {
		if inner, ok := ast.Unparen(operand).(*ast.BinaryExpr); ok &&
			(inner.Op == b.Op || f.isErrorCheck(inner)) || !f.isBool(operand) {
			continue
		}
		from, to := f.span(operand)
		f.add(operand, "without “"+f.words(operand)+"” in “"+f.words(b)+"”", func(number int) []edit {
			on := toggleName + ".On(" + strconv.Itoa(number) + ")"
			if truth == " || " {
				return around(from, to, "("+on+" || ", ")")
			}
			return around(from, to, "(!"+on+" && ", ")")
		})
	}
}

// sum turns + and - into each other, and adds one to a constant in them.
func (f *finder) sum(b *ast.BinaryExpr) {
	basic, ok := f.source.info.TypeOf(b).Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsNumeric == 0 {
		return
	}
	if b.Op == token.ADD {
		f.operator(b, "Plus", "+ → -")
	} else {
		f.operator(b, "Minus", "- → +")
	}
	for _, operand := range []ast.Expr{b.X, b.Y} {
		value := f.source.info.Types[operand]
		if value.Value != nil && value.Value.Kind() == constant.Int &&
			types.Identical(value.Type, types.Typ[types.Int]) {
			f.wrap(operand, "OneMore", "“"+f.words(b)+"”: one more", "")
		}
	}
}

// condition turns the condition of an if round, when it is not a comparison, which is changed itself.
func (f *finder) condition(e ast.Expr) {
	if _, compound := ast.Unparen(e).(*ast.BinaryExpr); compound || f.isConstant(e) || !f.isBool(e) {
		return
	}
	f.wrap(e, "Not", "if “"+f.words(e)+"” turned round", "")
}

// statements drops calls that return nothing.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		x, ok := s.(*ast.ExprStmt)
		if !ok {
			continue
		}
		c, ok := x.X.(*ast.CallExpr)
		if !ok || f.isTalk(c) || f.isUpkeep(c) || f.source.info.Types[c].IsBuiltin() {
			continue
		}
		if results, ok := f.source.info.TypeOf(c).(*types.Tuple); !ok || results.Len() > 0 {
			continue
		}
		start, end := f.span(s)
		f.add(s, "call dropped: "+f.words(s), func(number int) []edit {
			return around(start, end, "if !"+toggleName+".On("+strconv.Itoa(number)+") { ", " }")
		})
	}
}

// isUpkeep reports whether a call locks, waits, closes or panics: without it a test
// hangs, leaks or crashes, and says nothing.
func (f *finder) isUpkeep(c *ast.CallExpr) bool {
	if name, ok := c.Fun.(*ast.Ident); ok {
		return name.Name == "panic" || name.Name == "close"
	}
	callee := f.callee(c)
	return callee != nil &&
		(callee.Pkg() == nil || strings.HasPrefix(callee.Pkg().Path(), "sync") || callee.Pkg().Path() == "context")
}

// droppedCall leaves out a call that returns nothing but an error. One that is handed an error only words it.
func (f *finder) droppedCall(c *ast.CallExpr) {
	if !f.isError(f.source.info.TypeOf(c)) || f.source.info.Types[c.Fun].IsType() || f.isRowLock(c) {
		return
	}
	for _, a := range c.Args {
		if f.isError(f.source.info.TypeOf(a)) {
			return
		}
		if tuple, ok := f.source.info.TypeOf(a).(*types.Tuple); ok && f.isError(tuple.At(tuple.Len()-1).Type()) {
			return
		}
	}
	start, end := f.span(c)
	f.add(c, "call dropped: "+f.words(c), func(number int) []edit {
		return around(start, end, toggleName+".Drop("+strconv.Itoa(number)+", func() error { return ", " })")
	})
}

// isRowLock reports whether a call locks a row: on SQLite, where the tests run, it does nothing.
func (f *finder) isRowLock(c *ast.CallExpr) bool {
	callee := f.callee(c)
	return callee != nil && callee.Name() == "LockPatient"
}

// returned returns nothing instead of a value.
func (f *finder) returned(r *ast.ReturnStmt) {
	if len(f.results) == 0 {
		return
	}
	results := f.results[len(f.results)-1].Results()
	if len(r.Results) != results.Len() {
		return
	}
	for i, e := range r.Results {
		want, got := results.At(i).Type(), f.source.info.Types[e]
		switch {
		case f.isError(want), got.IsNil(), got.Value != nil && f.isZero(got.Value), isEmpty(e),
			!types.Identical(want, got.Type):
			// a text or a number of another type
		case got.Value != nil && !types.Identical(want, types.Typ[types.Int]) && !f.isTyped(e):
		case f.isBool(e) && isBinary(e): // changed itself
		default:
			f.wrap(e, "Zero", "nothing returned for “"+f.words(e)+"”", "")
		}
	}
}

// isTyped reports whether a constant has its type without what is around it.
func (f *finder) isTyped(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return isTypedConst(f.source.info.Uses[e])
	case *ast.SelectorExpr:
		return isTypedConst(f.source.info.Uses[e.Sel])
	}
	return false
}

func isTypedConst(o types.Object) bool {
	if o == nil {
		return false
	}
	if o.Parent() == types.Universe { // true
		return true
	}
	basic, ok := o.Type().(*types.Basic)
	return !ok || basic.Info()&types.IsUntyped == 0
}

func (f *finder) isZero(v constant.Value) bool {
	switch v.Kind() {
	case constant.Bool:
		return !constant.BoolVal(v)
	case constant.String:
		return constant.StringVal(v) == ""
	}
	return constant.Sign(v) == 0
}

// isEmpty reports whether an expression is a literal without anything in it.
func isEmpty(e ast.Expr) bool {
	literal, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok && len(literal.Elts) == 0
}

func isBinary(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok
}
