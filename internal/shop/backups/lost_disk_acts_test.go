package backups_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gerai/internal/backup"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
	"gerai/payments"
)

// late answers for one charge only after a while.
type late struct {
	payments.Gateway
	id string
	n  int
}

func (l *late) Get(ctx context.Context, id string) (payments.Charge, error) {
	if id == l.id && l.n > 0 {
		l.n--
		return payments.Charge{}, fault.New(fault.Unavailable, "gateway.unavailable")
	}
	return l.Gateway.Get(ctx, id)
}

// Since its backup a shop has lengthened a voucher twice, the second time beyond the end that
// the books know after the restore, has let a suspended customer in again and moved a voucher
// to another router. No customer is put offline for what the books have forgotten, and each
// extension lengthens the voucher that it was bought for, in whatever order they are found.
func TestLostDiskForgetsActs(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		buy := func(plan, method string) order.Order {
			o := r.Buy(plan, method)
			r.Pay(o)
			r.RunAll()
			return r.Want(o, order.Activated)
		}
		extend := func(o order.Order) order.Order {
			more := r.Extend(o)
			r.RunAll()
			return r.Want(more, order.Activated)
		}
		chained, suspended, moved := buy("sejam", "qris"), buy("sehari", "qris"), buy("bulanan", "va:BNI")
		from := r.VoucherOf(moved).RouterID
		other := map[string]string{"melati-a": "melati-b", "melati-b": "melati-a"}[from]
		in := r.ActForm(r.VoucherOf(suspended))
		r.Must(r.Shop.Vouchers.SuspendVoucher(ctx, in))
		r.RunAll()
		leaving := buy("bulanan", "va:BNI") // moved before the backup; its old router has yet to hear of it
		r.Routers[from].SetFaults(shoptest.RouterDown)
		r.Must(r.Shop.Vouchers.MoveVoucher(ctx, vouchers.MoveIn{ActIn: r.ActForm(r.VoucherOf(leaving)), RouterID: other}))
		r.RunAll()
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)

		r.Routers[from].SetFaults(shoptest.RouterUp)
		r.Must(r.Shop.Vouchers.UnsuspendVoucher(ctx, in))
		r.Must(r.Shop.Vouchers.MoveVoucher(ctx, vouchers.MoveIn{ActIn: r.ActForm(r.VoucherOf(moved)), RouterID: other}))
		r.RunAll()
		r.Clock.Add(50 * time.Minute)
		first, let := extend(chained), extend(suspended)
		r.Clock.Add(50 * time.Minute)
		second := extend(chained)
		chainedEnd, letEnd := r.VoucherOf(chained).ValidUntil, r.VoucherOf(suspended).ValidUntil
		if slices.Contains(r.Users(from), leaving.Username) {
			t.Fatal("it has not left")
		}
		// Staff have moved it back since, and the disk is lost before the books are saved.
		r.Must(r.Shop.Vouchers.MoveVoucher(ctx, vouchers.MoveIn{ActIn: r.ActForm(r.VoucherOf(leaving)), RouterID: from}))
		r.RunAll()
		slow := r.GatewayID(first)
		r.loseDisk(t, made.File.Name)

		r.UseGateway(&late{Gateway: r.Gateway, id: slow, n: 4}) // the second extension is found before the first
		allIn := func(when string) {
			t.Helper()
			for name, x := range map[string]struct {
				o      order.Order
				router string
			}{"lengthened twice": {chained, "pojok"}, "let in": {suspended, "pojok"}, "moved": {moved, other}, "moved back": {leaving, from}} {
				if !slices.Contains(r.Users(x.router), x.o.Username) || r.Disabled(x.router, x.o.Username) {
					t.Fatalf("%s: %s is kept out", when, name)
				}
			}
		}
		r.Must(r.Recover(ctx))
		var waited int64
		for range 12 {
			r.Advance(10 * time.Second)
			n, err := r.Store.RecoveredExtensions(ctx, r.mark().Since, r.mark().Since)
			r.Must(err)
			waited = max(waited, n)
			r.Review()
			allIn("while the recovery stands")
		}
		if waited == 0 {
			t.Error("no extension waited for the one before it")
		}
		m := r.goOn(t)
		r.RunAll()
		for name, c := range map[string]struct {
			root order.Order
			more []order.Order
			want time.Time
		}{"lengthened twice": {chained, []order.Order{first, second}, chainedEnd}, "let in": {suspended, []order.Order{let}, letEnd}} {
			v := r.VoucherOf(r.after(c.root))
			if !v.ValidUntil.Equal(c.want) || v.State == voucher.Expired {
				t.Errorf("%s: %s until %s, want %s", name, v.State, v.ValidUntil, c.want)
			}
			for _, more := range c.more {
				if now := r.after(more); now.Status != order.Activated || now.Extends != r.after(c.root).ID || r.markedUsers(more.Code) != 0 {
					t.Errorf("%s: extension %s of %s has %d users", name, now.Status, now.Extends, r.markedUsers(more.Code))
				}
			}
		}
		r.Advance(time.Minute)
		r.Review()
		if v := r.VoucherOf(r.after(moved)); v.RouterID != other || r.Order(r.after(moved)).RouterID != other || slices.Contains(r.Users(from), moved.Username) || r.Disabled(other, moved.Username) {
			t.Errorf("moved: the books say %s, it was on %s", v.RouterID, other)
		}
		if v := r.VoucherOf(r.after(leaving)); v.RouterID != from || slices.Contains(r.Users(other), leaving.Username) || r.Disabled(from, leaving.Username) || !slices.Contains(r.Users(from), leaving.Username) {
			t.Errorf("moved back: the books say %s, it was on %s", v.RouterID, from)
		}
		if got := r.found(); got["payment remade"] != 3 || got["user matched"] != 2 || got["payment open"] != 0 {
			t.Error(got, m)
		}
		r.Invariants()
	})
}

