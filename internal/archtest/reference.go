package archtest

import (
	"errors"
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// register is a column of a reference page and what it must list: the string
// constants of a package by type or by the first part of their names, or the
// keys of a map.
type register struct {
	page   string // below docs/reference
	column string // the header of the first column; tables with the same one are read as one
	dir    string // of the package
	typed  string // constants of this type; the empty one does not count
	prefix string // untyped constants whose names begin so
	keys   string // keys of this map variable
	// values is the column that repeats the map's values, if one does.
	values string
	// more says that the page lists others as well.
	more bool
	// named says that the page has no such table and names each value somewhere.
	named bool
}

var registers = []register{
	{page: "jobs.md", column: "kind", dir: "internal/jobs", typed: "Kind"},
	{page: "alerts.md", column: "kind", dir: "internal/staff", keys: "alertRights", values: "right"},
	{page: "alerts.md", column: "kind", dir: "internal/shop/alerts", keys: "alertKinds", more: true},
	{page: "order-states.md", column: "status", dir: "internal/order", typed: "Status"},
	{page: "order-states.md", column: "status", dir: "internal/order", keys: "leaves", values: "leaves to", more: true},
	{page: "order-states.md", column: "flag", dir: "internal/order", typed: "Flag"},
	{page: "order-states.md", column: "attention", dir: "internal/order", typed: "Reason"},
	{page: "order-states.md", column: "attempt", dir: "internal/order", typed: "AttemptState"},
	{page: "order-states.md", column: "refund", dir: "internal/order", typed: "RefundState"},
	{page: "order-states.md", column: "refund reason", dir: "internal/order", typed: "RefundReason"},
	{page: "voucher-states.md", column: "voucher", dir: "internal/voucher", typed: "State"},
	{page: "voucher-states.md", column: "voucher", dir: "internal/voucher", keys: "leaves", values: "leaves to"},
	{page: "voucher-states.md", column: "want", dir: "internal/voucher", typed: "Want"},
	{page: "voucher-states.md", column: "batch", dir: "internal/voucher", typed: "BatchState"},
	{page: "reconciliation.md", column: "kind", dir: "internal/reconcile", typed: "Kind"},
	{page: "reconciliation.md", column: "state", dir: "internal/reconcile", typed: "State"},
	{page: "roles.md", column: "right", dir: "internal/staff", typed: "Right"},
	{page: "roles.md", column: "right", dir: "internal/staff", keys: "granted", values: "*"},
	{page: "../runbook.md", dir: "internal/staff", keys: "alertRights", named: true},
	{page: "../runbook.md", dir: "internal/order", typed: "Reason", named: true},
}

// declared returns what the code has for a register: each value, and for a map
// what it maps to.
func (g register) declared(s declarations) (map[string][]string, error) {
	out := map[string][]string{}
	switch {
	case g.typed != "":
		for _, text := range s.typed[g.typed] {
			out[text] = nil
		}
	case g.prefix != "":
		for name, text := range s.consts {
			if strings.HasPrefix(name, g.prefix) {
				out[text] = nil
			}
		}
	case s.maps[g.keys] != nil:
		for _, e := range s.maps[g.keys].Elts {
			pair, ok := e.(*ast.KeyValueExpr)
			if !ok || len(s.texts(pair.Key)) != 1 {
				return nil, fmt.Errorf("a key of %s in %s is no text and no constant of that package", g.keys, g.dir)
			}
			out[s.texts(pair.Key)[0]] = s.texts(pair.Value)
		}
	}
	delete(out, "")
	if len(out) == 0 {
		return nil, errors.New("no " + g.what() + ": if they moved, say where in internal/archtest/reference.go")
	}
	return out, nil
}

func (g register) what() string {
	switch {
	case g.typed != "":
		return "constant of type " + g.typed + " in " + g.dir
	case g.prefix != "":
		return "constant " + g.prefix + "... in " + g.dir
	}
	return "key of " + g.keys + " in " + g.dir
}

// compare holds a page to the code and says which line to add, change or take
// out.
func (g register) compare(tree fs.FS) (complaints []string) {
	page := path.Join("docs/reference", g.page)
	complain := func(format string, args ...any) {
		complaints = append(complaints, page+": "+fmt.Sprintf(format, args...))
	}
	s, err := declarationsOf(tree, g.dir)
	var want map[string][]string
	if err == nil {
		want, err = g.declared(s)
	}
	if err != nil {
		complain("%v", err)
		return complaints
	}
	text, err := fs.ReadFile(tree, page)
	if err != nil {
		complain("%v", err)
		return complaints
	}
	if g.named {
		for _, value := range slices.Sorted(maps.Keys(want)) {
			if !strings.Contains(string(text), "`"+value+"`") {
				complain("it does not name `%s`, a %s: say there what it means and what to do", value, g.what())
			}
		}
		return complaints
	}
	t := tableOf(string(text), g.column)
	if t.header == nil {
		complain("no table has the first column %q: it lists each %s", g.column, g.what())
		return complaints
	}
	for _, value := range t.twice {
		complain("`%s` has two rows in the tables of %q: take one out", value, g.column)
	}
	for _, value := range slices.Sorted(maps.Keys(want)) {
		cells := g.cells(t, want[value])
		row, listed := t.rows[value]
		if !listed {
			complain("a %s has no row: add the line %q to the table of %q and write what is in parentheses", g.what(), t.line(g.column, value, cells), g.column)
			continue
		}
		for _, h := range slices.Sorted(maps.Keys(cells)) {
			if !same(row[h], cells[h]) {
				complain("the row of `%s` says %q under %q, the code says %q", value, row[h], h, cells[h])
			}
		}
	}
	for _, value := range slices.Sorted(maps.Keys(t.rows)) {
		if _, there := want[value]; !there && !g.more {
			complain("the row of `%s` names no %s: take the line out", value, g.what())
		}
	}
	return complaints
}

// cells are the cells that repeat what a map says: one with every value, or,
// for "*", one of each value's name with a yes.
func (g register) cells(t table, values []string) map[string]string {
	out := map[string]string{}
	switch g.values {
	case "":
	case "*":
		for _, h := range t.header {
			if slices.Contains(roles, h) {
				out[h] = ""
			}
		}
		for _, v := range values {
			out[v] = "yes"
		}
	default:
		for i, v := range values {
			values[i] = "`" + v + "`"
		}
		out[g.values] = strings.Join(values, ", ")
	}
	return out
}

// roles are columns of docs/reference/roles.md: empty where the role has not the right.
var roles = []string{"admin", "kasir", "teknisi"}

// same reports whether two cells name the same things.
func same(have, want string) bool {
	if !strings.Contains(have+want, "`") {
		return have == want
	}
	names := func(cell string) []string { return slices.Sorted(slices.Values(quoted.FindAllString(cell, -1))) }
	return slices.Equal(names(have), names(want))
}
