package archtest

import (
	"slices"
	"testing"
)

// What comments, tests and pages must not cite, each in a file beside the sound module.
func TestBadCitations(t *testing.T) {
	const words = ", which is not there: name a page of docs/ or say the fact in words"
	row := func(id, page string) string {
		return "it cites " + id + ", which is not defined: add the row that begins \"| " + id + " |\" to " + page + ", or say the fact in words"
	}
	comment := func(text string) string { return "package x\n\n// f does it. " + text + "\nfunc f() {}\n" }
	for _, c := range []struct{ file, text, complaint string }{
		{"internal/order/bad.go", comment("See docs/money.md."), "it cites docs/money.md" + words},
		{"internal/order/bad.go", comment("See docs/decisions/0009."), "it cites docs/decisions/0009" + words},
		{"internal/order/bad.go", "package x\n\nvar help = `Values are in docs/values.md.`\n", "it cites docs/values.md" + words},
		{"internal/order/bad.go", comment("Fact: facts/payments.md 4."), "it cites facts/payments.md" + words},
		{"internal/order/bad.go", comment("As the DESIGN.md says."), "it cites DESIGN.md" + words},
		{"internal/order/bad.go", comment("F02 is borne."), row("F02", "docs/reference/faults.md")},
		{"internal/order/bad.go", comment("I2 holds."), row("I2", "docs/reference/invariants.md")},
		{"internal/order/bad.go", comment("A24 limits it."), row("A24", "docs/portal-checklist.md")},
		{"internal/order/bad.go", comment("S38 asks for it."), row("S38", "docs/coverage.md")},
		{"internal/order/bad.go", comment("It is row C4."), "it cites C4, and no page defines ids of C: say the fact in words"},
		{"internal/order/bad.go", comment("It is row B3."), "it cites B3, and no page defines ids of B: say the fact in words"},
		{"internal/order/bad_test.go", "package x\nvar rows = []string{`F01 F03 twice`}\n", row("F03", "docs/reference/faults.md")},
		{"internal/order/bad_test.go", "package x\nfunc TestF04Rotation() {}\n", row("F04", "docs/reference/faults.md")},
		{"docs/bad.md", "Attack F07 ends.\n", row("F07", "docs/reference/faults.md")},
		{"docs/bad.md", "[here](reference/roles.md)\n", "it links to reference/roles.md, which is not there"},
		{"docs/bad.md", "![here](pictures/one.png)\n", "it links to pictures/one.png, which is not there"},
		{"docs/decisions/0002-bad.md", "`github.com/caarlos0/env/v11` reads it.\n", "it names the module github.com/caarlos0/env/v11, which go.mod does not require: write its whole path with the version that go.mod has, or take it out of the page"},
		{"docs/decisions/0002-bad.md", "`github.com/redis/go-redis` talks.\n", "it names the module github.com/redis/go-redis, which go.mod does not require: write its whole path with the version that go.mod has, or take it out of the page"},
	} {
		t.Run(c.file+" "+c.complaint, func(t *testing.T) {
			m := smallModule()
			add(m, c.file, c.text)
			r, err := inspect(m)
			if want := []string{c.file + ": " + c.complaint}; err != nil || !slices.Equal(r.complaints, want) {
				t.Errorf("complaints %q, %v\nwant %q", r.complaints, err, want)
			}
		})
	}
}

// The tables of this package name what is there.
func TestBadTables(t *testing.T) {
	r, err := inspect(smallModule())
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]layer{"internal/money": domain, "internal/notify": adapters}
	for _, n := range slices.Concat(pure, writers) {
		declared[n] = domain
		r.packages[n] = &packageInfo{product: true, documented: true}
	}
	delete(declared, "internal/report")
	r.checkTables(declared, []reserved{
		{"github.com/redis/go-redis", []string{"internal/money"}, "it is there"},
		{"database/sql", []string{"internal/money"}, "it is Go's own"},
		{"github.com/gofiber/fiber", []string{"internal/door"}, "it is gone"},
	}, r.modules)
	slices.Sort(r.complaints)
	want := []string{
		"internal/archtest: it reserves the module github.com/gofiber/fiber, which go.mod does not require: take the rule out",
		"internal/archtest: its table names the package internal/notify, which is not there: take the entry out",
		"internal/archtest: pure names the package internal/report, which the table of packages does not have: take it out",
		"internal/archtest: the rule for github.com/gofiber/fiber names the package internal/door, which the table of packages does not have: take it out",
	}
	if !slices.Equal(r.complaints, want) {
		t.Errorf("complaints %q\nwant %q", r.complaints, want)
	}
}
