package vouchers

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// AdoptMoved notes that another router serves the voucher of an order than the books say:
// it was moved after the backup. Only that router has the user; where both have it, or the
// one that the books say does not answer, nothing is noted. moved reports whether it was.
func (s *Service) AdoptMoved(ctx context.Context, o order.Order, r catalog.Router, u hotspot.Found) (moved bool, err error) {
	v, found, err := s.Store.Voucher(ctx, o.ID)
	if err != nil || !found || v.RouterID == r.ID || v.Username != u.Name || !v.State.Living() {
		return false, err
	}
	was, err := s.Store.Router(ctx, v.RouterID)
	if err != nil {
		return false, err
	}
	there, err := s.MarkedUsers(ctx, was)
	if err != nil {
		return false, err
	}
	if _, both := there[o.Code]; both {
		return false, nil
	}
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		now, err := tx.VoucherByID(ctx, v.ID)
		if err != nil || now.RouterID != v.RouterID || !now.State.Living() {
			return err
		}
		f, err := s.factsIn(ctx, tx, now, store.Batch{})
		if err != nil {
			return err
		}
		before, err := tx.FormerRouters(ctx, now.ID)
		if err != nil {
			return err
		}
		for _, x := range before {
			if x.RouterID == r.ID && x.LeftAt.IsZero() { // moveTo takes off what it counted itself
				f.Carried = f.Carried.Less(x.Used)
			}
		}
		used := voucher.UsedBefore(f, u)
		if moved, err = s.moveTo(ctx, tx, now, r.ID, used); err != nil || !moved {
			return err
		}
		tx.Audit("voucher.move", ledger.SubjectOf(now), map[string]any{"voucher": now.ID, "router": r.ID, "was": was.ID, "used_minutes": int64(used.Uptime / time.Minute), "used_data": used.Bytes})
		if now, err = tx.VoucherByID(ctx, v.ID); err != nil {
			return err
		}
		s.switched(tx, now)
		return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, now))
	})
	if err != nil {
		return false, fmt.Errorf("note that router %s serves voucher %s: %w", r.ID, v.ID, err)
	}
	return moved, nil
}
