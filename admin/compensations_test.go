package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// After an outage all vouchers of a site that were running get time: shown first, then added
// once each, whatever dies or is sent twice; who was not running, ended since, or has no end
// gets nothing.
func TestCompensatingASite(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		p := around(t, k)
		buys := func() order.Order {
			o := p.Buy("bulanan", "qris")
			p.Pay(o)
			p.RunAll()
			return p.Order(o)
		}
		dewi := p.Staff("dewi")
		first, second, gone := buys(), buys(), buys()
		began := p.Clock.Now().Add(time.Minute)
		p.Clock.Add(3 * time.Hour)
		late := buys() // after the outage
		p.Must(p.Shop.Vouchers.DisableVoucher(ctx, vouchers.SwitchIn{ID: p.VoucherOf(gone).ID, Typed: gone.Username, Reason: "hilang", Money: vouchers.KeepMoney, Actor: dewi}))
		p.RunAll()
		boss, kasir := p.as(staff.Admin), p.as(staff.Kasir)
		if a := kasir.get("/admin/compensations"); a.StatusCode != http.StatusForbidden {
			t.Error("kasir may compensate:", a.StatusCode)
		}
		day := func(at time.Time) string { return at.In(p.Shop.Zone).Format("2006-01-02T15:04") }
		at := "/admin/compensations/kos?from=" + day(began) + "&until=" + day(began.Add(2*time.Hour)) + "&minutes="
		for _, bad := range []string{"0", "x", "-5", "44641"} {
			if doc := boss.get(at + bad).page(http.StatusOK); doc.Find("#minutes[aria-invalid]").Length() != 1 || doc.Find("input[name=token]").Length() != 0 {
				t.Errorf("%s minutes: %s", bad, text(doc.Find("main")))
			}
		}
		for _, bad := range []string{"from=2020-01-01T00:00&until=2020-01-01T01:00&minutes=60", "from=x&until=y&minutes=60", "from=" + day(began) + "&until=" + day(p.Clock.Now().Add(time.Hour)) + "&minutes=60"} {
			if doc := boss.get("/admin/compensations/kos?" + bad).page(http.StatusOK); doc.Find("[aria-invalid]").Length() != 1 {
				t.Errorf("%s: %s", bad, text(doc.Find("main")))
			}
		}
		doc := boss.get(at + "120").page(http.StatusOK)
		if said := text(doc.Find("form[method=post].card")); !strings.Contains(said, "2 voucher") || !strings.Contains(said, "Bulanan: 2 × +2 jam") {
			t.Fatal(said)
		}
		form := doc.Find("form[method=post].card").First()
		before := p.VoucherOf(first)
		if refused := boss.fill(form, "", at+"120", "typed", "lain", "reason", "listrik padam").page(http.StatusUnprocessableEntity); refused.Find("[name=typed][aria-invalid]").Length() != 1 || refused.Find("#minutes").AttrOr("value", "") != "120" {
			t.Error(text(refused.Find("main")))
		}
		form = boss.get(at + "120").page(http.StatusOK).Find("form[method=post].card").First()
		if to := boss.fill(form, "", at+"120", "typed", "Kos Melati", "reason", "listrik padam").moved(); to != "/admin/compensations?m=voucher.compensated" {
			t.Fatal(to)
		}
		all, err := p.Store.Compensations(ctx, "kos", 10)
		p.Must(err)
		c := all[0]
		// The job dies after the first voucher, and another one begins from the start.
		waiting, err := p.Store.CompensationWaiting(ctx, c.ID, "", 10)
		p.Must(err)
		if len(waiting) != 2 {
			t.Fatal(waiting)
		}
		dying, end := jobs.Job{Subject: c.ID}, make(chan error, 2)
		for range 2 {
			go func() { end <- p.Shop.Vouchers.CompensateJob(ctx, dying) }()
		}
		p.Must(<-end)
		p.Must(<-end)
		p.RunAll()
		p.Must(p.Shop.Vouchers.CompensateJob(ctx, dying))
		for name, want := range map[string]struct {
			v     store.Voucher
			given time.Duration
		}{"first": {p.VoucherOf(first), 2 * time.Hour}, "second": {p.VoucherOf(second), 2 * time.Hour}, "ended": {p.VoucherOf(gone), 0}, "late": {p.VoucherOf(late), 0}} {
			if want.v.Given != (voucher.Grant{Validity: want.given}) {
				t.Errorf("%s: %+v", name, want.v.Given)
			}
		}
		if now := p.VoucherOf(first); !now.ValidUntil.Equal(before.ValidUntil.Add(2 * time.Hour)) {
			t.Errorf("until %s, was %s", now.ValidUntil, before.ValidUntil)
		}
		doc = boss.get("/admin/compensations").page(http.StatusOK)
		if said := text(doc.Find("main")); !strings.Contains(said, "2 voucher") || !strings.Contains(said, "Selesai") || !strings.Contains(said, "listrik padam") {
			t.Error(said)
		}
		if said := text(boss.get("/admin/vouchers/" + before.ID).page(http.StatusOK).Find("ol.time")); !strings.Contains(said, "listrik padam") || !strings.Contains(said, "uji-admin") {
			t.Error(said)
		}
		// The same form once more: nothing.
		in := vouchers.CompensateIn{SiteID: "kos", Began: c.Began, Ended: c.Ended, More: c.More, Typed: "Kos Melati", Reason: "listrik padam", Nonce: c.Nonce, Actor: dewi}
		p.Must(p.Shop.Vouchers.Compensate(ctx, in))
		p.RunAll()
		if now := p.VoucherOf(first); now.Given.Validity != 2*time.Hour {
			t.Error("given twice")
		}
		// Another form for an outage that overlaps: those who have time for it get none again.
		in.Nonce, in.Began = p.NextNonce(), c.Began.Add(time.Minute)
		p.WantCode(p.Shop.Vouchers.Compensate(ctx, in), "compensation.none")
		p.Clock.Add(time.Minute)
		in.Nonce, in.Ended = p.NextNonce(), p.Clock.Now() // the late one was running in this one
		p.Must(p.Shop.Vouchers.Compensate(ctx, in))
		p.RunAll()
		if f, l := p.VoucherOf(first).Given.Validity, p.VoucherOf(late).Given.Validity; f != 2*time.Hour || l != 2*time.Hour {
			t.Errorf("first has %s, late %s", f, l)
		}
		in.Nonce, in.Sites = p.NextNonce(), []string{"kopi"}
		p.WantCode(p.Shop.Vouchers.Compensate(ctx, in), "site.not_found")
		in.Sites, in.RouterID = nil, "pojok"
		p.WantCode(p.Shop.Vouchers.Compensate(ctx, in), "router.not_found")
		in.RouterID, in.Began, in.Ended = "", p.Clock.Now().Add(-30*24*time.Hour), p.Clock.Now().Add(-29*24*time.Hour)
		p.WantCode(p.Shop.Vouchers.Compensate(ctx, in), "compensation.none")
	})
}
