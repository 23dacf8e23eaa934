package archtest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The module itself.
func TestHouse(t *testing.T) {
	r, err := inspect(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	r.checkTables(layers, outside, r.modules)
	for _, c := range r.complaints {
		t.Error(c)
	}
	// A walk that reads nothing would find no fault.
	for _, pkg := range []string{"internal/order", "internal/store", "internal/sim/routerossim", "storefront", "templates"} {
		if p := r.packages[pkg]; p == nil || !p.product || !p.documented {
			t.Errorf("%s was not seen", pkg)
		}
	}
	if r.files < 100 {
		t.Errorf("only %d files were seen", r.files)
	}
}

// smallModule is a small one without any fault.
func smallModule() fstest.MapFS {
	m := fstest.MapFS{
		"go.mod":                         {Data: []byte("module gerai\n\nrequire (\n\tgithub.com/redis/go-redis/v9 v9.1.0\n\tgolang.org/x/crypto v0.1.0 // indirect\n)\n\nrequire example.org/one v1.0.0\n")},
		"README.md":                      {Data: []byte("F01 and [the fault matrix](docs/reference/faults.md#money), from https://example.org/docs/F99.md\n")},
		"docs/reference/faults.md":       {Data: []byte("| id | fault |\n|---|---|\n| F01 | no token; see [I1](invariants.md), ../decisions/0001-modules.md |\n")},
		"docs/reference/invariants.md":   {Data: []byte("| id |\n|---|\n| I1 |\n")},
		"docs/portal-checklist.md":       {Data: []byte("| A01 | small |\n")},
		"docs/coverage.md":               {Data: []byte("| S04 | cash |\n")},
		"docs/decisions/0001-modules.md": {Data: []byte("`github.com/redis/go-redis/v9`, `golang.org/x/crypto/argon2`, `example.org/one`, `internal/store`, `go.mod`, https://example.org/two\n")},
		// What is passed over may break every rule.
		"node_modules/x/x.go":               {Data: []byte("package x\nimport _ \"database/sql\"\n")},
		"internal/order/testdata/broken.go": {Data: []byte("no go at all")},
	}
	for pkg, imports := range map[string][]string{
		"internal/money":           nil,
		"internal/order":           {"gerai/internal/money", "fmt"},
		"internal/cache":           {"github.com/redis/go-redis/v9"},
		"internal/store":           {"gerai/internal/order", "database/sql", "github.com/jackc/pgx/v5/stdlib", "modernc.org/sqlite"},
		"internal/shop":            {"gerai/internal/store", "gerai/internal/cache"},
		"internal/shop/orders":     {"gerai/internal/shop/internal/ledger", "gerai/internal/store"},
		"internal/staff":           {"gerai/internal/store"},
		"payments/webhook":         {"github.com/gofiber/fiber/v2"},
		"storefront":               {"gerai/internal/shop", "github.com/gofiber/fiber/v2"},
		"admin/web":                {"gerai/internal/staff", "github.com/gofiber/fiber/v2"},
		"admin/orders":             {"gerai/admin/web", "gerai/internal/shop"},
		"admin":                    {"gerai/admin/web", "gerai/admin/orders"},
		"internal/app":             {"gerai/storefront", "gerai/internal/cache", "github.com/gofiber/fiber/v2"},
		"cmd/gerai":                {"gerai/internal/app"},
		"cmd/gerai-demo":           {"gerai/internal/app", "gerai/internal/sim/routerossim"},
		"internal/sim/xenditsim":   {"net/http"},
		"internal/sim/routerossim": {"net"},
		"internal/shop/shoptest":   {"gerai/internal/shop", "gerai/internal/sim/routerossim"},
		"internal/testenv":         {"github.com/jackc/pgx/v5"},
	} {
		add(m, pkg+"/doc.go", "// Package x says what lives here.\npackage x\n")
		add(m, pkg+"/x.go", source(imports...))
	}
	add(m, "internal/shop/shop.go", "package x\nfunc f() { s.InTx() }\n")
	add(m, "storefront/shop_test.go", source("gerai/internal/shop/shoptest", "gerai/internal/sim/routerossim"))
	add(m, "storefront/write_test.go", "package x\nfunc f() { s.InTx() }\n")
	add(m, "storefront/cite_test.go", `// F01, I1, A01 and S04; docs/reference/faults.md, decision docs/decisions/0001. A4 is paper.
package x
var names = []string{"F01 S04 twice", "say F99"}
func TestA01Small(t *testing.T) {}
`)
	add(m, "internal/order/long_test.go", long)
	add(m, "test/clients/x_test.go", source("github.com/go-routeros/routeros/v3", "gerai/internal/sim/routerossim"))
	return m
}

var long = "package x\n" + strings.Repeat("// one more line\n", longest)

func add(m fstest.MapFS, file, text string) { m[file] = &fstest.MapFile{Data: []byte(text)} }

func source(imports ...string) string {
	text := "package x\n"
	for _, i := range imports {
		text += "import _ \"" + i + "\"\n"
	}
	return text
}

func TestGoodHouse(t *testing.T) {
	r, err := inspect(smallModule())
	if err != nil || len(r.complaints) > 0 {
		t.Errorf("complaints about a sound module: %q, %v", r.complaints, err)
	}
}

// Every rule has to be able to say no: each case adds one bad file to the sound module.
func TestBadHouses(t *testing.T) {
	const (
		undeclared = "it is not declared: add it to the table in internal/archtest"
		fiber      = "only handlers, httpx and app speak HTTP through Fiber"
		drivers    = "only the store imports database drivers; tests ask testenv"
		alone      = "simulators implement the protocol on their own and import nothing of Gerai"
		isPure     = "this package is pure: it takes what it needs as arguments"
		code       = `it compares a fault's code with "order.gone": declare the fault and use errors.Is`
	)
	imports := func(path, rule string) string { return "it imports " + path + ": " + rule }
	for _, c := range []struct{ file, text, complaint string }{
		{"internal/store/bad.go", source("unsafe"), imports("unsafe", "memory is left to the compiler: scripts/test leaves the check of unsafe pointers out")},
		{"internal/order/bad.go", source("gerai/internal/store"), imports("gerai/internal/store", "imports go down only")},
		{"internal/shop/bad.go", source("gerai/storefront"), imports("gerai/storefront", "imports go down only")},
		{"internal/app/bad.go", source("gerai/internal/utils"), imports("gerai/internal/utils", undeclared)},
		{"storefront/bad.go", source("gerai/payments/webhook"), imports("gerai/payments/webhook", "handlers do not import each other")},
		{"internal/store/bad.go", source("gerai/internal/cache"), imports("gerai/internal/cache", "adapters do not import each other; app passes in what one needs of another")},
		{"admin/orders/bad.go", source("gerai/admin/refunds"), imports("gerai/admin/refunds", "handlers do not import each other")},
		{"admin/web/bad.go", source("gerai/admin/orders"), imports("gerai/admin/orders", "handlers do not import each other")},
		{"internal/shop/bad.go", source("gerai/internal/staff"), imports("gerai/internal/staff", "use cases do not import each other")},
		{"internal/shop/orders/bad.go", source("gerai/internal/shop/refunds"), imports("gerai/internal/shop/refunds", "areas import those before them in the list of areas only")},
		{"internal/shop/orders/bad.go", source("gerai/internal/shop"), imports("gerai/internal/shop", "areas import those before them in the list of areas only")},
		{"internal/shop/bad.go", source("github.com/gofiber/fiber/v2"), imports("github.com/gofiber/fiber/v2", fiber)},
		{"internal/jobs/runner/bad.go", source("github.com/gofiber/fiber/v2"), imports("github.com/gofiber/fiber/v2", fiber)},
		{"storefront/bad.go", source("database/sql"), imports("database/sql", "only the store speaks SQL")},
		{"internal/cache/bad.go", source("github.com/jackc/pgx/v5/pgxpool"), imports("github.com/jackc/pgx/v5/pgxpool", drivers)},
		{"storefront/bad_test.go", source("modernc.org/sqlite"), imports("modernc.org/sqlite", drivers)},
		{"internal/app/bad.go", source("github.com/pressly/goose/v3"), imports("github.com/pressly/goose/v3", "only the store changes the schema")},
		{"internal/shop/bad.go", source("github.com/redis/go-redis/v9"), imports("github.com/redis/go-redis/v9", "only the cache talks to Redis")},
		{"internal/shop/bad.go", source("github.com/go-routeros/routeros/v3/proto"), imports("github.com/go-routeros/routeros/v3/proto", "only hotspot/routeros imports go-routeros")},
		{"payments/webhook/bad.go", source("github.com/xendit/xendit-go/v7"), imports("github.com/xendit/xendit-go/v7", "only payments/xendit imports the Xendit SDK")},
		{"internal/app/bad.go", source("gerai/internal/sim/xenditsim"), imports("gerai/internal/sim/xenditsim", "nothing in the product imports a simulator")},
		{"cmd/gerai/bad.go", source("gerai/internal/sim/xenditsim"), imports("gerai/internal/sim/xenditsim", "nothing in the product imports a simulator")},
		{"internal/sim/xenditsim/bad.go", source("gerai/internal/money"), imports("gerai/internal/money", alone)},
		{"internal/sim/xenditsim/bad_test.go", source("gerai/internal/sim/routerossim"), imports("gerai/internal/sim/routerossim", alone)},
		{"internal/shop/bad.go", source("gerai/internal/testenv"), imports("gerai/internal/testenv", "only tests may import test helpers")},
		{"internal/order/bad.go", source("os"), imports("os", isPure)},
		{"internal/money/bad.go", source("math/rand/v2"), imports("math/rand/v2", isPure)},
		{"internal/order/bad.go", long, "it has 501 lines, no file has more than 500"},
		{"storefront/bad.go", "package x\nfunc f() error { return d.store.InTx(ctx, \"x\", nil) }\n", "it opens a store transaction: only shop, staff and the runner may"},
		{"storefront/bad.go", "package x\nfunc f() bool { return fault.CodeOf(err) != \"order.gone\" }\n", code},
		{"internal/shop/bad.go", "package x\nfunc f() {\n switch code := fault.CodeOf(err); {\n case code == \"order.gone\":\n }\n}\n", code},
		{"internal/shop/bad.go", "package x\nfunc f() {\n switch fault.CodeOf(err) {\n case \"order.gone\":\n }\n}\n", code},
		{"admin/web/bad.go", "package x\nfunc f() bool { return errors.As(err, &f) && f.Code == \"order.gone\" }\n", code},
	} {
		t.Run(c.file+" "+c.complaint, func(t *testing.T) {
			m := smallModule()
			if strings.HasPrefix(c.file, "internal/jobs/runner/") {
				add(m, "internal/jobs/runner/doc.go", "// Package runner is there.\npackage x\n")
			}
			add(m, c.file, c.text)
			r, err := inspect(m)
			if want := []string{c.file + ": " + c.complaint}; err != nil || !slices.Equal(r.complaints, want) {
				t.Errorf("complaints %q, %v\nwant %q", r.complaints, err, want)
			}
		})
	}
}

func TestBadPackages(t *testing.T) {
	for _, c := range []struct {
		files fstest.MapFS
		want  []string
	}{
		{fstest.MapFS{"internal/utils/doc.go": {Data: []byte("// Package utils is a drawer.\npackage utils\n")}},
			[]string{"internal/utils: it is not declared: add it to the table in internal/archtest"}},
		{fstest.MapFS{"internal/fault/fault.go": {Data: []byte("// Package fault is described in the wrong file.\npackage fault\n")}},
			[]string{"internal/fault: it does not say what lives in it: give it a doc.go in three sentences"}},
		{fstest.MapFS{"internal/fault/doc.go": {Data: []byte("package fault\n")}},
			[]string{"internal/fault: it does not say what lives in it: give it a doc.go in three sentences"}},
	} {
		if r, err := inspect(c.files); err != nil || !slices.Equal(r.complaints, c.want) {
			t.Errorf("complaints %q, %v\nwant %q", r.complaints, err, c.want)
		}
	}
	if _, err := inspect(fstest.MapFS{"internal/fault/doc.go": {Data: []byte("not go")}}); err == nil {
		t.Error("a file that is not Go passes")
	}
}
