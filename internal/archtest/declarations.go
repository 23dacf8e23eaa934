package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strconv"
	"strings"
)

// declarations are what the registers need of a package.
type declarations struct {
	typed  map[string][]string // values by type, "" for none
	consts map[string]string   // values by name
	maps   map[string]*ast.CompositeLit
}

func declarationsOf(tree fs.FS, dir string) (declarations, error) {
	s := declarations{typed: map[string][]string{}, consts: map[string]string{}, maps: map[string]*ast.CompositeLit{}}
	files, err := fs.Glob(tree, dir+"/*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return s, err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			return s, err
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				s.add(g)
			}
		}
	}
	return s, err
}

// add reads one group of constants or variables of a package.
func (s declarations) add(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, name := range v.Names {
			if i >= len(v.Values) {
				continue
			}
			if m, ok := v.Values[i].(*ast.CompositeLit); ok && g.Tok == token.VAR {
				s.maps[name.Name] = m
			}
			if text, ok := literal(v.Values[i]); ok && g.Tok == token.CONST {
				s.consts[name.Name] = text
				if t, ok := v.Type.(*ast.Ident); ok {
					s.typed[t.Name] = append(s.typed[t.Name], text)
				}
			}
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

// texts evaluates a key or a value of a map: a text, a constant's name, or a
// list of these. Anything else has no text.
func (s declarations) texts(e ast.Expr) (out []string) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, ok := literal(e); ok {
			out = append(out, text)
		}
	case *ast.Ident:
		if text, ok := s.consts[e.Name]; ok {
			out = append(out, text)
		}
	case *ast.CompositeLit:
		for _, x := range e.Elts {
			out = append(out, s.texts(x)...)
		}
	}
	return out
}
