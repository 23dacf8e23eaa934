package templates

import "time"

var sessionPages = []Page{SignInPage{}, PanelErrorPage{}, DashboardPage{}, ReauthenticatePage{}}

// SignInPage is the sign-in page.
type SignInPage struct {
	Panel
	Next    string // where to go afterwards, a path of the panel
	Passkey bool   // passkeys can be used
}

func (SignInPage) file() string { return "admin/sign_in.html" }

// Title names the page in the browser's tab.
func (p SignInPage) Title() string { return p.T("staff.sign_in.title") + " · " + p.Brand().Name }

// ReauthenticatePage asks for the password again, or for the second factor of those who
// have one, before an act that cannot be taken back.
type ReauthenticatePage struct {
	Panel
	Next               string
	Code, App, Passkey bool
}

func (ReauthenticatePage) file() string { return "admin/prove.html" }

// Title names the page in the browser's tab.
func (p ReauthenticatePage) Title() string {
	return p.T("staff.reauthenticate.title") + " · " + p.Brand().Name
}

// PanelErrorPage says in plain words that something did not work.
type PanelErrorPage struct {
	Panel
	Code    int // HTTP status
	Text    string
	Address string // where the panel works, when it does not here
}

func (PanelErrorPage) file() string { return "admin/error.html" }

// Title names the page in the browser's tab.
func (p PanelErrorPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p PanelErrorPage) Heading() string { return ErrorPage{Base: p.Base, Code: p.Code}.Heading() }

// Sentence explains the error.
func (p PanelErrorPage) Sentence() string {
	return ErrorPage{Base: p.Base, Code: p.Code, Text: p.Text}.Sentence()
}

// Heading is the page's first line.
func (p SignInPage) Heading() string { return p.T("staff.sign_in.title") }

// Heading is the page's first line.
func (p ReauthenticatePage) Heading() string { return p.T("staff.reauthenticate.title") }

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

func (DashboardPage) file() string { return "admin/board.html" }

// Title names the page in the browser's tab.
func (p DashboardPage) Title() string {
	return p.T("reports.dashboard.title") + " · " + p.Brand().Name
}
