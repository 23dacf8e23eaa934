package bench

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

const (
	performance = "../../docs/performance.md"
	begin       = "<!-- measured: written by make bench -->"
	end         = "<!-- end of measured -->"
)

// page collects what docs/performance.md says: one table of budgets, and further ones below it.
type page struct {
	effort
	out    io.Writer // also gets every row as soon as it is measured
	budget table
	more   []*table
}

// table is one table of Markdown.
type table struct {
	title string // "" for none
	head  []string
	rows  [][]string
}

func newPage(out io.Writer, x effort) *page {
	return &page{effort: x, out: out, budget: table{head: []string{"what", "budget", "measured", "control", "how"}}}
}

// row adds a row of the budgets.
func (p *page) row(what, budget, measured, control, how string) {
	p.budget.rows = append(p.budget.rows, []string{what, budget, measured, control, how})
	fmt.Fprintf(p.out, "%-60s %-30s %-30s %s\n", what, budget, measured, control)
}

// section begins a table below the budgets, or continues the one with that title.
func (p *page) section(title string, head ...string) *table {
	for _, t := range p.more {
		if t.title == title {
			return t
		}
	}
	t := &table{title: title, head: head}
	p.more = append(p.more, t)
	return t
}

// add adds a row to a table.
func (p *page) add(t *table, cells ...string) {
	t.rows = append(t.rows, cells)
	line := make([]string, len(cells))
	for i, c := range cells {
		line[i] = t.head[i] + " " + c
	}
	fmt.Fprintln(p.out, strings.Join(line, "; "))
}

// cell escapes what would end a cell.
func cell(s string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s) }

func (t *table) markdown() string {
	var b strings.Builder
	line := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + cell(c) + " ")
		}
		b.WriteString("|\n")
	}
	if t.title != "" {
		b.WriteString("\n### " + t.title + "\n\n")
	}
	line(t.head)
	b.WriteString(strings.Repeat("|---", len(t.head)) + "|\n")
	for _, r := range t.rows {
		line(r)
	}
	return b.String()
}

// replaced is a text whose part between the markers is this page's tables, below a line that names the machine.
func (p *page) replaced(text, machine string) (string, error) {
	before, rest, found := strings.Cut(text, begin)
	_, after, foundEnd := strings.Cut(rest, end)
	if !found || !foundEnd {
		return "", errors.New("docs/performance.md has lost its markers")
	}
	tables := p.budget.markdown()
	for _, t := range p.more {
		tables += t.markdown()
	}
	return before + begin + "\n" + machine + "\n\n" + tables + end + after, nil
}

// write replaces the tables in docs/performance.md.
func (p *page) write(t testing.TB, took time.Duration) {
	t.Helper()
	text, err := os.ReadFile(performance)
	if err != nil {
		t.Fatal(err)
	}
	machine := fmt.Sprintf("%s, %s/%s, %d cores, %s, measured in %s", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), time.Now().Format("2006-01-02"), took.Round(time.Minute))
	out, err := p.replaced(string(text), machine)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(performance, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// short says a duration with two or three digits.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}
