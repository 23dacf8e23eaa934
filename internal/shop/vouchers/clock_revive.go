package vouchers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// reviveEnded lets vouchers live again that were ended although they have time
// left: a clock ended them that was wrong. Seconds are what the clocks of replicas
// differ by.
func (s *Service) reviveEnded(ctx context.Context) error {
	early, err := s.Store.EndedEarly(ctx, s.Clock.Now().Add(clock.Skew), ledger.CorrectStep)
	if err != nil {
		return fmt.Errorf("list vouchers ended early: %w", err)
	}
	var errs []error
	for _, v := range early {
		errs = append(errs, s.revive(ctx, v))
	}
	return errors.Join(errs...)
}

func (s *Service) revive(ctx context.Context, v store.Voucher) error {
	err := s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		v, err := tx.VoucherByID(ctx, v.ID)
		if err != nil || !voucher.MayRevive(v.Facts(), tx.Now()) {
			return err
		}
		if v.OrderID != "" {
			if back, err := holdUnlessGoingBack(ctx, tx, v.OrderID); err != nil || back {
				return err
			}
		}
		v.State, v.EndedAt = v.Facts().LivingState(), time.Time{}
		if moved, err := tx.SwitchVoucher(ctx, v, voucher.Expired); err != nil || !moved {
			return err
		}
		tx.Audit("voucher.revive", ledger.SubjectOf(v), map[string]any{"username": v.PublicName(), "until": v.ValidUntil.Format(time.RFC3339)})
		s.switched(tx, v)
		if err := s.ledger.Enqueue(ctx, tx, endJob(v)); err != nil {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, SwitchJob(tx, v))
	})
	if err != nil {
		return fmt.Errorf("revive voucher %s: %w", v.ID, err)
	}
	return nil
}
