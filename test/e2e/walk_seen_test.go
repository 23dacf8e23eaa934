package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"gerai/templates"
)

// seen holds the pages of the walk by route, and the text of each page.
type seen struct {
	pages map[string][]*goquery.Document
	words []string
}

// add records a page.
func (s *seen) add(route string, doc *goquery.Document) {
	if s.pages == nil {
		s.pages = map[string][]*goquery.Document{}
	}
	s.pages[route] = append(s.pages[route], doc)
	text := []string{doc.Text()}
	doc.Find("*").Each(func(_ int, e *goquery.Selection) {
		for _, a := range e.Nodes[0].Attr {
			if slices.Contains([]string{"aria-label", "data-label", "placeholder", "title", "alt"}, a.Key) {
				text = append(text, a.Val)
			}
		}
	})
	s.words = append(s.words, flat(strings.Join(text, " ")))
}

// flat collapses white space.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// shows reports whether an element on a page of the route has the sentence as its text, in
// any language.
func (s *seen) shows(route, selector, key string) bool {
	return slices.ContainsFunc(s.pages[route], func(doc *goquery.Document) bool {
		return slices.ContainsFunc(doc.Find(selector).Nodes, func(n *html.Node) bool {
			text := flat(goquery.NewDocumentFromNode(n).Text())
			return slices.ContainsFunc(templates.Langs, func(l templates.Lang) bool { return text == templates.Text(l, key) })
		})
	})
}

// says reports whether a page holds the sentence, in any language.
func (s *seen) says(key string) bool {
	return slices.ContainsFunc(templates.Langs, func(l templates.Lang) bool {
		parts := blank.Split(flat(templates.Text(l, key)), -1)
		like := sentence(parts)
		return slices.ContainsFunc(s.words, func(page string) bool {
			return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(page, p) }) && (len(parts) == 1 || like.MatchString(page))
		})
	})
}

var blank = regexp.MustCompile(`\{[a-z_]+(?:\|[^{}]*)?\}`)

// sentence matches the parts of a sentence with values between them.
func sentence(parts []string) *regexp.Regexp {
	quoted := make([]string, len(parts))
	for i, p := range parts {
		quoted[i] = regexp.QuoteMeta(p)
	}
	return regexp.MustCompile(strings.Join(quoted, `.{0,200}?`))
}

// ends lists what follows the prefix in the keys of sentences.
func ends(prefix string) (out []string) {
	for key := range templates.Sentences(prefix) {
		out = append(out, strings.TrimPrefix(key, prefix))
	}
	slices.Sort(out)
	return out
}

// values reads the constants of a string type from the source of a package.
func values(t *testing.T, dir, kind string) (out []string) {
	t.Helper()
	eachSource(t, dir, func(f *ast.File) {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				if id, ok := v.Type.(*ast.Ident); ok && id.Name == kind {
					if text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value); err == nil && text != "" {
						out = append(out, text)
					}
				}
			}
		}
	})
	if len(out) == 0 {
		t.Fatalf("%s has no constants of a type %s", dir, kind)
	}
	return out
}

// eachSource parses the files of a package without its tests.
func eachSource(t *testing.T, dir string, look func(*ast.File)) {
	t.Helper()
	names, err := fs.Glob(os.DirFS(dir), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), dir+"/"+name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		look(f)
	}
}

// templateKeys lists the keys of the sentences in the panel's templates: those named in full,
// and those with a prefix that a template completes.
func templateKeys(t *testing.T) (out []string) {
	t.Helper()
	tree := os.DirFS("../../templates")
	inTemplate := regexp.MustCompile(`\.(?:T|Say) "([a-z_A-Z0-9.]+)"`)
	composed := regexp.MustCompile(`\.T \(print "([a-z_.]+\.)" `)
	err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (path == "storefront" || path == "portal") {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".html") {
			return err
		}
		raw, err := fs.ReadFile(tree, path)
		for _, m := range inTemplate.FindAllSubmatch(raw, -1) {
			out = append(out, string(m[1]))
		}
		for _, m := range composed.FindAllSubmatch(raw, -1) {
			for _, end := range ends(string(m[1])) {
				out = append(out, string(m[1])+end)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
