package templates

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryFaultHasASentence reads the codes of faults out of the code of the
// whole product: every one that is not a bug of our own, of kind Internal, can
// reach a person on a page, in the panel or at a terminal, and says there what
// is the matter in each language. Sentences that no code asks for are refused
// too.
func TestEveryFaultHasASentence(t *testing.T) {
	r := readFaults(t)
	if len(r.codes) < 200 {
		t.Fatalf("only %d codes found: the reader of the code is broken", len(r.codes))
	}
	for _, code := range slices.Sorted(maps.Keys(r.codes)) {
		for _, l := range Langs {
			_, own := messages[l]["fault."+code]
			_, kit := messages[l]["routers.setup.fault."+code]
			if !own && !kit && !r.internalOnly(code) && code != "internal" { // which is what the sentence of the kind is for
				t.Errorf("%s: people may meet %s (%s) without a sentence", l, code, strings.Join(r.codes[code].places, ", "))
			}
		}
	}
	for key := range messages[Indonesian] {
		code, isFault := strings.CutPrefix(key, "fault.")
		if isFault && !strings.HasPrefix(code, "kind.") && r.codes[code] == nil {
			t.Errorf("no code of the product returns %s", code)
		}
	}
}

// faultReader finds the codes of faults. A function that hands a parameter on as
// a code is read where it is called, however many times it is handed on.
type faultReader struct {
	*testing.T
	files []sourceFile
	codes map[string]*faultCode
	sinks map[string]int // "package.function" to the argument that is a code
	done  map[ast.Expr]bool
}

type faultCode struct {
	places   []string
	internal bool // some place makes it of kind Internal
	outside  bool // some place of another kind
}

type sourceFile struct {
	pkg  string // folder below the module
	name string
	*ast.File
}

func (r *faultReader) internalOnly(code string) bool {
	return r.codes[code].internal && !r.codes[code].outside
}

func readFaults(t *testing.T) *faultReader {
	t.Helper()
	r := &faultReader{T: t, codes: map[string]*faultCode{}, done: map[ast.Expr]bool{},
		sinks: map[string]int{"internal/fault.New": 1, "internal/fault.Wrap": 1, "internal/fault.AtField": 1, "internal/fault.TooOften": 0}}
	for _, root := range []string{"../internal", "../payments", "../storefront", "../admin", "../cmd", "../templates"} {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			pkg := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(p)), "../")
			if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") || pkg == "internal/fault" || strings.HasPrefix(pkg, "internal/sim/") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
			r.files = append(r.files, sourceFile{pkg, filepath.Base(p), f})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for known := -1; known != len(r.sinks); { // until no function turns out to hand a code on
		known = len(r.sinks)
		for _, f := range r.files {
			for _, d := range f.Decls {
				r.decl(f, d)
			}
		}
	}
	return r
}

func (r *faultReader) decl(f sourceFile, d ast.Decl) {
	fn, _ := d.(*ast.FuncDecl)
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			callee, at := r.sink(f, n)
			if at >= 0 && at < len(n.Args) {
				r.read(f, fn, n.Args[at], kindOf(callee, n))
			}
		case *ast.CompositeLit:
			if s, ok := n.Type.(*ast.SelectorExpr); ok && isName(s.X, "fault") && s.Sel.Name == "Error" {
				r.read(f, fn, fieldOf(n, "Code"), fieldOf(n, "Kind"))
			}
		}
		return true
	})
}

// sink says which argument of a call is a code, -1 for none. A method is taken for any of
// that name in the file's package, else, in a package of the panel, in the one that they share.
func (r *faultReader) sink(f sourceFile, c *ast.CallExpr) (string, int) {
	callee := f.callee(c)
	if at, ok := r.sinks[callee]; ok {
		return callee, at
	}
	if method, ok := strings.CutPrefix(callee, f.pkg+"."); ok && strings.HasPrefix(f.pkg, "admin/") {
		if at, ok := r.sinks["admin/web."+method]; ok {
			return "admin/web." + method, at
		}
	}
	return callee, -1
}

