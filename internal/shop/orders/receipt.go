package orders

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/store"
)

// numberedSetting says that no order is left from before there were receipts.
const numberedSetting = "receipts.numbered"

// NumberReceipts issues the receipts of orders that were paid before there
// were any, in the order they were paid, and returns how many. To find none
// takes long among many orders, so that is remembered: since then every order
// gets its receipt in the transaction that pays it.
func (s *Service) NumberReceipts(ctx context.Context) (n int, err error) {
	if _, done, err := s.Store.SettingAt(ctx, numberedSetting); err != nil || done {
		return 0, err
	}
	for {
		waiting, err := s.Store.PaidWithoutReceipt(ctx)
		if err != nil {
			return n, err
		}
		if len(waiting) == 0 {
			return n, s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return tx.PutSetting(ctx, numberedSetting, "1") })
		}
		for _, o := range waiting {
			if err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return s.ledger.IssueReceipt(ctx, tx, o) }); err != nil {
				return n, fmt.Errorf("issue receipt of order %s: %w", o.ID, err)
			}
			n++
		}
	}
}

// Receipt reads a paid order with everything its receipt says. Errors:
// NotFound "order.not_found", Conflict "order.not_paid".
func (s *Service) Receipt(ctx context.Context, token order.Token) (View, error) {
	v, err := s.View(ctx, token)
	if err == nil && v.Receipt.No == 0 {
		return v, ErrNotPaid
	}
	return v, err
}
