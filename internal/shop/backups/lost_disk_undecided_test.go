package backups_test

import (
	"maps"
	"testing"
	"time"

	"gerai/internal/backup"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/backups"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
)

// acted is a shop whose staff have acted between its backup and the loss of its disk.
type acted struct {
	*rig
	router                   string
	longer, off, on, granted order.Order
	ends                     map[order.Code]time.Time // as the lost books had them
}

// loseActs sells four vouchers, backs up, lengthens one at the counter, suspends one, lets a
// suspended one in, adds time to one, and loses the disk.
func loseActs(t *testing.T, r *rig, router, plan string) *acted {
	a := &acted{rig: r, router: router, ends: map[order.Code]time.Time{}}
	admin := r.OnShift("siti")
	for _, o := range []*order.Order{&a.longer, &a.off, &a.on, &a.granted} {
		*o = r.Buy(plan, "qris")
		r.Pay(*o)
		r.RunAll()
		*o = r.Want(*o, order.Activated)
	}
	r.Must(r.Shop.Vouchers.SuspendVoucher(ctx, r.ActForm(r.VoucherOf(a.on))))
	r.RunAll()
	r.Review()
	made, err := r.Run(ctx, siti, backup.RunBackup)
	r.Must(err)
	r.Clock.Add(time.Minute)
	more, err := r.Shop.Orders.Extend(ctx, a.longer.Token, orders.AgainIn{Nonce: r.NextNonce(), Client: "203.0.113.9"})
	r.Must(err)
	r.RunAll()
	_, err = r.Shop.Counter.Take(ctx, r.CashForm(admin, more))
	r.Must(err)
	r.RunAll()
	r.Want(more, order.Activated)
	r.Must(r.Shop.Vouchers.SuspendVoucher(ctx, r.ActForm(r.VoucherOf(a.off))))
	r.Must(r.Shop.Vouchers.UnsuspendVoucher(ctx, r.ActForm(r.VoucherOf(a.on))))
	r.Must(r.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: r.ActForm(r.VoucherOf(a.granted)), More: voucher.Grant{Validity: 3 * time.Hour}}))
	r.RunAll()
	for _, o := range []order.Order{a.longer, a.off, a.on, a.granted} {
		a.ends[o.Code] = r.VoucherOf(o).ValidUntil
	}
	r.loseDisk(t, made.File.Name)
	return a
}

func (a *acted) row(o order.Order) map[string]string {
	for _, row := range a.Routers[a.router].Rows("ip/hotspot/user") {
		if row["name"] == o.Username {
			return row
		}
	}
	return nil
}

// asItWas fails unless the router has every user as staff had left it.
func (a *acted) asItWas(when string) {
	a.Helper()
	for name, x := range map[string]struct {
		o   order.Order
		off bool
	}{"lengthened": {a.longer, false}, "suspended": {a.off, true}, "let in": {a.on, false}, "granted": {a.granted, false}} {
		row := a.row(x.o)
		if _, b := hotspot.SplitBound(row["comment"]); b.EndsAt != a.ends[x.o.Code].Unix() || (row["disabled"] == "true") != x.off {
			a.Fatalf("%s: %s is until %s, disabled %q, want %s, %t", when, name, time.Unix(b.EndsAt, 0).UTC(), row["disabled"], a.ends[x.o.Code], x.off)
		}
	}
}

// undecided are the acts that wait for a person, by the order's code.
func (a *acted) undecided() map[order.Code]backupsLine {
	st, err := a.RecoveryState(ctx)
	a.Must(err)
	out := map[order.Code]backupsLine{}
	for _, x := range st.Rows {
		if x.Kind == backup.FoundUser && x.State == backup.FoundOpen {
			out[x.Code] = backupsLine{x.Key, x.Act, x.More}
		}
	}
	return out
}

type backupsLine struct {
	key  string
	act  voucher.LostAct
	more voucher.Grant
}

// What staff did between the backup and the loss is told by the routers alone. Nothing undoes
// it, while the recovery stands or afterwards, until a person has decided.
func TestLostDiskAsksAboutActs(t *testing.T) {
	for router, plan := range map[string]string{"pojok": "sejam", "melati-a": "bulanan"} { // versions 6 and 7
		t.Run(router, func(t *testing.T) {
			forEach(t, func(t *testing.T, r *rig) {
				a := loseActs(t, r, router, plan)
				a.Must(a.Recover(ctx))
				for a.mark().Stands() {
					a.Advance(10 * time.Second)
					a.Must(a.Shop.Vouchers.ReviewUsers(ctx))
					a.asItWas("while it stands")
					if a.Clock.Now().Sub(a.mark().Since) > 30*time.Minute {
						t.Fatal("it does not end", a.found())
					}
				}
				for range 3 {
					a.Review()
					a.RunAll()
					a.asItWas("afterwards")
				}
				item := a.longer.Item
				more := voucher.Grant{Validity: item.Validity, Uptime: item.UptimeLimit, Data: item.DataLimit}
				open := a.undecided()
				for code, want := range map[order.Code]backupsLine{a.longer.Code: {act: voucher.ActMore, more: more}, a.off.Code: {act: voucher.ActOff}, a.on.Code: {act: voucher.ActOn},
					a.granted.Code: {act: voucher.ActMore, more: voucher.Grant{Validity: 3 * time.Hour}}} {
					if got := open[code]; got.act != want.act || got.more != want.more {
						t.Errorf("%s: %+v, want %+v", code, got, want)
					}
				}
				if len(open) != 4 || a.found()["user open"] != 4 {
					t.Fatal(open, a.found())
				}
				a.decideAll(t, open)
			})
		})
	}
}

