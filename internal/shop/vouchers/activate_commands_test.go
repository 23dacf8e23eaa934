package vouchers_test

import (
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/testenv"
)

// What a sale costs its router, from the job to the page that shows the voucher: a look whether
// the user is there, and its adding. Before, the profile was read each time, and the page read
// the use of a user that was just made.
func TestCommandsOfAnActivation(t *testing.T) {
	var rows []shoptest.Row
	for router, plan := range map[string]string{"pojok": "sejam", "melati-a": "bulanan"} { // 6.49 and 7.16
		rows = append(rows, shoptest.Row{Name: "on " + router, Test: func(t *testing.T, k *shoptest.Harness) {
			sent := func() (n int64) {
				for command, times := range k.Routers[router].CommandLog().Counters {
					if command != "/login" {
						n += times
					}
				}
				return n
			}
			sale := func() (order.Order, int64) {
				before := sent()
				o := k.Buy(plan, "qris")
				k.Pay(o)
				k.RunAll()
				k.Want(o, order.Activated)
				v, err := k.Shop.Orders.View(ctx, o.Token)
				k.Must(err)
				u, b := k.RouterLimits(router, v.Voucher) // one command of the test's own, or two
				if v.Used.At.IsZero() || v.Used.LimitUptime != u || v.Used.LimitBytes != b || v.Used.Uptime != 0 || len(v.Used.Sessions) != 0 {
					t.Errorf("the page says %+v of %s and %d bytes", v.Used, u, b)
				}
				return o, sent() - before - 2
			}
			var last order.Order
			for i, most := range []int64{4, 3, 2, 2} {
				var n int64
				if last, n = sale(); n > most {
					t.Errorf("sale %d took %d commands, at most %d", i, n, most)
				}
			}
			// What the router counts is read as before once that is old.
			k.Login(router, last)
			k.Clock.Add(20 * time.Second)
			testenv.Eventually(t, 20*time.Second, func() (bool, string) {
				used := k.Shop.Vouchers.UsageOf(ctx, k.VoucherOf(last)) // it waits for the router no longer than a page does
				return len(used.Sessions) == 1, "the session is not seen"
			})
		}})
	}
	shoptest.Run(t, rows)
}
