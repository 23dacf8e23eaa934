package ledger

import (
	"context"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/store"
)

// IssueReceipt numbers the receipt of an order in the transaction in which it
// is paid for the first time; an order that has one keeps it. Money that came
// for a cancelled order was no sale and gets none, unless staff deliver it all the same. The tax is what the price
// held at that moment, so that a later change of the rate alters no receipt.
func (s *Ledger) IssueReceipt(ctx context.Context, tx *store.Tx, o order.Order) error {
	if o.PaidAt.IsZero() || (!o.CancelledAt.IsZero() && o.ForcedAt.IsZero()) {
		return nil
	}
	_, found, err := tx.Receipt(ctx, o.ID)
	if err != nil || found {
		return err
	}
	brand, err := tx.Brand(ctx)
	if err != nil {
		return err
	}
	r, fresh, err := tx.NumberReceipt(ctx, store.Receipt{OrderID: o.ID, Year: tx.Now().In(s.Zone).Year(),
		TaxPercent: brand.TaxPercent, Tax: money.IncludedTax(o.Total, brand.TaxPercent)})
	if err == nil && fresh {
		tx.Audit("receipt.issue", "order:"+string(o.ID), map[string]any{"code": string(o.Code), "number": r.Number(), "total": int64(o.Total), "tax": int64(r.Tax)})
	}
	return err
}
