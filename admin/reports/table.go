package reports

import (
	"gerai/internal/money"
	"gerai/internal/report"
	"gerai/internal/sheet"
	"gerai/templates"
)

// table is one table of a report, shown on a page and written into files.
type table struct {
	key   string // also the message key "reports.table.<key>"
	heads []string
	rows  [][]any // first cell names the row
	links []string
}

// share is a part of a whole; unknown when there is no whole.
type share struct{ part, whole int64 }

// perThousand is a part of a whole where the part is small.
type perThousand share

// seconds is a time span; known tells 0 from nothing.
type seconds struct {
	n     int64
	known bool
}

// month is a month by its first day; files keep the day, which can be sorted.
type month report.Day

// moneyHeads are the columns of a table of money.
var moneyHeads = []string{"sold", "gross", "discount", "sales", "average", "in", "back", "fees", "net"}

func moneyRow(name any, s report.Sum) []any {
	return []any{name, s.Sold, s.Gross(), s.Discount, s.Sales, s.Average(), s.In, s.Back, s.Fees, s.Net()}
}

// add puts a row into the table.
func (t *table) add(link string, cells ...any) {
	t.rows, t.links = append(t.rows, cells), append(t.links, link)
}

// grid is the table as a page shows it.
func (t table) grid(p templates.Panel) templates.Grid {
	g := templates.Grid{Key: t.key}
	for i, h := range t.heads {
		head := templates.GridHead{Text: p.Column(h)}
		if len(t.rows) > 0 && i > 0 {
			_, words := t.rows[0][i].(string)
			head.Number = !words
		}
		g.Heads = append(g.Heads, head)
	}
	for i, row := range t.rows {
		line := templates.GridRow{Href: t.links[i], Name: spell(p, row[0])}
		for j, c := range row[1:] {
			_, words := c.(string)
			line.Cells = append(line.Cells, templates.GridCell{Head: g.Heads[j+1].Text, Text: spell(p, c), Number: !words})
		}
		g.Rows = append(g.Rows, line)
	}
	return g
}

func spell(p templates.Panel, cell any) string {
	switch v := cell.(type) {
	case money.Rupiah:
		return v.String()
	case int64:
		return p.Count(v)
	case share:
		return p.Share(v.part, v.whole)
	case perThousand:
		return p.PerThousand(v.part, v.whole)
	case seconds:
		return p.Seconds(v.n, v.known)
	case month:
		return p.Month(report.Day(v).Date())
	case sheet.Date:
		return p.Date(report.Day(v).Date())
	case string:
		return v
	}
	return ""
}

// write puts the table into a file: shares as numbers in percent or per thousand, spans in
// seconds, what is unknown left empty.
func (t table) write(w sheet.Writer, p templates.Panel) error {
	head := make([]any, len(t.heads))
	for i, h := range t.heads {
		head[i] = p.Column(h)
	}
	if err := w.Row(head...); err != nil {
		return err
	}
	for _, row := range t.rows {
		line := make([]any, len(row))
		for i, c := range row {
			line[i] = bare(c)
		}
		if err := w.Row(line...); err != nil {
			return err
		}
	}
	return nil
}

func bare(cell any) any {
	switch v := cell.(type) {
	case share:
		if v.whole == 0 {
			return nil
		}
		return float64(v.part*10_000/v.whole) / 100
	case perThousand:
		if v.whole == 0 {
			return nil
		}
		return float64(v.part*100_000/v.whole) / 100
	case seconds:
		if !v.known {
			return nil
		}
		return v.n
	case month:
		return sheet.Date(v)
	}
	return cell
}
