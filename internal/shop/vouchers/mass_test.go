package vouchers_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/voucher"
)

var siti = actor.Named("staff:siti")

// monthly is a paid order whose validity counts from the purchase, at the site kos.
func monthly(k *shoptest.Harness) order.Order {
	o := k.Buy("bulanan", "qris")
	k.Pay(o)
	k.RunAll()
	return k.Order(o)
}

// compensated asks for the time of an outage of two hours that began a minute from now.
func compensated(k *shoptest.Harness) store.Compensation {
	k.Helper()
	began := k.Clock.Now().Add(time.Minute)
	k.Clock.Add(3 * time.Hour)
	k.Must(k.Shop.Vouchers.Compensate(ctx, vouchers.CompensateIn{SiteID: "kos", Began: began, Ended: began.Add(2 * time.Hour), More: time.Hour, Typed: "Kos Melati", Reason: "listrik padam", Nonce: k.NextNonce(), Actor: siti}))
	all, err := k.Store.Compensations(ctx, "kos", 1)
	k.Must(err)
	return all[0]
}

// The routers hear of a compensation behind their sales, and the word follows a voucher that
// moves.
func TestCompensatingIsMassWork(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		o := monthly(k)
		v := k.VoucherOf(o)
		to := map[string]string{"melati-a": "melati-b", "melati-b": "melati-a"}[v.RouterID]
		c := compensated(k)
		waits := func(router string) bool {
			all, err := k.Store.JobsOn(ctx, []string{jobs.BulkQueue(router)}, k.Clock.Now().Add(time.Hour))
			k.Must(err)
			return slices.ContainsFunc(all, func(j jobs.Job) bool { return j.Kind == jobs.VoucherSwitch && j.Subject == v.ID })
		}
		k.Must(k.Shop.Vouchers.CompensateJob(ctx, jobs.Job{Subject: c.ID}))
		if !waits(v.RouterID) {
			t.Fatal("not with the mass work of its router")
		}
		k.Must(k.Shop.Vouchers.MoveVoucher(ctx, vouchers.MoveIn{ActIn: k.ActForm(k.VoucherOf(o)), RouterID: to}))
		if waits(v.RouterID) {
			t.Fatal("its old router is to be told")
		}
		k.RunAll()
		k.WantVoucher(v, voucher.Sold, false)
	})
}

// A voucher that cannot be read is noted so; one that fails waits, and the job with it; those
// behind them get their time.
func TestCompensatingGoesOn(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		k := shoptest.New(t, shoptest.OnDatabase(database))
		unreadable, failing, last := monthly(k), monthly(k), monthly(k)
		c := compensated(k)
		storetest.Raw(t, database, `UPDATE orders SET password = SUBSTR(password, 1, LENGTH(password) - 4) || 'AAAA' WHERE id = '`+string(unreadable.ID)+`'`)
		storetest.Raw(t, database, `UPDATE orders SET item = 'x' WHERE id = '`+string(failing.ID)+`'`)
		for range 2 {
			if err := k.Shop.Vouchers.CompensateJob(ctx, jobs.Job{Subject: c.ID}); err == nil {
				t.Fatal("the job ends without one of them")
			}
			if given := k.VoucherOf(last).Given.Validity; given != time.Hour {
				t.Fatal("the last one got", given)
			}
		}
		counts, err := k.Store.CompensationCounts(ctx, c.ID)
		k.Must(err)
		slices.SortFunc(counts, func(a, b store.CompensationCount) int { return len(a.Outcome) - len(b.Outcome) })
		if want := []store.CompensationCount{{Outcome: "", N: 1}, {Outcome: store.CompensationGiven, N: 1}, {Outcome: store.ErrUnreadable.Code, N: 1}}; !slices.Equal(counts, want) {
			t.Fatalf("%+v", counts)
		}
	})
}

// Who first logs in after an outage lost nothing where validity counts from then.
func TestRunningInAnOutage(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		month := monthly(k)
		day := k.BuyOne()
		k.Pay(day)
		k.RunAll()
		began := k.Clock.Now().Add(time.Minute)
		ended := began.Add(time.Hour)
		k.Clock.Add(2 * time.Hour)
		for i, o := range []order.Order{k.Order(month), k.Order(day)} {
			k.Phone(o.RouterID, 7+i)
			k.Login(o.RouterID, o)
		}
		k.Clock.Add(10 * time.Second)
		k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
		for _, o := range []order.Order{month, day} {
			if v := k.VoucherOf(o); v.FirstLoginAt.IsZero() || v.ValidUntil.IsZero() {
				t.Fatalf("%+v", v)
			}
		}
		for site, want := range map[string]int64{"kos": 1, "kopi": 0} {
			n, err := k.Store.RunningVouchers(ctx, site, "", began, ended)
			k.Must(err)
			if n["bulanan"]+n["sehari"] != want {
				t.Errorf("%s: %v", site, n)
			}
		}
		n, err := k.Store.RunningVouchers(ctx, "kopi", "", began, k.Clock.Now())
		if k.Must(err); n["sehari"] != 1 {
			t.Error("it began before the end of this one:", n)
		}
	})
}

