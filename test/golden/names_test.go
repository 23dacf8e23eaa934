package golden

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sources parses every Go file of the repository that fn wants.
func sources(t *testing.T, wants func(file string) bool, fn func(file string, f *ast.File)) {
	t.Helper()
	tree, seen := os.DirFS("../.."), 0
	err := fs.WalkDir(tree, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains([]string{"node_modules", "testdata", "vendor"}, d.Name()) || strings.HasPrefix(d.Name(), ".") && file != "."):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || !wants(file):
			return nil
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
		if err == nil {
			seen++
			fn(file, f)
		}
		return err
	})
	if err != nil || seen < 50 {
		t.Fatalf("%d sources, %v", seen, err)
	}
}

// product reports whether a file is part of what is shipped, simulators left out.
func product(file string) bool {
	for _, part := range strings.Split(path.Dir(file), "/") {
		if part == "sim" || part == "test" || part == "testenv" || strings.HasSuffix(part, "test") {
			return false
		}
	}
	return !strings.HasSuffix(file, "_test.go")
}

// messages are the sentences of a language by key.
func messages(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../templates/messages/*" + lang + ".json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no messages: %v", err)
	}
	out := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var part map[string]string
		if err := json.Unmarshal(text, &part); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		maps.Copy(out, part)
	}
	return out
}

// TestMessages holds the keys and, whatever their keys become, the sentences.
func TestMessages(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		all := messages(t, lang)
		compare(t, "messages/keys."+lang+".txt", lines(slices.Sorted(maps.Keys(all))))
		said := slices.Sorted(maps.Values(all))
		for i := range said {
			said[i] = strconv.Quote(said[i])
		}
		compare(t, "messages/sentences."+lang+".txt", lines(said))
	}
}

// codes are names that databases, scripts or people hold.
type codes struct {
	faults, audit, jobs, alerts, settings map[string]bool
}

var setting = regexp.MustCompile(`^GERAI_[A-Z_]+$`)

// TestCodes holds the names that the sources give to faults, acts in the audit
// trail, jobs, alerts and settings, wherever the sources lie.
func TestCodes(t *testing.T) {
	c := codes{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	said := messages(t, "id")
	sources(t, product, func(_ string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				c.call(n)
			case *ast.ValueSpec:
				if kind, ok := n.Type.(*ast.Ident); ok && f.Name.Name == "jobs" && kind.Name == "Kind" {
					for _, v := range n.Values {
						put(c.jobs, v)
					}
				}
			case *ast.Field:
				if n.Tag != nil {
					if name, _, _ := strings.Cut(fieldTag(n.Tag.Value, "env"), ","); setting.MatchString(name) {
						c.settings[name] = true
					}
				}
			case *ast.BasicLit:
				if text, ok := literal(n); ok && text != "" {
					c.faults[text] = c.faults[text] || said["fault."+text] != ""
					c.audit[text] = c.audit[text] || said["audit."+text] != ""
					c.alerts[text] = c.alerts[text] || said["alert."+text] != ""
				}
			}
			return true
		})
	})
	for name, all := range map[string]map[string]bool{"faults": c.faults, "audit": c.audit, "jobs": c.jobs, "alerts": c.alerts, "settings": c.settings} {
		maps.DeleteFunc(all, func(_ string, is bool) bool { return !is })
		if len(all) < 5 {
			t.Errorf("only %d %s were found", len(all), name)
		}
		compare(t, "codes/"+name+".txt", lines(slices.Sorted(maps.Keys(all))))
	}
}

// call notes the code of a fault that is made, and the act that is noted.
func (c codes) call(n *ast.CallExpr) {
	fun, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || len(n.Args) == 0 {
		return
	}
	if strings.EqualFold(fun.Sel.Name, "audit") {
		put(c.audit, n.Args[0])
	}
	if from, ok := fun.X.(*ast.Ident); ok && from.Name == "fault" {
		at := map[string]int{"New": 1, "Wrap": 1, "AtField": 1, "TooOften": 0}
		if i, makes := at[fun.Sel.Name]; makes && i < len(n.Args) {
			put(c.faults, n.Args[i])
		}
	}
}

func put(all map[string]bool, e ast.Expr) {
	if text, ok := literal(e); ok && text != "" {
		all[text] = true
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

func fieldTag(raw, key string) string {
	_, rest, found := strings.Cut(strings.Trim(raw, "`"), key+`:"`)
	if !found {
		return ""
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}
