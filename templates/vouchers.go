package templates

import (
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

var voucherPages = []Page{FindVouchersPage{}, VoucherPage{}, SwitchVoucherPage{}}

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
	Used           VoucherUse
	User, Password string // both empty until they were asked for
	May            VoucherActions
	Again          string // address of what prints it once more
	Timeline       []TimelineEntry
}

// VoucherActions says what the person may do with a voucher as it is.
type VoucherActions struct{ See, Disable, Enable bool }

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

// FindVouchersPage searches vouchers.
type FindVouchersPage struct {
	Panel
	Name, Batch                  string
	Plans, States, OutletChoices []Choice
	Vouchers                     []VoucherLine
	Next                         string // address of the next page
	Asked                        bool
}

// VoucherLine is one voucher; its password is no part of it.
type VoucherLine struct {
	ID                                    string
	Username, State, Plan, Batch, BatchID string // Username is cut where it is the password, too
	No                                    int
	Outlet                                string
	SoldAt, FirstLogin, Until             time.Time
	UsedUp                                bool // its router refuses every device that uses it
}

// Shown is the state as it is named: a voucher whose time or data is used up is
// not called active.
func (l VoucherLine) Shown() string {
	if l.UsedUp && (l.State == "active" || l.State == "sold") {
		return "used_up"
	}
	return l.State
}

func (FindVouchersPage) file() string { return "vouchers/find.html" }

// Title names the page in the browser's tab.
func (p FindVouchersPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p FindVouchersPage) Heading() string { return p.T("vouchers.find") }
