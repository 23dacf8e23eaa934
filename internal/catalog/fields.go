package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"gerai/internal/order"
)

// Fields are the fields of one thing by their names in the catalogue file, each as the file
// writes it. What is not set is "". Forms, differences, the audit trail and take-backs hold
// things in this form.
type Fields map[string]string

// The names of fields in the order in which people read them.
var (
	PlanFields = []string{"name", "price", "note", "validity", "valid_from", "uptime", "data", "rate", "devices", "profile", "delivery", "site", "hidden", "retired"}
	SiteFields = []string{"name", "slug", "address", "timezone", "activation_delay", "late_payment", "ssid", "login_hosts", "pass_on", "pass_duration", "pass_rate", "pass_data", "pass_per_router",
		"failover", "failover_after", "hidden"}
	RouterFields = []string{"name", "address", "user", "password", "tls", "fingerprint", "server", "hotspot", "site", "disabled"}
	BrandFields  = []string{"name", "tagline", "logo", "color", "phone", "whatsapp", "licence", "terms", "tax_percent"}
)

// Digest tells two states of a thing apart.
func (f Fields) Digest() string {
	text, _ := json.Marshal(f) // texts always encode, keys in their order
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// Differ names the fields in which two states differ, sorted.
func (f Fields) Differ(other Fields) (names []string) {
	for name, text := range f {
		if other[name] != text {
			names = append(names, name)
		}
	}
	for name, text := range other {
		if _, both := f[name]; !both && text != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Only keeps the named fields; one that is not there is "".
func (f Fields) Only(names []string) Fields {
	out := Fields{}
	for _, name := range names {
		out[name] = f[name]
	}
	return out
}

// Fields are the plan's.
func (p Plan) Fields() Fields {
	f := Fields{"name": p.Name, "price": strconv.FormatInt(int64(p.Price), 10), "note": p.Note, "validity": DurationText(p.Validity), "valid_from": string(p.ValidFrom), "uptime": DurationText(p.UptimeLimit),
		"data": SizeText(p.DataLimit), "rate": p.RateLimit, "devices": strconv.Itoa(p.SharedUsers), "profile": p.Profile, "delivery": "router", "site": p.SiteID, "hidden": strconv.FormatBool(p.Hidden)}
	if p.Delivery != order.Fresh {
		f["delivery"] = string(p.Delivery)
	}
	if p.Retired() {
		f["retired"] = "true"
	}
	return f
}

// Fields are the site's. The rules of a pass that is off are none.
func (s Site) Fields() Fields {
	f := Fields{"slug": s.Slug, "name": s.Name, "address": s.Address, "timezone": s.Timezone, "activation_delay": DurationText(s.Policies.ActivationDelay), "late_payment": "activate", "ssid": s.Portal.SSID,
		"login_hosts": strings.Join(s.LoginHosts, ", "), "failover": strconv.FormatBool(s.Failover), "failover_after": DurationText(s.FailoverAfter), "hidden": strconv.FormatBool(s.Hidden),
		"pass_on": strconv.FormatBool(s.Portal.Pass.On)}
	if s.Policies.RefundLate {
		f["late_payment"] = "refund"
	}
	if f["failover_after"] == "" {
		f["failover_after"] = "0s"
	}
	if r := s.Portal.Pass; r.On {
		f["pass_duration"], f["pass_rate"], f["pass_data"], f["pass_per_router"] = DurationText(r.Duration), r.RateLimit, SizeText(r.DataLimit), strconv.Itoa(r.PerRouter)
	}
	return f
}

// Fields are the router's, without its password.
func (r Router) Fields() Fields {
	return Fields{"name": r.Name, "address": r.Address, "user": r.User, "tls": strconv.FormatBool(r.TLS), "fingerprint": r.Fingerprint, "server": r.Server, "hotspot": r.Hotspot, "site": r.SiteID,
		"disabled": strconv.FormatBool(r.Disabled)}
}

// Fields are the brand's. The logo is named by its content.
func (b Brand) Fields() Fields {
	return Fields{"name": b.Name, "tagline": b.Tagline, "logo": LogoName(b.Logo), "color": b.Color, "phone": b.Phone, "whatsapp": b.WhatsApp, "licence": b.Licence, "terms": b.Terms,
		"tax_percent": strconv.Itoa(b.TaxPercent)}
}

// LogoName names a picture by its content, "" for none.
func LogoName(logo []byte) string {
	if len(logo) == 0 {
		return ""
	}
	sum := sha256.Sum256(logo)
	return strings.TrimPrefix(mediaType(logo), "image/") + "-" + hex.EncodeToString(sum[:8])
}

// DurationText writes a duration as typed.Duration reads it, "" for none.
func DurationText(d time.Duration) string {
	text := ""
	for _, u := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if n := d / u.size; n > 0 {
			text += strconv.FormatInt(int64(n), 10) + u.name
			d -= n * u.size
		}
	}
	return text
}

// SizeText writes a size as typed.Size reads it, "" for none. One that is no whole number of
// megabytes, which only an older program wrote, is in bytes.
func SizeText(bytes int64) string {
	switch {
	case bytes == 0:
		return ""
	case bytes%1_000_000_000 == 0:
		return strconv.FormatInt(bytes/1_000_000_000, 10) + "GB"
	case bytes%1_000_000 == 0:
		return strconv.FormatInt(bytes/1_000_000, 10) + "MB"
	}
	return strconv.FormatInt(bytes, 10) + "B"
}
