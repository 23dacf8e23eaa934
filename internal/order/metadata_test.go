package order

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func sold() Order {
	return Order{ID: "01H", Code: "K7M4XQ2P", Token: "token", SiteID: "s1", Phone: "+6281234567890", Username: "abc2345", Password: "234567", Total: 5000,
		Item: Item{PlanID: "p1", Name: "1 Hari", Price: 5000, Validity: 24 * time.Hour, ValidFrom: FromFirstLogin, UptimeLimit: time.Hour, DataLimit: 7, RateLimit: "1M/2M",
			SharedUsers: 2, Profile: "gerai-p1", Delivery: FromStock, SitePolicies: Policies{ActivationDelay: 3 * time.Second, RefundLate: true}}}
}

func TestMetadataThereAndBack(t *testing.T) {
	o := sold()
	cheaper := sold()
	cheaper.Item.Discount, cheaper.Item.Promotion = 1500, Promotion{ID: "01P", Name: "Harga akhir pekan", Methods: "qris,va"}
	forever := sold()
	forever.Item = Item{PlanID: "p2", Name: "Bebas", Price: 9000, ValidFrom: FromPurchase, SharedUsers: 1}
	for _, c := range []struct {
		o      Order
		target Code
	}{{o, ""}, {o, "ABCDEFGH"}, {cheaper, ""}, {forever, ""}} {
		m := c.o.Metadata(c.target)
		r, ok := ParseMetadata(m)
		if want := (Recorded{SiteID: "s1", Item: c.o.Item, Target: c.target}); !ok || !reflect.DeepEqual(r, want) {
			t.Errorf("%v\nis %+v\nwant %+v", m, r, want)
		}
	}
}

// What the gateway keeps names no person and opens nothing.
func TestMetadataGivesNothingAway(t *testing.T) {
	o := sold()
	o.Item.Name = strings.Repeat("nama ", 300)
	m := o.Metadata("ABCDEFGH")
	if len(m) > 50 {
		t.Error("too many keys for a gateway")
	}
	for key, value := range m {
		for _, secret := range []string{o.Phone, o.Username, o.Password, string(o.Token), string(o.Code)} {
			if strings.Contains(value, secret) {
				t.Errorf("%s is %q", key, value)
			}
		}
		if len(key) > 40 || len(value) > 500 {
			t.Errorf("%s is too long for a gateway", key)
		}
	}
}

func TestMetadataThatSaysTooLittle(t *testing.T) {
	for name, change := range map[string]func(map[string]string){
		"nothing":            func(m map[string]string) { clear(m) },
		"no site":            func(m map[string]string) { delete(m, metaSite) },
		"no plan":            func(m map[string]string) { delete(m, metaPlan) },
		"nothing to pay":     func(m map[string]string) { m[metaDiscount], m[metaPromotion] = m[metaPrice], "01P" },
		"less for no reason": func(m map[string]string) { m[metaDiscount] = "1000" },
		"no price":           func(m map[string]string) { delete(m, metaPrice) },
		"no validity":        func(m map[string]string) { delete(m, metaValidity) },
		"another kind":       func(m map[string]string) { m[metaKind] = "bill" },
		"price in words":     func(m map[string]string) { m[metaPrice] = "lima ribu" },
		"negative validity":  func(m map[string]string) { m[metaValidity] = "-1h" },
		"target unreadable":  func(m map[string]string) { m[metaKind], m[metaTarget] = kindExtension, "?" },
		"no target":          func(m map[string]string) { m[metaKind] = kindExtension },
		"a target too many":  func(m map[string]string) { m[metaTarget] = "ABCDEFGH" },
		"starts never":       func(m map[string]string) { m[metaValidFrom] = "" },
	} {
		m := sold().Metadata("")
		change(m)
		if r, ok := ParseMetadata(m); ok {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
