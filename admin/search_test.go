package admin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
)

// One text finds orders, vouchers, devices, routers and people, as far as the role and the
// sites go; a single hit is opened at once.
func TestOneSearch(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		x := &team{panel: around(t, k)}
		x.admin, x.kasir, x.teknisi = x.as(staff.Admin), x.as(staff.Kasir), x.as(staff.Teknisi)
		o := x.customer()
		v := x.VoucherOf(o)
		x.goesOnline("pojok", o.Username, o.Password, "AA:BB:CC:00:00:01", "10.5.50.2", "HP-Budi")
		x.looks()
		pays, err := x.Store.Payments(ctx, o.ID)
		x.Must(err)
		at := func(q string) string { return "/admin/search?" + url.Values{"q": {q}}.Encode() }
		order, user, device := "/admin/orders/"+string(o.Code), "/admin/vouchers/"+v.ID, "/admin/online?q="
		for q, want := range map[string]map[string]string{
			string(o.Code):            {staff.Admin: order, staff.Kasir: order, staff.Teknisi: order},
			o.Code.Pretty():           {staff.Admin: order, staff.Kasir: order, staff.Teknisi: order},
			pays[0].Key:               {staff.Admin: order, staff.Kasir: order, staff.Teknisi: order},
			" " + o.Username:          {staff.Admin: user, staff.Kasir: user, staff.Teknisi: user},
			"081234567890":            {staff.Admin: order, staff.Kasir: order, staff.Teknisi: ""},
			"7890":                    {staff.Admin: order, staff.Kasir: order, staff.Teknisi: ""},
			"aa-bb-cc-00-00":          {staff.Admin: device, staff.Kasir: device, staff.Teknisi: device},
			"hp-budi":                 {staff.Admin: device, staff.Kasir: device, staff.Teknisi: device},
			"pojok":                   {staff.Admin: "/admin/routers/pojok", staff.Kasir: "", staff.Teknisi: "/admin/routers/pojok"},
			"uji-kas":                 {staff.Admin: "/admin/staff/", staff.Kasir: "", staff.Teknisi: ""},
			"tidak ada yang %":        {staff.Admin: "", staff.Kasir: "", staff.Teknisi: ""},
			"a\x00b' OR 1=1--":        {staff.Admin: "", staff.Kasir: "", staff.Teknisi: ""},
			"x":                       {staff.Admin: "", staff.Kasir: "", staff.Teknisi: ""},
			"":                        {staff.Admin: "", staff.Kasir: "", staff.Teknisi: ""},
			strings.Repeat("x", 5000): {staff.Admin: "", staff.Kasir: "", staff.Teknisi: ""},
		} {
			x.each(func(role string, b *browser) {
				a := b.get(at(q))
				to := a.Header.Get("Location")
				switch {
				case want[role] == "" && a.StatusCode == http.StatusOK && text(a.page(http.StatusOK).Find("main tbody, main ul")) == "":
				case want[role] != "" && a.StatusCode == http.StatusSeeOther && strings.HasPrefix(to, want[role]):
				default:
					t.Errorf("%q as %s: %d to %q, want %q", q, role, a.StatusCode, to, want[role])
				}
			})
		}
		// Two orders with one number: both are listed, with the last four digits alone.
		x.customer()
		doc := x.kasir.get(at("081234567890")).page(http.StatusOK)
		if said := text(doc.Find("main")); doc.Find("tbody tr").Length() != 2 || !strings.Contains(said, "08xx-xxxx-7890") || strings.Contains(text(doc.Find("tbody")), "1234567890") {
			t.Error(said)
		}
		if doc := x.admin.get(at("melati")).page(http.StatusOK); doc.Find("main ul a[href^='/admin/routers/melati-']").Length() != 2 {
			t.Error(text(doc.Find("main")))
		}
	})
}

// What another site has is not found.
func TestSearchStaysInItsSites(t *testing.T) {
	e := atKos(t)
	told := map[string]string{"order": string(e.paid.Code), "payment": e.pay.Key, "name": e.paid.Username, "stock": e.stock.Username, "router": "melati", "colleague": "tuti", "transfer": "BRI-7"}
	for _, role := range staff.Roles {
		b := e.here(role)
		for what, q := range told {
			doc := b.get("/admin/search?" + url.Values{"q": {q}}.Encode()).page(http.StatusOK)
			if doc.Find("main tbody, main ul").Length() != 0 {
				t.Errorf("%s finds the %s of another site: %s", role, what, text(doc.Find("main")))
			}
		}
	}
}
