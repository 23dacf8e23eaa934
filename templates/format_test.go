package templates

import (
	"net/url"
	"testing"
	"time"

	"gerai/internal/catalog"
)

func TestTimes(t *testing.T) {
	at := time.Date(2026, 11, 24, 7, 32, 0, 0, time.UTC)
	for _, c := range []struct {
		lang        Lang
		zone        int
		clock, full string
	}{
		{Indonesian, 7, "14.32 WIB", "24 Nov 2026 14.32 WIB"},
		{Indonesian, 8, "15.32 WITA", "24 Nov 2026 15.32 WITA"},
		{Indonesian, 9, "16.32 WIT", "24 Nov 2026 16.32 WIT"},
		{Indonesian, 0, "07.32 UTC", "24 Nov 2026 07.32 UTC"},
		{English, 7, "14:32 WIB", "24 Nov 2026 14:32 WIB"},
		{English, -4, "03:32 UTC-04:00", "24 Nov 2026 03:32 UTC-04:00"},
	} {
		b := Base{Lang: c.lang, Zone: time.FixedZone("x", c.zone*3600), Now: at}
		if b.Clock(at) != c.clock || b.Stamp(at) != c.full || b.When(at) != c.clock {
			t.Errorf("%s %d: %q %q %q", c.lang, c.zone, b.Clock(at), b.Stamp(at), b.When(at))
		}
	}
	b := Base{Lang: Indonesian, Zone: time.FixedZone("WIB", 7*3600), Now: at}
	if got := b.When(at.Add(10 * time.Hour)); got != "25 Nov 2026 00.32 WIB" {
		t.Errorf("another day needs its date: %q", got)
	}
	if got := b.Stamp(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)); got != "1 Mei 2026 07.00 WIB" {
		t.Errorf("%q", got)
	}
	if got := (Base{}).Clock(at); got != "07.32 UTC" {
		t.Errorf("without a zone: %q", got)
	}
}

func TestSpans(t *testing.T) {
	id, en := Base{Lang: Indonesian}, Base{Lang: English}
	for d, want := range map[time.Duration][2]string{
		time.Hour: {"1 jam", "1 hour"}, 7 * 24 * time.Hour: {"7 hari", "7 days"}, 36 * time.Hour: {"1 hari 12 jam", "1 day 12 hours"},
		90 * time.Minute: {"1 jam 30 menit", "1 hour 30 minutes"}, 30 * time.Second: {"30 detik", "30 seconds"}, 0: {"0 detik", "0 seconds"},
	} {
		if id.Span(d) != want[0] || en.Span(d) != want[1] {
			t.Errorf("%s: %q %q", d, id.Span(d), en.Span(d))
		}
	}
	if got := id.Hours(100 * time.Hour); got != "100 jam" {
		t.Errorf("%q", got)
	}
}

func TestDataAndSpeed(t *testing.T) {
	id, en := Base{Lang: Indonesian}, Base{Lang: English}
	for n, want := range map[int64]string{0: "0 B", 1 << 30: "1 GB", 5 << 30: "5 GB", 1e9: "1 GB", 500e6: "500 MB", 512 << 20: "512 MB", 1500e6: "1,5 GB", 1536 << 20: "1,5 GB", 1_555_555_555: "1,6 GB", 999: "999 B"} {
		if got := id.Data(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := en.Data(1_555_555_555); got != "1.6 GB" {
		t.Errorf("%q", got)
	}
	for rate, want := range map[string]string{"2M/5M": "5 Mbps", "512k/1M": "1 Mbps", "5M": "5 Mbps", "1M/512k 2M/1M": "512 kbps", "": "", "0/0": "", "64000/128000": "128000 bps", "1G/1G": "1 Gbps"} {
		if got := id.Speed(rate); got != want {
			t.Errorf("%q: %q, want %q", rate, got, want)
		}
	}
	if id.Digits("88081234567") != "8808 1234 567" || id.Spell("k7") != "k 7" {
		t.Error("grouping")
	}
}

func TestLinksKeepTheLanguage(t *testing.T) {
	id := Base{Lang: Indonesian, Path: "/h/x", Query: url.Values{"mac": {"AA"}, "lang": {"en"}}}
	en := id
	en.Lang, en.Auto = English, true
	for _, c := range [][2]string{
		{id.Href("/"), "/"}, {en.Href("/"), "/?lang=en"}, {en.Href("/klaim", "code", "A&B"), "/klaim?code=A%26B&lang=en"}, {id.Href("/klaim", "code", ""), "/klaim"},
		{id.SwitchURL(), "/h/x?lang=en&mac=AA"}, {en.SwitchURL(), "/h/x?auto=1&mac=AA"},
		{en.Self("mac", "", "m", "x.y"), "/h/x?auto=1&lang=en&m=x.y"}, {en.Self("auto", ""), "/h/x?lang=en&mac=AA"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
	if id.Query.Get("mac") != "AA" || id.Query.Get("lang") != "en" {
		t.Error("making links changed the page")
	}
}

func TestHelpNumbers(t *testing.T) {
	for digits, want := range map[string]string{"6281234567890": "+62 812-3456-7890", "62812345678": "+62 812-3456-78", "": "", "1234": "1234"} {
		b := Base{Theme: &Theme{Brand: catalog.Brand{WhatsApp: digits, Phone: "(0274) 555-01"}}}
		if got := b.HelpWhatsApp(); got != want {
			t.Errorf("%s: %q, want %q", digits, got, want)
		}
		if got := b.HelpPhone(); got != "027455501" {
			t.Errorf("%q", got)
		}
	}
}
