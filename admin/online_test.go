package admin

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
)

// looks has every router asked who is online.
func (p *panel) looks() {
	p.Helper()
	p.Clock.Add(time.Minute)
	p.Must(p.Shop.Vouchers.ObserveSessions(ctx))
}

// goesOnline has a device with a name join a hotspot as a user.
func (p *panel) goesOnline(router, user, pass, mac, ip, name string) {
	p.Helper()
	if err := p.Routers[router].Join(routerossim.Device{MAC: mac, IP: ip, Name: name}); err != nil {
		p.Fatal(err)
	}
	p.api(router, "/ip/hotspot/active/login", "=user="+user, "=password="+pass, "=ip="+ip, "=mac-address="+mac)
}

// Who is online on all routers: with the voucher and the time left, narrowed by site, router
// and text, ended from the list, and nothing of another site.
func TestOnlineOverAllRouters(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		p := around(t, k)
		boss, kasir := p.as(staff.Admin), p.as(staff.Kasir)
		o := p.Bought()
		p.goesOnline("pojok", o.Username, o.Password, "AA:BB:CC:00:00:01", "10.5.50.2", "HP-Budi")
		p.api("melati-a", "/ip/hotspot/user/add", "=name=tamu", "=password=x")
		p.goesOnline("melati-a", "tamu", "x", "AA:BB:CC:00:00:02", "10.5.50.3", "")
		none := boss.get("/admin/online").page(http.StatusOK)
		if none.Find("tbody tr").Length() != 0 || !strings.Contains(text(none.Find("main")), "Belum pernah memberi daftar") {
			t.Error(text(none.Find("main")))
		}
		p.looks()
		doc := boss.get("/admin/online").page(http.StatusOK)
		rows := text(doc.Find("tbody"))
		for _, want := range []string{"HP-Budi", "AA:BB:CC:00:00:01", o.Username, "1 Hari", "23 jam", "AA:BB:CC:00:00:02", "tamu", "melati-a"} {
			if !strings.Contains(rows, want) {
				t.Errorf("no %q in %s", want, rows)
			}
		}
		if left := text(doc.Find("form[action$='/kick'] input:not([name=csrf])")); doc.Find("form[action$='/kick'] input[value*='"+o.Username+"'], form[action$='/kick'] input[value*='tamu']").Length() != 0 {
			t.Error("a form holds a user name:", left)
		}
		if doc.Find("tbody tr").Length() != 2 || doc.Find("tbody a[href='/admin/vouchers/"+p.VoucherOf(o).ID+"']").Length() != 1 || !strings.Contains(text(doc.Find(".chips")), "Kopi Pojok 1") {
			t.Error(text(doc.Find("main")))
		}
		for query, want := range map[string]int{"site=kopi": 1, "site=kos": 1, "router=melati-a": 1, "router=melati-b": 0, "q=budi": 1, "q=aabb.cc00.0002": 1, "q=10.5.50.": 2, "q=TAM": 1,
			"q=%25": 0, "q=%00": 0, "page=2": 0, "page=-1": 2, "page=x": 2, "site=tidak-ada": 0} {
			if got := boss.get("/admin/online?" + query).page(http.StatusOK).Find("tbody tr").Length(); got != want {
				t.Errorf("%s: %d devices, want %d", query, got, want)
			}
		}
		if page := kasir.get("/admin/online").page(http.StatusOK); page.Find("a[href$='/move']").Length() != 0 || page.Find("form[action$='/kick']").Length() != 2 {
			t.Error(text(page.Find("main")))
		}
		// A router that is away is named, and what it told before stays with its time.
		p.Routers["melati-a"].SetFaults(routerossim.Faults{Down: true})
		p.Hotspot.Forget("melati-a")
		p.Clock.Add(3 * time.Minute)
		p.looks()
		if away := boss.get("/admin/online").page(http.StatusOK); !strings.Contains(text(away.Find("p.note.bad")), "melati-a") || away.Find("tbody tr").Length() != 2 {
			t.Error(text(away.Find("main")))
		}
		// Ended from the list, twice.
		form := boss.get("/admin/online?q=budi").page(http.StatusOK).Find("form[action$='/pojok/kick']").First()
		if to := boss.fill(form).moved(); to != "/admin/online?m=kicked" {
			t.Error(to)
		}
		if to := boss.fill(form).moved(); to != "/admin/online?m=online.gone" {
			t.Error(to)
		}
		if n := len(p.Routers["pojok"].Rows("ip/hotspot/active")); n != 0 || boss.get("/admin/online?q=budi").page(http.StatusOK).Find("tbody tr").Length() != 0 {
			t.Errorf("%d still online", n)
		}
		if !strings.Contains(p.auditRows("pojok"), "router.kick") {
			t.Error("not on record")
		}
	})
}

// The list is turned page by page, without opening what is not on the page.
func TestOnlineHasPages(t *testing.T) {
	t.Parallel()
	p := open(t)
	b := p.as(staff.Teknisi)
	p.api("pojok", "/ip/hotspot/user/profile/set", "=numbers=default", "=shared-users=100")
	p.api("pojok", "/ip/hotspot/user/add", "=name=tamu", "=password=x")
	for i := range 53 {
		p.goesOnline("pojok", "tamu", "x", fmt.Sprintf("AA:BB:CC:00:01:%02X", i), fmt.Sprintf("10.5.51.%d", i+1), "")
	}
	p.looks()
	seen := map[string]bool{}
	for page, want := range map[int]int{1: 50, 2: 3} {
		doc := b.get(fmt.Sprintf("/admin/online?page=%d", page)).page(http.StatusOK)
		if got := doc.Find("tbody tr").Length(); got != want || (doc.Find("a[rel=next]").Length() == 1) != (page == 1) || (doc.Find("a[rel=prev]").Length() == 1) != (page == 2) {
			t.Errorf("page %d: %d devices", page, got)
		}
		for _, mac := range doc.Find("tbody input[name=session]").EachIter() {
			seen[mac.AttrOr("value", "")] = true
		}
	}
	if len(seen) != 53 {
		t.Errorf("%d devices on both pages", len(seen))
	}
	if doc := b.get("/admin/online?q=aa:bb:cc:00:01:3").page(http.StatusOK); doc.Find("tbody tr").Length() != 5 {
		t.Error(text(doc.Find("main")))
	}
}

// A router that is asked no more has no list.
func TestOnlineOfDisabledRouters(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		p := around(t, k)
		p.looks()
		lists := func() (ids []string) {
			all, err := p.Store.Online(ctx)
			p.Must(err)
			for _, x := range all {
				ids = append(ids, x.RouterID)
			}
			return ids
		}
		before := len(lists())
		r, err := p.Store.Router(ctx, "pojok")
		p.Must(err)
		p.Must(p.Shop.Routers.RemoveRouter(ctx, p.Staff("dewi"), r, "pindah"))
		p.looks()
		if now := lists(); len(now) != before-1 || slices.Contains(now, "pojok") {
			t.Error(before, now)
		}
	})
}
