package catalog

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"gerai/internal/glyph"
	"gerai/internal/hotspot"
	"gerai/internal/mistake"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/typed"
)

var (
	slugForm    = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$`)
	idForm      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)
	colorForm   = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	profileForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}$`)
	rateForm    = regexp.MustCompile(`^(?:0|[1-9]\d*)[kMG]?(?:/(?:0|[1-9]\d*)[kMG]?)?(?: [\dkMG/ ]+)?$`)
	hostForm    = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(?::\d{1,5})?$`)
	pinForm     = regexp.MustCompile(`^[0-9a-f]{64}$`)
	phoneForm   = regexp.MustCompile(`^[+0-9][0-9 ()-]{4,24}$`)
	digitsForm  = regexp.MustCompile(`^\d{8,15}$`)
)

// Validate lists every mistake of the catalogue at once, each naming the thing
// and the field.
func (c Catalogue) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, mistake.New(format, args...)) }
	c.Brand.validate(bad)

	sites, slugs := map[string]bool{}, map[string]bool{}
	for _, s := range c.Sites {
		s.validate(bad)
		if sites[s.ID] || slugs[s.Slug] {
			bad("site %q: id or slug is used twice", s.ID)
		}
		sites[s.ID], slugs[s.Slug] = true, true
	}
	routers, names := map[string]bool{}, map[string]bool{}
	for _, r := range c.Routers {
		r.validate(bad)
		if !sites[r.SiteID] {
			bad("router %q: site %q does not exist", r.ID, r.SiteID)
		}
		if routers[r.ID] || names[r.Name] {
			bad("router %q: id or name is used twice", r.ID)
		}
		routers[r.ID], names[r.Name] = true, true
	}
	plans := map[string]bool{}
	for _, p := range c.Plans {
		p.validate(bad)
		if !sites[p.SiteID] {
			bad("plan %q: site %q does not exist", p.ID, p.SiteID)
		}
		if plans[p.ID] {
			bad("plan %q: id is used twice", p.ID)
		}
		plans[p.ID] = true
	}
	return errors.Join(errs...)
}

// printable refuses a text that vouchers would show as boxes.
func printable(bad func(string, ...any), field, text string) {
	if missing := glyph.Missing(text); missing != "" {
		bad("%s has characters that cannot be printed: %s", field, strings.ToValidUTF8(missing, "?"))
	}
}

func (b Brand) validate(bad func(string, ...any)) {
	if b.Name == "" || len(b.Name) > 60 {
		bad("brand: name must have 1 to 60 characters")
	}
	printable(bad, "brand: name", b.Name)
	if !colorForm.MatchString(b.Color) {
		bad("brand: color %q must look like #0b6e4f", b.Color)
	}
	if b.TaxPercent < 0 || b.TaxPercent > 50 {
		bad("brand: tax_percent %d must be between 0 and 50", b.TaxPercent)
	}
	if len(b.Logo) > MaxLogo {
		bad("brand: logo has %d bytes, at most %d", len(b.Logo), MaxLogo)
	}
	if len(b.Logo) > 0 && b.LogoType != "image/png" && b.LogoType != "image/jpeg" && b.LogoType != "image/webp" {
		bad("brand: logo must be PNG, JPEG or WebP")
	}
	if b.Phone != "" && !phoneForm.MatchString(b.Phone) {
		bad("brand: phone %q is no phone number", b.Phone)
	}
	if b.WhatsApp != "" && !digitsForm.MatchString(b.WhatsApp) {
		bad("brand: whatsapp %q must be international digits such as 6281234567890", b.WhatsApp)
	}
}

func (s Site) validate(bad func(string, ...any)) {
	if !idForm.MatchString(s.ID) {
		bad("site %q: id must be letters, digits, - or _", s.ID)
	}
	if !slugForm.MatchString(s.Slug) {
		bad("site %q: slug %q must be lower-case letters, digits and hyphens", s.ID, s.Slug)
	}
	if s.Name == "" || len(s.Name) > 80 {
		bad("site %q: name must have 1 to 80 characters", s.ID)
	}
	printable(bad, fmt.Sprintf("site %q: name", s.ID), s.Name)
	if s.Timezone != "" {
		if _, err := time.LoadLocation(s.Timezone); err != nil {
			bad("site %q: time zone %q is unknown", s.ID, s.Timezone)
		}
	}
	if d := s.Policies.ActivationDelay; d < 0 || d > mostDelay {
		bad("site %q: activation delay %s must be between 0 and 24h", s.ID, d)
	}
	if d := s.FailoverAfter; d < 0 || d > MostFailoverAfter {
		bad("site %q: failover_after %s must be between 0s and 1h", s.ID, d)
	}
	for _, h := range s.LoginHosts {
		if !hostForm.MatchString(h) {
			bad("site %q: login host %q must be host or host:port", s.ID, h)
		}
	}
	if len(s.Portal.SSID) > 32 { // IEEE 802.11: 0 to 32 octets
		bad("site %q: ssid has %d bytes, at most 32", s.ID, len(s.Portal.SSID))
	}
	s.Portal.Pass.validate(s.ID, bad)
}

func (p PassRules) validate(site string, bad func(string, ...any)) {
	if !p.On {
		return
	}
	if p.Duration < time.Minute || p.Duration > MaxPass {
		bad("site %q: pass: duration %s must be between 1m and %s", site, p.Duration, MaxPass)
	}
	if !rateForm.MatchString(p.RateLimit) {
		bad("site %q: pass: rate %q must look like 256k/512k", site, p.RateLimit)
	}
	if p.DataLimit < 1_000_000 || p.DataLimit > 100_000_000 {
		bad("site %q: pass: data must be between 1MB and 100MB", site)
	}
	if p.PerRouter < 1 || p.PerRouter > 100 {
		bad("site %q: pass: per_router %d must be between 1 and 100", site, p.PerRouter)
	}
}

func (r Router) validate(bad func(string, ...any)) {
	if !HotspotForm(r.Hotspot) {
		bad("router %q: hotspot %q must be one line of at most 40 characters", r.ID, r.Hotspot)
	}
	if !idForm.MatchString(r.ID) {
		bad("router %q: id must be letters, digits, - or _", r.ID)
	}
	if r.Name == "" || len(r.Name) > 80 {
		bad("router %q: name must have 1 to 80 characters", r.ID)
	}
	host, port, err := net.SplitHostPort(r.Address)
	if _, ok := typed.Port(port); err != nil || !ok || host == "" {
		bad("router %q: address %q must be host:port, for example 10.5.50.1:8729", r.ID, r.Address)
	}
	if r.User == "" {
		bad("router %q: user is missing", r.ID)
	}
	if r.TLS && !pinForm.MatchString(r.Fingerprint) {
		bad("router %q: with tls the certificate's SHA-256 fingerprint (64 hex digits) is required", r.ID)
	}
}

func (p Plan) validate(bad func(string, ...any)) {
	if !idForm.MatchString(p.ID) {
		bad("plan %q: id must be letters, digits, - or _", p.ID)
	}
	if p.Name == "" || len(p.Name) > 60 {
		bad("plan %q: name must have 1 to 60 characters", p.ID)
	}
	printable(bad, fmt.Sprintf("plan %q: name", p.ID), p.Name)
	if p.Price < 1 || p.Price > money.Max {
		bad("plan %q: price %s is out of range", p.ID, p.Price)
	}
	if p.Validity < 0 || p.UptimeLimit < 0 || p.DataLimit < 0 {
		bad("plan %q: validity and quotas cannot be negative", p.ID)
	}
	if p.ValidFrom != order.FromPurchase && p.ValidFrom != order.FromFirstLogin {
		bad("plan %q: validity must count from %q or %q", p.ID, order.FromPurchase, order.FromFirstLogin)
	}
	if p.RateLimit != "" && !rateForm.MatchString(p.RateLimit) {
		bad("plan %q: rate limit %q must look like 2M/5M", p.ID, p.RateLimit)
	}
	if p.SharedUsers < 1 || p.SharedUsers > 100 {
		bad("plan %q: shared users must be 1 to 100", p.ID)
	}
	if p.Profile != "" && (!profileForm.MatchString(p.Profile) || strings.HasPrefix(p.Profile, hotspot.OwnPrefix)) {
		bad("plan %q: profile %q is no usable RouterOS profile name", p.ID, p.Profile)
	}
}
