package vouchers

import (
	"context"
	"time"

	"gerai/internal/store"
	"gerai/internal/voucher"
)

// UnsuspendVoucher lets a suspended voucher in again. Twice is once. Errors: those of act and
// voucher.MayUnsuspend.
func (s *Service) UnsuspendVoucher(ctx context.Context, in ActIn) error {
	return s.act(ctx, in, "voucher.unsuspend", func(tx *store.Tx, v store.Voucher, f voucher.Facts) (map[string]any, error) {
		if v.SuspendedAt.IsZero() {
			return nil, nil
		}
		if err := voucher.MayUnsuspend(f, tx.Now()); err != nil {
			return nil, err
		}
		done, err := tx.SuspendVoucher(ctx, v, time.Time{})
		return did(done, err, map[string]any{})
	})
}