func banForm(mac string, until time.Time) vouchers.BanIn {
	return vouchers.BanIn{SiteID: "kos", MAC: mac, Typed: mac, Reason: "mengganggu", Until: until, Actor: siti}
}

// A router that blocks a device though its answer was lost is looked at once the ban is
// lifted, whatever became of the job; one that is away costs the job no try.
func TestBanOfLostAnswer(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		k.Must(k.Shop.Vouchers.BanDevice(ctx, banForm("AA:BB:CC:00:00:01", time.Time{})))
		k.Routers["melati-a"].SetFaults(routerossim.Faults{DropAfter: true, Only: "/ip/hotspot/ip-binding/add"})
		err := k.Shop.Vouchers.HoldBansJob(ctx, jobs.Job{Subject: "melati-a"})
		if _, waits := jobs.AsSnooze(err); !waits {
			t.Fatal("it costs a try:", err)
		}
		k.Routers["melati-a"].SetFaults(routerossim.Faults{})
		rows := func() int { return len(k.Routers["melati-a"].Rows("ip/hotspot/ip-binding")) }
		if rows() != 1 {
			t.Fatal("no row was made")
		}
		all, err := k.Store.Bans(ctx, "kos", "", 1)
		k.Must(err)
		k.Must(k.Shop.Vouchers.LiftBan(ctx, siti, nil, all[0].ID))
		k.Clock.Add(time.Minute)
		k.Must(k.Shop.Vouchers.ReviewBans(ctx))
		if rows() != 0 {
			t.Fatal("lifted, and still blocked")
		}
	})
}

// A ban whose time is over counts no more towards how many a site may have.
func TestEndedBansAreLifted(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		until := k.Clock.Now().Add(time.Hour)
		k.Must(k.Shop.Vouchers.BanDevice(ctx, banForm("AA:BB:CC:00:00:01", until)))
		k.Clock.Add(2 * time.Hour)
		k.Must(k.Shop.Vouchers.BanDevice(ctx, banForm("AA:BB:CC:00:00:02", time.Time{})))
		held, err := k.Store.HoldingBans(ctx, "kos")
		if k.Must(err); len(held) != 1 || held[0].MAC != "AA:BB:CC:00:00:02" {
			t.Fatalf("%+v", held)
		}
		k.WantCode(k.Shop.Vouchers.BanDevice(ctx, banForm("AA:BB:CC:00:00:02", time.Time{})), "ban.already")
	})
}

// A router that hangs takes no time from the others of its site.
func TestDeviceSeenBesideAHangingRouter(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		const mac, ip = "AA:BB:CC:00:00:01", "10.5.50.2"
		site, err := k.Store.Site(ctx, "kos")
		k.Must(err)
		if _, err := k.Shop.Vouchers.DeviceSeen(ctx, site, order.Hints{MAC: mac, IP: ip}); err != nil { // both are connected
			t.Fatal(err)
		}
		for hangs, sees := range map[string]string{"melati-a": "melati-b", "melati-b": "melati-a"} {
			k.Routers[hangs].SetFaults(routerossim.Faults{Hang: true})
			k.Join(sees, mac, ip)
			short, cancel := context.WithTimeout(ctx, 400*time.Millisecond) // less than one call may take
			defer cancel()
			if found, err := k.Shop.Vouchers.DeviceSeen(short, site, order.Hints{MAC: mac, IP: ip}); err != nil || found != mac {
				t.Errorf("%s hangs: %q %v", hangs, found, err)
			}
			k.Routers[hangs].SetFaults(routerossim.Faults{})
			k.Routers[sees].Leave(mac)
			k.Hotspot.Forget(hangs)
		}
	})
}

// A correction of the list of who is online leaves a newer list as it is.
func TestCorrectingAnOlderList(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		older := k.Clock.Now()
		newer := older.Add(time.Minute)
		one := []hotspot.Session{{User: "tamu", MAC: "AA:BB:CC:00:00:01"}}
		k.Must(k.Store.InTx(ctx, siti, func(tx *store.Tx) error { return tx.NoteOnline(ctx, "pojok", newer, one) }))
		for told, want := range map[time.Time]bool{older: false, newer: true} {
			k.Must(k.Store.InTx(ctx, siti, func(tx *store.Tx) error {
				done, err := tx.CorrectOnline(ctx, "pojok", told, nil)
				if done != want {
					t.Errorf("%s: %v", told, done)
				}
				return err
			}))
		}
		if all, err := k.Store.OnlineOn(ctx, "pojok"); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
	})
}
