package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"gerai/internal/hotspot"
	"gerai/internal/mistake"
	"gerai/internal/order"
	"gerai/internal/typed"
)

// MaxDocument bounds a catalogue file.
const MaxDocument = 1 << 20

// ParseDocument reads the operator's catalogue file. getenv resolves password_env, readFile
// the logo. Every mistake is listed at once with its line; unknown keys are mistakes.
func ParseDocument(text []byte, getenv func(string) string, readFile func(string) ([]byte, error)) (Catalogue, error) {
	body, err := parseYAML(text)
	if err != nil {
		return Catalogue{}, err
	}
	p := &reader{getenv: getenv, readFile: readFile}
	top := p.section(body, "catalogue", "brand", "sites")
	c := Catalogue{Brand: p.brand(top.value("brand"))}
	for i, n := range top.list("sites") {
		p.site(&c, n, i)
	}
	return c, errors.Join(append(p.errs, c.Validate())...)
}

func parseYAML(text []byte) (ast.Node, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case len(text) > MaxDocument:
		return nil, mistake.New("catalogue: %d bytes, at most %d", len(text), MaxDocument)
	case !utf8.Valid(text):
		return nil, mistake.New("catalogue: the file is not UTF-8")
	}
	if err := bounded(text); err != nil {
		return nil, err
	}
	f, err := within(patience, func() (*ast.File, error) { return parser.ParseBytes(text, 0) })
	if late := (*mistake.Mistake)(nil); errors.As(err, &late) {
		return nil, mistake.New("catalogue: %s", late)
	} else if err != nil {
		return nil, mistake.New("catalogue: %v", yaml.FormatError(err, false, true))
	}
	if len(f.Docs) != 1 {
		return nil, mistake.New("catalogue: the file holds %d documents, one is read", len(f.Docs))
	}
	return f.Docs[0].Body, nil
}

func (p *reader) brand(n ast.Node) Brand {
	s := p.section(n, "brand", "name", "tagline", "logo", "color", "phone", "whatsapp", "licence", "terms", "tax_percent")
	b := Brand{Name: s.text("name"), Tagline: s.text("tagline"), Color: s.text("color"), Phone: s.text("phone"), Licence: s.text("licence"), Terms: s.text("terms"),
		TaxPercent: s.count("tax_percent", 0)}
	var ok bool
	if b.WhatsApp, ok = typed.WhatsApp(s.text("whatsapp")); !ok {
		s.bad("whatsapp", "%q must be a WhatsApp number, for example 081234567890 or +6281234567890", s.text("whatsapp"))
	}
	if b.Color == "" {
		b.Color = DefaultBrand.Color
	}
	logo := s.text("logo")
	if logo == "" {
		return b
	}
	var err error
	var inText bool
	if b.Logo, inText, err = logoInText(logo); !inText {
		b.Logo, err = p.readFile(logo)
	}
	if err != nil {
		s.bad("logo", "%v", err)
	}
	b.LogoType = mediaType(b.Logo)
	return b
}

func mediaType(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return "image/webp"
	}
	return ""
}

// named is what messages call an item of a list: its id.
func named(kind string, n ast.Node) string {
	if m, ok := n.(*ast.MappingNode); ok {
		for _, v := range m.Values {
			if v.Key.GetToken().Value == "id" {
				if text, ok := scalar(v.Value); ok {
					return fmt.Sprintf("%s %q", kind, text)
				}
			}
		}
	}
	return kind
}

func (p *reader) site(c *Catalogue, n ast.Node, i int) {
	s := p.section(n, named("site", n), "id", "slug", "name", "address", "timezone", "activation_delay", "late_payment", "failover", "failover_after", "login_hosts", "hidden", "ssid", "pass", "routers", "plans")
	late := s.text("late_payment")
	if late != "" && late != "activate" && late != "refund" {
		s.bad("late_payment", "%q must be activate or refund", late)
	}
	site := Site{ID: s.text("id"), Slug: s.text("slug"), Name: s.text("name"), Address: s.text("address"), Timezone: s.text("timezone"), Failover: s.flag("failover"), FailoverAfter: s.duration("failover_after", DefaultFailoverAfter),
		LoginHosts: s.texts("login_hosts"), Hidden: s.flag("hidden"), Position: i, Portal: Portal{SSID: s.text("ssid"), Pass: p.pass(s.name, s.value("pass"))},
		Policies: order.Policies{ActivationDelay: s.duration("activation_delay", 0), RefundLate: late == "refund"}}
	c.Sites = append(c.Sites, site)
	for j, r := range s.list("routers") {
		c.Routers = append(c.Routers, p.router(r, site.ID, j))
	}
	for j, pl := range s.list("plans") {
		c.Plans = append(c.Plans, p.plan(pl, site.ID, j))
	}
}

func (p *reader) pass(site string, n ast.Node) PassRules {
	s := p.section(n, site+": pass", "on", "duration", "rate", "data", "per_router")
	r := DefaultPass
	r.On = s.flag("on")
	r.Duration = s.duration("duration", r.Duration)
	if rate := s.text("rate"); rate != "" {
		r.RateLimit = rate
	}
	r.DataLimit = s.size("data", r.DataLimit)
	r.PerRouter = s.count("per_router", r.PerRouter)
	return r
}

func (p *reader) router(n ast.Node, siteID string, i int) Router {
	s := p.section(n, named("router", n), "id", "name", "address", "user", "password", "password_env", "tls", "fingerprint", "server", "hotspot", "disabled")
	password := s.text("password")
	if name := s.text("password_env"); name != "" {
		if password != "" {
			s.bad("password_env", "goes without password: only one of them can hold")
		}
		if password = p.getenv(name); password == "" {
			s.bad("password_env", "environment variable %s is empty", name)
		}
	}
	return Router{SiteID: siteID, Priority: i, Disabled: s.flag("disabled"), Hotspot: s.text("hotspot"), Router: hotspot.Router{ID: s.text("id"), Name: s.text("name"), Address: s.text("address"), User: s.text("user"),
		Password: password, TLS: s.flag("tls"), Fingerprint: strings.ToLower(strings.ReplaceAll(s.text("fingerprint"), ":", "")), Server: s.text("server")}}
}

func (p *reader) plan(n ast.Node, siteID string, i int) Plan {
	s := p.section(n, named("plan", n), "id", "name", "note", "price", "validity", "valid_from", "uptime", "data", "rate", "devices", "profile", "delivery", "hidden")
	out := Plan{ID: s.text("id"), SiteID: siteID, Name: s.text("name"), Note: s.text("note"), Price: s.amount("price"), ValidFrom: order.ValidFrom(s.text("valid_from")),
		Validity: s.duration("validity", 0), UptimeLimit: s.duration("uptime", 0), DataLimit: s.size("data", 0), RateLimit: s.text("rate"),
		SharedUsers: s.count("devices", 1), Profile: s.text("profile"), Position: i, Hidden: s.flag("hidden"), Delivery: s.delivery("delivery")}
	if out.ValidFrom == "" {
		out.ValidFrom = order.FromFirstLogin
	}
	return out
}

// delivery reads where vouchers come from.
func (s section) delivery(key string) order.Delivery {
	switch text := s.text(key); text {
	case "", "router":
		return order.Fresh
	case string(order.FromStock), string(order.OnlyStock):
		return order.Delivery(text)
	default:
		s.bad(key, "%q must be router, stock or stock_only", text)
		return order.Fresh
	}
}
