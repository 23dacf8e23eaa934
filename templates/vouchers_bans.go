package templates

import (
	"net/url"
	"time"
)

// BansPage lists banned devices.
type BansPage struct {
	Panel
	Text    string // of the search for a device to ban
	Asked   bool
	Site    string
	Sites   []Choice
	Found   []BanCandidate
	Bans    []BanLine
	Waiting []string // routers that have not been told of all of it
	Next    string   // address of the next page
}

// BanCandidate is a device that may be banned.
type BanCandidate struct{ Name, MAC, Site, Href string }

// BanLine is one ban.
type BanLine struct {
	ID, Device, MAC, Site, Reason, By string
	At, Until, LiftedAt               time.Time
	Holds                             bool
}

func (BansPage) file() string { return "vouchers/bans.html" }

// Title names the page in the browser's tab.
func (p BansPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p BansPage) Heading() string { return p.T("vouchers.bans") }

// BanPage asks before a device is banned.
type BanPage struct {
	Panel
	SiteID, Site, MAC, Device, Token string
	Effects                          []string
}

func (BanPage) file() string { return "vouchers/ban.html" }

// Title names the page in the browser's tab.
func (p BanPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p BanPage) Heading() string {
	name := p.Device
	if name == "" {
		name = p.MAC
	}
	return p.T("vouchers.ban.title", "name", name)
}

// Action is where the form goes.
func (p BanPage) Action() string { return "/admin/bans/" + url.PathEscape(p.SiteID) + "/" + p.MAC }
