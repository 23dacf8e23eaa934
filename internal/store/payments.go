package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

const paymentColumns = `gateway, key, order_id, attempt_no, reference, method, amount, currency, paid_ms, recorded_ms, disputed`

func scanPayment(r scanner) (order.Payment, error) {
	var p order.Payment
	var id *string
	var amount int64
	var paid, recorded stamp
	err := r.Scan(&p.Gateway, &p.Key, &id, &p.AttemptNo, &p.Reference, &p.Method, &amount, &p.Currency, &paid, &recorded, &p.Disputed)
	p.Amount, p.PaidAt, p.RecordedAt = money.Rupiah(amount), paid.Time, recorded.Time
	if id != nil {
		p.OrderID = order.ID(*id)
	}
	return p, err
}

const refundColumns = `id, order_id, payment_key, amount, reason, due_ms, done_ms`

func scanRefund(r scanner) (order.Refund, error) {
	var f order.Refund
	var amount int64
	var due, done stamp
	err := r.Scan(&f.ID, &f.OrderID, &f.PaymentKey, &amount, &f.Reason, &due, &done)
	f.Amount, f.DueAt, f.DoneAt = money.Rupiah(amount), due.Time, done.Time
	return f, err
}

var (
	sqlPayments    = request(`SELECT ` + paymentColumns + ` FROM payments WHERE order_id = $1 ORDER BY paid_ms, key`)
	sqlPayment     = request(`SELECT ` + paymentColumns + ` FROM payments WHERE gateway = $1 AND key = $2`)
	sqlUnmatched   = request(`SELECT ` + paymentColumns + ` FROM payments WHERE order_id IS NULL ORDER BY recorded_ms`)
	sqlRefunds     = request(`SELECT ` + refundColumns + ` FROM refunds WHERE order_id = $1 ORDER BY due_ms, id`)
	sqlRefundQueue = request(`SELECT ` + refundColumns + ` FROM refunds WHERE done_ms IS NULL ORDER BY due_ms, id LIMIT $1`)
)

// Payments lists an order's confirmed money.
func (r reads) Payments(ctx context.Context, id order.ID) ([]order.Payment, error) {
	return list(ctx, r.q, scanPayment, sqlPayments, string(id))
}

// UnmatchedPayments lists confirmed money that belongs to no order.
func (r reads) UnmatchedPayments(ctx context.Context) ([]order.Payment, error) {
	return list(ctx, r.q, scanPayment, sqlUnmatched)
}

// Refunds lists what is owed or was given back on an order.
func (r reads) Refunds(ctx context.Context, id order.ID) ([]order.Refund, error) {
	return list(ctx, r.q, scanRefund, sqlRefunds, string(id))
}

// RefundQueue lists what is owed, oldest first.
func (r reads) RefundQueue(ctx context.Context, limit int) ([]order.Refund, error) {
	return list(ctx, r.q, scanRefund, sqlRefundQueue, limit)
}

// Facts reads an order with everything order.Derive looks at.
func (r reads) Facts(ctx context.Context, id order.ID) (order.Order, order.Facts, error) {
	o, err := r.Order(ctx, id)
	if err != nil {
		return o, order.Facts{}, err
	}
	f := order.Facts{Total: o.Total, Policies: o.Item.SitePolicies, Test: o.Test, ExpiresAt: o.ExpiresAt, ExpiredAt: o.ExpiredAt,
		CancelledAt: o.CancelledAt, Problem: o.Problem}
	if f.Payments, err = r.Payments(ctx, id); err != nil {
		return o, f, err
	}
	if f.Refunds, err = r.Refunds(ctx, id); err != nil {
		return o, f, err
	}
	v, found, err := r.Voucher(ctx, id)
	if found {
		f.Activation = &order.Activation{RouterID: v.RouterID, Username: v.Username, At: v.SoldAt}
	}
	if err == nil && !found && o.Extends != "" {
		f.Activation, err = r.extension(ctx, id)
	}
	return o, f, err
}

// InsertPayment keeps confirmed money once per gateway charge. fresh is false
// when it was kept before; stored is the row that counts.
func (t *Tx) InsertPayment(ctx context.Context, p order.Payment) (fresh bool, stored order.Payment, err error) {
	fresh, err = t.touched(ctx, `INSERT INTO payments (`+paymentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		p.Gateway, p.Key, orNull(string(p.OrderID)), p.AttemptNo, p.Reference, string(p.Method), int64(p.Amount), p.Currency, at(p.PaidAt), at(p.RecordedAt), p.Disputed)
	if err != nil {
		return false, p, fmt.Errorf("insert payment %s: %w", p.Key, err)
	}
	if fresh && t.now.Sub(p.PaidAt) >= markAfter {
		if err = t.markReport(ctx, p.PaidAt); err == nil && p.OrderID != "" {
			err = t.markPayments(ctx, p.OrderID)
		}
		if err != nil {
			return false, p, err
		}
	}
	stored, err = one(ctx, t.q, scanPayment, "payment.not_found", sqlPayment, p.Gateway, p.Key)
	return fresh, stored, err
}

// MarkDisputed notes that the gateway named two amounts for one charge.
func (t *Tx) MarkDisputed(ctx context.Context, gateway, key string) error {
	_, err := t.exec(ctx, `UPDATE payments SET disputed = TRUE WHERE gateway = $1 AND key = $2`, gateway, key)
	return err
}

// MatchPayment gives unmatched money to an order; matched money stays put.
func (t *Tx) MatchPayment(ctx context.Context, gateway, key string, id order.ID) error {
	_, err := t.exec(ctx, `UPDATE payments SET order_id = $3 WHERE gateway = $1 AND key = $2 AND order_id IS NULL`, gateway, key, string(id))
	if err == nil {
		err = t.markPayments(ctx, id)
	}
	return err
}

// InsertRefund puts money into the refund queue once per order, payment and
// reason.
func (t *Tx) InsertRefund(ctx context.Context, f order.Refund) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO refunds (`+refundColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		f.ID, string(f.OrderID), f.PaymentKey, int64(f.Amount), string(f.Reason), at(f.DueAt), at(f.DoneAt))
	if err != nil {
		return false, fmt.Errorf("insert refund of order %s: %w", f.OrderID, err)
	}
	return fresh, nil
}

// FinishRefund notes that the money went back; once.
func (t *Tx) FinishRefund(ctx context.Context, id string, when time.Time) (bool, error) {
	if err := t.markReport(ctx, when); err != nil {
		return false, err
	}
	return t.touched(ctx, `UPDATE refunds SET done_ms = $2 WHERE id = $1 AND done_ms IS NULL`, id, at(when))
}
