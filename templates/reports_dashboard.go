package templates

import "time"

// DashboardPage is what is going on today.
type DashboardPage struct {
	Panel
	At     time.Time // when the numbers were read
	Tiles  []Tile
	Alerts []AlertLine
	More   bool // there are more alerts than these
}

// Tile is one number of the board.
type Tile struct {
	Name, Value string
	Note        string // a second, small line
	Tone        string // "", "good", "warn" or "bad"
	Href        string // where to look closer, "" for nowhere
}

// Heading is the page's first line.
func (p DashboardPage) Heading() string { return p.T("reports.dashboard.title") }

func (DashboardPage) file() string { return "reports/dashboard.html" }

// Title names the page in the browser's tab.
func (p DashboardPage) Title() string {
	return p.T("reports.dashboard.title") + " · " + p.Brand().Name
}
