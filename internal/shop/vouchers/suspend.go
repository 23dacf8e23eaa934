package vouchers

import (
	"context"

	"gerai/internal/store"
	"gerai/internal/voucher"
)

// SuspendVoucher keeps a voucher out until UnsuspendVoucher: its customer is put offline and
// cannot log in, its validity goes on, and nothing that was paid for is lost. Twice is once.
// Errors: those of act and voucher.MaySuspend.
func (s *Service) SuspendVoucher(ctx context.Context, in ActIn) error {
	return s.act(ctx, in, "voucher.suspend", func(tx *store.Tx, v store.Voucher, f voucher.Facts) (map[string]any, error) {
		if f.Suspended() {
			return nil, nil
		}
		if err := voucher.MaySuspend(f, tx.Now()); err != nil {
			return nil, err
		}
		done, err := tx.SuspendVoucher(ctx, v, tx.Now())
		return did(done, err, map[string]any{})
	})
}
