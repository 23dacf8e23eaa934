package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
)

// Kinds of instants that a wrong clock wrote.
const (
	ErrorOrder = "order" // an order's creation and the time to pay it; subject: order id
	ErrorSold  = "sold"  // a voucher's sale; subject: voucher id
	ErrorLogin = "login" // a voucher's first login; subject: voucher id
)

// ClockError is a row whose instants are off by so much.
type ClockError struct {
	Kind string
	ID   string
	Off  time.Duration // what the clock told less the right time
	Run  string        // of clock.Verifier, with Base
	Base time.Time
}

var (
	sqlClockErrors = request(`SELECT kind, id, off_ms, run, base_ms FROM clock_errors ORDER BY kind, id LIMIT $1`)
	sqlEndedEarly  = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE state = 'expired' AND valid_until_ms > $1 ORDER BY valid_until_ms LIMIT $2`)
	sqlPlacedAhead = request(`SELECT ` + orderColumns + ` FROM orders WHERE status = 'pending' AND created_ms > $1
		AND NOT EXISTS (SELECT 1 FROM clock_errors WHERE kind = 'order' AND clock_errors.id = orders.id) ORDER BY created_ms LIMIT $2`)
	sqlSoldAhead = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE sold_ms > $1
		AND NOT EXISTS (SELECT 1 FROM clock_errors WHERE kind IN ('sold', 'login') AND clock_errors.id = vouchers.id) ORDER BY sold_ms LIMIT $2`)
)

func scanClockError(r scanner) (ClockError, error) {
	var e ClockError
	var off int64
	var base unixMillis
	err := r.Scan(&e.Kind, &e.ID, &off, &e.Run, &base)
	e.Base = base.Time
	e.Off = time.Duration(off) * time.Millisecond
	return e, err
}

// ClockErrors lists rows to be put right.
func (r reads) ClockErrors(ctx context.Context, limit int) ([]ClockError, error) {
	return queryAll(ctx, r.q, scanClockError, sqlClockErrors, limit)
}

// NoteClockError notes a row that this transaction writes by a wrong clock; the
// first note stays.
func (t *Tx) NoteClockError(ctx context.Context, e ClockError) error {
	_, err := t.exec(ctx, `INSERT INTO clock_errors (kind, id, off_ms, noted_ms, run, base_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, id) DO NOTHING`,
		e.Kind, e.ID, e.Off.Milliseconds(), at(t.now), e.Run, at(e.Base))
	if err != nil {
		return fmt.Errorf("note clock error of %s %s: %w", e.Kind, e.ID, err)
	}
	return nil
}

// TakeClockError removes a note; false when another replica did.
func (t *Tx) TakeClockError(ctx context.Context, e ClockError) (bool, error) {
	return t.touched(ctx, `DELETE FROM clock_errors WHERE kind = $1 AND id = $2`, e.Kind, e.ID)
}

// MoveOrderTimes moves an order's creation and the time to pay it, if it was
// created when created says: what another replica moved is not moved again.
func (t *Tx) MoveOrderTimes(ctx context.Context, id order.ID, created time.Time, by time.Duration) (bool, error) {
	ms := by.Milliseconds()
	moved, err := t.touched(ctx, `UPDATE orders SET created_ms = created_ms + $2, expires_ms = expires_ms + $2, version = version + 1 WHERE id = $1 AND created_ms = $3`,
		string(id), ms, at(created))
	if err == nil && moved {
		_, err = t.exec(ctx, `UPDATE attempts SET expires_ms = expires_ms + $2 WHERE order_id = $1 AND state = 'creating'`, string(id), ms)
	}
	if err != nil {
		return false, fmt.Errorf("move times of order %s: %w", id, err)
	}
	return moved, nil
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

// EndedEarly lists vouchers that ended and have time left, those with least
// first.
func (r reads) EndedEarly(ctx context.Context, now time.Time, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, scanVoucher, sqlEndedEarly, at(now), limit)
}

// SoldAhead lists vouchers sold after an instant of which no error is noted.
func (r reads) SoldAhead(ctx context.Context, after time.Time, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, scanVoucher, sqlSoldAhead, at(after), limit)
}

// PlacedAhead lists unpaid orders created after an instant of which no error is
// noted, the earliest first.
func (r reads) PlacedAhead(ctx context.Context, after time.Time, limit int) ([]order.Order, error) {
	return queryAll(ctx, r.q, scanOrder, sqlPlacedAhead, at(after), limit)
}

// Time is the database server's clock. remote is false where the server runs on
// this machine: then both tell one clock.
func (s *Store) Time(ctx context.Context) (now time.Time, remote bool, err error) {
	if !s.db.postgres {
		return time.Time{}, false, nil
	}
	var ms int64
	err = s.db.read.QueryRowContext(ctx, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), COALESCE(inet_server_addr() <> inet_client_addr(), FALSE)`).Scan(&ms, &remote)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read the database's clock: %w", err)
	}
	return time.UnixMilli(ms).UTC(), remote, nil
}
