package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// longest is the house rule for non-test files: near 100 lines, never above.
const longest = 500

// files calls fn for every Go file of the module with its import path.
func files(t *testing.T, fn func(pkg, path string, f *ast.File, src []byte)) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		n++
		fn("gerai/"+filepath.ToSlash(rel), path, f, src)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestImportsGoDownOnly(t *testing.T) {
	n := files(t, func(pkg, path string, f *ast.File, _ []byte) {
		if _, known := rooms[pkg]; !known {
			t.Errorf("%s: %s is no room: declare it in internal/archtest", path, pkg)
			return
		}
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, i := range f.Imports {
			imported := strings.Trim(i.Path.Value, `"`)
			if rule := judge(pkg, imported); rule != "" {
				t.Errorf("%s imports %s: %s", path, imported, rule)
			}
		}
	})
	if n < 50 {
		t.Fatalf("looked at %d files only: the walk is broken", n)
	}
}

func TestFilesStayShortAndRoomsSayWhatTheyAre(t *testing.T) {
	documented := map[string]bool{}
	seen := map[string]bool{}
	files(t, func(pkg, path string, f *ast.File, src []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		seen[pkg] = true
		if f.Doc != nil {
			documented[pkg] = true
		}
		if lines := strings.Count(string(src), "\n"); lines > longest {
			t.Errorf("%s has %d lines: no file is longer than %d", path, lines, longest)
		}
	})
	for pkg := range seen {
		if !documented[pkg] {
			t.Errorf("%s does not say what lives in it: give it a doc.go in three sentences", pkg)
		}
	}
}

// Only use cases and the runner may open a transaction.
func TestOnlyUseCasesWrite(t *testing.T) {
	may := []string{"gerai/internal/shop", "gerai/internal/staff", "gerai/internal/jobs/runner", "gerai/internal/store"}
	files(t, func(pkg, path string, _ *ast.File, src []byte) {
		if rooms[pkg] == helpers || strings.HasSuffix(path, "_test.go") || slices.Contains(may, pkg) {
			return
		}
		if strings.Contains(string(src), ".InTx(") {
			t.Errorf("%s opens a store transaction: only shop, staff and the runner may", path)
		}
	})
}

// The judge itself has to be able to say no.
func TestBadImportsAreNamed(t *testing.T) {
	for _, c := range []struct{ from, imported, rule string }{
		{"gerai/internal/order", "gerai/internal/store", "imports go down only"},
		{"gerai/internal/shop", "gerai/storefront", "imports go down only"},
		{"gerai/storefront", "gerai/payments/webhook", "doors don't know each other"},
		{"gerai/internal/store", "gerai/internal/cache", "hands don't know each other; what one needs of another, app hands in"},
		{"gerai/internal/shop", "gerai/internal/staff", "use cases don't know each other"},
		{"gerai/internal/shop", "github.com/gofiber/fiber/v2", "only doors, httpx and app speak HTTP through Fiber"},
		{"gerai/internal/shop", "database/sql", "only the store speaks SQL"},
		{"gerai/internal/app", "gerai/internal/sim/xenditsim", "nothing in the product imports a simulator"},
		{"gerai/internal/sim/xenditsim", "gerai/internal/money", "simulators speak the wire by themselves and import nothing of Gerai"},
		{"gerai/internal/shop", "gerai/internal/testenv", "only tests may import test helpers"},
		{"gerai/internal/utils", "fmt", "this package is no room: declare it in internal/archtest"},
		{"gerai/internal/shop", "gerai/internal/utils", "imports a package that is no room"},
	} {
		if got := judge(c.from, c.imported); got != c.rule {
			t.Errorf("%s imports %s: got %q, want %q", c.from, c.imported, got, c.rule)
		}
	}
	for _, ok := range [][2]string{{"gerai/storefront", "gerai/internal/shop"}, {"gerai/internal/shop", "gerai/internal/store"}, {"gerai/cmd/gerai-demo", "gerai/internal/sim/xenditsim"}, {"gerai/internal/order", "gerai/payments"}} {
		if got := judge(ok[0], ok[1]); got != "" {
			t.Errorf("%s may import %s, the judge says %q", ok[0], ok[1], got)
		}
	}
}
