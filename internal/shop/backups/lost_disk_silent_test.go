package backups_test

import (
	"slices"
	"testing"
	"time"

	"gerai/internal/backup"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

// A router that does not come back after the loss keeps no order waiting: the next one of its
// hotspot serves it, where there is none the order goes on after an hour, and the router lets
// the user go when it is back.
func TestLostDiskWithASilentRouter(t *testing.T) {
	for name, c := range map[string]struct {
		failover bool
		most     time.Duration
	}{"others stand in": {true, 5 * time.Minute}, "each has a hotspot of its own": {false, 70 * time.Minute}} {
		t.Run(name, func(t *testing.T) {
			forEach(t, func(t *testing.T, r *rig) {
				r.Resell(func(x *catalog.Catalogue) { x.Sites[1].Failover = c.failover })
				made, err := r.Run(ctx, siti, backup.RunBackup)
				r.Must(err)
				const first, second = "melati-a", "melati-b"
				o := r.Buy("bulanan", "va:BNI")
				r.Pay(o)
				r.RunAll()
				o = r.Want(o, order.Activated)
				silent, other := first, second // the one that has the user, or one that may have it
				if !c.failover {
					silent, other = second, first
				}
				if o.RouterID != first {
					t.Fatal("delivered on", o.RouterID)
				}
				r.Clock.Add(10 * time.Minute)
				r.Routers[silent].SetFaults(shoptest.RouterDown)
				r.loseDisk(t, made.File.Name)
				r.Must(r.Recover(ctx))
				began := r.Clock.Now()
				for r.Store.Engine() != "" {
					r.Advance(10 * time.Second)
					r.Must(r.Shop.Routers.CheckRouters(ctx))
					if now, err := r.Store.OrderByCode(ctx, o.Code); err == nil && now.Status == order.Activated {
						break
					}
					if r.Clock.Now().Sub(began) > c.most {
						t.Fatalf("it waits for %s", silent)
					}
				}
				if v := r.VoucherOf(r.after(o)); v.RouterID != other || r.Disabled(other, v.Username) || !slices.Contains(r.Users(other), v.Username) {
					t.Fatalf("the books say %s", v.RouterID)
				}
				r.Routers[silent].SetFaults(shoptest.RouterUp)
				r.Must(r.Shop.Routers.CheckRouters(ctx))
				r.goOn(t)
				r.RunAll()
				for range 3 {
					r.Review()
					r.RunAll()
				}
				if n, err := r.Store.StillHeld(ctx, silent); r.markedUsers(o.Code) != 1 || n != 0 || err != nil {
					t.Errorf("%d users, %d to be let go %v", r.markedUsers(o.Code), n, err)
				}
				r.Invariants()
			})
		})
	}
}
