package templates

import (
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

var voucherPages = []Page{FindVouchersPage{}, VoucherPage{}, SwitchVoucherPage{}, VoucherActPage{}, OnlinePage{}, BansPage{}, BanPage{}, CompensationsPage{}, CompensatePage{}}

// VoucherPage is one voucher.
type VoucherPage struct {
	Panel
	VoucherLine
	Name           string
	Item           order.Item
	Site, Router   string
	Order          order.Code // of a voucher that was sold
	Price          money.Rupiah
	SoldBy         string
	Printed, Ended time.Time
	Extensions     int
	Away           bool // its router has yet to hear of the last switch
	Former         []FormerRouter
	Difference     DifferenceLine
	Used           VoucherUse
	User, Password string // both empty until they were asked for
	May            VoucherActions
	Again          string // address of what prints it once more
	Timeline       []TimelineEntry
}

// VoucherActions says what the person may do with a voucher as it is.
type VoucherActions struct{ See, Disable, Enable, Suspend, Unsuspend, Extend, Move, Restore bool }

// FormerRouter is a router that had the voucher before; Left is zero while it may have its
// user still.
type FormerRouter struct {
	Name        string
	Since, Left time.Time
}

// DifferenceLine is how a router holds a voucher's user otherwise than it should.
type DifferenceLine struct {
	ID, Name, State string
	Kinds           []string // sentences; none: there is no difference
	Why             string   // why it was not put right, a sentence
	Since           time.Time
}

// VoucherUse is what the router last said of it.
type VoucherUse struct {
	At                time.Time // zero: nothing is known
	Time, TimeLimit   time.Duration
	Bytes, BytesLimit int64
	Devices           int
}

func (VoucherPage) file() string { return "vouchers/voucher.html" }

// Title names the page in the browser's tab.
func (p VoucherPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p VoucherPage) Heading() string { return p.T("vouchers.title", "name", p.Name) }

// SwitchVoucherPage asks whether one voucher should really end, or live again.
type SwitchVoucherPage struct {
	Panel
	ID, Name, Token string
	On              bool // it shall live again
	Effects         []string
	Bought          bool // it was paid for: say what becomes of the money
	Order           order.Code
	Paid            money.Rupiah
}

func (SwitchVoucherPage) file() string { return "vouchers/switch.html" }

// Title names the page in the browser's tab.
func (p SwitchVoucherPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p SwitchVoucherPage) Heading() string {
	if p.On {
		return p.T("vouchers.enable.title", "name", p.Name)
	}
	return p.T("vouchers.disable.title", "name", p.Name)
}

// Action is where the form goes.
func (p SwitchVoucherPage) Action() string {
	if p.On {
		return "/admin/vouchers/" + p.ID + "/enable"
	}
	return "/admin/vouchers/" + p.ID + "/disable"
}

// VoucherAct is an act on one voucher that is asked about first.
type VoucherAct string

// The acts beside ending it.
const (
	ActSuspend   VoucherAct = "suspend"
	ActUnsuspend VoucherAct = "unsuspend"
	ActExtend    VoucherAct = "extend"
	ActMove      VoucherAct = "move"
)

// VoucherActPage asks before an act on one voucher: what it does, and what it needs.
type VoucherActPage struct {
	Panel
	Kind            VoucherAct
	ID, Name, Token string
	Effects         []string
	Routers         []Choice   // to move it to
	Allowed         order.Item // what it may do altogether: what is unlimited is not asked for
	Had             string     // what was added before
}

func (VoucherActPage) file() string { return "vouchers/act.html" }

// Title names the page in the browser's tab.
func (p VoucherActPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p VoucherActPage) Heading() string {
	return p.T("vouchers."+string(p.Kind)+".title", "name", p.Name)
}

// Action is where the form goes.
func (p VoucherActPage) Action() string { return "/admin/vouchers/" + p.ID + "/" + string(p.Kind) }

// Bad reports whether the act takes something away.
func (p VoucherActPage) Bad() bool { return p.Kind == ActSuspend }

// FindVouchersPage searches vouchers.
type FindVouchersPage struct {
	Panel
	Name, Batch                  string
	Plans, States, OutletChoices []Choice
	Vouchers                     []VoucherLine
	Next                         string // address of the next page
	Asked                        bool
	CanCompensate                bool
}

// VoucherLine is one voucher; its password is no part of it.
type VoucherLine struct {
	ID                                    string
	Username, State, Plan, Batch, BatchID string // Username is cut where it is the password, too
	No                                    int
	Outlet                                string
	SoldAt, FirstLogin, Until             time.Time
	UsedUp                                bool // its router refuses every device that uses it
	Suspended                             bool // staff keep it out for a while
}

// Shown is the state as it is named: a voucher whose time or data is used up is
// not called active.
func (l VoucherLine) Shown() string {
	switch {
	case l.State != "active" && l.State != "sold":
		return l.State
	case l.Suspended:
		return "suspended"
	case l.UsedUp:
		return "used_up"
	}
	return l.State
}

func (FindVouchersPage) file() string { return "vouchers/find.html" }

// Title names the page in the browser's tab.
func (p FindVouchersPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p FindVouchersPage) Heading() string { return p.T("vouchers.find") }
