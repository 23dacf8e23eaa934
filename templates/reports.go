package templates

import (
	"fmt"
	"html/template"
	"strconv"
	"time"

	"gerai/internal/report"
)

var reportPages = []Page{DashboardPage{}, ReportsPage{}, KPIPage{}, TechPage{}, ResalePage{}, FeesPage{}, BaselinePage{}}

// ReportForm is what a report is asked about, and what can be taken out of it.
type ReportForm struct {
	Path, From, To                           string
	Sites, Plans, Channels, Methods, Periods []ReportChoice
	Lasting, Redeems                         []ReportChoice
	Ranges                                   []RangeLink
	Exports                                  []string // tables that files can be made of
}

// ReportChoice is one option of a list.
type ReportChoice struct {
	Value, Name string
	Picked      bool
}

// RangeLink is one range of days that is asked for often.
type RangeLink struct {
	Key, Path string // "reports.range.<key>"
	On        bool
}

// Grid is a table of a report.
type Grid struct {
	Key   string // "reports.table.<key>"
	Heads []GridHead
	Rows  []GridRow
}

// GridHead is the head of a column; numbers stand on the right.
type GridHead struct {
	Text   string
	Number bool
}

// GridRow is one row; its name leads to Href, "" for nowhere.
type GridRow struct {
	Name, Href string
	Cells      []GridCell
}

// GridCell is one cell and the head of its column.
type GridCell struct {
	Head, Text string
	Number     bool
}

// ReportsPage is the money of some days.
type ReportsPage struct {
	Panel
	Report ReportForm
	Tiles  []Tile
	Chart  template.HTML // sales by period
	Trend  Grid
	Tables []Grid
	// Baseline compares with the time before Gerai, without rows where nothing was typed in.
	Baseline Grid
}

func (ReportsPage) file() string { return "reports/reports.html" }

// Title names the page in the browser's tab.
func (p ReportsPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p ReportsPage) Heading() string { return p.T("web.menu.reports") }

// KPIPage is how well the shop works.
type KPIPage struct {
	Panel
	Report  ReportForm
	Figures []Figure
	Sites   Grid
	Hours   Grid
}

// Figure is one key figure, "reports.figure.<key>" with its note.
type Figure struct {
	Key, Value string
	Target     string // "met", "missed", or "" without a target or without data
}

func (KPIPage) file() string { return "reports/kpi.html" }

// Title names the page in the browser's tab.
func (p KPIPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p KPIPage) Heading() string { return p.T("reports.kpi") }

// TechPage is how routers deliver, without money.
type TechPage struct {
	Panel
	Report  ReportForm
	Routers Grid
}

func (TechPage) file() string { return "reports/tech.html" }

// Title names the page in the browser's tab.
func (p TechPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p TechPage) Heading() string { return p.T("web.menu.tech") }

// ResalePage is what was sold on for the upstream provider.
type ResalePage struct {
	Panel
	Report  ReportForm
	Licence string
	Months  Grid
}

func (ResalePage) file() string { return "reports/resale.html" }

// Title names the page in the browser's tab.
func (p ResalePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p ResalePage) Heading() string { return p.T("reports.resale") }

// FeesPage is what payments cost.
type FeesPage struct {
	Panel
	Lines []FeeLine
}

// FeeLine is the rule of one kind of payment.
type FeeLine struct{ Kind, Percent, Fixed string }

func (FeesPage) file() string { return "reports/fees.html" }

// Title names the page in the browser's tab.
func (p FeesPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p FeesPage) Heading() string { return p.T("reports.fees") }

// BaselinePage is what a month was like before Gerai.
type BaselinePage struct {
	Panel
	Lines []BaselineLine
}

// BaselineLine is one figure of it.
type BaselineLine struct{ Field, Value string }

func (BaselinePage) file() string { return "reports/baseline.html" }

// Title names the page in the browser's tab.
func (p BaselinePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p BaselinePage) Heading() string { return p.T("reports.baseline") }

// Column is the head of a table's column.
func (p Panel) Column(key string) string { return p.T("reports.column." + key) }

// Table is a table's name.
func (p Panel) Table(key string) string { return p.T("reports.table." + key) }

// Channel is the name of a channel of sale.
func (p Panel) Channel(key string) string { return p.known("reports.channel.", key) }

// Validity says how long something sold is valid.
func (p Panel) Validity(d time.Duration) string {
	if d == 0 {
		return p.T("reports.for_ever")
	}
	return p.Span(d)
}

// Redeemed says how far a voucher has come, "" where there is none.
func (p Panel) Redeemed(r report.Redeem) string {
	if r == "" {
		return ""
	}
	return p.T("reports.redeem." + string(r))
}

// Period is the name of a period.
func (p Panel) Period(key string) string { return p.T("reports.period." + key) }

// Method is the name of a way to pay; banks are called by their code.
func (p Panel) Method(key string) string {
	if len(key) > 3 && key[:3] == "va:" {
		return "VA " + key[3:]
	}
	if key == "" {
		return p.T("reports.stray")
	}
	return p.known("reports.method.", key)
}

// Count prints a number with its thousands apart.
func (p Panel) Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	mark := "."
	if p.Lang == English {
		mark = ","
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

// Share prints a part of a whole in percent; without a whole there is no data.
func (p Panel) Share(part, whole int64) string {
	if whole == 0 {
		return p.T("reports.no_data")
	}
	return p.decimal(float64(part*1000/whole)/10) + " %"
}

// PerThousand prints a small part of a whole.
func (p Panel) PerThousand(part, whole int64) string {
	if whole == 0 {
		return p.T("reports.no_data")
	}
	return p.T("reports.per_thousand", "n", p.decimal(float64(part*10_000/whole)/10))
}

// Seconds prints a span of seconds; below ten minutes each one counts.
func (p Panel) Seconds(n int64, known bool) string {
	if !known {
		return p.T("reports.no_data")
	}
	if n < 600 {
		return p.count("second", n)
	}
	return p.Span(time.Duration(n) * time.Second)
}

// Month prints a calendar month: Nov 2026.
func (p Panel) Month(t time.Time) string {
	return fmt.Sprintf("%s %d", months[p.language()][t.Month()-1], t.Year())
}

// Date prints a calendar day: 24 Nov 2026.
func (p Panel) Date(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), months[p.language()][t.Month()-1], t.Year())
}

// PeriodName is a period in few letters: 28 Nov, mg 48, Nov 2026.
func (p Panel) PeriodName(first report.Day, period report.Period) string {
	at := first.Date()
	switch period {
	case report.Weekly:
		_, week := at.ISOWeek()
		return p.T("reports.week", "n", week)
	case report.Monthly:
		return p.Month(at)
	}
	return fmt.Sprintf("%d %s", at.Day(), months[p.language()][at.Month()-1])
}

// PeriodFull is a period with its year, a week with its first day.
func (p Panel) PeriodFull(first report.Day, period report.Period) string {
	switch period {
	case report.Weekly:
		return p.PeriodName(first, period) + ", " + p.Date(first.Date())
	case report.Monthly:
		return p.Month(first.Date())
	}
	return p.Date(first.Date())
}
