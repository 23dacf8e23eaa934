package catalog

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/order"
)

func good() Catalogue {
	return Catalogue{
		Brand:   DefaultBrand,
		Sites:   []Site{{ID: "s1", Slug: "kopi-pojok", Name: "Kopi Pojok", Timezone: "Asia/Jakarta", LoginHosts: []string{"wifi.example.net", "10.5.50.1:80"}}},
		Routers: []Router{{Router: hotspot.Router{ID: "r1", Name: "pojok-1", Address: "10.5.50.1:8728", User: "gerai"}, SiteID: "s1"}},
		Plans:   []Plan{{ID: "p1", SiteID: "s1", Name: "1 jam", Price: 2000, Validity: time.Hour, ValidFrom: order.FromFirstLogin, RateLimit: "1M/2M", SharedUsers: 1}},
	}
}

func TestGoodCatalogue(t *testing.T) {
	if err := good().Validate(); err != nil {
		t.Fatal(err)
	}
	c := good()
	if got := c.Plans[0].ProfileName(); got != "gerai-p1" {
		t.Fatal(got)
	}
	c.Plans[0].Profile = "2jam"
	if item := c.Plans[0].Item(c.Sites[0]); item.Profile != "2jam" || item.Price != 2000 {
		t.Fatalf("%+v", item)
	}
}

func TestEveryMistakeIsListed(t *testing.T) {
	c := good()
	c.Brand.Name, c.Brand.Color, c.Brand.Phone, c.Brand.WhatsApp = "", "red", "x", "+62"
	c.Brand.Logo, c.Brand.LogoType = make([]byte, MaxLogo+1), "image/svg+xml"
	c.Sites[0].Slug, c.Sites[0].Name, c.Sites[0].Timezone, c.Sites[0].LoginHosts = "Kopi Pojok", "", "Mars/Base", []string{"javascript:alert(1)"}
	c.Sites[0].Policies.ActivationDelay = -time.Second
	c.Routers[0].Address, c.Routers[0].User, c.Routers[0].TLS, c.Routers[0].SiteID = "10.5.50.1", "", true, "nowhere"
	p := &c.Plans[0]
	p.Name, p.Price, p.Validity, p.ValidFrom, p.RateLimit, p.SharedUsers, p.Profile = "", 0, -1, "never", "fast", 0, "gerai-x"
	c.Plans = append(c.Plans, *p)
	err := c.Validate()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"brand: name", "brand: color", "brand: logo has", "brand: logo must", "brand: phone", "brand: whatsapp", "slug", "site \"s1\": name", "time zone",
		"login host", "activation delay", "address", "user is missing", "fingerprint", "nowhere", "plan \"p1\": name", "price", "negative", "count from", "rate limit", "shared users", "profile", "used twice"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %q in:\n%v", want, err)
		}
	}
}

func TestZoneFallsBack(t *testing.T) {
	if z := (Site{Timezone: "Mars/Base"}).Zone(time.UTC); z != time.UTC {
		t.Fatal(z)
	}
	if z := (Site{Timezone: "Asia/Makassar"}).Zone(time.UTC); z.String() != "Asia/Makassar" {
		t.Fatal(z)
	}
}

// Names are printed on vouchers: what the embedded fonts cannot draw is refused
// with the field and the characters.
func TestNamesThatCannotBePrinted(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Catalogue)
		want   string
	}{
		"brand": {func(c *Catalogue) { c.Brand.Name = "Warnet 😀" }, "brand: name has characters that cannot be printed: 😀"},
		"site":  {func(c *Catalogue) { c.Sites[0].Name = "قهوة" }, `site "s1": name has characters that cannot be printed: قهوة`},
		"plan":  {func(c *Catalogue) { c.Plans[0].Name = "1 jam 漢字" }, `plan "p1": name has characters that cannot be printed: 漢字`},
	} {
		x := good()
		c.change(&x)
		if err := x.Validate(); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	x := good()
	x.Plans[0].Name = "Café – 1 jam · ½ harga"
	if err := x.Validate(); err != nil {
		t.Error(err)
	}
	style := DefaultPrint
	style.Note = "Terima kasih 😀"
	if err := style.Validate(); fault.CodeOf(err) != "print.unprintable" {
		t.Error(err)
	}
}