// callee names the function or method of a call by its package; a method is named as if it
// were of the file's own package.
func (f sourceFile) callee(c *ast.CallExpr) string {
	fun := c.Fun
	if g, ok := fun.(*ast.IndexExpr); ok {
		fun = g.X
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		return f.pkg + "." + fun.Name
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok {
			for _, i := range f.Imports {
				if p := literal(i.Path); (i.Name == nil && path.Base(p) == x.Name) || (i.Name != nil && i.Name.Name == x.Name) {
					return strings.TrimPrefix(p, "gerai/") + "." + fun.Sel.Name
				}
			}
		}
		return f.pkg + "." + fun.Sel.Name
	}
	return ""
}

func kindOf(callee string, c *ast.CallExpr) ast.Expr {
	if callee == "internal/fault.New" || callee == "internal/fault.Wrap" {
		return c.Args[0]
	}
	return nil
}

// read takes down what an expression that is used as a code can be.
func (r *faultReader) read(f sourceFile, fn *ast.FuncDecl, e, kind ast.Expr) {
	switch x := e.(type) {
	case *ast.BasicLit:
		r.found(f, e, literal(x), kind)
	case *ast.ParenExpr:
		r.read(f, fn, x.X, kind)
	case *ast.Ident:
		if at := parameter(fn, x.Name); at >= 0 {
			r.sinks[f.pkg+"."+fn.Name.Name] = at
			return
		}
		if !r.values(f, fn, x.Name, kind) {
			r.unread(f, e)
		}
	case *ast.SelectorExpr:
		if !r.fields(f, x.Sel.Name, kind) {
			r.unread(f, e)
		}
	case *ast.CallExpr:
		if f.callee(x) != "internal/fault.CodeOf" { // what has a code was found where it got it
			r.unread(f, e)
		}
	default:
		r.unread(f, e)
	}
}

func (r *faultReader) unread(f sourceFile, e ast.Expr) {
	if !r.done[e] {
		r.done[e] = true
		r.Errorf("%s/%s: a code of a kind that this test cannot read (%T): write it plainly", f.pkg, f.name, e)
	}
}

func (r *faultReader) found(f sourceFile, at ast.Expr, code string, kind ast.Expr) {
	c := r.codes[code]
	if c == nil {
		c = &faultCode{}
		r.codes[code] = c
	}
	if s, ok := kind.(*ast.SelectorExpr); ok && s.Sel.Name == "Internal" {
		c.internal = true
	} else {
		c.outside = true
	}
	if place := f.pkg + "/" + f.name; !r.done[at] && !slices.Contains(c.places, place) {
		c.places = append(c.places, place)
	}
	r.done[at] = true
}

// values finds what a variable of the function, or a name of the package, is
// ever set to.
func (r *faultReader) values(f sourceFile, fn *ast.FuncDecl, name string, kind ast.Expr) (any bool) {
	set := func(in sourceFile, names, to []ast.Expr) {
		for i, n := range names {
			if isName(n, name) && len(to) == len(names) {
				if lit, ok := to[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					any = true
					if code := literal(lit); code != "" {
						r.found(in, lit, code, kind)
					}
				} else if inner, ok := to[i].(*ast.SelectorExpr); ok {
					any = r.fields(in, inner.Sel.Name, kind) || any
				}
			}
		}
	}
	look := func(in sourceFile, n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				set(in, n.Lhs, n.Rhs)
			case *ast.ValueSpec:
				names := make([]ast.Expr, len(n.Names))
				for i := range n.Names {
					names[i] = n.Names[i]
				}
				set(in, names, n.Values)
			case *ast.RangeStmt: // for code := range map[string]…{…}, for _, code := range []string{…}
				if c, ok := n.X.(*ast.CompositeLit); ok && (isName(n.Key, name) || isName(n.Value, name)) {
					for _, el := range c.Elts {
						if kv, ok := el.(*ast.KeyValueExpr); ok && isName(n.Key, name) {
							el = kv.Key
						} else if ok {
							el = kv.Value
						}
						if lit, ok := el.(*ast.BasicLit); ok && lit.Kind == token.STRING {
							any = true
							r.found(in, lit, literal(lit), kind)
						}
					}
				}
			}
			return true
		})
	}
	if fn != nil {
		look(f, fn)
	}
	if any {
		return true
	}
	for _, other := range r.files {
		for _, d := range other.Decls {
			if g, ok := d.(*ast.GenDecl); ok && other.pkg == f.pkg {
				look(other, g)
			}
		}
	}
	return any
}

