package templates

import (
	"time"

	"gerai/internal/hotspot"
)

var routerPages = []Page{RoutersPage{}, RouterDashboardPage{}, RouterEditPage{}, RouterSecretPage{}, RouterListPage{}, RouterItemPage{}, RouterConfirmationPage{},
	RouterLogPage{}, RouterHealthPage{}, RouterProvisioningPage{}, RouterPlanPage{}, RouterBackPage{}, RouterReviewPage{}}

// RoutersPage lists the routers of the person's sites.
type RoutersPage struct {
	Panel
	Routers []RouterLine
	Sites   []FailoverLine
	Gone    []GoneLine
	CanEdit bool
	CanKeep bool // may say how long ended users stay
	Keep    int  // days, 0 for ever
}

// RouterLine is one router and how it does.
type RouterLine struct {
	ID, Name, Site, Address string
	TLS, Disabled           bool
	Priority                int
	Hotspot                 string    // what routers have in common that stand in for each other
	StandIn                 string    // who takes its new customers while it is away, "" for none
	SeenAt                  time.Time // zero: never
	Failure                 string    // sentence, "" when it answers
}

// FailoverLine is a site whose routers may stand in for each other.
type FailoverLine struct {
	ID, Name string
	Routers  int
	On       bool
	After    int // seconds that a router is away before that
}

// GoneLine is a router that was taken away and can be brought back.
type GoneLine struct {
	ID, Name  string
	DeletedAt time.Time
}

func (RoutersPage) file() string { return "routers/routers.html" }

// Title names the page in the browser's tab.
func (p RoutersPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p RoutersPage) Heading() string { return p.T("web.menu.routers") }

// RouterPanel is what every page of one router has: which one it is, and where
// else to go on it.
type RouterPanel struct {
	Panel
	Router  RouterLine
	Tabs    []RouterTab
	Trouble string // why the router did not answer, "" when it did
}

// RouterTab is one page of a router; Key is also the message "routers.tab.<key>".
type RouterTab struct {
	Key, Path string
	Open      bool
}

// At is the address of a page of this router.
func (p RouterPanel) At(page string) string { return "/admin/routers/" + p.Router.ID + page }

// Title names the page in the browser's tab.
func (p RouterPanel) Title() string { return p.Router.Name + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p RouterPanel) Heading() string { return p.Router.Name }

// Tab is the name of the page that is open.
func (p RouterPanel) Tab() string {
	for _, t := range p.Tabs {
		if t.Open {
			return p.T("routers.tab." + t.Key)
		}
	}
	return ""
}

// Answer says yes or no.
func (p Panel) Answer(yes bool) string {
	if yes {
		return p.T("routers.form.yes")
	}
	return p.T("routers.form.no")
}

// Mbps prints bits per second in millions.
func (p Panel) Mbps(bits int64) string {
	return p.decimal(float64(bits)/1e6) + " Mbps"
}

// Portion prints a share. It is cut, not rounded: a day with a failure never
// reads 100%.
func (p Panel) Portion(part, whole int64) string {
	return p.decimal(float64(part*1000/whole)/10) + "%"
}

// RouterDashboardPage is what a router says about itself.
type RouterDashboardPage struct {
	RouterPanel
	Known     bool // the router answered
	Overview  hotspot.Overview
	Interface string // the one whose traffic is shown
	Rate      hotspot.Rate
	Live      string // chart of the first reading
	Log       []hotspot.LogLine
	StillHeld int64 // users that it has yet to let go, because another router serves them
	CanReboot bool
}

func (RouterDashboardPage) file() string { return "routers/dashboard.html" }

// Used is how many per cent are in use.
func (p RouterDashboardPage) Used(free, total int64) int64 {
	if total <= 0 {
		return 0
	}
	return 100 - free*100/total
}

// Feed is the address of the live readings.
func (p RouterDashboardPage) Feed() string {
	return withQuery(p.At("/traffic"), map[string][]string{"interface": {p.Interface}}, Indonesian)
}

// RouterEditPage is the form of one router, or of a new one.
type RouterEditPage struct {
	RouterPanel
	ID       string // "" for a new one
	Was      RouterLine
	User     string
	Pin      string // stored
	Server   string
	Sites    []Pick
	Found    string // a certificate that a person has to judge
	Tested   *hotspot.Health
	Offer    bool // it may be kept although it does not answer
	Secret   bool // the person may read the password
	Selected string
}

// Pick is one entry of a router's list to choose from.
type Pick struct{ Value, Text string }

func (RouterEditPage) file() string { return "routers/edit.html" }

// Title names the page in the browser's tab.
func (p RouterEditPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p RouterEditPage) Heading() string {
	if p.ID == "" {
		return p.T("routers.new")
	}
	return p.Was.Name
}

// Action is where the form goes.
func (p RouterEditPage) Action() string {
	if p.ID == "" {
		return "/admin/routers"
	}
	return "/admin/routers/" + p.ID + "/edit"
}

// Back is where a person comes back to after proving who they are.
func (p RouterEditPage) Back() string {
	if p.ID == "" {
		return "/admin/routers/new"
	}
	return p.Action()
}

// RouterSecretPage tells a router's password, once.
type RouterSecretPage struct {
	RouterPanel
	User, Password string
}

func (RouterSecretPage) file() string { return "routers/secret.html" }

// RouterConfirmationPage asks for everything that an act needs which cannot be
// taken back: its effect is shown, a name is typed, a reason given.
type RouterConfirmationPage struct {
	RouterPanel
	Act     string // message key below "routers.confirmation."
	Effects []string
	Action  string // where the form goes
	Back    string // where to go instead
	Want    string // what has to be typed
	Token   string
	Was     string // hidden: what the row was called
	Force   bool   // an order needs it: ask once more
	Account bool   // ask for the router's full account
}

func (RouterConfirmationPage) file() string { return "routers/confirmation.html" }

// RouterBackPage follows a router that restarts.
type RouterBackPage struct {
	RouterPanel
	Since  time.Time
	Back   bool
	Uptime time.Duration
	Late   bool
}

func (RouterBackPage) file() string { return "routers/reboot.html" }

// RouterReviewPage says how far a router holds what the books want.
type RouterReviewPage struct {
	RouterPanel
	Seen             bool // there was a review
	LastAt, ToldAt   time.Time
	Users            int
	Found, Corrected []string // sentences with their counts
	Left             int64
	Lines            []DifferenceLine
	Next             string
	CanRestore       bool
	CanOpen          bool // may see the pages of vouchers
	Restoring        bool
}

func (RouterReviewPage) file() string { return "routers/review.html" }

// RouterLogPage shows a router's log.
type RouterLogPage struct {
	RouterPanel
	Topic  string
	Topics []string
	Lines  []hotspot.LogLine
}

func (RouterLogPage) file() string { return "routers/log.html" }
