package order

import (
	"errors"
	"maps"
	"testing"
	"time"

	"gerai/payments"
)

func TestRemake(t *testing.T) {
	sold := Order{SiteID: "kopi", Item: Item{PlanID: "sehari", Name: "1 Hari", Price: 5000, Validity: 24 * time.Hour, ValidFrom: FromFirstLogin, SharedUsers: 1}}
	whole := payments.Charge{Reference: "K7M4XQ2P-2", Amount: 5000, Metadata: sold.Metadata("")}
	r, err := Remake(whole)
	o := r.Order()
	if err != nil || r.No != 2 || o.Code != "K7M4XQ2P" || o.Item != sold.Item || o.Total != 5000 || o.SiteID != "kopi" || o.AttemptNo != 2 || !o.Remade() || o.Phone != "" || r.Target != "" {
		t.Errorf("%+v %v", r, err)
	}
	if (Order{Nonce: "remade-K7M4XQ2P-of-a-form"}).Remade() {
		t.Error("a form can claim that its order was made again")
	}
	extends := whole
	extends.Metadata = sold.Metadata("ABCD2345")
	if r, err := Remake(extends); err != nil || r.Target != "ABCD2345" {
		t.Errorf("%+v %v", r, err)
	}
	for name, c := range map[string]struct {
		change func(*payments.Charge)
		want   error
	}{
		"no metadata":        {func(c *payments.Charge) { c.Metadata = nil }, ErrNoMetadata},
		"metadata of others": {func(c *payments.Charge) { c.Metadata = map[string]string{"order_id": "7"} }, ErrNoMetadata},
		"other kind": {func(c *payments.Charge) {
			c.Metadata = maps.Clone(c.Metadata)
			c.Metadata["kind"] = "bill"
		}, ErrNoMetadata},
		"another amount": {func(c *payments.Charge) { c.Amount = 4999 }, ErrOtherAmount},
		"no reference":   {func(c *payments.Charge) { c.Reference = "" }, ErrForeignReference},
	} {
		charge := whole
		c.change(&charge)
		if _, err := Remake(charge); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for _, reference := range []string{"K7M4XQ2P", "K7M4XQ2P-", "K7M4XQ2P-0", "K7M4XQ2P-01", "K7M4XQ2P-1-pm", "k7m4xq2p-1", "K7M4XQ20-1", "K7M4XQ2P-100", "INV-2026-1", "-1"} {
		if _, _, ok := ParseReference(reference); ok {
			t.Error(reference, "counts as an order's")
		}
	}
}
