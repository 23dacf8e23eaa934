package templates

import (
	"html/template"
	"time"

	"gerai/internal/money"
)

// DashboardPage is what is going on today, for one role.
type DashboardPage struct {
	Panel
	At        time.Time // when the numbers were read
	Takings   *TakingsCard
	Till      *TillCard
	Figures   []SmallFigure
	Needs     []Need
	Alerts    []AlertLine
	More      bool // there are more alerts than these
	Routers   []RouterDot
	Online    int  // sessions on these routers
	Sampled   bool // Online is known
	First     bool // routers come before everything else
	Stock     []StockDot
	Waiting   []OrderLine // orders to be paid at the counter
	Mine      []OrderLine // last sales of the account
	States    []Tile      // of the machinery: the gateway, backups
	Shortcuts []Shortcut
}

// TakingsCard is what the shop sold today, beside the days before.
type TakingsCard struct {
	Value   string
	Split   string // by channel
	Changes []TakingsChange
	Chart   template.HTML
	Hours   Grid
}

// TakingsChange compares a figure with one before.
type TakingsChange struct {
	Text string
	Tone string // "good", "bad" or ""
	Icon string // "" for none
}

// TillCard is the till of the account.
type TillCard struct {
	Open     bool
	Since    time.Time
	Expected money.Rupiah
}

// SmallFigure is one of the figures below the large one.
type SmallFigure struct {
	Name, Value, Tone, Href string
	Spark                   template.HTML
}

// Need is something that waits for a person, with the page where it is dealt with.
type Need struct {
	Text, Act, Href, Tone string
	Count                 int64
}

// RouterDot is a router in the strip of all of them.
type RouterDot struct {
	Name, Href string // Href is "" for those who may not see routers
	Up         bool
	Note       string // what is measured of it, or what is wrong with it
}

// StockDot is a plan whose stock runs out.
type StockDot struct {
	Plan      string
	Left, Low int
}

// Shortcut is an act that a role does often.
type Shortcut struct{ Icon, Text, Href string }

// Tile is one number with its name.
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
