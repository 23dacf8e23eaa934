package backups_test

import (
	"slices"
	"testing"
	"time"

	"gerai/internal/backup"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

// Whose money went back before the loss is let in at no moment of the recovery, whatever is
// read first: the payment by its message, or the list.
func TestLostDiskLetsInNobodyRefunded(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		admin := r.OnShift("siti")
		buy := func() order.Order {
			o := r.BuyOne()
			r.Pay(o)
			r.RunAll()
			return r.Want(o, order.Activated)
		}
		known := buy()
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)
		r.Clock.Add(10 * time.Minute)
		lost, removed, kept := buy(), buy(), buy()
		for _, o := range []order.Order{known, lost, removed} {
			f := r.RequestRefund(o, admin, 5000)
			r.Must(r.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			r.RunAll()
			r.WantRefund(f, order.RefundDone)
		}
		r.Must(r.RemoveUser("pojok", removed.Username))
		r.Clock.Add(10 * time.Minute)
		r.loseDisk(t, made.File.Name)
		r.ResendAll()
		r.Must(r.Recover(ctx))
		for r.mark().Stands() {
			r.Advance(time.Second)
			if r.Clock.Now().Second()%30 == 0 {
				r.Must(r.Shop.Vouchers.ReviewUsers(ctx))
			}
			for name, o := range map[string]order.Order{"of the backup": known, "lost": lost} {
				if !r.Disabled("pojok", o.Username) {
					t.Fatalf("%s: let in %s after the restore", name, r.Clock.Now().Sub(r.mark().Since))
				}
			}
			if n := r.markedUsers(removed.Code); n != 0 {
				t.Fatalf("made again %s after the restore", r.Clock.Now().Sub(r.mark().Since))
			}
			if r.Clock.Now().Sub(r.mark().Since) > 30*time.Minute {
				t.Fatal("it does not end", r.found())
			}
		}
		r.RunAll()
		for _, o := range []order.Order{known, lost, removed} {
			if now := r.after(o); now.Status != order.Refunded {
				t.Errorf("%s is %s", o.Code, now.Status)
			}
		}
		if now := r.after(kept); now.Status != order.Activated || !slices.Contains(r.Users("pojok"), now.Username) || r.Disabled("pojok", now.Username) {
			t.Error("who was not refunded is kept out:", now.Status)
		}
		r.Invariants()
	})
}
