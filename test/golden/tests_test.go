package golden

import (
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var testName = regexp.MustCompile(`^(Test|Fuzz|Benchmark|Example)([^a-z].*)?$`)

// testNames lists the tests of the repository without their packages, each as
// often as it is there, and the parts of tests that have a fixed name.
func testNames(t *testing.T) (out []string) {
	t.Helper()
	isTest := func(file string) bool { return strings.HasSuffix(file, "_test.go") }
	sources(t, isTest, func(_ string, f *ast.File) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			name := ""
			if fn.Recv == nil && testName.MatchString(fn.Name.Name) && fn.Name.Name != "TestMain" {
				name = fn.Name.Name
				out = append(out, name)
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 {
					if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Run" {
						if part, ok := literal(call.Args[0]); ok {
							out = append(out, name+"/"+strings.ReplaceAll(part, " ", "_"))
						}
					}
				}
				return true
			})
		}
	})
	slices.Sort(out)
	return out
}

// TestNoTestVanishes holds the tests to the list: there may be more of them, in
// whatever package, but none of the list is gone.
func TestNoTestVanishes(t *testing.T) {
	have := testNames(t)
	if *update {
		compare(t, "tests.txt", lines(have))
		return
	}
	text, err := os.ReadFile("testdata/tests.txt")
	if err != nil {
		t.Fatal(err)
	}
	gone := missing(strings.Fields(string(text)), have)
	if len(gone) > 0 {
		t.Errorf("%d tests are gone; one that was replaced on purpose leaves the list with go test ./test/golden -update:\n%s", len(gone), strings.Join(gone, "\n"))
	}
}

// missing lists what is in want more often than in have.
func missing(want, have []string) (gone []string) {
	count := map[string]int{}
	for _, name := range have {
		count[name]++
	}
	for _, name := range want {
		if count[name]--; count[name] < 0 {
			gone = append(gone, name)
		}
	}
	return gone
}

func TestMissing(t *testing.T) {
	if got := missing([]string{"A", "B", "B", "C"}, []string{"B", "C", "A", "D"}); !slices.Equal(got, []string{"B"}) {
		t.Errorf("gone: %v", got)
	}
}
