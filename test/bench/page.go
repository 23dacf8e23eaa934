package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

const (
	performance = "../../docs/performance.md"
	begin       = "<!-- measured: written by make bench -->"
	end         = "<!-- end of measured -->"
)

// page collects the table of docs/performance.md.
type page struct{ rows []string }

func (p *page) row(what, budget, measured, control, note string) {
	p.rows = append(p.rows, fmt.Sprintf("| %s | %s | %s | %s | %s |", what, budget, measured, control, note))
	fmt.Printf("%-60s %-30s %s\n", what, measured, control)
}

// write replaces the table between the markers.
func (p *page) write(t testing.TB) {
	t.Helper()
	text, err := os.ReadFile(performance)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, foundEnd := strings.Cut(rest, end)
	if !found || !foundEnd {
		t.Fatal("docs/performance.md has lost its markers")
	}
	table := fmt.Sprintf("\n%s, %s/%s, %d cores\n\n| what | budget | measured | control | how |\n|---|---|---|---|---|\n%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), strings.Join(p.rows, "\n"))
	if err := os.WriteFile(performance, []byte(before+begin+table+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
