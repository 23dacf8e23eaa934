package archtest

import (
	"go/ast"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// definers are the pages that define ids, by the letter that the ids begin with:
// one table row for each.
var definers = map[byte]string{
	'F': "docs/reference/faults.md",
	'I': "docs/reference/invariants.md",
	'A': "docs/portal-checklist.md",
	'S': "docs/coverage.md",
}

var (
	definedID = regexp.MustCompile(`(?m)^\| ([FIAS]\d{1,2}) \|`)
	citedID   = regexp.MustCompile(`\b(?:[FAS]\d\d|[IBC]\d)\b`)
	caseID    = regexp.MustCompile(`^(?:[FAS]\d\d\b ?)+`) // how the name of a case begins
	testID    = regexp.MustCompile(`^Test([FAS]\d\d)[A-Z]`)
	citedPage = regexp.MustCompile(`\bdocs/[\w./-]+|[\w./-]+\.md\b`)
	shownPage = regexp.MustCompile(`\bdocs/[\w./-]+\.md\b`)
	linkTo    = regexp.MustCompile(`\]\(([^)\s#:]+)(?:#[^)]*)?\)`)
	address   = regexp.MustCompile(`https?://[^\s)>"` + "`" + `]+`)
)

// citations knows what comments and pages may cite.
type citations struct {
	tree fs.FS
	ids  map[string]bool
}

func citationsOf(tree fs.FS) citations {
	c := citations{tree: tree, ids: map[string]bool{}}
	for letter, page := range definers {
		text, _ := fs.ReadFile(tree, page) // a page that is not there defines nothing
		for _, m := range definedID.FindAllSubmatch(text, -1) {
			if m[1][0] == letter {
				c.ids[string(m[1])] = true
			}
		}
	}
	return c
}

// code judges the comments of a Go file, the pages that its texts send people
// to and, in tests, the ids in front of the names of tests and cases.
func (c citations) code(r *report, file string, f *ast.File) {
	for _, group := range f.Comments {
		c.text(r, file, group.Text())
	}
	test := strings.HasSuffix(file, "_test.go")
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if !test {
				c.pages(r, file, shownPage.FindAllString(n.Value, -1))
				return true
			}
			c.namedIDs(r, file, caseID.FindString(strings.Trim(n.Value, "\"`")))
		case *ast.FuncDecl:
			if m := testID.FindStringSubmatch(n.Name.Name); m != nil {
				c.namedIDs(r, file, m[1])
			}
		}
		return true
	})
}

// page judges a Markdown page.
func (c citations) page(r *report, file, text string) {
	c.text(r, file, linkTo.ReplaceAllString(text, "]"))
	for _, m := range linkTo.FindAllStringSubmatch(text, -1) {
		if !c.there(file, m[1]) {
			r.complain(file, "it links to %s, which is not there", m[1])
		}
	}
}

func (c citations) text(r *report, file, text string) {
	text = address.ReplaceAllString(text, "")
	c.pages(r, file, citedPage.FindAllString(text, -1))
	c.namedIDs(r, file, text)
}

func (c citations) pages(r *report, file string, cited []string) {
	for _, p := range cited {
		if p = strings.TrimRight(p, "./-"); !c.there(file, p) {
			r.complain(file, "it cites %s, which is not there: name a page of docs/ or say the fact in words", p)
		}
	}
}

func (c citations) namedIDs(r *report, file, text string) {
	for _, id := range citedID.FindAllString(text, -1) {
		page, any := definers[id[0]]
		switch {
		case !any:
			r.complain(file, "it cites %s, and no page defines ids of %s: say the fact in words", id, id[:1])
		case !c.ids[id]:
			r.complain(file, "it cites %s, which is not defined: add the row that begins \"| %s |\" to %s, or say the fact in words", id, id, page)
		}
	}
}

// there reports whether a path names something, seen from the root or from the
// folder of the file that cites it. The number of a decision is enough.
func (c citations) there(file, cited string) bool {
	for _, p := range []string{path.Clean(cited), path.Join(path.Dir(file), cited)} {
		if !fs.ValidPath(p) {
			continue
		}
		if _, err := fs.Stat(c.tree, p); err == nil {
			return true
		}
		if found, err := fs.Glob(c.tree, p+"-*.md"); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}
