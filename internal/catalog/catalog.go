package catalog

import (
	"sync"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/order"
)

// Site is a public hotspot location, served by one or more routers.
type Site struct {
	ID       string
	Slug     string // in the URL, never reused
	Name     string
	Address  string
	Timezone string // IANA name; days and expiry times are shown in it
	Policies order.Policies
	// Failover allows delivery to the next router by priority that serves the same hotspot,
	// once the first one has been away for FailoverAfter.
	Failover      bool
	FailoverAfter time.Duration
	// LoginHosts are the only hosts a customer is ever sent to for login.
	LoginHosts []string
	Portal     Portal
	Position   int
	Hidden     bool
}

// Portal is what a site offers customers who stand in front of its login page.
type Portal struct {
	SSID string // name of the Wi-Fi, for posters
	Pass PassRules
}

// PassRules govern the grace pass: a few minutes of slow, capped internet for
// one order, for phones that have no other way to open the bank's app. The
// limits are check A24 of docs/portal-checklist.md.
type PassRules struct {
	On        bool
	Duration  time.Duration // at most MaxPass
	RateLimit string        // RouterOS notation
	DataLimit int64         // bytes up and down together
	PerRouter int           // at the same time
}

// MaxPass is the longest pass.
const MaxPass = 10 * time.Minute

// DefaultPass is what a site gets that only switches passes on.
var DefaultPass = PassRules{Duration: 5 * time.Minute, RateLimit: "256k/512k", DataLimit: 20_000_000, PerRouter: 5}

// zones are the time zones that were loaded: time.LoadLocation reads a file each time. Only names that exist are kept.
var zones sync.Map

// Zone returns the site's time zone, fallback when it cannot be loaded.
func (s Site) Zone(fallback *time.Location) *time.Location {
	if known, ok := zones.Load(s.Timezone); ok {
		return known.(*time.Location)
	}
	if loc, err := time.LoadLocation(s.Timezone); s.Timezone != "" && err == nil {
		zones.Store(s.Timezone, loc)
		return loc
	}
	return fallback
}

// Router is one device of a site, the lowest Priority first.
type Router struct {
	hotspot.Router
	SiteID   string
	Priority int
	Disabled bool
	// Hotspot is what customers see of it: routers of a site with the same name here, or
	// with none, serve the same hotspot, so that one can stand in for another.
	Hotspot string
}

// Plan is one thing a customer can buy at a site.
type Plan struct {
	ID          string
	SiteID      string
	Name        string
	Note        string // one short line for the customer, may be empty
	Price       money.Rupiah
	Validity    time.Duration // 0 for ever
	ValidFrom   order.ValidFrom
	UptimeLimit time.Duration // 0 for unlimited
	DataLimit   int64         // bytes up and down together, 0 for unlimited
	RateLimit   string        // upload/download in RouterOS notation, "" for none
	SharedUsers int
	Profile     string // RouterOS user profile; "" lets Gerai make its own
	Delivery    order.Delivery
	Position    int
	Hidden      bool
	RetiredAt   time.Time // zero unless it is retired: hidden for good, and listed apart
}

// Retired reports whether the plan is kept for what was sold of it alone.
func (p Plan) Retired() bool { return !p.RetiredAt.IsZero() }

// ProfileName is the RouterOS user profile of the plan.
func (p Plan) ProfileName() string {
	if p.Profile != "" {
		return p.Profile
	}
	return hotspot.OwnPrefix + p.ID
}

// Item is the snapshot an order keeps of the plan and the site's policies.
func (p Plan) Item(s Site) order.Item {
	return order.Item{
		PlanID: p.ID, Name: p.Name, Price: p.Price, Validity: p.Validity, ValidFrom: p.ValidFrom,
		UptimeLimit: p.UptimeLimit, DataLimit: p.DataLimit, RateLimit: p.RateLimit,
		SharedUsers: p.SharedUsers, Profile: p.ProfileName(), Delivery: p.Delivery, SitePolicies: s.Policies,
	}
}

// Brand is how the shop presents itself on every customer page.
type Brand struct {
	Name     string `json:"name"`
	Tagline  string `json:"tagline"`
	Logo     []byte `json:"logo"`      // PNG, JPEG or WebP, at most MaxLogo bytes; empty for none
	LogoType string `json:"logo_type"` // its media type
	Color    string `json:"color"`     // #rrggbb, buttons and links
	Phone    string `json:"phone"`     // help phone as shown
	WhatsApp string `json:"whatsapp"`  // help WhatsApp in international digits
	Licence  string `json:"licence"`   // ISP name and licence line
	Terms    string `json:"terms"`     // one line on refunds and complaints, may be empty
	// TaxPercent is the tax that prices include, printed on receipts; 0 prints
	// none.
	TaxPercent int `json:"tax_percent,omitempty"`
}

// MaxLogo bounds the logo, which is inlined nowhere but fetched once.
const MaxLogo = 32 << 10

// DefaultBrand is used until the operator sets one.
var DefaultBrand = Brand{Name: "Gerai", Tagline: "Voucher Wi-Fi", Color: "#0b6e4f"}

// Catalogue is everything the operator sells, as one document.
type Catalogue struct {
	Brand   Brand
	Sites   []Site
	Routers []Router
	Plans   []Plan
}
