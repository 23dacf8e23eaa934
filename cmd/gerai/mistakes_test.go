package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gerai/templates"
)

// formats are the functions that take a mistake's format, with its place among
// their arguments.
var formats = map[string]map[string]int{
	"../../internal/backup":  {"mistake.New": 0},
	"../../internal/catalog": {"mistake.New": 0, "bad": 0, "refuse": 1, "s.bad": 1, "p.bad": 1, "s.p.bad": 1, "read": 4},
	"../../internal/config":  {"mistake.New": 0},
	"../../internal/secret":  {"mistake.New": 0},
}

// Every mistake in a catalogue or in the configuration has a sentence in every
// language with the same values, and every sentence is of such a mistake.
func TestEveryMistakeIsTranslated(t *testing.T) {
	used := map[string]bool{}
	for dir, takers := range formats {
		for _, format := range formatsIn(t, dir, takers) {
			format = strings.TrimPrefix(format, "secret: ")
			used[format] = true
			if _, ok := templates.Translated(templates.Indonesian, "mistake.", format); !ok {
				t.Errorf("%s: no sentence for %q", dir, format)
			}
		}
	}
	verb := regexp.MustCompile(`%[a-z]`)
	for key, english := range templates.Sentences("mistake.") {
		if !used[english] {
			t.Errorf("%s is said nowhere", key)
		}
		id := templates.Text(templates.Indonesian, key)
		if id == english || !slices.Equal(verb.FindAllString(id, -1), verb.FindAllString(english, -1)) {
			t.Errorf("%s: %q and %q", key, english, id)
		}
	}
}

// formatsIn finds the formats of a package's mistakes. One that is not written
// where the mistake is made fails, unless it is handed on by one of the takers.
func formatsIn(t *testing.T, dir string, takers map[string]int) (found []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatal(dir, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			place, ok := takers[written(call.Fun)]
			if !ok || place >= len(call.Args) {
				return true
			}
			switch arg := call.Args[place].(type) {
			case *ast.BasicLit:
				text, err := strconv.Unquote(arg.Value)
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, text)
			case *ast.Ident:
				if arg.Name != "format" && arg.Name != "form" {
					t.Errorf("%s: the format %s is not written there", name, arg.Name)
				}
			default:
				if text := written(arg); !strings.HasPrefix(text, "strings.TrimPrefix") {
					t.Errorf("%s: a format is put together: %s", name, text)
				}
			}
			return true
		})
	}
	return found
}

// written is a name as the code has it.
func written(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return written(x.X) + "." + x.Sel.Name
	case *ast.CallExpr:
		return written(x.Fun)
	}
	return "?"
}
