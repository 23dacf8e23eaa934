package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/order"

	"github.com/goccy/go-yaml"
)

// document is the operator's catalogue file.
type document struct {
	Brand documentBrand  `yaml:"brand"`
	Sites []documentSite `yaml:"sites"`
}

type documentBrand struct {
	Name     string `yaml:"name"`
	Tagline  string `yaml:"tagline"`
	Logo     string `yaml:"logo"`
	Color    string `yaml:"color"`
	Phone    string `yaml:"phone"`
	WhatsApp string `yaml:"whatsapp"`
	Licence  string `yaml:"licence"`
	Terms    string `yaml:"terms"`
	Tax      int    `yaml:"tax_percent"`
}

type documentSite struct {
	ID         string           `yaml:"id"`
	Slug       string           `yaml:"slug"`
	Name       string           `yaml:"name"`
	Address    string           `yaml:"address"`
	Timezone   string           `yaml:"timezone"`
	Delay      string           `yaml:"activation_delay"`
	Late       string           `yaml:"late_payment"`
	Failover   bool             `yaml:"failover"`
	LoginHosts []string         `yaml:"login_hosts"`
	Hidden     bool             `yaml:"hidden"`
	SSID       string           `yaml:"ssid"`
	Pass       documentPass     `yaml:"pass"`
	Routers    []documentRouter `yaml:"routers"`
	Plans      []documentPlan   `yaml:"plans"`
}

type documentPass struct {
	On        bool   `yaml:"on"`
	Duration  string `yaml:"duration"`
	Rate      string `yaml:"rate"`
	Data      string `yaml:"data"`
	PerRouter int    `yaml:"per_router"`
}

type documentRouter struct {
	ID          string `yaml:"id"`
	Name        string `yaml:"name"`
	Address     string `yaml:"address"`
	User        string `yaml:"user"`
	Password    string `yaml:"password"`
	PasswordEnv string `yaml:"password_env"`
	TLS         bool   `yaml:"tls"`
	Fingerprint string `yaml:"fingerprint"`
	Server      string `yaml:"server"`
	Disabled    bool   `yaml:"disabled"`
}

type documentPlan struct {
	ID       string `yaml:"id"`
	Name     string `yaml:"name"`
	Note     string `yaml:"note"`
	Price    int64  `yaml:"price"`
	Validity string `yaml:"validity"`
	From     string `yaml:"valid_from"`
	Uptime   string `yaml:"uptime"`
	Data     string `yaml:"data"`
	Rate     string `yaml:"rate"`
	Devices  int    `yaml:"devices"`
	Profile  string `yaml:"profile"`
	Delivery string `yaml:"delivery"`
	Hidden   bool   `yaml:"hidden"`
}

// ParseDocument reads a catalogue file. getenv resolves password_env, readFile
// the logo. Every mistake is listed at once; unknown keys are mistakes.
func ParseDocument(text []byte, getenv func(string) string, readFile func(string) ([]byte, error)) (Catalogue, error) {
	var d document
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&d); err != nil {
		return Catalogue{}, fmt.Errorf("catalogue: %s", yaml.FormatError(err, false, true))
	}
	p := &parser{getenv: getenv, readFile: readFile}
	c := Catalogue{Brand: p.brand(d.Brand)}
	for i, s := range d.Sites {
		c.Sites = append(c.Sites, p.site(s, i))
		for j, r := range s.Routers {
			c.Routers = append(c.Routers, p.router(r, s.ID, j))
		}
		for j, pl := range s.Plans {
			c.Plans = append(c.Plans, p.plan(pl, s.ID, j))
		}
	}
	return c, errors.Join(append(p.errs, c.Validate())...)
}

type parser struct {
	errs     []error
	getenv   func(string) string
	readFile func(string) ([]byte, error)
}

func (p *parser) bad(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf(format, args...))
}