// fields finds what a field of that name is set to anywhere in the package,
// also in literals without names of fields.
func (r *faultReader) fields(f sourceFile, field string, kind ast.Expr) (any bool) {
	index := map[string]int{} // of the field in each struct type that has it
	for _, other := range r.files {
		if other.pkg != f.pkg {
			continue
		}
		ast.Inspect(other.File, func(n ast.Node) bool {
			if t, ok := n.(*ast.TypeSpec); ok {
				if s, ok := t.Type.(*ast.StructType); ok {
					if at := fieldAt(s, field); at >= 0 {
						index[t.Name.Name] = at
					}
				}
			}
			return true
		})
	}
	for _, other := range r.files {
		if other.pkg != f.pkg {
			continue
		}
		var take func(c *ast.CompositeLit, elem ast.Expr)
		take = func(c *ast.CompositeLit, elem ast.Expr) {
			at := -1
			switch t := elem.(type) {
			case *ast.Ident:
				if i, ok := index[t.Name]; ok {
					at = i
				}
			case *ast.StructType:
				at = fieldAt(t, field)
			case *ast.ArrayType:
				for _, el := range c.Elts {
					if inner, ok := el.(*ast.CompositeLit); ok && inner.Type == nil {
						take(inner, t.Elt)
					}
				}
				return
			case *ast.MapType:
				for _, el := range c.Elts {
					if kv, ok := el.(*ast.KeyValueExpr); ok {
						if inner, ok := kv.Value.(*ast.CompositeLit); ok && inner.Type == nil {
							take(inner, t.Value)
						}
					}
				}
				return
			}
			if at < 0 {
				return
			}
			value := fieldOf(c, field)
			if value == nil && at < len(c.Elts) {
				if _, named := c.Elts[at].(*ast.KeyValueExpr); !named {
					value = c.Elts[at]
				}
			}
			if lit, ok := value.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				any = true
				if code := literal(lit); code != "" {
					r.found(other, lit, code, kind)
				}
			}
		}
		ast.Inspect(other.File, func(n ast.Node) bool {
			if c, ok := n.(*ast.CompositeLit); ok && c.Type != nil {
				take(c, c.Type)
			}
			return true
		})
	}
	return any
}

func fieldAt(s *ast.StructType, name string) int {
	at := 0
	for _, f := range s.Fields.List {
		for _, n := range f.Names {
			if n.Name == name {
				return at
			}
			at++
		}
		if len(f.Names) == 0 {
			at++
		}
	}
	return -1
}

func fieldOf(c *ast.CompositeLit, name string) ast.Expr {
	for _, el := range c.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok && isName(kv.Key, name) {
			return kv.Value
		}
	}
	return nil
}

// parameter is the place of a function's parameter, -1 for none.
func parameter(fn *ast.FuncDecl, name string) int {
	if fn == nil {
		return -1
	}
	at := 0
	for _, p := range fn.Type.Params.List {
		for _, n := range p.Names {
			if n.Name == name {
				return at
			}
			at++
		}
	}
	return -1
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// literal is the value of a string literal, "" for anything else.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	return constant.StringVal(constant.MakeFromLiteral(lit.Value, token.STRING, 0))
}
