package backups_test

import (
	"slices"
	"testing"
	"time"

	"gerai/internal/backup"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

// Two routers have the user of an order that a restored shop makes again: one lost its answer,
// the other stood in and was used. That one keeps the user, the other lets it go.
func TestLostDiskWithAStandIn(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)
		const a, b = "melati-a", "melati-b"
		r.Routers[a].SetFaults(shoptest.RouterDown)
		o := r.Buy("bulanan", "va:BNI")
		r.Pay(o)
		r.RunAll()
		o = r.Want(o, order.Activated)
		r.Routers[a].SetFaults(shoptest.RouterUp)
		r.Must(r.AddAsCrashed(o, a))
		r.Login(b, o)
		r.Clock.Add(10 * time.Minute)
		holds := func(router string) bool { return slices.Contains(r.Users(router), o.Username) }
		if !holds(a) || !holds(b) {
			t.Fatal("the fault was not that both have it")
		}
		r.loseDisk(t, made.File.Name)
		r.goOn(t)
		r.RunAll()
		r.Advance(time.Minute)
		r.Review()
		r.RunAll()
		now := r.after(o)
		if v := r.VoucherOf(now); now.Status != order.Activated || v.RouterID != b || holds(a) || !holds(b) || r.Disabled(b, o.Username) {
			t.Fatalf("%s, the books say %s; %s has it: %t, %s has it: %t", now.Status, v.RouterID, a, holds(a), b, holds(b))
		}
		if n, err := r.Store.StillHeld(ctx, a); err != nil || n != 0 {
			t.Error(n, err)
		}
		r.Invariants()
	})
}
