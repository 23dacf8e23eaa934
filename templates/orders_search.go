package templates

// SearchPage shows what one text finds in all areas that the account may see.
type SearchPage struct {
	Panel
	Text        string
	Asked       bool // it is long enough to be looked for
	Short       bool // something was typed that is not
	Money       bool
	Orders      []OrderLine
	Vouchers    []VoucherLine
	Devices     []FoundDevice
	Routers     []FoundName
	People      []FoundName
	MoreOrders  string // address of the whole list, "" where all are shown
	MoreDevices string
}

// FoundDevice is a device that is online.
type FoundDevice struct{ Name, MAC, User, Router, Href string }

// FoundName is something with a page and a name; With says more.
type FoundName struct{ Name, With, Href string }

func (SearchPage) file() string { return "orders/search.html" }

// Title names the page in the browser's tab.
func (p SearchPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p SearchPage) Heading() string { return p.T("orders.search") }

// None reports whether nothing was found.
func (p SearchPage) None() bool {
	return len(p.Orders)+len(p.Vouchers)+len(p.Devices)+len(p.Routers)+len(p.People) == 0
}
