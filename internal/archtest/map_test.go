package archtest

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	mapped = regexp.MustCompile(`\[(\w+)\]\(\.\./([\w/]+\.go)\)`)
	worded = regexp.MustCompile(`\[([\w.]+)\]\(\.\./(templates/[\w/.]+\.(?:json|html))\)`)
	area   = regexp.MustCompile(`(?m)^\| [a-z]+ \| \[`)
)

// Each function, table, test, template and sentence that the map of the architecture links
// to is in the file it names, and each area is on the map.
func TestMap(t *testing.T) {
	page, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	links := mapped.FindAllStringSubmatch(string(page), -1)
	if rows := len(area.FindAll(page, -1)); rows < 10 || len(links) < 6*rows {
		t.Fatalf("%d areas, %d links", rows, len(links))
	}
	for _, l := range links {
		source, err := os.ReadFile("../../" + l[2])
		if err != nil {
			t.Error(err)
			continue
		}
		if !regexp.MustCompile(`(?m)^(func (\(\w+ \*?\w+\) )?` + l[1] + `\(|var ` + l[1] + ` )`).Match(source) {
			t.Errorf("%s has no %s", l[2], l[1])
		}
	}
	words := worded.FindAllStringSubmatch(string(page), -1)
	if len(words) == 0 {
		t.Error("no sentence and no template is on the map")
	}
	for _, l := range words {
		if source, err := os.ReadFile("../../" + l[2]); err != nil {
			t.Error(err)
		} else if !strings.Contains(string(source), `"`+l[1]+`"`) {
			t.Errorf("%s has no %q", l[2], l[1])
		}
	}
	for _, a := range areas {
		name := a[strings.LastIndex(a, "/")+1:]
		if name != "ledger" && name != "shop" && !strings.Contains(string(page), "\n| "+name+" |") {
			t.Errorf("%s is not on the map", name)
		}
	}
}
