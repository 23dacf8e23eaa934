package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/voucher"
)

// SuspendVoucher keeps a voucher out from an instant on, or with the zero time lets it in
// again, if its state and its suspension still are what v says. Until MarkSwitched its router
// does not know.
func (t *Tx) SuspendVoucher(ctx context.Context, v Voucher, since time.Time) (bool, error) {
	done, err := t.touched(ctx, `UPDATE vouchers SET suspended_ms = $4, off_ms = CASE WHEN $5 = 1 THEN NULL ELSE off_ms END
		WHERE id = $1 AND state = $2 AND COALESCE(suspended_ms, 0) = $3`,
		v.ID, string(v.State), sinceEpoch(v.SuspendedAt), at(since), oneIf(!since.IsZero()))
	if err != nil {
		return false, fmt.Errorf("suspend voucher %s: %w", v.ID, err)
	}
	return done, nil
}

// GrantToVoucher adds to what a voucher may do and gives it another end, if its state, its
// end and what was added before still are what v says.
func (t *Tx) GrantToVoucher(ctx context.Context, v Voucher, more voucher.Grant, until time.Time) (bool, error) {
	sum := v.Given.Plus(more)
	done, err := t.touched(ctx, `UPDATE vouchers SET given_validity_ms = $4, given_uptime_ms = $5, given_data = $6, valid_until_ms = $7
		WHERE id = $1 AND state = $2 AND COALESCE(valid_until_ms, 0) = $3 AND given_validity_ms = $8 AND given_uptime_ms = $9 AND given_data = $10`,
		v.ID, string(v.State), endOf(v), ms(sum.Validity), ms(sum.Uptime), sum.Data, at(until), ms(v.Given.Validity), ms(v.Given.Uptime), v.Given.Data)
	if err != nil {
		return false, fmt.Errorf("grant to voucher %s: %w", v.ID, err)
	}
	if done {
		err = t.markLifeDirty(ctx, v)
	}
	return done, err
}

// MoveVoucher has another router serve a voucher, if its state and router still are what v
// says. Until MarkSwitched that router does not know.
func (t *Tx) MoveVoucher(ctx context.Context, v Voucher, routerID string, carried voucher.Use) (bool, error) {
	done, err := t.touched(ctx, `UPDATE vouchers SET router_id = $4, moved_ms = $5, off_ms = $5, carried_uptime_ms = $6, carried_data = $7 WHERE id = $1 AND state = $2 AND router_id = $3`,
		v.ID, string(v.State), v.RouterID, routerID, at(t.now), ms(carried.Uptime), carried.Bytes)
	if err != nil {
		return false, fmt.Errorf("move voucher %s: %w", v.ID, err)
	}
	return done, nil
}

// CarryUse notes what a voucher's former routers counted, if it still is on the router that v
// says.
func (t *Tx) CarryUse(ctx context.Context, v Voucher, carried voucher.Use) (bool, error) {
	done, err := t.touched(ctx, `UPDATE vouchers SET carried_uptime_ms = $3, carried_data = $4 WHERE id = $1 AND router_id = $2`, v.ID, v.RouterID, ms(carried.Uptime), carried.Bytes)
	if err != nil {
		return false, fmt.Errorf("carry use of voucher %s: %w", v.ID, err)
	}
	return done, nil
}
