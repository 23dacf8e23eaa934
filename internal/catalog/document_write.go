package catalog

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// plainText needs no quotes in a file: no YAML reader takes it for anything but a text.
var plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9/._-]*$`)

// documentWriter writes a catalogue file line by line.
type documentWriter struct{ bytes.Buffer }

// field writes one field; one that is not set is left out.
func (w *documentWriter) field(indent int, key, value string) {
	if value != "" {
		fmt.Fprintf(w, "%s%s: %s\n", strings.Repeat(" ", indent), key, quoted(value))
	}
}

// flag writes a field that is false where it is left out.
func (w *documentWriter) flag(indent int, key, value string) {
	if value == "true" {
		fmt.Fprintf(w, "%s%s: true\n", strings.Repeat(" ", indent), key)
	}
}

// otherThanText are words that some YAML readers take for a truth value, a number or nothing.
var otherThanText = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"}

// WithoutRouters is the first line of a file that lists no routers because who took it may not
// see them.
const WithoutRouters = "gerai: routers are left out; an import keeps those that are there"

// quoted is a text as YAML reads it back.
func quoted(text string) string {
	if plainText.MatchString(text) && !slices.Contains(otherThanText, strings.ToLower(text)) {
		return text
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// Document writes the catalogue as a file that ParseDocument reads as the same. Passwords of
// routers are left out, so that the stored ones stay; so are retired plans.
func (c Catalogue) Document() []byte {
	w := &documentWriter{}
	w.WriteString("brand:\n")
	brand := c.Brand.Fields()
	for _, key := range BrandFields {
		switch {
		case key != "logo":
			w.field(2, key, brand[key])
		case len(c.Brand.Logo) > 0:
			w.field(2, key, "data:"+c.Brand.LogoType+";base64,"+base64.StdEncoding.EncodeToString(c.Brand.Logo))
		}
	}
	w.WriteString("sites:\n")
	for _, s := range c.Sites {
		w.site(s)
		w.routers(s.ID, c.Routers)
		w.plans(s.ID, c.Plans)
	}
	return w.Bytes()
}

func (w *documentWriter) site(s Site) {
	f := s.Fields()
	fmt.Fprintf(w, "  - id: %s\n", quoted(s.ID))
	for _, key := range []string{"slug", "name", "address", "timezone", "ssid", "activation_delay", "late_payment", "failover_after"} {
		w.field(4, key, f[key])
	}
	w.flag(4, "failover", f["failover"])
	w.flag(4, "hidden", f["hidden"])
	if len(s.LoginHosts) > 0 {
		w.WriteString("    login_hosts:\n")
		for _, h := range s.LoginHosts {
			fmt.Fprintf(w, "      - %s\n", quoted(h))
		}
	}
	if p := s.Portal.Pass; p != DefaultPass && p != (PassRules{}) {
		w.WriteString("    pass:\n")
		w.flag(6, "on", f["pass_on"])
		w.field(6, "duration", DurationText(p.Duration))
		w.field(6, "rate", p.RateLimit)
		w.field(6, "data", SizeText(p.DataLimit))
		fmt.Fprintf(w, "      per_router: %d\n", p.PerRouter)
	}
}

func (w *documentWriter) routers(siteID string, routers []Router) {
	first := true
	for _, r := range routers {
		if r.SiteID != siteID {
			continue
		}
		if first {
			w.WriteString("    routers:\n")
			first = false
		}
		f := r.Fields()
		fmt.Fprintf(w, "      - id: %s\n", quoted(r.ID))
		for _, key := range []string{"name", "address", "user", "fingerprint", "server", "hotspot"} {
			w.field(8, key, f[key])
		}
		w.flag(8, "tls", f["tls"])
		w.flag(8, "disabled", f["disabled"])
	}
}

func (w *documentWriter) plans(siteID string, plans []Plan) {
	first := true
	for _, p := range plans {
		if p.SiteID != siteID || p.Retired() {
			continue
		}
		if first {
			w.WriteString("    plans:\n")
			first = false
		}
		f := p.Fields()
		fmt.Fprintf(w, "      - id: %s\n", quoted(p.ID))
		for _, key := range []string{"name", "price", "note", "validity", "valid_from", "uptime", "data", "rate", "devices", "profile", "delivery"} {
			w.field(8, key, f[key])
		}
		w.flag(8, "hidden", f["hidden"])
	}
}

// logoInText is a logo that the file itself holds.
func logoInText(text string) (logo []byte, inText bool, err error) {
	_, data, inText := strings.Cut(text, ";base64,")
	if !inText || !strings.HasPrefix(text, "data:image/") {
		return nil, false, nil
	}
	logo, err = base64.StdEncoding.DecodeString(data)
	return logo, true, err
}
