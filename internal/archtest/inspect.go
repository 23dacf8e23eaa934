package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// longest is the rule for files that are not tests: near 100 lines, a
// question from 300 on, never above.
const longest = 500

// report is what an inspection found.
type report struct {
	files      int
	complaints []string // "file: rule in words", in order of the files
	packages   map[string]*packageInfo
	cited      citations
	modules    []string // that go.mod requires
}

// packageInfo is what is known about one package.
type packageInfo struct {
	product    bool // has files that are not tests
	documented bool // has a doc.go with a package comment
}

func (r *report) complain(where, format string, args ...any) {
	r.complaints = append(r.complaints, where+": "+fmt.Sprintf(format, args...))
}

// inspect reads every Go file and every page of a module and holds it against
// the rules. The error is of the tree itself or of a file that is not Go.
func inspect(tree fs.FS) (*report, error) {
	r := &report{packages: make(map[string]*packageInfo), cited: citationsOf(tree), modules: modulesOf(tree)}
	err := fs.WalkDir(tree, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(file):
			return fs.SkipDir
		case d.IsDir():
			return nil
		case path.Ext(file) == ".md":
			return r.inspectPage(tree, file)
		case path.Ext(file) != ".go":
			return nil
		}
		return r.inspectFile(tree, file)
	})
	for pkg, p := range r.packages {
		if _, known := layers[pkg]; !known {
			r.complain(pkg, "it is not declared: add it to the table in internal/archtest")
		}
		if p.product && !p.documented {
			r.complain(pkg, "it does not say what lives in it: give it a doc.go in three sentences")
		}
	}
	slices.Sort(r.complaints)
	return r, err
}

// skipped names the folders that the go command ignores, and what other
// tools leave behind.
func skipped(dir string) bool {
	name := path.Base(dir)
	return dir != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || slices.Contains([]string{"testdata", "node_modules", "bin"}, name))
}

// inspectPage judges a page.
func (r *report) inspectPage(tree fs.FS, file string) error {
	text, err := fs.ReadFile(tree, file)
	if err == nil {
		r.cited.page(r, file, string(text))
		r.checkDecision(file, string(text), r.modules)
	}
	return err
}

func (r *report) inspectFile(tree fs.FS, file string) error {
	src, err := fs.ReadFile(tree, file)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	pkg, test := path.Dir(file), strings.HasSuffix(file, "_test.go")
	p := r.packages[pkg]
	if p == nil {
		p = &packageInfo{}
		r.packages[pkg] = p
	}
	r.files++
	p.product = p.product || !test
	p.documented = p.documented || path.Base(file) == "doc.go" && parsed.Doc != nil
	if lines := bytes.Count(src, []byte("\n")); lines > longest && !test {
		r.complain(file, "it has %d lines, no file has more than %d", lines, longest)
	}
	for _, i := range parsed.Imports {
		imported, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return err
		}
		rule := checkOutside(pkg, imported, test)
		if inside, ok := strings.CutPrefix(imported, module); ok {
			rule = checkInside(pkg, inside, test)
		}
		if rule != "" {
			r.complain(file, "it imports %s: %s", imported, rule)
		}
	}
	r.cited.code(r, file, parsed)
	if code := comparesCode(parsed); code != "" && !test && layers[pkg] != helpers {
		r.complain(file, "it compares a fault's code with %q: declare the fault and use errors.Is", code)
	}
	if !test && layers[pkg] != helpers && !slices.Contains(writers, pkg) && opensTx(parsed) {
		r.complain(file, "it opens a store transaction: only shop, staff and the runner may")
	}
	return nil
}

// opensTx reports whether InTx is named on any value; only the store has it.
func opensTx(f *ast.File) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		found = found || ok && s.Sel.Name == "InTx"
		return !found
	})
	return found
}
