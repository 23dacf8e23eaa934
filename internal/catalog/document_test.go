package catalog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
)

const sample = `
brand: {name: Warnet Jaya, phone: 0812-3456-7890, whatsapp: "6281234567890", logo: logo.png}
sites:
  - id: jaya
    slug: warnet-jaya
    name: Warnet Jaya
    activation_delay: 30s
    late_payment: refund
    routers:
      - {id: j1, name: jaya-1, address: "10.5.50.1:8729", user: gerai, password_env: J1, tls: true, fingerprint: "` + pin + `"}
    plans:
      - {id: sejam, name: 1 jam, price: 2000, validity: 1d12h, uptime: 90m, data: 2GB, rate: 1M/2M}
      - {id: bulan, name: Bulanan, price: 75000, validity: 30d, valid_from: purchase, devices: 3, delivery: stock_only}
`

const pin = "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89"

func env(name string) string { return map[string]string{"J1": "rahasia"}[name] }

func file(string) ([]byte, error) { return []byte("\x89PNG\r\n\x1a\n…"), nil }

func TestParseDocument(t *testing.T) {
	c, err := ParseDocument([]byte(sample), env, file)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Plans[0]
	if p.Validity != 36*time.Hour || p.UptimeLimit != 90*time.Minute || p.DataLimit != 2e9 || p.ValidFrom != order.FromFirstLogin || p.SharedUsers != 1 || p.Delivery != order.Fresh {
		t.Errorf("%+v", p)
	}
	if p := c.Plans[1]; p.ValidFrom != order.FromPurchase || p.SharedUsers != 3 || p.Delivery != order.OnlyStock || p.Item(c.Sites[0]).Delivery != order.OnlyStock || p.Position != 1 || p.SiteID != "jaya" {
		t.Errorf("%+v", p)
	}
	if r := c.Routers[0]; r.Password != "rahasia" || !r.TLS || len(r.Fingerprint) != 64 || strings.Contains(r.Fingerprint, ":") {
		t.Errorf("router: %s %d", r.Name, len(r.Fingerprint))
	}
	if s := c.Sites[0]; s.Policies.ActivationDelay != 30*time.Second || !s.Policies.RefundLate {
		t.Errorf("%+v", s)
	}
	if c.Brand.LogoType != "image/png" || c.Brand.Color == "" {
		t.Errorf("%+v", c.Brand.LogoType)
	}
}

func TestDocumentMistakes(t *testing.T) {
	bad := strings.NewReplacer("1d12h", "a while", "2GB", "lots", "late_payment: refund", "late_payment: never", "password_env: J1", "password_env: NONE", "30s", "soon").Replace(sample)
	_, err := ParseDocument([]byte(bad), env, func(string) ([]byte, error) { return nil, errors.New("no such file") })
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"validity", "data", "late_payment", "NONE", "activation_delay", "logo"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %s in:\n%v", want, err)
		}
	}
	for _, text := range []string{"brand: [", "brend: {name: x}", "sites: 3"} {
		if _, err := ParseDocument([]byte(text), env, file); err == nil {
			t.Errorf("%q accepted", text)
		}
	}
}
