package store

import (
	"context"
	"fmt"
	"time"
)

// UserDifference is a voucher that its router does not hold as it should and that is not
// corrected without a person.
type UserDifference struct {
	VoucherID string
	RouterID  string
	Kinds     string // names of voucher.Difference, separated by spaces
	Why       string
	Since     time.Time
}

var (
	sqlUserDifference   = request(`SELECT voucher_id, router_id, kinds, why, since_ms FROM user_differences WHERE voucher_id = $1`)
	sqlUserDifferences  = request(`SELECT voucher_id, router_id, kinds, why, since_ms FROM user_differences WHERE router_id = $1 AND voucher_id > $2 ORDER BY voucher_id LIMIT $3`)
	sqlCountDifferences = request(`SELECT COUNT(*) FROM user_differences WHERE router_id = $1`)
)

func scanUserDifference(row scanner) (UserDifference, error) {
	var x UserDifference
	var since unixMillis
	err := row.Scan(&x.VoucherID, &x.RouterID, &x.Kinds, &x.Why, &since)
	x.Since = since.Time
	return x, err
}

// UserDifference reads what is not right about a voucher's user, if something is not.
func (r reads) UserDifference(ctx context.Context, voucherID string) (UserDifference, bool, error) {
	return queryOptional(ctx, r.q, scanUserDifference, sqlUserDifference, voucherID)
}

// UserDifferences lists a router's differences by voucher, after one.
func (r reads) UserDifferences(ctx context.Context, routerID, after string, limit int) ([]UserDifference, error) {
	return queryAll(ctx, r.q, scanUserDifference, sqlUserDifferences, routerID, after, limit)
}

// CountUserDifferences counts a router's differences.
func (r reads) CountUserDifferences(ctx context.Context, routerID string) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlCountDifferences, routerID)
}

// NoteUserDifference notes what is not right about a voucher's user; since when is kept
// while it stays the same.
func (t *Tx) NoteUserDifference(ctx context.Context, x UserDifference) error {
	_, err := t.exec(ctx, `INSERT INTO user_differences (voucher_id, router_id, kinds, why, since_ms) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (voucher_id) DO UPDATE SET router_id = excluded.router_id, kinds = excluded.kinds, why = excluded.why`,
		x.VoucherID, x.RouterID, x.Kinds, x.Why, at(t.now))
	if err != nil {
		return fmt.Errorf("note difference of voucher %s: %w", x.VoucherID, err)
	}
	return nil
}

// DropUserDifference notes that a voucher's user is as it should be, or is wanted no more.
func (t *Tx) DropUserDifference(ctx context.Context, voucherID string) (bool, error) {
	dropped, err := t.touched(ctx, `DELETE FROM user_differences WHERE voucher_id = $1`, voucherID)
	if err != nil {
		return false, fmt.Errorf("drop difference of voucher %s: %w", voucherID, err)
	}
	return dropped, nil
}
