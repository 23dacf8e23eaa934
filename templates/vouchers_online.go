package templates

import (
	"strconv"
	"time"
)

// OnlinePage lists which devices are online on all routers.
type OnlinePage struct {
	Panel
	Text, Site, Router string // what was asked for
	Sites, Routers     []OnlineChip
	Devices            []OnlineLine
	Matches, All       int
	Number             int // of this page, 1 and up
	More               bool
	ReadAt             time.Time // of the router that told longest ago, zero: none has
	Away               []OnlineAway
	CanMove, CanSee    bool
	CanBan             bool
}

// OnlineChip narrows the list to a site or a router.
type OnlineChip struct {
	Value, Name string
	Devices     int
	On          bool
}

// OnlineAway is a router of which the list is old or empty.
type OnlineAway struct {
	Name, Why string    // Why is a sentence, "" where the router answers
	ReadAt    time.Time // when it last told, zero for never
}

// OnlineLine is one device.
type OnlineLine struct {
	Device, MAC, IP  string // Device is its own name, else the MAC
	Session          string // by which a form names it: the user name may be all that a device logs in with
	User             string // as people may see it
	VoucherID, Plan  string // "" for a user that is no voucher
	RouterID, Router string
	Ban              string // address of the page that bans it
	Site             string
	Since            time.Time
	Left             string // "" where nothing ends it
	Bytes            int64
}

func (OnlinePage) file() string { return "vouchers/online.html" }

// Title names the page in the browser's tab.
func (p OnlinePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p OnlinePage) Heading() string { return p.T("web.menu.online") }

// Of is the list's address narrowed otherwise, from its first page on.
func (p OnlinePage) Of(site, router string) string {
	return p.Href("/admin/online", "q", p.Text, "site", site, "router", router)
}

// At is the address of another page of the list.
func (p OnlinePage) At(number int) string {
	return p.Href("/admin/online", "q", p.Text, "site", p.Site, "router", p.Router, "page", strconv.Itoa(number))
}

// Plus is arithmetic of page numbers.
func (p OnlinePage) Plus(n int) int { return p.Number + n }
