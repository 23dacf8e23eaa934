package templates

import (
	"time"

	"gerai/internal/money"
)

var reconciliationPages = []Page{ReconciliationPage{}, ReconciliationRowPage{}}

// ReconciliationPage compares what the gateway, the books and routers say.
type ReconciliationPage struct {
	Panel
	All                   bool   // of some days, else the open ones
	From, To              string // of the sums
	Kinds, States, Owners []Choice
	Tiles                 []Tile
	Ties                  bool // the rows say what the revenue report says
	ReportIn, ReportBack  money.Rupiah
	Report                string // address of that report
	Rows                  []ReconciliationLine
	Next                  string
	Days                  []ReconciliationDayLine
	Months                []ReconciliationMonthLine
}

// ReconciliationLine is one row in a list.
type ReconciliationLine struct {
	Href, Day, Kind, Name, Method string
	State, Tone                   string
	There, Here, Fee              money.Rupiah
	Settles, Owner                string
	Age                           time.Duration
	Open, Explained, Carried      bool
}

// ReconciliationDayLine is how far a day has come.
type ReconciliationDayLine struct {
	Day, State, Tone, Failure string
	Done                      time.Time
}

// ReconciliationMonthLine is a month with its figures.
type ReconciliationMonthLine struct {
	Month                     string
	In, Back, Fee, Difference money.Rupiah
	Open                      int64
	Close                     string // address where it is closed, "" where it cannot be
	Waits                     string // why not
	ClosedAt                  time.Time
	ClosedBy, Why             string
}

func (ReconciliationPage) file() string { return "reconciliation/list.html" }

// Title names the page in the browser's tab.
func (p ReconciliationPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p ReconciliationPage) Heading() string { return p.T("web.menu.reconciliation") }

// ReconciliationRowPage is one row and what can be done about it.
type ReconciliationRowPage struct {
	Panel
	ReconciliationLine
	ID, Month, Help         string
	At                      time.Time
	Gateway, Key, Reference string
	Lines                   []string
	Expected                money.Rupiah
	FeeFinal                bool
	Settled                 string
	SettlesAt               time.Time
	FoundAt, ChangedAt      time.Time
	OpenedAt, ClosedAt      time.Time
	ClosedBy, Why           string
	Act, ActName            string // where it is dealt with, "" for nowhere
	Ask                     bool
	Owners                  []Choice
	Notes                   []ReconciliationNote
}

// ReconciliationNote is what staff wrote about a row.
type ReconciliationNote struct {
	Text, By string
	At       time.Time
}

func (ReconciliationRowPage) file() string { return "reconciliation/row.html" }

// Title names the page in the browser's tab.
func (p ReconciliationRowPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p ReconciliationRowPage) Heading() string { return p.Kind + " " + p.Name }