// A sale at the counter that was over before the disk was lost is told: its money is nowhere
// else, and nothing lets its customer in again.
func TestLostDiskEndedSale(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		admin := r.OnShift("siti")
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)
		sale, err := r.Shop.Counter.Sell(ctx, r.SaleForm(admin))
		r.Must(err)
		r.RunAll()
		sale = r.Want(sale, order.Activated)
		r.Must(r.Shop.Vouchers.DisableVoucher(ctx, r.SwitchForm(r.VoucherOf(sale), vouchers.KeepMoney)))
		r.RunAll()
		r.loseDisk(t, made.File.Name)
		m := r.goOn(t)
		r.RunAll()
		rows, err := r.Store.RecoveryRows(ctx, m.Since, backup.FoundUser, backup.FoundUnmatched, 10)
		if err != nil || len(rows) != 1 || rows[0].Reference != string(sale.Code) || rows[0].Reason != "recovery.user_ended" {
			t.Error(rows, err)
		}
		if len(r.Orders()) != 0 || !r.Disabled(sale.RouterID, sale.Username) {
			t.Error("it lives again", r.Orders())
		}
	})
}

// broken fails for one charge in a way that no waiting mends.
type broken struct {
	payments.Gateway
	id string
}

func (b *broken) Get(ctx context.Context, id string) (payments.Charge, error) {
	if id == b.id {
		return payments.Charge{}, errors.New("an answer that cannot be read")
	}
	return b.Gateway.Get(ctx, id)
}

// One charge that cannot be read for good is left to a person, and keeps no recovery from
// ending.
func TestLostDiskWithAnUnreadableCharge(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)
		lost, read := r.Bought(), r.Bought()
		unreadable := r.GatewayID(lost)
		r.loseDisk(t, made.File.Name)
		r.UseGateway(&broken{Gateway: r.Gateway, id: unreadable})
		r.Must(r.Recover(ctx))
		for n := 0; r.mark().Stands(); n++ {
			if n == 60 {
				t.Fatalf("it never ends: %v", r.found())
			}
			r.Advance(2 * time.Minute)
		}
		if f := r.found(); f["payment unconfirmed"] != 1 || f["payment remade"] != 1 {
			t.Errorf("%v", f)
		}
		r.WantAlert("job_dead")
		r.Want(r.after(read), order.Activated)
	})
}
