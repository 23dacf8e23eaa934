package archtest

import (
	"go/ast"
	"go/token"
	"regexp"
)

// faultCode is the shape of a fault's code.
var faultCode = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)

// comparesCode returns a code of a fault that a file compares with text, "" for none. A code
// is for people, who read its sentence: what decides is a declared fault and errors.Is, so
// that the compiler knows both ends.
func comparesCode(f *ast.File) (code string) {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		named := map[string]bool{} // variables of the function that hold a code
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
				for i, value := range a.Rhs {
					if name, ok := a.Lhs[i].(*ast.Ident); ok && asksCode(value) {
						named[name.Name] = true
					}
				}
			}
			return true
		})
		isCode := func(e ast.Expr) bool {
			name, ok := e.(*ast.Ident)
			return asksCode(e) || ok && named[name.Name]
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				for _, side := range [][2]ast.Expr{{n.X, n.Y}, {n.Y, n.X}} {
					if text, ok := literal(side[1]); ok && (n.Op == token.EQL || n.Op == token.NEQ) && isCode(side[0]) && faultCode.MatchString(text) {
						code = text
					}
				}
			case *ast.SwitchStmt:
				for _, c := range n.Body.List {
					for _, value := range c.(*ast.CaseClause).List {
						if text, ok := literal(value); ok && n.Tag != nil && isCode(n.Tag) && faultCode.MatchString(text) {
							code = text
						}
					}
				}
			}
			return code == ""
		})
	}
	return code
}

// asksCode reports whether an expression is fault.CodeOf(…) or the Code of something.
func asksCode(e ast.Expr) bool {
	if call, ok := e.(*ast.CallExpr); ok {
		e = call.Fun
	}
	s, ok := e.(*ast.SelectorExpr)
	return ok && (s.Sel.Name == "CodeOf" || s.Sel.Name == "Code")
}
