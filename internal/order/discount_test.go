package order

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/money"
	"gerai/payments"
)

func TestMayPayWith(t *testing.T) {
	for _, c := range []struct {
		methods string
		by      payments.Method
		want    bool
	}{
		{"", payments.QRIS, true}, {"", payments.Cash, true}, {"qris", payments.QRIS, true}, {"qris", payments.VA("BCA"), false}, {"qris", payments.Cash, false},
		{"va", payments.VA("BCA"), true}, {"va", payments.QRIS, false}, {"qris,va:BNI", payments.VA("BNI"), true}, {"qris,va:BNI", payments.VA("BCA"), false},
	} {
		o := Order{Item: Item{Promotion: Promotion{ID: "p", Methods: c.methods}}}
		if err := MayPayWith(o, c.by); (err == nil) != c.want {
			t.Errorf("%q by %s: %v", c.methods, c.by, err)
		}
	}
}

// An order takes a use of its promotion while it can be paid in time, and once it was paid.
func TestHoldsPromotion(t *testing.T) {
	promoted := Item{Promotion: Promotion{ID: "p"}}
	paid := time.Unix(1, 0)
	for _, c := range []struct {
		o    Order
		want bool
	}{
		{Order{Status: Pending}, false},
		{Order{Item: promoted, Status: Pending}, true},
		{Order{Item: promoted, Status: Expired}, false},
		{Order{Item: promoted, Status: Expired, Attention: ReasonUnderpaid}, true},
		{Order{Item: promoted, Status: Cancelled}, false},
		{Order{Item: promoted, Status: Cancelled, CancelledAt: paid, PaidAt: paid}, false},
		{Order{Item: promoted, Status: Paid, CancelledAt: paid, ForcedAt: paid, PaidAt: paid}, true},
		{Order{Item: promoted, Status: Paid, PaidAt: paid}, true},
		{Order{Item: promoted, Status: Activated, PaidAt: paid}, true},
		{Order{Item: promoted, Status: Refunded, PaidAt: paid}, true},
	} {
		if got := c.o.HoldsPromotion(); got != c.want {
			t.Errorf("%s %s: %v", c.o.Status, c.o.Item.Promotion.ID, got)
		}
	}
}

// What a form shows of a discounted item is what is to be paid, and nothing else of it.
func TestTermsOfADiscount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := sold().Item
		i.Discount = money.Rupiah(rapid.Int64Range(0, 5000).Draw(t, "discount"))
		i.Promotion = Promotion{ID: "p", Name: "Promo"}
		plain := i
		plain.Price, plain.Discount, plain.Promotion = i.Due(), 0, Promotion{}
		if i.Terms() != plain.Terms() {
			t.Fatalf("%s is not %s", i.Terms(), plain.Terms())
		}
		if read, ok := ParseTerms(i.Terms()); !ok || read.Due() != i.Due() || read.Terms() != i.Terms() {
			t.Fatalf("%s reads as %+v", i.Terms(), read)
		}
	})
}
