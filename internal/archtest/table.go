package archtest

import (
	"regexp"
	"strings"
)

// table is what a page lists in one column: the cells of its rows by header.
type table struct {
	header []string
	rows   map[string]map[string]string
	twice  []string
}

var quoted = regexp.MustCompile("`([^`]+)`")

// tableOf reads all tables of a page whose first column has a name.
func tableOf(text, column string) table {
	t := table{rows: map[string]map[string]string{}}
	var header []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			header = nil
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch name := quoted.FindStringSubmatch(cells[0]); {
		case header == nil:
			header = cells
		case header[0] != column || name == nil:
		default:
			t.header = header
			if t.rows[name[1]] != nil {
				t.twice = append(t.twice, name[1])
			}
			t.rows[name[1]] = map[string]string{}
			for i := range min(len(header), len(cells)) {
				t.rows[name[1]][header[i]] = cells[i]
			}
		}
	}
	return t
}

// line is the row to add for a value, with what is known filled in.
func (t table) line(column, value string, cells map[string]string) string {
	out := "| `" + value + "` |"
	for _, h := range t.header {
		if h == column {
			continue
		}
		if cell, known := cells[h]; known {
			out += " " + cell + " |"
		} else {
			out += " (" + h + ") |"
		}
	}
	return out
}
