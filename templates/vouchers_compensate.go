package templates

import (
	"net/url"
	"time"
)

// CompensationsPage lists outages to compensate and what was compensated.
type CompensationsPage struct {
	Panel
	Sites   []Choice
	Outages []KnownOutage
	Lines   []CompensationLine
}

// KnownOutage is an outage of a router; Href leads to the form that compensates it.
type KnownOutage struct {
	Site, Router string
	Began, Ended time.Time
	Href         string
}

// CompensationLine is one compensation: how many vouchers got the time, wait for it, or had
// ended before.
type CompensationLine struct {
	Site, Router, Reason, By string
	Began, Ended, At         time.Time
	More                     time.Duration
	Given, Waiting, Left     int
	Done                     bool
}

func (CompensationsPage) file() string { return "vouchers/compensations.html" }

// Title names the page in the browser's tab.
func (p CompensationsPage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p CompensationsPage) Heading() string { return p.T("vouchers.compensations") }

// Under is where the form of a site is.
func (p CompensationsPage) Under(siteID string) string {
	return "/admin/compensations/" + url.PathEscape(siteID)
}

// CompensatePage asks which outage of a site is compensated, and before it is.
type CompensatePage struct {
	Panel
	SiteID, Site string
	Routers      []Choice
	Values       map[string]string // of the fields that say which outage
	Ready        bool              // they are right: the effect is shown, and can be confirmed
	More         time.Duration
	Plans        []CompensatedPlan
	Vouchers     int
	Nonce, Token string
}

// CompensatedPlan is how many vouchers of a plan get the time.
type CompensatedPlan struct {
	Name     string
	Vouchers int
}

func (CompensatePage) file() string { return "vouchers/compensate.html" }

// Title names the page in the browser's tab.
func (p CompensatePage) Title() string { return p.Heading() + " · " + p.Brand().Name }

// Heading is the page's first line.
func (p CompensatePage) Heading() string { return p.T("vouchers.compensate.title", "site", p.Site) }

// Action is where the forms go.
func (p CompensatePage) Action() string { return "/admin/compensations/" + url.PathEscape(p.SiteID) }
