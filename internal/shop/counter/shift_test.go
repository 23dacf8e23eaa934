package counter_test

import (
	"strings"
	"sync"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/shop/shoptest"
)

func TestShifts(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "open, sell, count, close", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		k.WantCode(k.Shop.Counter.OpenShift(ctx, siti, 0), "shift.open")
		k.WantCode(k.Shop.Counter.OpenShift(ctx, k.Staff("budi"), -1), "counter.amount_form")
		for range 3 {
			_, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
			k.Must(err)
		}
		s, _, err := k.Store.OpenShift(ctx, siti.ID)
		k.Must(err)
		_, err = k.Shop.Counter.CloseShift(ctx, k.Staff("wati"), s.ID, 115_000, "")
		k.WantCode(err, "shift.not_found")
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, -1, "")
		k.WantCode(err, "counter.amount_form")
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, 1, strings.Repeat("x", 1001))
		k.WantCode(err, "note.form")
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, 115, " ") // a thousand times too little: the zeros were forgotten
		k.WantCode(err, "shift.differs")
		closed, err := k.Shop.Counter.CloseShift(ctx, siti, s.ID, 114_000, "kurang seribu")
		if err != nil || closed.Expected != 115_000 {
			t.Fatal(closed, err)
		}
		_, err = k.Shop.Counter.CloseShift(ctx, siti, s.ID, 115_000, "")
		k.WantCode(err, "shift.closed")
		_, err = k.Shop.Counter.CloseShift(ctx, siti, "tidak-ada", 1, "")
		k.WantCode(err, "shift.not_found")
		_, err = k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
		k.WantCode(err, "shift.closed")
		k.Must(k.Shop.Counter.OpenShift(ctx, siti, 114_000))
		k.RunAll()
	}}, {Name: "a sale while the shift is closed is in it, or refused", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		s, _, err := k.Store.OpenShift(ctx, siti.ID)
		k.Must(err)
		var all sync.WaitGroup
		sold := make([]error, 5)
		for i := range sold {
			all.Add(1)
			go func() { defer all.Done(); _, sold[i] = k.Shop.Counter.Sell(ctx, k.SaleForm(siti)) }()
		}
		closed, err := k.Shop.Counter.CloseShift(ctx, siti, s.ID, 0, "laci kosong")
		all.Wait()
		k.Must(err)
		after, err := k.Store.TillSums(ctx, s.ID)
		if err != nil || ledger.Expected(s, after) != closed.Expected {
			t.Fatal("a sale slipped in after the count", after, closed.Expected, err)
		}
		for _, err := range sold {
			if err != nil && fault.CodeOf(err) != "shift.closed" {
				t.Error(err)
			}
		}
		k.RunAll()
	}}})
}
