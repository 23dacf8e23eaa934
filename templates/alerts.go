package templates

import "time"

var alertPages = []Page{AlertsPage{}}

// AlertsPage lists alerts.
type AlertsPage struct {
	Panel
	Alerts  []AlertLine
	Kinds   []Choice
	Kind    string // the one it is narrowed to
	Closed  bool   // those that are over
	Next    string // the next page's address, "" at the end
	Refused string // the alert whose form was refused
}

// AlertLine is one alert.
type AlertLine struct {
	ID, What, Subject string
	Site              string
	Href              string // where to act, "" for nowhere
	Since, Closed     time.Time
	Age               time.Duration
	By, Note          string // who looks after it, and what they wrote
	AckedAt           time.Time
	SeenIs            bool // to have seen it ends it
}

func (AlertsPage) file() string { return "alerts/alerts.html" }

// Title names the page in the browser's tab.
func (p AlertsPage) Title() string { return p.tab(p.Heading()) }

// Heading is the page's first line.
func (p AlertsPage) Heading() string { return p.T("web.menu.alerts") }

// At is the address of one view of the list.
func (p AlertsPage) At(kind string, closed bool, before string) string {
	state := ""
	if closed {
		state = "closed"
	}
	return p.Href("/admin/alerts", "kind", kind, "state", state, "before", before)
}