func (p *parser) brand(d documentBrand) Brand {
	b := Brand{Name: d.Name, Tagline: d.Tagline, Color: d.Color, Phone: d.Phone, WhatsApp: d.WhatsApp, Licence: d.Licence, Terms: d.Terms, TaxPercent: d.Tax}
	if b.Color == "" {
		b.Color = DefaultBrand.Color
	}
	if d.Logo == "" {
		return b
	}
	var err error
	if b.Logo, err = p.readFile(d.Logo); err != nil {
		p.bad("brand: logo: %v", err)
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

func (p *parser) site(d documentSite, i int) Site {
	where := fmt.Sprintf("site %q", d.ID)
	if d.Late != "" && d.Late != "activate" && d.Late != "refund" {
		p.bad("%s: late_payment must be activate or refund", where)
	}
	return Site{ID: d.ID, Slug: d.Slug, Name: d.Name, Address: d.Address, Timezone: d.Timezone, Failover: d.Failover,
		LoginHosts: d.LoginHosts, Hidden: d.Hidden, Position: i, Portal: Portal{SSID: d.SSID, Pass: p.pass(where, d.Pass)},
		Policies: order.Policies{ActivationDelay: p.duration(where+": activation_delay", d.Delay), RefundLate: d.Late == "refund"}}
}

func (p *parser) pass(where string, d documentPass) PassRules {
	r := DefaultPass
	r.On = d.On
	if d.Duration != "" {
		r.Duration = p.duration(where+": pass: duration", d.Duration)
	}
	if d.Rate != "" {
		r.RateLimit = d.Rate
	}
	if d.Data != "" {
		r.DataLimit = p.bytes(where+": pass: data", d.Data)
	}
	if d.PerRouter != 0 {
		r.PerRouter = d.PerRouter
	}
	return r
}

func (p *parser) router(d documentRouter, siteID string, i int) Router {
	password := d.Password
	if d.PasswordEnv != "" {
		if password = p.getenv(d.PasswordEnv); password == "" {
			p.bad("router %q: environment variable %s is empty", d.ID, d.PasswordEnv)
		}
	}
	return Router{SiteID: siteID, Priority: i, Disabled: d.Disabled, Router: hotspot.Router{ID: d.ID, Name: d.Name, Address: d.Address, User: d.User,
		Password: password, TLS: d.TLS, Fingerprint: strings.ToLower(strings.ReplaceAll(d.Fingerprint, ":", "")), Server: d.Server}}
}

func (p *parser) plan(d documentPlan, siteID string, i int) Plan {
	where := fmt.Sprintf("plan %q", d.ID)
	out := Plan{ID: d.ID, SiteID: siteID, Name: d.Name, Note: d.Note, Price: money.Rupiah(d.Price), ValidFrom: order.ValidFrom(d.From),
		Validity: p.duration(where+": validity", d.Validity), UptimeLimit: p.duration(where+": uptime", d.Uptime),
		DataLimit: p.bytes(where+": data", d.Data), RateLimit: d.Rate, SharedUsers: d.Devices, Profile: d.Profile, Position: i, Hidden: d.Hidden,
		Delivery: p.delivery(where, d.Delivery)}
	if out.ValidFrom == "" {
		out.ValidFrom = order.FromFirstLogin
	}
	if out.SharedUsers == 0 {
		out.SharedUsers = 1
	}
	return out
}

// delivery reads where vouchers come from.
func (p *parser) delivery(where, s string) order.Delivery {
	switch s {
	case "", "router":
		return order.Fresh
	case string(order.FromStock), string(order.OnlyStock):
		return order.Delivery(s)
	}
	p.bad("%s: delivery %q must be router, stock or stock_only", where, s)
	return order.Fresh
}

var dayForm = regexp.MustCompile(`^(\d{1,4})d(.*)$`)

// duration reads Go durations with days in front: "90m", "1d", "1d12h".
func (p *parser) duration(where, s string) time.Duration {
	if s == "" {
		return 0
	}
	var days time.Duration
	rest := s
	if m := dayForm.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1]) // four digits at most
		days, rest = time.Duration(n)*24*time.Hour, m[2]
	}
	if rest == "" {
		return days
	}
	d, err := time.ParseDuration(rest)
	if err != nil {
		p.bad("%s: %q must look like 90m, 12h or 7d", where, s)
	}
	return days + d
}

var sizeForm = regexp.MustCompile(`^(\d{1,6})\s*(MB|GB)$`)

// bytes reads decimal sizes: "500MB", "2GB".
func (p *parser) bytes(where, s string) int64 {
	if s == "" {
		return 0
	}
	m := sizeForm.FindStringSubmatch(strings.ToUpper(s))
	if m == nil {
		p.bad("%s: %q must look like 500MB or 2GB", where, s)
		return 0
	}
	n, _ := strconv.ParseInt(m[1], 10, 64) // six digits at most
	if m[2] == "GB" {
		return n * 1_000_000_000
	}
	return n * 1_000_000
}
