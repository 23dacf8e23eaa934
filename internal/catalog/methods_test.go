package catalog

import (
	"errors"
	"reflect"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

func TestPaymentMethods(t *testing.T) {
	bca, bni := payments.VA("BCA"), payments.VA("BNI")
	p := PaymentMethods{Shop: []MethodRule{{bca, true, 20_000}, {payments.QRIS, true, 2000}, {bni, false, 0}}, Sites: map[string][]MethodRule{"kos": {{payments.QRIS, true, 0}, {bca, false, 0}}}}
	for _, c := range []struct {
		site   string
		m      payments.Method
		amount int64
		want   error
	}{
		{"kopi", bca, 20_000, nil}, {"kopi", bca, 19_999, ErrMethodMinimum}, {"kopi", bni, 90_000, ErrMethodOff}, {"kopi", payments.QRIS, 2000, nil}, {"kopi", payments.QRIS, 1999, ErrMethodMinimum},
		{"kopi", payments.VA("BRI"), 9999, ErrMethodMinimum}, {"kopi", payments.VA("BRI"), 10_000, nil}, {"kopi", payments.Cash, 10_000, ErrMethodOff},
		{"kos", payments.QRIS, 1, nil}, {"kos", bca, 90_000, ErrMethodOff}, {"kos", bni, 10_000, nil},
	} {
		if got := MayPayBy(p.Of(c.site, 10_000), c.m, money.Rupiah(c.amount)); !errors.Is(got, c.want) || c.want == nil && got != nil {
			t.Errorf("%s %s %d: %v", c.site, c.m, c.amount, got)
		}
	}
	if rules := p.Of("kopi", 10_000); rules[0].Method != bca || len(rules) != len(payments.Offered) {
		t.Errorf("%+v", rules)
	}
	if rules := (PaymentMethods{}).Of("kopi", 10_000); MayPayBy(rules, payments.QRIS, 1) != nil || MayPayBy(rules, bca, 9999) == nil || MayPayBy(rules, bca, 10_000) != nil {
		t.Error("by default", rules)
	}
	// What is left of an order is paid by whatever is on.
	if rules := p.Of("kopi", 10_000); MayPayRestBy(rules, payments.QRIS, 500) != nil || MayPayRestBy(rules, bni, 500) == nil || MayPayRestBy(rules, bca, 3000) == nil {
		t.Error("the rest", rules)
	}
	for code, rules := range map[string][]MethodRule{"methods.none": {{bca, false, 0}}, "methods.minimum": {{bca, true, -1}}, "methods.unknown": {{"cash", true, 0}}, "": p.Shop} {
		if err := ValidateMethods(rules); fault.CodeOf(err) != code && !(code == "" && err == nil) {
			t.Errorf("%s: %v", code, err)
		}
		if again, err := ReadMethods(MethodFields(rules)["methods"]); err != nil || !reflect.DeepEqual(again, rules) {
			t.Errorf("%+v became %+v %v", rules, again, err)
		}
	}
}
