package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

const cachesPage = "docs/reference/caches.md"

// memory is what the product keeps in memory between calls: where each such
// field or struct is, and the constants of its package as "name = value".
type memory struct {
	places map[string]string // directory by name as the page writes it
	consts map[string]map[string]bool
}

var constant = regexp.MustCompile("`([A-Za-z]+ = [^`]+)`")

// compareCaches holds the page of caches to the code: each place that keeps
// something between calls has one row, as a cache or as state, and the lives and
// bounds of caches are the constants of the code.
func compareCaches(tree fs.FS) (complaints []string) {
	complain := func(format string, args ...any) {
		complaints = append(complaints, cachesPage+": "+fmt.Sprintf(format, args...))
	}
	m, err := memoryOf(tree)
	if err != nil {
		complain("%v", err)
		return complaints
	}
	text, err := fs.ReadFile(tree, cachesPage)
	if err != nil {
		complain("%v", err)
		return complaints
	}
	caches, state := tableOf(string(text), "cache"), tableOf(string(text), "state")
	for _, name := range slices.Concat(caches.twice, state.twice) {
		complain("`%s` has two rows: take one out", name)
	}
	for _, name := range slices.Sorted(maps.Keys(m.places)) {
		_, kept := caches.rows[name]
		_, held := state.rows[name]
		if kept == held {
			complain("`%s` is in %d of the two tables: list it as a cache, with its life and bound and what drops it, or as state", name, len(slices.DeleteFunc([]bool{kept, held}, func(b bool) bool { return !b })))
		}
	}
	for _, t := range []table{caches, state} {
		for _, name := range slices.Sorted(maps.Keys(t.rows)) {
			dir, there := m.places[name]
			if !there {
				complain("the row of `%s` names nothing that is kept: take the line out", name)
			}
			for _, column := range []string{"life", "bound"} {
				for _, c := range constant.FindAllStringSubmatch(t.rows[name][column], -1) {
					if there && !m.consts[dir][c[1]] {
						complain("the row of `%s` says `%s` under %q, which %s does not declare", name, c[1], column, dir)
					}
				}
			}
		}
	}
	return complaints
}

// memoryOf finds structs that have a lock and a map, an atomic pointer or a
// sync.Map, and fields that are a Memo.
func memoryOf(tree fs.FS) (memory, error) {
	m := memory{places: map[string]string{}, consts: map[string]map[string]bool{}}
	err := fs.WalkDir(tree, ".", func(file string, e fs.DirEntry, err error) error {
		dir := path.Dir(file)
		switch {
		case err != nil:
			return err
		case e.IsDir() && skipped(file):
			return fs.SkipDir
		}
		if c, known := layers[dir]; e.IsDir() || !known || free(c) || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				m.add(dir, g)
			}
		}
		return nil
	})
	return m, err
}

func (m memory) add(dir string, g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for i := range min(len(spec.Names), len(spec.Values)) {
				if g.Tok != token.CONST {
					continue
				}
				if m.consts[dir] == nil {
					m.consts[dir] = map[string]bool{}
				}
				m.consts[dir][spec.Names[i].Name+" = "+sourceOf(spec.Values[i])] = true
			}
		case *ast.TypeSpec:
			if s, ok := spec.Type.(*ast.StructType); ok {
				m.addStruct(dir, spec.Name.Name, s)
			}
		}
	}
}

func (m memory) addStruct(dir, name string, s *ast.StructType) {
	var locked, mapped, alone bool
	for _, field := range s.Fields.List {
		switch t := strings.TrimPrefix(sourceOf(field.Type), "*"); {
		case strings.HasPrefix(t, "cache.Memo["):
			for _, n := range field.Names {
				m.places[dir+"."+name+"."+n.Name] = dir
			}
		case strings.HasPrefix(t, "atomic.Pointer["), t == "sync.Map":
			alone = true
		case t == "sync.Mutex", t == "sync.RWMutex":
			locked = true
		case strings.HasPrefix(t, "map["), t == "fiber.Map":
			mapped = true
		}
	}
	if (alone || locked && mapped) && name != "Memo" { // whose users are listed
		m.places[dir+"."+name] = dir
	}
}

func sourceOf(e ast.Expr) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), e); err != nil {
		return ""
	}
	return b.String()
}
