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
	Today                 string
	Ranged                bool // the rows are of these days alone
	Filtered              bool // by more than the view
	Kinds, States, Owners []Choice
	Sums                  string // what the sums are of
	Tiles                 []Tile
	Ties                  bool // the rows say what the revenue report says
	ReportIn, ReportBack  money.Rupiah
	Report                string // address of that report
	Rows                  []ReconciliationLine
	Next                  string
	Days                  []ReconciliationDayLine
	Routers               []ReconciliationRouterLine
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
	Access                        bool     // about a voucher on a router: no money
	Differs                       []string // how, sentences
	Reason                        string   // why that is left to a person
}

// ReconciliationDayLine is how far a day has come.
type ReconciliationDayLine struct {
	Day, State, Tone, Failure string
	Done                      time.Time
}

// ReconciliationRouterLine is how far a router was compared with the books.
type ReconciliationRouterLine struct {
	Name, Href, Tone string
	Seen             bool
	At               time.Time
	Users            int
	Left             int64
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
	Router                  string // page of a router's review, "" for none
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
