package store_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fileOf are the tables whose file has another name, as doc.go lists them.
var fileOf = map[string]string{
	"events": "webhook_events", "kits": "provisionings", "kit_steps": "provisionings",
	"report_marks": "dirty_days", "report_days": "report_sums", "report_cells": "report_sums", "report_flows": "report_sums",
	"slugs": "sites", "receipt_years": "receipts", "audit_head": "audit",
}

// writesElsewhere are functions whose one purpose is to write several tables.
var writesElsewhere = map[string]string{
	"bulk_load.go receipts":          "receipts of a generated history",
	"bulk_load.go receipt_years":     "receipts of a generated history",
	"catalogue.go sites":             "PutCatalogue hides what the document does not name",
	"catalogue.go plans":             "PutCatalogue",
	"catalogue.go routers":           "PutCatalogue",
	"jobs.go attempts":               "RescueAll ends the leases of a process that died",
	"orders_clock.go attempts":       "MoveOrderTimes moves an order with its attempt",
	"report_sums.go report_marks":    "SumUpDay takes the marks that it has seen to",
	"router_slots.go router_outages": "CleanSlots ends the history of a router",
	"staff.go passkeys":              "ClearFactors",
	"promotion_uses.go promotions":   "counts a promotion's uses as they are kept",
	"staff.go recovery_codes":        "ClearFactors",
	"staff.go ceremonies":            "CleanStaff deletes what has run out",
	"staff.go invites":               "CleanStaff",
	"staff.go failed_sign_ins":       "CleanStaff",
}

var (
	tableMade    = regexp.MustCompile(`(?m)^CREATE TABLE (\w+) `)
	tableWritten = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM) ([a-z_]+) `)
)

// A reader finds what writes a table from the names of the files.
func TestEachTableHasItsFile(t *testing.T) {
	tables := map[string]bool{}
	for _, name := range filesIn(t, "migrations", ".sql") {
		for _, m := range tableMade.FindAllStringSubmatch(text(t, "migrations/"+name), -1) {
			if !strings.HasSuffix(m[1], "_new") && !strings.HasSuffix(m[1], "_old") { // a table on its way to another shape
				tables[m[1]] = true
			}
		}
	}
	if len(tables) < 40 {
		t.Fatalf("only %d tables were found", len(tables))
	}
	files := slices.DeleteFunc(filesIn(t, ".", ".go"), func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	for table := range tables {
		if !slices.Contains(files, ownFile(table)+".go") {
			t.Errorf("%s has no file %s.go", table, ownFile(table))
		}
	}
	used := map[string]bool{}
	for _, name := range files {
		for _, m := range tableWritten.FindAllStringSubmatch(text(t, name), -1) {
			table, base := m[1], strings.TrimSuffix(name, ".go")
			if !tables[table] || base == ownFile(table) || strings.HasPrefix(base, ownFile(table)+"_") {
				continue
			}
			key := name + " " + table
			if used[key] = true; writesElsewhere[key] == "" {
				t.Errorf("%s writes %s, whose SQL is in %s*.go", name, table, ownFile(table))
			}
		}
	}
	for key := range writesElsewhere {
		if !used[key] {
			t.Errorf("%q is no exception any more", key)
		}
	}
}

func ownFile(table string) string {
	if name := fileOf[table]; name != "" {
		return name
	}
	return table
}

func filesIn(t *testing.T, dir, ending string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ending) {
			names = append(names, e.Name())
		}
	}
	return names
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
