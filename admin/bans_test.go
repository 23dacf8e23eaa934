package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
)

// blocked are the MACs that a router blocks in our name.
func (p *panel) blocked(router string) string {
	var out []string
	for _, row := range p.Routers[router].Rows("ip/hotspot/ip-binding") {
		if strings.HasPrefix(row["comment"], hotspot.BanMark) && row["type"] == "blocked" && row["disabled"] != "true" {
			out = append(out, row["mac-address"])
		}
	}
	return strings.Join(out, " ")
}

// A device is banned from the list of who is online: on all routers of its site, with its
// session ended, kept so against hands, told to a router that was away, ended by its date and
// by hand; it cannot order.
func TestBanningADevice(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		p := around(t, k)
		boss, kasir, teknisi := p.as(staff.Admin), p.as(staff.Kasir), p.as(staff.Teknisi)
		const mac = "AA:BB:CC:00:00:01"
		p.api("melati-a", "/ip/hotspot/user/add", "=name=tamu", "=password=x")
		p.goesOnline("melati-a", "tamu", "x", mac, "10.5.50.2", "HP-Budi")
		p.looks()
		p.Routers["melati-b"].SetFaults(routerossim.Faults{Down: true})
		p.Hotspot.Forget("melati-b")
		if a := kasir.get("/admin/bans"); a.StatusCode != http.StatusForbidden || kasir.get("/admin/online").page(http.StatusOK).Find("a[href^='/admin/bans']").Length() != 0 {
			t.Error("kasir may ban")
		}
		at := teknisi.get("/admin/online").page(http.StatusOK).Find("tbody a[href^='/admin/bans/']").AttrOr("href", "")
		if at != "/admin/bans/kos/"+mac+"?name=HP-Budi" {
			t.Fatal(at)
		}
		for _, q := range []string{"hp-budi", "tamu", strings.ToLower(mac)} {
			if doc := teknisi.get("/admin/bans?q=" + q).page(http.StatusOK); doc.Find("main ul a[href^='/admin/bans/kos/"+mac+"']").Length() != 1 {
				t.Error(q, text(doc.Find("main")))
			}
		}
		const form = "form[action^='/admin/bans/kos/']"
		for field, pairs := range map[string][]string{"typed": {"typed", "AA"}, "until": {"typed", mac, "until", "2020-01-01"}} {
			doc := teknisi.submit(at, form, append(pairs, "reason", "mengganggu")...).page(http.StatusUnprocessableEntity)
			if doc.Find("#"+field+"[aria-invalid]").Length() != 1 || doc.Find("#reason").AttrOr("value", "") != "mengganggu" || doc.Find("input[name=name]").AttrOr("value", "") != "HP-Budi" {
				t.Error(field, text(doc.Find("form.card")))
			}
		}
		day := p.Clock.Now().In(p.Shop.Zone).Format("2006-01-02")
		if to := teknisi.submit(at, form, "typed", mac, "reason", "mengganggu", "until", day).moved(); to != "/admin/bans?m=device.banned" {
			t.Fatal(to)
		}
		if to := teknisi.submit(at, form, "typed", mac, "reason", "mengganggu").moved(); to != "/admin/bans?m=ban.already" {
			t.Error(to)
		}
		p.RunAll()
		if p.blocked("melati-a") != mac || p.blocked("pojok") != "" || len(p.Routers["melati-a"].Rows("ip/hotspot/active")) != 0 {
			t.Error(p.blocked("melati-a"), p.blocked("pojok"), "or still online")
		}
		doc := boss.get("/admin/bans").page(http.StatusOK)
		if said := text(doc.Find("main")); !strings.Contains(said, "HP-Budi") || !strings.Contains(said, "mengganggu") || !strings.Contains(text(doc.Find("p.note.bad")), "melati-b") {
			t.Error(said)
		}
		p.Routers["melati-b"].SetFaults(routerossim.Faults{})
		p.Clock.Add(time.Minute)
		p.Must(p.Shop.Vouchers.ReviewBans(ctx))
		if p.blocked("melati-b") != mac {
			t.Error("the router that was away does not know")
		}
		// A hand in Winbox.
		row := p.Routers["melati-a"].Rows("ip/hotspot/ip-binding")[0]
		p.api("melati-a", "/ip/hotspot/ip-binding/remove", "=.id="+row[".id"])
		p.Clock.Add(time.Minute)
		p.Must(p.Shop.Vouchers.ReviewBans(ctx))
		if p.blocked("melati-a") != mac {
			t.Error("removed by hand, and not put back")
		}
		in := p.Form("bulanan", "qris")
		in.Hints.MAC = strings.ToLower(mac)
		if _, err := p.Shop.Orders.Place(ctx, in); fault.CodeOf(err) != vouchers.ErrBanned.Code {
			t.Error("it orders:", err)
		}
		// Its day is over.
		p.Clock.Add(25 * time.Hour)
		p.RunAll()
		p.Must(p.Shop.Vouchers.ReviewBans(ctx))
		if p.blocked("melati-a") != "" || p.blocked("melati-b") != "" {
			t.Error("its time is over, and it is still blocked")
		}
		teknisi = p.browser()
		teknisi.submit("/admin/login", "form", "name", "uji-teknisi", "password", password).moved()
		if to := teknisi.submit(at, form, "typed", mac, "reason", "lagi").moved(); to != "/admin/bans?m=device.banned" {
			t.Fatal(to)
		}
		p.RunAll()
		lift := teknisi.get("/admin/bans").page(http.StatusOK).Find("form[action$='/lift']")
		if p.blocked("melati-a") != mac || lift.Length() != 1 {
			t.Error("not banned once more")
		}
		for range 2 {
			if to := teknisi.fill(lift.First()).moved(); to != "/admin/bans?m=device.unbanned" {
				t.Error(to)
			}
		}
		p.RunAll()
		if p.blocked("melati-a") != "" {
			t.Error("lifted, and still blocked")
		}
		if _, err := p.Shop.Orders.Place(ctx, in); err != nil {
			t.Error("it cannot order:", err)
		}
		if trail := strings.Join(p.Audits("site:kos"), "\n"); strings.Count(trail, "device.ban") != 2 || strings.Count(trail, "device.unban") != 1 {
			t.Error(trail)
		}
	})
}
