package shop

import (
	"context"
	"fmt"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/store"
)

// issueReceipt numbers the receipt of an order in the transaction in which it
// is paid for the first time; an order that has one keeps it. Money that came
// for a cancelled order was no sale and gets none, unless staff deliver it all the same. The tax is what the price
// held at that moment, so that a later change of the rate alters no receipt.
func (s *Shop) issueReceipt(ctx context.Context, tx *store.Tx, o order.Order) error {
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
	r, fresh, err := tx.IssueReceipt(ctx, store.Receipt{OrderID: o.ID, Year: tx.Now().In(s.Zone).Year(),
		TaxPercent: brand.TaxPercent, Tax: money.IncludedTax(o.Total, brand.TaxPercent)})
	if err == nil && fresh {
		tx.Audit("receipt.issue", "order:"+string(o.ID), map[string]any{"code": string(o.Code), "number": r.Number(), "total": int64(o.Total), "tax": int64(r.Tax)})
	}
	return err
}

// numberedSetting says that no order is left from before there were receipts.
const numberedSetting = "receipts.numbered"

// NumberReceipts issues the receipts of orders that were paid before there
// were any, in the order they were paid, and returns how many. To find none
// takes long among many orders, so that is remembered: since then every order
// gets its receipt in the transaction that pays it.
func (s *Shop) NumberReceipts(ctx context.Context) (n int, err error) {
	if _, done, err := s.Store.SettingAt(ctx, numberedSetting); err != nil || done {
		return 0, err
	}
	for {
		waiting, err := s.Store.PaidWithoutReceipt(ctx)
		if err != nil {
			return n, err
		}
		if len(waiting) == 0 {
			return n, s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error { return tx.PutSetting(ctx, numberedSetting, "1") })
		}
		for _, o := range waiting {
			if err := s.Store.InTx(ctx, actorServer, func(tx *store.Tx) error { return s.issueReceipt(ctx, tx, o) }); err != nil {
				return n, fmt.Errorf("issue receipt of order %s: %w", o.ID, err)
			}
			n++
		}
	}
}

// Receipt reads a paid order with everything its receipt says. Errors:
// NotFound "order.not_found", Conflict "order.not_paid".
func (s *Shop) Receipt(ctx context.Context, token order.Token) (View, error) {
	v, err := s.View(ctx, token)
	if err == nil && v.Receipt.No == 0 {
		return v, fault.New(fault.Conflict, "order.not_paid")
	}
	return v, err
}