// decideAll takes three acts over and keeps the books for the fourth.
func (a *acted) decideAll(t *testing.T, open map[order.Code]backupsLine) {
	decide := func(o order.Order, take bool) error {
		return a.DecideUsers(ctx, backups.DecideIn{Key: open[o.Code].key, Take: take, Reason: "sudah dicek", Actor: siti})
	}
	booked := a.VoucherOf(a.after(a.granted)).ValidUntil
	a.WantCode(a.DecideUsers(ctx, backups.DecideIn{Key: open[a.off.Code].key, Take: true, Actor: siti}), "confirm.reason")
	a.WantCode(a.DecideUsers(ctx, backups.DecideIn{Key: "pojok/x/off", Take: true, Reason: "sudah dicek", Actor: siti}), "recovery.no_user")
	a.Must(decide(a.longer, true))
	a.Must(decide(a.off, true))
	a.WantCode(a.DecideUsers(ctx, backups.DecideIn{All: voucher.ActOn, Seen: 2, Take: true, Reason: "sudah dicek", Actor: siti}), "recovery.others")
	a.Must(a.DecideUsers(ctx, backups.DecideIn{All: voucher.ActOn, Seen: 1, Take: true, Reason: "sudah dicek", Actor: siti}))
	a.Must(decide(a.granted, false))
	a.WantCode(decide(a.longer, true), "recovery.decided")
	a.RunAll()
	if got := a.VoucherOf(a.after(a.longer)); !got.ValidUntil.Equal(a.ends[a.longer.Code]) {
		t.Errorf("lengthened until %s, want %s", got.ValidUntil, a.ends[a.longer.Code])
	}
	if !a.VoucherOf(a.after(a.off)).Facts().Suspended() || a.VoucherOf(a.after(a.on)).Facts().Suspended() {
		t.Error("suspensions are not taken over")
	}
	a.ends[a.granted.Code] = booked
	a.asItWas("decided")
	a.Review()
	a.RunAll()
	a.asItWas("after a review")
	if len(a.undecided()) != 0 || a.found()["user matched"] != 3 || a.found()["user known"] != 1 {
		t.Error(a.found())
	}
	for _, o := range []order.Order{a.longer, a.off, a.on, a.granted} {
		if n := a.AuditCount(a.after(o), "recovery.decide"); n != 1 {
			t.Errorf("%s: noted %d times", o.Code, n)
		}
	}
	a.Invariants()
}

// Who was lengthened at the counter is online until the later end, also while it is not decided;
// then the voucher ends.
func TestLostDiskUndecidedEnds(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		a := loseActs(t, r, "pojok", "sejam")
		a.goOn(t)
		early, late := a.VoucherOf(a.after(a.longer)).ValidUntil, a.ends[a.longer.Code]
		a.Advance(early.Add(5 * time.Minute).Sub(a.Clock.Now()))
		a.Review()
		if v := a.VoucherOf(a.after(a.longer)); v.State == voucher.Expired || a.Disabled("pojok", v.Username) {
			t.Fatal("ended at the end that the books know")
		}
		if v := a.VoucherOf(a.after(a.on)); v.State != voucher.Expired {
			t.Error("what no one lengthened does not end:", v.State)
		}
		a.Advance(late.Add(5 * time.Minute).Sub(a.Clock.Now()))
		if v := a.VoucherOf(a.after(a.longer)); v.State != voucher.Expired || !a.Disabled("pojok", v.Username) {
			t.Error("it never ends:", v.State)
		}
		a.WantCode(a.DecideUsers(ctx, backups.DecideIn{Key: a.undecided()[a.longer.Code].key, Take: true, Reason: "sudah dicek", Actor: siti}), "voucher.ended")
	})
}

// A voucher was moved, and its old router has the user still: the recovery asks which of them
// serves it, and the other lets it go.
func TestLostDiskAsksWhichRouter(t *testing.T) {
	for name, take := range map[string]bool{"the new one": true, "the old one": false} {
		t.Run(name, func(t *testing.T) {
			forEach(t, func(t *testing.T, r *rig) {
				o := r.Buy("bulanan", "va:BNI")
				r.Pay(o)
				r.RunAll()
				o = r.Want(o, order.Activated)
				from := r.VoucherOf(o).RouterID
				to := map[string]string{"melati-a": "melati-b", "melati-b": "melati-a"}[from]
				made, err := r.Run(ctx, siti, backup.RunBackup)
				r.Must(err)
				r.Must(r.AddAsCrashed(o, to))
				before := maps.Clone(map[string]bool{from: r.Disabled(from, o.Username), to: r.Disabled(to, o.Username)})
				r.loseDisk(t, made.File.Name)
				r.goOn(t)
				for router, off := range before {
					if r.Disabled(router, o.Username) != off || r.markedUsers(o.Code) != 2 {
						t.Fatalf("changed on %s without a word", router)
					}
				}
				a := &acted{rig: r}
				line := a.undecided()[o.Code]
				if line.act != voucher.ActMoved {
					t.Fatalf("%+v", a.undecided())
				}
				r.Must(r.DecideUsers(ctx, backups.DecideIn{Key: line.key, Take: take, Reason: "sudah dicek", Actor: siti}))
				r.RunAll()
				r.Review()
				r.RunAll()
				serves := map[bool]string{true: to, false: from}[take]
				if v := r.VoucherOf(r.after(o)); v.RouterID != serves || r.markedUsers(o.Code) != 1 || r.Disabled(serves, o.Username) {
					t.Errorf("the books say %s, %d users", v.RouterID, r.markedUsers(o.Code))
				}
				r.Invariants()
			})
		})
	}
}
