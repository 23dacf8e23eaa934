package catalog

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/glyph"
	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/order"
)

var plainScalar = regexp.MustCompile(`^[A-Za-z0-9+~][A-Za-z0-9._+~]*$`)

// written spells a text as YAML: plain where that is possible, in quotes otherwise.
func written(s string) string {
	if plainScalar.MatchString(s) {
		return s
	}
	b, _ := json.Marshal(s) // a string
	return string(b)
}

func writtenDuration(d time.Duration) string {
	return fmt.Sprintf("%dd%dh%dm%ds", d/(24*time.Hour), d/time.Hour%24, d/time.Minute%60, d/time.Second%60)
}

func writtenSize(n int64) string { return fmt.Sprintf("%dMB", n/1_000_000) }

// writeDocument is a catalogue as a file.
func writeDocument(c Catalogue, amount func(money.Rupiah) string) []byte {
	var b strings.Builder
	line := func(indent int, key, value string) {
		fmt.Fprintf(&b, "%s%s: %s\n", strings.Repeat(" ", indent), key, value)
	}
	b.WriteString("brand:\n")
	for _, f := range [][2]string{{"name", c.Brand.Name}, {"tagline", c.Brand.Tagline}, {"color", c.Brand.Color}, {"phone", c.Brand.Phone}, {"whatsapp", c.Brand.WhatsApp}, {"licence", c.Brand.Licence}, {"terms", c.Brand.Terms}} {
		line(2, f[0], written(f[1]))
	}
	line(2, "tax_percent", fmt.Sprint(c.Brand.TaxPercent))
	b.WriteString("sites:\n")
	for _, s := range c.Sites {
		b.WriteString("  - id: " + written(s.ID) + "\n")
		for _, f := range [][2]string{{"slug", s.Slug}, {"name", s.Name}, {"address", s.Address}, {"timezone", s.Timezone}, {"ssid", s.Portal.SSID}} {
			line(4, f[0], written(f[1]))
		}
		line(4, "activation_delay", writtenDuration(s.Policies.ActivationDelay))
		line(4, "late_payment", map[bool]string{true: "refund", false: "activate"}[s.Policies.RefundLate])
		line(4, "failover", fmt.Sprint(s.Failover))
		line(4, "failover_after", writtenDuration(s.FailoverAfter))
		line(4, "hidden", fmt.Sprint(s.Hidden))
		line(4, "pass", fmt.Sprintf("{on: %v, duration: %s, rate: %s, data: %s, per_router: %d}", s.Portal.Pass.On, writtenDuration(s.Portal.Pass.Duration), s.Portal.Pass.RateLimit, writtenSize(s.Portal.Pass.DataLimit), s.Portal.Pass.PerRouter))
		b.WriteString("    routers:\n")
		for _, r := range c.Routers {
			if r.SiteID == s.ID {
				b.WriteString("      - id: " + written(r.ID) + "\n")
				for _, f := range [][2]string{{"name", r.Name}, {"address", r.Address}, {"user", r.User}, {"password", r.Password}, {"server", r.Server}, {"hotspot", r.Hotspot}} {
					line(8, f[0], written(f[1]))
				}
				line(8, "disabled", fmt.Sprint(r.Disabled))
			}
		}
		b.WriteString("    plans:\n")
		for _, p := range c.Plans {
			if p.SiteID == s.ID {
				b.WriteString("      - id: " + written(p.ID) + "\n")
				for _, f := range [][2]string{{"name", p.Name}, {"note", p.Note}, {"rate", p.RateLimit}, {"profile", p.Profile}, {"valid_from", string(p.ValidFrom)}, {"delivery", string(p.Delivery)}} {
					line(8, f[0], written(f[1]))
				}
				line(8, "price", amount(p.Price))
				line(8, "validity", writtenDuration(p.Validity))
				line(8, "uptime", writtenDuration(p.UptimeLimit))
				if p.DataLimit > 0 {
					line(8, "data", writtenSize(p.DataLimit))
				}
				line(8, "devices", fmt.Sprint(p.SharedUsers))
				line(8, "hidden", fmt.Sprint(p.Hidden))
			}
		}
	}
	return []byte(b.String())
}

// Texts that YAML would take for something else, and texts of any letters.
func texts(least int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "odd") {
			return rapid.SampledFrom([]string{"1.50", "00123456", "010000", "yes", "no", "null", "~", "1e3", "0x10", "0o7", "0b1", "2026-11-30", "1_000", "true", "+5", ".5", "12:30", "# x", "a: b", "- x", "&a", "*a", "!!str x", "%x", "'", `"`, " x ", "{a}", "a,b", "|", ">"}).Draw(t, "text")
		}
		return rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 .,:;#-_'\"\\/{}[]&*!|>%@`éß漢字😀")), least, 12, 48).Draw(t, "text")
	})
}

