package archtest

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The tables of docs/reference list what the code declares, and nothing else.
func TestReferencePagesSayWhatTheCodeHas(t *testing.T) {
	for _, g := range registers {
		for _, c := range g.compare(os.DirFS("../..")) {
			t.Error(c)
		}
	}
}

// Each way in which a page and the code differ is said with the line to change.
func TestBadReferencePages(t *testing.T) {
	const good = "| kind | does |\n|---|---|\n| `a` | one |\n\n| kind | does |\n|---|---|\n| `b` | two |\n\n| other |\n|---|\n| `z` |\n"
	const code = "package x\n\ntype Kind string\n\nconst (\n\tA Kind = \"a\"\n\tB Kind = \"b\"\n\tNone Kind = \"\"\n\tOther = \"c\"\n)\n"
	const rights = "package x\n\nconst (\n\tAdmin = \"admin\"\n\tKasir = \"kasir\"\n\tSell = \"sell\"\n)\n\nvar granted = map[string][]string{Sell: {Admin, Kasir}, \"see\": {Admin}}\n"
	const matrix = "| right | admin | kasir | teknisi |\n|---|---|---|---|\n| `sell` | yes | yes | |\n| `see` | yes | | |\n"
	const arrows = "package x\n\nvar leaves = map[string][]string{\"a\": {\"b\", \"c\"}, \"b\": {\"c\"}}\n"
	const states = "| state | leaves to |\n|---|---|\n| `a` | `c` at last, `b` |\n| `b` | `c` |\n| `c` | |\n"
	kinds := register{page: "p.md", column: "kind", dir: "x", typed: "Kind"}
	roles := register{page: "p.md", column: "right", dir: "x", keys: "granted", values: "*"}
	leaves := register{page: "p.md", column: "state", dir: "x", keys: "leaves", values: "leaves to", more: true}
	prefixed := register{page: "p.md", column: "other", dir: "x", prefix: "Oth"}
	anywhere := register{page: "p.md", dir: "x", typed: "Kind", named: true}
	for name, c := range map[string]struct {
		register
		page, code string
		want       []string
	}{
		"good":           {kinds, good, code, nil},
		"good matrix":    {roles, matrix, rights, nil},
		"good arrows":    {leaves, states, arrows, nil},
		"good prefix":    {prefixed, strings.ReplaceAll(good, "`z`", "`c`"), code, nil},
		"good runbook":   {anywhere, "do `a`, then `b`\n", code, nil},
		"not named":      {anywhere, "do `a`, then b\n", code, []string{"it does not name `b`, a constant of type Kind in x: say there what it means and what to do"}},
		"missing":        {kinds, strings.ReplaceAll(good, "| `b` | two |\n", ""), code, []string{"a constant of type Kind in x has no row: add the line \"| `b` | (does) |\" to the table of \"kind\" and write what is in parentheses"}},
		"too many":       {kinds, good, strings.ReplaceAll(code, "\tB Kind = \"b\"\n", ""), []string{"the row of `b` names no constant of type Kind in x: take the line out"}},
		"twice":          {kinds, strings.ReplaceAll(good, "`b`", "`a`"), strings.ReplaceAll(code, "\tB Kind = \"b\"\n", ""), []string{"`a` has two rows in the tables of \"kind\": take one out"}},
		"no table":       {kinds, "nothing\n", code, []string{"no table has the first column \"kind\": it lists each constant of type Kind in x"}},
		"moved":          {kinds, good, "package x\n", []string{"no constant of type Kind in x: if they moved, say where in internal/archtest/reference.go"}},
		"other prefix":   {prefixed, good, code, []string{"a constant Oth... in x has no row: add the line \"| `c` |\" to the table of \"other\" and write what is in parentheses", "the row of `z` names no constant Oth... in x: take the line out"}},
		"computed":       {roles, matrix, strings.ReplaceAll(rights, "Sell:", "f():"), []string{"a key of granted in x is no text and no constant of that package"}},
		"not granted":    {roles, strings.ReplaceAll(matrix, "| `sell` | yes | yes |", "| `sell` | yes | |"), rights, []string{"the row of `sell` says \"\" under \"kasir\", the code says \"yes\""}},
		"granted":        {roles, strings.ReplaceAll(matrix, "| `see` | yes | |", "| `see` | yes | yes |"), rights, []string{"the row of `see` says \"yes\" under \"kasir\", the code says \"\""}},
		"missing right":  {roles, strings.ReplaceAll(matrix, "| `see` | yes | | |\n", ""), rights, []string{"a key of granted in x has no row: add the line \"| `see` | yes |  |  |\" to the table of \"right\" and write what is in parentheses"}},
		"another arrow":  {leaves, strings.ReplaceAll(states, "| `b` | `c` |", "| `b` | |"), arrows, []string{"the row of `b` says \"\" under \"leaves to\", the code says \"`c`\""}},
		"one arrow more": {leaves, strings.ReplaceAll(states, "| `b` | `c` |", "| `b` | `c`, `a` |"), arrows, []string{"the row of `b` says \"`c`, `a`\" under \"leaves to\", the code says \"`c`\""}},
	} {
		t.Run(name, func(t *testing.T) {
			tree := fstest.MapFS{"docs/reference/p.md": {Data: []byte(c.page)}, "x/x.go": {Data: []byte(c.code)}, "x/x_test.go": {Data: []byte("package x\nconst T Kind = \"t\"\n")}}
			var want []string
			for _, w := range c.want {
				want = append(want, "docs/reference/p.md: "+w)
			}
			if have := c.compare(tree); !slices.Equal(have, want) {
				t.Errorf("complaints %q\nwant %q", have, want)
			}
		})
	}
}

// Pages name tests that exist.
func TestPagesNameTestsThatExist(t *testing.T) {
	tree := os.DirFS("../..")
	tests, seen := testsOf(t, tree), 0
	err := fs.WalkDir(tree, "docs", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(file, ".md") {
			return err
		}
		text, err := fs.ReadFile(tree, file)
		for _, name := range namedTest.FindAllString(string(text), -1) {
			seen++
			if !named(tests, name) {
				t.Errorf("%s: there is no test %s: name the one that proves the row now", file, name)
			}
		}
		return err
	})
	if err != nil || seen < 100 {
		t.Errorf("%d names of tests were seen (%v)", seen, err)
	}
}
