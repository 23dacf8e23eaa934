package shop_test

import (
	"context"
	"testing"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

var ctx = context.Background()

func TestTheRoad(t *testing.T) {
	for _, plan := range []struct{ id, method, router string }{{"sehari", "qris", "pojok"}, {"bulanan", "va:BCA", "melati-a"}} {
		t.Run(plan.method, func(t *testing.T) {
			k := shoptest.New(t)
			o := k.Buy(plan.id, plan.method)
			v, err := k.Shop.Orders.View(ctx, o.Token)
			if err != nil || v.Attempt.State != order.Open || (v.QR == "" && v.Attempt.VA == "") {
				t.Fatalf("%+v %v", v.Attempt, err)
			}
			k.Pay(o)
			k.RunAll()
			now := k.Want(o, order.Activated)
			if users := k.Users(plan.router); len(users) != 1 || users[0] != now.Username {
				t.Fatalf("router has %v, order says %s", users, now.Username)
			}
			if rows, err := k.Store.VerifyAudit(ctx); err != nil || rows < 4 {
				t.Fatalf("%d %v", rows, err)
			}
		})
	}
}
