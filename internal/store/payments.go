package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

const paymentColumns = `gateway, key, order_id, attempt_no, reference, method, amount, currency, paid_ms, recorded_ms, disputed, written_ms`

func scanPayment(r scanner) (order.Payment, error) {
	var p order.Payment
	var id *string
	var amount int64
	var paid, recorded, written unixMillis
	err := r.Scan(&p.Gateway, &p.Key, &id, &p.AttemptNo, &p.Reference, &p.Method, &amount, &p.Currency, &paid, &recorded, &p.Disputed, &written)
	p.Amount, p.PaidAt, p.RecordedAt, p.WrittenOffAt = money.Rupiah(amount), paid.Time, recorded.Time, written.Time
	if id != nil {
		p.OrderID = order.ID(*id)
	}
	return p, err
}

// notGivenBack leaves out money that is in the refund queue or was given back.
const notGivenBack = `NOT EXISTS (SELECT 1 FROM refunds f WHERE f.payment_key = payments.key AND f.gateway = payments.gateway AND f.state <> 'rejected')`

var (
	sqlPayments    = request(`SELECT ` + paymentColumns + ` FROM payments WHERE order_id = $1 ORDER BY paid_ms, key`)
	sqlPayment     = request(`SELECT ` + paymentColumns + ` FROM payments WHERE gateway = $1 AND key = $2`)
	sqlUnmatched   = request(`SELECT ` + paymentColumns + ` FROM payments WHERE order_id IS NULL AND ` + notGivenBack + ` ORDER BY recorded_ms LIMIT 500`)
	sqlPaymentsKey = request(`SELECT ` + paymentColumns + ` FROM payments WHERE key = $1 ORDER BY gateway`)
)

// Payments lists an order's confirmed money.
func (r reads) Payments(ctx context.Context, id order.ID) ([]order.Payment, error) {
	return queryAll(ctx, r.q, scanPayment, sqlPayments, string(id))
}

// UnmatchedPayments lists confirmed money that belongs to no order and is not
// on its way back, the first 500.
func (r reads) UnmatchedPayments(ctx context.Context) ([]order.Payment, error) {
	return queryAll(ctx, r.q, scanPayment, sqlUnmatched)
}

// Payment reads one payment. Errors: ErrPaymentNotFound.
func (r reads) Payment(ctx context.Context, gateway, key string) (order.Payment, error) {
	return queryRow(ctx, r.q, scanPayment, ErrPaymentNotFound, sqlPayment, gateway, key)
}

// PaymentsByKey lists the payments that carry an id, of any gateway.
func (r reads) PaymentsByKey(ctx context.Context, key string) ([]order.Payment, error) {
	return queryAll(ctx, r.q, scanPayment, sqlPaymentsKey, key)
}

// InsertPayment keeps confirmed money once per gateway charge. fresh is false
// when it was kept before; stored is the row that counts.
func (t *Tx) InsertPayment(ctx context.Context, p order.Payment) (fresh bool, stored order.Payment, err error) {
	return t.InsertPaymentOf(ctx, p, time.Time{})
}

// InsertPaymentOf is InsertPayment for an order that was placed at an instant, zero where that is
// not known.
func (t *Tx) InsertPaymentOf(ctx context.Context, p order.Payment, placed time.Time) (fresh bool, stored order.Payment, err error) {
	fresh, err = t.touched(ctx, `INSERT INTO payments (`+paymentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		p.Gateway, p.Key, orNull(string(p.OrderID)), p.AttemptNo, p.Reference, string(p.Method), int64(p.Amount), p.Currency, at(p.PaidAt), at(p.RecordedAt), p.Disputed, at(p.WrittenOffAt))
	if err != nil {
		return false, p, fmt.Errorf("insert payment %s: %w", p.Key, err)
	}
	if fresh && t.now.Sub(p.PaidAt) >= dirtyAfter {
		if err = t.markDirty(ctx, p.PaidAt); err == nil && p.OrderID != "" {
			err = t.markPaymentsDirty(ctx, p.OrderID)
		}
		if err != nil {
			return false, p, err
		}
	}
	if fresh {
		if p.OrderID != "" && t.longAgo(placed) {
			err = t.markHandedDirty(ctx, p.OrderID)
		}
		return err == nil, p, err
	}
	stored, err = queryRow(ctx, t.q, scanPayment, ErrPaymentNotFound, sqlPayment, p.Gateway, p.Key)
	return fresh, stored, err
}

// MarkDisputed notes that the gateway named two amounts for one charge.
func (t *Tx) MarkDisputed(ctx context.Context, gateway, key string) error {
	_, err := t.exec(ctx, `UPDATE payments SET disputed = TRUE WHERE gateway = $1 AND key = $2`, gateway, key)
	return err
}

// MatchPayment gives unmatched money to an order; matched money stays put, and
// matched is false.
func (t *Tx) MatchPayment(ctx context.Context, gateway, key string, id order.ID) (matched bool, err error) {
	matched, err = t.touched(ctx, `UPDATE payments SET order_id = $3 WHERE gateway = $1 AND key = $2 AND order_id IS NULL`, gateway, key, string(id))
	if err == nil && matched {
		err = errors.Join(t.markPaymentsDirty(ctx, id), t.markHandedDirty(ctx, id))
	}
	return matched, err
}

// LockUnmatched keeps money without an order from being given to one until the
// transaction ends; false when it was given to one already.
func (t *Tx) LockUnmatched(ctx context.Context, gateway, key string) (bool, error) {
	return t.touched(ctx, `UPDATE payments SET reference = reference WHERE gateway = $1 AND key = $2 AND order_id IS NULL`, gateway, key)
}

// countPayment makes a payment of the counter count again, or no more, and marks
// the days of its order's money for the reports if that changed anything: another
// payment may be the one that pays it in full.
func (t *Tx) countPayment(ctx context.Context, key string, written unixMillis) error {
	changed, err := t.touched(ctx, `UPDATE payments SET written_ms = $2 WHERE gateway = 'counter' AND key = $1 AND (written_ms IS NULL) <> (CAST($2 AS BIGINT) IS NULL)`, key, written)
	if err != nil || !changed {
		return err
	}
	p, err := queryRow(ctx, t.q, scanPayment, ErrPaymentNotFound, sqlPayment, "counter", key)
	if err != nil {
		return err
	}
	return t.markPaymentsDirty(ctx, p.OrderID)
}