// names are texts that can be printed.
func names() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string { return glyph.Printable(texts(1).Draw(t, "name")) })
}

func durations(most time.Duration) *rapid.Generator[time.Duration] {
	return rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(most/time.Second)).Draw(t, "seconds")) * time.Second
	})
}

// Whatever a shop sells, a file that says so reads back as the same.
func TestCatalogueReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Catalogue{Brand: Brand{Name: names().Draw(t, "brand"), Tagline: texts(0).Draw(t, "tagline"), Color: "#0b6e4f", Phone: "0812 3456", WhatsApp: "628" + rapid.StringMatching(`[1-9]\d{8,10}`).Draw(t, "whatsapp"),
			Licence: texts(0).Draw(t, "licence"), Terms: texts(0).Draw(t, "terms"), TaxPercent: rapid.IntRange(0, 50).Draw(t, "tax")}}
		for i := range rapid.IntRange(1, 2).Draw(t, "sites") {
			site := Site{ID: fmt.Sprintf("0%d", i), Slug: fmt.Sprintf("1e%d", i), Name: names().Draw(t, "site"), Address: texts(0).Draw(t, "address"), Position: i, Failover: rapid.Bool().Draw(t, "failover"),
				Policies: order.Policies{ActivationDelay: durations(24*time.Hour).Draw(t, "delay"), RefundLate: rapid.Bool().Draw(t, "late")},
				Portal:   Portal{SSID: "1.0", Pass: PassRules{On: rapid.Bool().Draw(t, "on"), Duration: time.Minute, RateLimit: "256k/512k", DataLimit: 20_000_000, PerRouter: 7}}}
			c.Sites = append(c.Sites, site)
			c.Routers = append(c.Routers, Router{SiteID: site.ID, Disabled: rapid.Bool().Draw(t, "disabled"), Router: hotspot.Router{ID: fmt.Sprintf("00%d", i), Name: fmt.Sprintf("1.%d0", i), Address: "10.0.0.1:8728",
				User: texts(1).Draw(t, "user"), Password: texts(0).Draw(t, "password"), Server: texts(0).Draw(t, "server")}})
			for j := range rapid.IntRange(0, 3).Draw(t, "plans") {
				c.Plans = append(c.Plans, Plan{ID: fmt.Sprintf("%d-%d", i, j), SiteID: site.ID, Name: names().Draw(t, "plan"), Note: texts(0).Draw(t, "note"), Price: money.Rupiah(rapid.Int64Range(1, int64(money.Max)).Draw(t, "price")),
					Validity: durations(400*24*time.Hour).Draw(t, "validity"), UptimeLimit: durations(400*24*time.Hour).Draw(t, "uptime"), DataLimit: rapid.Int64Range(0, 999_999).Draw(t, "data") * 1_000_000,
					RateLimit: rapid.SampledFrom([]string{"", "5M/5M", "512", "0/0", "1M/2M 2M/4M 1M/1M 8/8"}).Draw(t, "rate"), SharedUsers: rapid.IntRange(1, 100).Draw(t, "devices"), Profile: rapid.SampledFrom([]string{"", "010", "1.50", "default"}).Draw(t, "profile"),
					ValidFrom: order.FromPurchase, Delivery: rapid.SampledFrom([]order.Delivery{order.Fresh, order.FromStock, order.OnlyStock}).Draw(t, "delivery"), Position: j, Hidden: rapid.Bool().Draw(t, "hidden")})
			}
		}
		amount := rapid.SampledFrom([]func(money.Rupiah) string{money.Rupiah.String, func(r money.Rupiah) string { return strings.TrimPrefix(r.String(), "Rp") }, func(r money.Rupiah) string { return fmt.Sprint(int64(r)) }}).Draw(t, "amount")
		text := writeDocument(c, amount)
		got, err := ParseDocument(text, env, file)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(got, c) {
			t.Fatalf("read\n%+v\nwant\n%+v\n%s", got, c, text)
		}
		// What is exported reads back as the same, but for passwords.
		if got, err = ParseDocument(c.Document(), env, file); err != nil {
			t.Fatalf("%v\n%s", err, c.Document())
		}
		if d := Differences(c, got, c.ImportedFields()); len(d) > 0 {
			t.Fatalf("exported and read back: %+v\n%s", d, c.Document())
		}
	})
}

func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("brand: {name: 1.50}\nsites: [{id: 010, plans: [{price: 5.000}]}]"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		ParseDocument(text, env, file) // it must only come back
	})
}
