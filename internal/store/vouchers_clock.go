package store

import (
	"context"
	"fmt"
	"time"
)

var (
	sqlEndedEarly = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE state = 'expired' AND valid_until_ms > $1 ORDER BY valid_until_ms LIMIT $2`)
	sqlSoldAhead  = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE sold_ms > $1
		AND NOT EXISTS (SELECT 1 FROM clock_errors WHERE kind IN ('sold', 'login') AND clock_errors.id = vouchers.id) ORDER BY sold_ms LIMIT $2`)
)

// EndedEarly lists vouchers that ended and have time left, those with least
// first.
func (r reads) EndedEarly(ctx context.Context, now time.Time, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, r.scanVoucher, sqlEndedEarly, at(now), limit)
}

// SoldAhead lists vouchers sold after an instant of which no error is noted.
func (r reads) SoldAhead(ctx context.Context, after time.Time, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, r.scanVoucher, sqlSoldAhead, at(after), limit)
}

// MoveVoucherTimes gives a voucher other instants if its state, its sale and its
// end still are what before says.
func (t *Tx) MoveVoucherTimes(ctx context.Context, before, v Voucher) (bool, error) {
	moved, err := t.touched(ctx, `UPDATE vouchers SET sold_ms = $4, first_login_ms = $5, valid_until_ms = $6 WHERE id = $1 AND state = $2 AND COALESCE(valid_until_ms, 0) = $3 AND COALESCE(sold_ms, 0) = $7`,
		v.ID, before.State, endOf(before), at(v.SoldAt), at(v.FirstLoginAt), at(v.ValidUntil), sinceEpoch(before.SoldAt))
	if err != nil {
		return false, fmt.Errorf("move times of voucher %s: %w", v.ID, err)
	}
	if moved {
		err = t.markLifeDirty(ctx, v)
	}
	return moved, err
}
