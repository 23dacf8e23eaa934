package archtest

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// promised are the capabilities that must have a screen and a test.
var promised = strings.Fields("S04 S11 S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23 S24 S25 S27 S28 S29 S30 S31 S33 S38")

var (
	testFunc   = regexp.MustCompile(`(?m)^func (Test\w+)\(\w+ \*testing\.T\)`)
	namedTest  = regexp.MustCompile(`\bTest[A-Z]\w*(\.\.\.)?`)
	namedPath  = regexp.MustCompile("`([a-z0-9_/.-]+)`")
	oneRow     = regexp.MustCompile(`(?m)^\| (S\d\d) \| (.+) \| (.+) \| (.+) \|$`)
	namedBatch = "..." // "TestMatrix..." stands for all that begin so
)

// What docs/coverage.md promises is there: one row for each capability in order,
// each with a screen and with tests and files that exist.
func TestWhatIsCoveredIsThere(t *testing.T) {
	tree := os.DirFS("../..")
	text, err := fs.ReadFile(tree, "docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t, tree)
	var ids []string
	for _, row := range oneRow.FindAllStringSubmatch(string(text), -1) {
		id, holds := row[1], row[4]
		ids = append(ids, id)
		names := namedTest.FindAllString(holds, -1)
		for _, name := range names {
			if !named(tests, name) {
				t.Errorf("%s: no test %s", id, name)
			}
		}
		for _, m := range namedPath.FindAllStringSubmatch(holds, -1) {
			if _, err := fs.Stat(tree, m[1]); err != nil {
				t.Errorf("%s: %v", id, err)
			}
			names = append(names, m[1])
		}
		if len(names) == 0 || !strings.Contains(row[3], "`") {
			t.Errorf("%s has no screen or no test", id)
		}
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("rows are not in order, or twice: %v", ids)
	}
	for _, id := range promised {
		if !slices.Contains(ids, id) {
			t.Errorf("%s has no row", id)
		}
	}
}

// named reports whether tests have a name, or one that begins so.
func named(tests []string, name string) bool {
	start, many := strings.CutSuffix(name, namedBatch)
	return slices.ContainsFunc(tests, func(x string) bool { return x == name || many && strings.HasPrefix(x, start) })
}

// testsOf lists the tests of the whole tree.
func testsOf(t *testing.T, tree fs.FS) (names []string) {
	t.Helper()
	err := fs.WalkDir(tree, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "node_modules" || strings.HasPrefix(e.Name(), ".") && p != ".") {
			return fs.SkipDir
		}
		if ok, _ := path.Match("*_test.go", e.Name()); !ok {
			return nil
		}
		text, err := fs.ReadFile(tree, p)
		for _, m := range testFunc.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
		return err
	})
	if err != nil || len(names) < 100 {
		t.Fatalf("%d tests were seen (%v)", len(names), err)
	}
	return names
}
