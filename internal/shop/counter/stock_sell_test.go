package counter_test

import (
	"testing"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/shoptest"
)

func TestFormsOfTheStockSentTwiceAtOnce(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "sell once and show the sale each time", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 2)
			for n, in := range []counter.StockSaleIn{k.StockSaleForm(siti, "", k.StockVoucher(b, 1).Username), k.StockSaleForm(siti, "sehari", "")} { // the very one, and the last one
				var ids [6]order.ID
				shoptest.Each(len(ids), func(i int) {
					o, err := k.Shop.Counter.SellFromStock(ctx, in)
					if err != nil {
						t.Error(err)
					}
					ids[i] = o.ID
				})
				for _, id := range ids {
					if id != ids[0] || id == "" {
						t.Fatal(ids)
					}
				}
				if got := k.ExpectedTill(siti); got != money.Rupiah(105_000+5000*n) {
					t.Fatal(got)
				}
			}
		}},
	})
}

// The page of a refunded order offers no codes, and the address of its sale shows none.
func TestARefundedSaleShowsNoCodes(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "refunded", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		k.Stocked("sehari", "pojok", 1)
		o, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", ""))
		k.Must(err)
		viewers := []order.Viewer{{ID: siti.ID, Own: true}, {ID: "admin", Any: true}}
		for _, as := range viewers {
			_, _, err := k.Shop.Counter.ShowSale(ctx, siti, nil, as, o.ID)
			k.Must(err)
		}
		k.GiveBack(o)
		k.Want(o, order.Refunded)
		for _, as := range viewers {
			_, _, err := k.Shop.Counter.ShowSale(ctx, siti, nil, as, o.ID)
			k.WantCode(err, "order.not_found")
		}
	}}})
}
