package backups_test

import (
	"testing"
	"time"

	"gerai/internal/backup"
	"gerai/internal/order"
	"gerai/payments"
)

// What a charge says was sold is believed as far as the shop sells it: the rest of the money
// waits for a person, with the reason.
func TestLostDiskBelievesNoMoreThanIsSold(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)
		item := r.BuyOne().Item
		paid := func(reference string, change func(o *order.Order), target order.Code) {
			o := order.Order{SiteID: "kopi", Item: item}
			change(&o)
			_, err := r.Gateway.Create(ctx, payments.CreateIn{Reference: reference, IdempotencyKey: "k-" + reference, Method: payments.QRIS, Amount: o.Item.Price, Metadata: o.Metadata(target)})
			r.Must(err)
			r.PayReference(reference, 0)
		}
		root := r.Buy("bulanan", "va:BNI")
		r.Pay(root)
		r.RunAll()
		paid("ABCD2345-1", func(*order.Order) {}, "")
		paid("ABCD2346-1", func(o *order.Order) { o.Item.Validity = 36_500 * 24 * time.Hour }, "")
		paid("ABCD2347-1", func(o *order.Order) { o.Item.SharedUsers = 100 }, "")
		paid("ABCD2348-1", func(o *order.Order) { o.Item.RateLimit = "1G/1G" }, "")
		paid("ABCD2349-1", func(o *order.Order) { o.Item.Profile = "staf" }, "")
		paid("ABCD2352-1", func(*order.Order) {}, root.Code) // lengthens a voucher of another site
		r.loseDisk(t, made.File.Name)
		m := r.goOn(t)
		rows, err := r.Store.RecoveryRows(ctx, m.Since, backup.FoundPayment, backup.FoundUnmatched, 10)
		r.Must(err)
		got := map[string]string{}
		for _, x := range rows {
			got[x.Reference] = x.Reason
		}
		for reference, want := range map[string]string{"ABCD2346-1": "recovery.terms", "ABCD2347-1": "recovery.terms", "ABCD2348-1": "recovery.terms", "ABCD2349-1": "recovery.terms", "ABCD2352-1": "recovery.target"} {
			if got[reference] != want {
				t.Errorf("%s: %q, want %q", reference, got[reference], want)
			}
		}
		if o, err := r.Store.OrderByCode(ctx, "ABCD2345"); err != nil || o.Status != order.Activated || len(got) != 5 {
			t.Error("what the shop sells is not believed:", o.Status, err, got)
		}
		r.WantAlert("unmatched_money")
	})
}
