package vouchers

import (
	"context"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// Restore puts a sold voucher's user back on its router with whatever online
// time and data the plan allows; the end of its validity does not move.
// Errors: NotFound "voucher.not_found", Conflict "voucher.ended", router
// faults.
func (s *Service) Restore(ctx context.Context, by actor.Actor, id order.ID) error {
	v, found, err := s.Store.Voucher(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return store.ErrVoucherNotFound
	}
	if err := voucher.MayRestore(v.Facts(), s.Clock.Now()); err != nil {
		return err
	}
	o, err := s.Store.Order(ctx, id)
	if err != nil {
		return err
	}
	r, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		return err
	}
	want, err := s.applyAll(ctx, r, holding{Order: o, Voucher: v, Found: true}, voucher.Speed{})
	if err == nil && want != voucher.WantEnabled {
		err = fault.New(fault.Conflict, "voucher.ended") // in between, or by a refund that is under way
	}
	if err != nil {
		return fmt.Errorf("restore voucher of order %s: %w", id, err)
	}
	return s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		tx.Audit("voucher.restore", "order:"+string(id), map[string]any{"router": r.ID})
		_, err := tx.CloseAlert(ctx, "user_missing", string(id))
		return err
	})
}
