package catalog

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"gerai/internal/fault"
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
	c.Brand.rules().report(&errs)

	sites, slugs := map[string]bool{}, map[string]bool{}
	for _, s := range c.Sites {
		s.rules().report(&errs)
		if sites[s.ID] || slugs[s.Slug] {
			bad("site %q: id or slug is used twice", s.ID)
		}
		sites[s.ID], slugs[s.Slug] = true, true
	}
	routers, names := map[string]bool{}, map[string]bool{}
	for _, r := range c.Routers {
		r.rules().report(&errs)
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
		p.rules().report(&errs)
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

// rule is one thing that must not be so, as a form says it at the field and as the file's reader
// says it with the name of the thing.
type rule struct {
	broken bool
	at     *fault.Error
	says   error
}

type rules []rule

// report appends what the broken rules say.
func (r rules) report(errs *[]error) {
	for _, x := range r {
		if x.broken {
			*errs = append(*errs, x.says)
		}
	}
}

// first is the first broken rule as a form says it.
func (r rules) first() error {
	for _, x := range r {
		if x.broken {
			return x.at
		}
	}
	return nil
}

// printable refuses a text that vouchers would show as boxes.
func printable(what, text string) rule {
	missing := glyph.Missing(text)
	return rule{missing != "", fault.AtField("name", "catalogue.unprintable"), mistake.New("%s has characters that cannot be printed: %s", what, strings.ToValidUTF8(missing, "?"))}
}

func (b Brand) rules() rules {
	return rules{
		{b.Name == "" || len(b.Name) > 60, fault.AtField("name", "catalogue.brand_name"), mistake.New("brand: name must have 1 to 60 characters")},
		printable("brand: name", b.Name),
		{!colorForm.MatchString(b.Color), fault.AtField("color", "catalogue.color"), mistake.New("brand: color %q must look like #0b6e4f", b.Color)},
		{b.TaxPercent < 0 || b.TaxPercent > 50, fault.AtField("tax_percent", "catalogue.tax"), mistake.New("brand: tax_percent %d must be between 0 and 50", b.TaxPercent)},
		{len(b.Logo) > MaxLogo, fault.AtField("logo", "catalogue.logo_size"), mistake.New("brand: logo has %d bytes, at most %d", len(b.Logo), MaxLogo)},
		{len(b.Logo) > 0 && b.LogoType != "image/png" && b.LogoType != "image/jpeg" && b.LogoType != "image/webp", fault.AtField("logo", "catalogue.logo_type"), mistake.New("brand: logo must be PNG, JPEG or WebP")},
		{b.Phone != "" && !phoneForm.MatchString(b.Phone), fault.AtField("phone", "catalogue.phone"), mistake.New("brand: phone %q is no phone number", b.Phone)},
		{b.WhatsApp != "" && !digitsForm.MatchString(b.WhatsApp), fault.AtField("whatsapp", "catalogue.whatsapp"), mistake.New("brand: whatsapp %q must be international digits such as 6281234567890", b.WhatsApp)},
	}
}

func (s Site) rules() rules {
	r := rules{
		{!idForm.MatchString(s.ID), fault.AtField("slug", "catalogue.slug_form"), mistake.New("site %q: id must be letters, digits, - or _", s.ID)},
		{!slugForm.MatchString(s.Slug), fault.AtField("slug", "catalogue.slug_form"), mistake.New("site %q: slug %q must be lower-case letters, digits and hyphens", s.ID, s.Slug)},
		{s.Name == "" || len(s.Name) > 80, fault.AtField("name", "catalogue.site_name"), mistake.New("site %q: name must have 1 to 80 characters", s.ID)},
		printable(fmt.Sprintf("site %q: name", s.ID), s.Name),
		{!knownZone(s.Timezone), fault.AtField("timezone", "catalogue.timezone"), mistake.New("site %q: time zone %q is unknown", s.ID, s.Timezone)},
		{s.Policies.ActivationDelay < 0 || s.Policies.ActivationDelay > mostDelay, fault.AtField("activation_delay", "catalogue.delay"), mistake.New("site %q: activation delay %s must be between 0 and 24h", s.ID, s.Policies.ActivationDelay)},
		{s.FailoverAfter < 0 || s.FailoverAfter > MostFailoverAfter, fault.AtField("failover_after", "catalogue.failover_after"), mistake.New("site %q: failover_after %s must be between 0s and 1h", s.ID, s.FailoverAfter)},
		{len(s.Portal.SSID) > 32, fault.AtField("ssid", "catalogue.ssid"), mistake.New("site %q: ssid has %d bytes, at most 32", s.ID, len(s.Portal.SSID))}, // IEEE 802.11: 0 to 32 octets
	}
	for _, h := range s.LoginHosts {
		r = append(r, rule{!hostForm.MatchString(h), fault.AtField("login_hosts", "catalogue.login_hosts"), mistake.New("site %q: login host %q must be host or host:port", s.ID, h)})
	}
	return append(r, s.Portal.Pass.rules(s.ID)...)
}

// knownZone reports whether a time zone can be loaded; "" is the shop's own.
func knownZone(name string) bool {
	if name == "" {
		return true
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

func (p PassRules) rules(site string) rules {
	if !p.On {
		return nil
	}
	return rules{
		{p.Duration < time.Minute || p.Duration > MaxPass, fault.AtField("pass_duration", "catalogue.pass_duration"), mistake.New("site %q: pass: duration %s must be between 1m and %s", site, p.Duration, MaxPass)},
		{!rateForm.MatchString(p.RateLimit), fault.AtField("pass_rate", "catalogue.rate"), mistake.New("site %q: pass: rate %q must look like 256k/512k", site, p.RateLimit)},
		{p.DataLimit < 1_000_000 || p.DataLimit > 100_000_000, fault.AtField("pass_data", "catalogue.pass_data"), mistake.New("site %q: pass: data must be between 1MB and 100MB", site)},
		{p.PerRouter < 1 || p.PerRouter > 100, fault.AtField("pass_per_router", "catalogue.pass_per_router"), mistake.New("site %q: pass: per_router %d must be between 1 and 100", site, p.PerRouter)},
	}
}

func (r Router) rules() rules {
	host, port, err := net.SplitHostPort(r.Address)
	_, ok := typed.Port(port)
	return rules{
		{!HotspotForm(r.Hotspot), fault.AtField("hotspot", "router.hotspot_form"), mistake.New("router %q: hotspot %q must be one line of at most 40 characters", r.ID, r.Hotspot)},
		{!idForm.MatchString(r.ID), fault.AtField("name", "router.name_form"), mistake.New("router %q: id must be letters, digits, - or _", r.ID)},
		{r.Name == "" || len(r.Name) > 80, fault.AtField("name", "router.name_form"), mistake.New("router %q: name must have 1 to 80 characters", r.ID)},
		{err != nil || !ok || host == "", fault.AtField("address", "router.address_form"), mistake.New("router %q: address %q must be host:port, for example 10.5.50.1:8729", r.ID, r.Address)},
		{r.User == "", fault.AtField("user", "router.user_form"), mistake.New("router %q: user is missing", r.ID)},
		{r.TLS && !pinForm.MatchString(r.Fingerprint), fault.AtField("fingerprint", "router.pin_form"), mistake.New("router %q: with tls the certificate's SHA-256 fingerprint (64 hex digits) is required", r.ID)},
	}
}

func (p Plan) rules() rules {
	return rules{
		{!idForm.MatchString(p.ID), fault.AtField("name", "catalogue.plan_name"), mistake.New("plan %q: id must be letters, digits, - or _", p.ID)},
		{p.Name == "" || len(p.Name) > 60, fault.AtField("name", "catalogue.plan_name"), mistake.New("plan %q: name must have 1 to 60 characters", p.ID)},
		printable(fmt.Sprintf("plan %q: name", p.ID), p.Name),
		{p.Price < 1 || p.Price > money.Max, fault.AtField("price", "catalogue.price"), mistake.New("plan %q: price %s is out of range", p.ID, p.Price)},
		{p.Validity < 0 || p.UptimeLimit < 0 || p.DataLimit < 0, fault.AtField("validity", "catalogue.duration"), mistake.New("plan %q: validity and quotas cannot be negative", p.ID)},
		{p.ValidFrom != order.FromPurchase && p.ValidFrom != order.FromFirstLogin, fault.AtField("valid_from", "catalogue.choice"), mistake.New("plan %q: validity must count from %q or %q", p.ID, order.FromPurchase, order.FromFirstLogin)},
		{p.RateLimit != "" && !rateForm.MatchString(p.RateLimit), fault.AtField("rate", "catalogue.rate"), mistake.New("plan %q: rate limit %q must look like 2M/5M", p.ID, p.RateLimit)},
		{p.SharedUsers < 1 || p.SharedUsers > 100, fault.AtField("devices", "catalogue.devices"), mistake.New("plan %q: shared users must be 1 to 100", p.ID)},
		{p.Profile != "" && (!profileForm.MatchString(p.Profile) || strings.HasPrefix(p.Profile, hotspot.OwnPrefix)), fault.AtField("profile", "catalogue.profile"), mistake.New("plan %q: profile %q is no usable RouterOS profile name", p.ID, p.Profile)},
	}
}
