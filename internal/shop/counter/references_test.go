package counter_test

import (
	"strings"
	"testing"

	"gerai/internal/shop/shoptest"
	"gerai/internal/store/storetest"
	"gerai/payments"
)

// Transfers from before references had a normal form get theirs; two that are
// one stay both, and an alert names the later one.
func TestOldReferencesGetTheirNormalForm(t *testing.T) {
	database := storetest.SQLite(t)
	k := shoptest.New(t, shoptest.OnDatabase(database))
	siti := k.OnShift("siti")
	for _, reference := range []string{"bca 111", "bri 222", "bca 333"} {
		in := k.SaleForm(siti)
		in.Method, in.Given, in.Reference = payments.Transfer, 0, reference
		_, err := k.Shop.Counter.Sell(ctx, in)
		k.Must(err)
	}
	k.RunAll()
	storetest.Raw(t, database, `UPDATE counter_payments SET reference_key = NULL, reference = CASE reference WHEN 'BCA 333' THEN 'BCA-111' ELSE reference END, taken_ms = taken_ms + CASE reference WHEN 'BCA 333' THEN 1000 ELSE 0 END`)
	n, err := k.Shop.Counter.KeyReferences(ctx)
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if alerts := strings.Join(k.Alerts(), " "); !strings.Contains(alerts, "transfer_doubled") {
		t.Error(alerts)
	}
	if n, err := k.Shop.Counter.KeyReferences(ctx); err != nil || n != 0 {
		t.Error("again", n, err)
	}
	in := k.SaleForm(siti)
	in.Method, in.Given, in.Reference = payments.Transfer, 0, "BRI-222"
	_, err = k.Shop.Counter.Sell(ctx, in)
	k.WantCode(err, "counter.reference_used")
	owed, err := k.Store.Receivables(ctx)
	if err != nil || len(owed) != 3 {
		t.Error("a payment is gone", owed, err)
	}
}
