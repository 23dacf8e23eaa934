package catalog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Texts that the parser crawls through, or whose nesting would end the stack, are
// refused by line before it sees them, at the greatest size there is.
func TestNoTextCrawls(t *testing.T) {
	long := func(unit string) string { return strings.Repeat(unit, (MaxDocument-100)/len(unit)) }
	var fields strings.Builder
	for i := 0; fields.Len() < MaxDocument-200; i++ {
		fmt.Fprintf(&fields, "field%d: x\n", i)
	}
	flow := "brand: {" + strings.ReplaceAll(strings.TrimSpace(fields.String()), "\n", ",") + "}"
	for name, c := range map[string]struct{ text, want string }{
		"lists in lists":       {"a: " + long("["), "line 1: more than 16 brackets"},
		"mappings in mappings": {"a: " + long("{a: "), "line 1: more than 16 brackets"},
		"lists side by side":   {"a: " + long("[]"), `line 1: a comma is missing before "["`},
		"nothing closes":       {"a: " + long("]"), `line 1: "]" closes nothing`},
		"items in items":       {long("- "), "line 1: more than 16 entries"},
		"keys of keys":         {long("a: "), "line 1: more than 16 entries"},
		"anchors":              {"a: " + long("&a "), "line 1: more than 16 entries"},
		"aliases":              {"a: " + long("*a "), "line 1: more than 16 entries"},
		"reserved":             {"a: " + long("@"), "line 1: "},
		"fields":               {fields.String(), "line 101: more than 100 fields"},
		"fields in brackets":   {flow, "line 1: more than 100 fields"},
	} {
		done := make(chan error, 1)
		go func() { _, err := ParseDocument([]byte(c.text), env, file); done <- err }()
		select {
		case err := <-done:
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %.200v, want %q", name, err, c.want)
			}
		case <-time.After(25 * time.Second): // the parser takes minutes to hours
			t.Fatalf("%s: no answer", name)
		}
	}
}

// A great catalogue is none of them.
func TestGreatCatalogueIsRead(t *testing.T) {
	for _, form := range []string{"  - {id: s%d, slug: s%d, name: S, plans: [{id: p%[1]d, name: P, price: 5000}]}\n", "  - id: s%d\n    slug: s%d\n    name: S\n    plans:\n      - id: p%[1]d\n        name: P\n        price: 5000\n"} {
		var b strings.Builder
		b.WriteString("brand: {name: Toko}\nsites:\n")
		for i := range 1000 {
			fmt.Fprintf(&b, form, i, i)
		}
		c, err := ParseDocument([]byte(b.String()), env, file)
		if err != nil || len(c.Sites) != 1000 || len(c.Plans) != 1000 {
			t.Errorf("%d sites, %d plans, %.300v", len(c.Sites), len(c.Plans), err)
		}
	}
}

func TestParserIsGivenUp(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	_, err := within(time.Millisecond, func() (*ast.File, error) { <-stuck; return nil, nil })
	if err == nil || !strings.Contains(err.Error(), "could not be understood") {
		t.Errorf("%v", err)
	}
}
