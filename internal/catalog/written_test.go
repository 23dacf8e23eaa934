package catalog

import (
	"strings"
	"testing"
	"time"
)

// edited is the sample with one thing written another way.
func edited(t *testing.T, old, with string) (Catalogue, error) {
	t.Helper()
	if !strings.Contains(sample, old) {
		t.Fatalf("the sample has no %q", old)
	}
	return ParseDocument([]byte(strings.Replace(sample, old, with, 1)), env, file)
}

func TestWhatIsWrittenIsTaken(t *testing.T) {
	for _, price := range []string{"5.000", "Rp5.000", "Rp 5.000", "5000", `"5.000"`, "'5000'"} {
		c, err := edited(t, "price: 2000", "price: "+price)
		if err != nil || c.Plans[0].Price != 5000 {
			t.Errorf("price %s: %d %v", price, c.Plans[0].Price, err)
		}
	}
	texts := []string{"1.50", "00123456", "010000", "1e3", "0x10", "0o17", "0b1", "yes", "no", "null", "~", "true", "2026-11-30", "1_000", ".inf", ".nan", "+5", "12:30", "5.000"}
	for _, text := range texts {
		if c, err := edited(t, "name: 1 jam", "name: "+text); err != nil || c.Plans[0].Name != text {
			t.Errorf("name %s became %q (%v)", text, c.Plans[0].Name, err)
		}
		if c, err := edited(t, "password_env: J1", "password: "+text); err != nil || c.Routers[0].Password != text {
			t.Errorf("password %s became %q (%v)", text, c.Routers[0].Password, err)
		}
		if c, err := edited(t, "id: sejam", "id: sejam, note: "+text); err != nil || c.Plans[0].Note != text {
			t.Errorf("note %s became %q (%v)", text, c.Plans[0].Note, err)
		}
	}
	for _, phone := range []string{"081234567890", `"081234567890"`, "+6281234567890", "0812-3456-7890", `"62 812 3456 7890"`} {
		if c, err := edited(t, `"6281234567890"`, phone); err != nil || c.Brand.WhatsApp != "6281234567890" {
			t.Errorf("whatsapp %s became %q (%v)", phone, c.Brand.WhatsApp, err)
		}
	}
	if c, err := edited(t, "rate: 1M/2M", "rate: 512, profile: 010, devices: 2"); err != nil || c.Plans[0].RateLimit != "512" || c.Plans[0].Profile != "010" || c.Plans[0].SharedUsers != 2 {
		t.Errorf("%+v %v", c.Plans, err)
	}
	if c, err := edited(t, "activation_delay: 30s", "activation_delay: 1h30m\n    address:\n    tagline:"); err == nil || c.Sites[0].Policies.ActivationDelay != 90*time.Minute {
		t.Errorf("%+v %v", c.Sites, err)
	}
}

// What is not taken is refused by line, thing, field and an example.
func TestWhatIsRefusedIsNamed(t *testing.T) {
	for _, c := range []struct{ old, with, want string }{
		{"price: 2000", "price: 5,000", "price"}, {"price: 2000", "price: 5.00", "price"}, {"price: 2000", "price: 5.5", "price"}, {"price: 2000", "price: '5.000,50'", "price"},
		{"price: 2000", "price: -5000", "price"}, {"price: 2000", "price: 1e4", "price"}, {"price: 2000", "price: 0x10", "price"}, {"price: 2000", "price: 010000", "price"},
		{"price: 2000", "price: 5_000", "price"}, {"price: 2000", "price: ~", "price"}, {"price: 2000", "price: [1]", "price"}, {"price: 2000", "price: !!int 5", "price"},
		{"devices: 3", "devices: 1.9", "devices"}, {"devices: 3", "devices: 010", "devices"}, {"devices: 3", "devices: 1_0", "devices"}, {"devices: 3", "devices: +2", "devices"}, {"devices: 3", "devices: 0", "shared users"},
		{"uptime: 90m", "uptime: 1.5h", "uptime"}, {"uptime: 90m", "uptime: 90", "uptime"}, {"uptime: 90m", "uptime: -5m", "uptime"}, {"data: 2GB", "data: 1.9GB", "data"}, {"data: 2GB", "data: 2000000", "data"},
		{"phone: 0812-3456-7890,", "phone: 0812-3456-7890, tax_percent: 11.5,", "tax_percent"}, {`"6281234567890"`, "12345", "whatsapp"}, {"tls: true", "tls: yes", "tls"},
		{"late_payment: refund", "late_payment: never", "late_payment"}, {"devices: 3", "devices: 3, devices: 4", "devices"}, {"devices: 3", "device: 3", "device"},
		{"name: 1 jam", "name: &a x", "name"}, {"rate: 1M/2M", "rate: 01M/2M", "rate"}, {"password_env: J1", "password_env: J1, password: x", "password_env"},
	} {
		_, err := edited(t, c.old, c.with)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.with, err)
		}
	}
	_, err := edited(t, "price: 2000", "price: 5.5")
	for _, want := range []string{"line 12", `plan "sejam"`, "price", `"5.5"`, "Rp5.000"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %s in: %v", want, err)
		}
	}
	for _, text := range []string{"", "# nothing", "[1]", "x", "brand: 3", "sites: {a: 1}", "sites: [3]", sample + "---\n" + sample, "<<: {brand: {name: x}}", "1: 2", "\xff", "a: &a [x]\nb: [*a, *a]", strings.Repeat("#", MaxDocument+1)} {
		if _, err := ParseDocument([]byte(text), env, file); err == nil {
			t.Errorf("%.40q accepted", text)
		}
	}
}

// Words that another reader takes for something else than a text stand in quotes.
func TestWordsAreQuoted(t *testing.T) {
	for _, word := range []string{"yes", "No", "ON", "off", "null", "True", "y", "N", "5000", "1e3", "-", "~", "nan", ".inf", "", "2026-11-30"} {
		if got := quoted(word); got[0] != '"' {
			t.Errorf("%s is written as %s", word, got)
		}
	}
	if got := quoted("kopi-pojok"); got != "kopi-pojok" {
		t.Error(got)
	}
}
