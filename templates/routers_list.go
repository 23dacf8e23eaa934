package templates

import (
	"time"

	"gerai/internal/hotspot"
)

// RouterListPage is one menu of a router.
type RouterListPage struct {
	RouterPanel
	List              hotspot.Menu
	Columns           []string // message keys below "routers.field."
	Rows              []RouterRow
	By, Text          string // what was searched for
	Ways              []string
	Profiles          []string
	Matches           int
	All               int
	ReadAt            time.Time
	Reading           bool
	Cut               bool
	Next              string // address of the next page, "" at the end
	CanChange         bool
	CanAdd            bool
	CanKick           bool
	Opened            bool // a page further down: offer the way back
	WalledGardenHints bool
}

// RouterRow is one row of a menu.
type RouterRow struct {
	ID, Name string
	Was      string // which row a form is for
	Href     string // its own page, "" when it has none
	Cells    []RouterCell
	Disabled bool
	Order    string // code of the order that made it
	Warn     string // sentence
	Act      string // message key below "routers.row.", "" for none: a button in the list
	Action   string
}

// RouterCell is one value; Column is the message key below "routers.field.".
type RouterCell struct{ Column, Text string }

func (RouterListPage) file() string { return "routers/list.html" }

// RouterItemPage shows one row and lets it be changed, or makes a new one.
type RouterItemPage struct {
	RouterPanel
	List              hotspot.Menu
	ID, Name          string // "" for a new row
	Was               string // which row its buttons are for
	WasForm           string // which row, and what the form said
	Fields            []RouterField
	Facts             []RouterCell // what cannot be changed
	Disabled          bool
	Toggle            bool
	Remove            bool
	Reset             bool
	Order             string
	Own               bool // kept by the shop: look, do not touch
	Kept              bool // an order or the provisioning needs it
	NeedsConfirmation bool // ask whether it really shall be so
}

// RouterField is one input.
type RouterField struct {
	Name, Value string
	Kind        hotspot.FieldKind
	Choices     []Pick
	Needed      bool
	Hint        bool // there is a sentence "routers.hint.<kind>"
}

func (RouterItemPage) file() string { return "routers/item.html" }

// Action is where the form goes.
func (p RouterItemPage) Action() string {
	if p.ID == "" {
		return p.At("/" + string(p.List) + "/new")
	}
	return p.Under("")
}

// Under is an address below the row's own.
func (p RouterItemPage) Under(act string) string {
	return p.At("/" + string(p.List) + "/" + p.ID + act)
}

// RouterHealthPage is how a router did over days.
type RouterHealthPage struct {
	RouterPanel
	Days     int // that the charts cover
	Choices  []int
	Drawings []RouterChart
	Table    []DayLine
	Outages  []OutageLine
}

// RouterChart is one drawing.
type RouterChart struct {
	Key  string // message key below "routers.chart."
	JSON string
}

// DayLine is one day of a router.
type DayLine struct {
	Day          time.Time
	Availability string // per cent, "–" without a look
	Latency      string
	Sampled      bool
	CPU, Memory  int
	Active       int // the most
	Rx, Tx       int64
	Down         bool
}

// OutageLine is one failure.
type OutageLine struct {
	Began, Ended time.Time
	Why          string
	Lasted       time.Duration
}

func (RouterHealthPage) file() string { return "routers/health.html" }

// RouterProvisioningPage shows what an audit finds and what setup left.
type RouterProvisioningPage struct {
	RouterPanel
	Checked  bool
	Findings []FindingLine
	Done     []string // steps that hold
	CanSetUp bool
}

// FindingLine is one finding in words.
type FindingLine struct{ Severity, Word, What, Mend string }

func (RouterProvisioningPage) file() string { return "routers/provisioning.html" }

// RouterPlanPage is what setup would do, to be agreed to.
type RouterPlanPage struct {
	RouterPanel
	Steps        []PlanLine
	Blocked      []FindingLine
	Account      string // the full account that does the work, "" for the stored one
	TLSAddress   string
	Reboot, Bare bool
	Digest       string
	Token        string
}

// PlanLine is one step and what it changes.
type PlanLine struct {
	What    string
	Changes []string
}

func (RouterPlanPage) file() string { return "routers/provisioning_plan.html" }
