package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gerai/internal/money"
	"gerai/internal/order"
)

const refundColumns = `id, order_id, gateway, payment_key, amount, reason, state, asked_by, asked_id, approved_by, why, ends_voucher, disabled_ms, gateway_id, failure,
	nonce, due_ms, done_ms, closed_ms, payout_shift`

func scanRefund(r scanner) (order.Refund, error) {
	var f order.Refund
	var id, gatewayID, nonce *string
	var amount int64
	var disabled, due, done, closed unixMillis
	err := r.Scan(&f.ID, &id, &f.Gateway, &f.PaymentKey, &amount, &f.Reason, &f.State, &f.AskedBy, &f.AskedID, &f.ApprovedBy, &f.Why, &f.EndsVoucher, &disabled, &gatewayID,
		&f.Failure, &nonce, &due, &done, &closed, &f.PayoutShift)
	f.Amount, f.DisabledAt, f.DueAt, f.DoneAt, f.ClosedAt = money.Rupiah(amount), disabled.Time, due.Time, done.Time, closed.Time
	f.OrderID, f.GatewayID, f.Nonce = order.ID(orEmpty(id)), orEmpty(gatewayID), orEmpty(nonce)
	return f, err
}

var (
	sqlRefunds       = request(`SELECT ` + refundColumns + ` FROM refunds WHERE order_id = $1 AND state <> 'rejected' ORDER BY due_ms, id`)
	sqlAllRefunds    = request(`SELECT ` + refundColumns + ` FROM refunds WHERE order_id = $1 ORDER BY due_ms, id`)
	sqlRefundQueue   = request(`SELECT ` + refundColumns + ` FROM refunds WHERE closed_ms IS NULL ORDER BY due_ms, id LIMIT $1`)
	sqlRefundQueueOf = request(`SELECT ` + refundColumns + ` FROM refunds WHERE closed_ms IS NULL AND EXISTS (SELECT 1 FROM orders o WHERE o.id = refunds.order_id AND o.site_id = $2)
		ORDER BY due_ms, id LIMIT $1`)
	sqlRefund        = request(`SELECT ` + refundColumns + ` FROM refunds WHERE id = $1`)
	sqlRefundByNonce = request(`SELECT ` + refundColumns + ` FROM refunds WHERE nonce = $1`)
	sqlRefundByID    = request(`SELECT ` + refundColumns + ` FROM refunds WHERE gateway_id = $1`)
	sqlRefundsOf     = request(`SELECT ` + refundColumns + ` FROM refunds WHERE payment_key = $2 AND gateway = $1 AND state <> 'rejected' ORDER BY due_ms, id`)
	sqlOpenRefundOf  = request(`SELECT id FROM refunds WHERE order_id = $1 AND closed_ms IS NULL LIMIT 1`)
	sqlSending       = request(`SELECT COUNT(*) FROM refunds WHERE closed_ms IS NULL AND state IN ('approved', 'sent') AND gateway = $1`)
	sqlLastSending   = request(`SELECT payment_key FROM refunds WHERE closed_ms IS NULL AND state IN ('approved', 'sent') AND gateway = $1 ORDER BY due_ms DESC, id DESC LIMIT 1`)
	sqlOpenOfKey     = request(`SELECT id FROM refunds WHERE payment_key = $1 AND closed_ms IS NULL LIMIT 1`)
)

// Refunds lists what is due or was given back on an order.
func (r reads) Refunds(ctx context.Context, id order.ID) ([]order.Refund, error) {
	return queryAll(ctx, r.q, scanRefund, sqlRefunds, string(id))
}

// AllRefunds is Refunds with those that were rejected.
func (r reads) AllRefunds(ctx context.Context, id order.ID) ([]order.Refund, error) {
	return queryAll(ctx, r.q, scanRefund, sqlAllRefunds, string(id))
}

// RefundQueue lists refunds that are due at some sites, oldest first; none means all,
// and unmatched payments too.
func (r reads) RefundQueue(ctx context.Context, sites []string, limit int) ([]order.Refund, error) {
	if len(sites) == 0 {
		return queryAll(ctx, r.q, scanRefund, sqlRefundQueue, limit)
	}
	var out []order.Refund
	for _, site := range sites {
		part, err := queryAll(ctx, r.q, scanRefund, sqlRefundQueueOf, limit, site)
		if err != nil {
			return nil, fmt.Errorf("refunds of site %s: %w", site, err)
		}
		out = append(out, part...)
	}
	slices.SortFunc(out, func(a, b order.Refund) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), limit)], nil
}

// Refund reads one refund. Errors: ErrRefundNotFound.
func (r reads) Refund(ctx context.Context, id string) (order.Refund, error) {
	return queryRow(ctx, r.q, scanRefund, ErrRefundNotFound, sqlRefund, id)
}

// RefundByNonce reads the refund a form asked for, if any.
func (r reads) RefundByNonce(ctx context.Context, nonce string) (order.Refund, bool, error) {
	return queryOptional(ctx, r.q, scanRefund, sqlRefundByNonce, nonce)
}

// RefundByGatewayID reads the refund that the gateway knows under an id.
func (r reads) RefundByGatewayID(ctx context.Context, id string) (order.Refund, bool, error) {
	return queryOptional(ctx, r.q, scanRefund, sqlRefundByID, id)
}

// RefundsOf lists what leaves or left one payment.
func (r reads) RefundsOf(ctx context.Context, gateway, key string) ([]order.Refund, error) {
	return queryAll(ctx, r.q, scanRefund, sqlRefundsOf, gateway, key)
}

// HasOpenRefund reports whether any refund of an order waits.
func (r reads) HasOpenRefund(ctx context.Context, id order.ID) (bool, error) {
	_, found, err := queryOptional(ctx, r.q, scanString, sqlOpenRefundOf, string(id))
	return found, err
}

// HasOpenRefundOf reports whether any refund of one payment waits.
func (r reads) HasOpenRefundOf(ctx context.Context, paymentKey string) (bool, error) {
	_, found, err := queryOptional(ctx, r.q, scanString, sqlOpenOfKey, paymentKey)
	return found, err
}

// RefundsUnderWay counts the refunds that a gateway was told of or is to be told of, and names
// the charge of the newest.
func (r reads) RefundsUnderWay(ctx context.Context, gateway string) (refunds int, charge string, err error) {
	n, _, err := queryOptional(ctx, r.q, scanInt, sqlSending, gateway)
	if err == nil {
		charge, _, err = queryOptional(ctx, r.q, scanString, sqlLastSending, gateway)
	}
	return int(n), charge, err
}

// InsertRefund adds a refund to the queue: what the rules require once per order,
// payment and reason, what a form requests once per form, what the gateway made once per
// gateway id. A refund that the rules required, that was rejected when it was not due
// any more, and that is due again uses the same row.
func (t *Tx) InsertRefund(ctx context.Context, f order.Refund) (bool, error) {
	if f.State == "" {
		f.State = order.RefundRequested
		if !f.DoneAt.IsZero() {
			f.State, f.ClosedAt = order.RefundDone, f.DoneAt
		}
	}
	fresh, err := t.touched(ctx, `INSERT INTO refunds (`+refundColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
		ON CONFLICT DO NOTHING`, f.ID, orNull(string(f.OrderID)), f.Gateway, f.PaymentKey, int64(f.Amount), string(f.Reason), string(f.State), f.AskedBy, f.AskedID, f.ApprovedBy,
		f.Why, f.EndsVoucher, at(f.DisabledAt), orNull(f.GatewayID), f.Failure, orNull(f.Nonce), at(f.DueAt), at(f.DoneAt), at(f.ClosedAt), f.PayoutShift)
	if err != nil {
		return false, fmt.Errorf("insert refund of order %s: %w", f.OrderID, err)
	}
	if !fresh && !f.Gift() {
		fresh, err = t.touched(ctx, `UPDATE refunds SET state = 'requested', amount = $4, due_ms = $5, closed_ms = NULL, approved_by = '', failure = '', disabled_ms = NULL, ends_voucher = FALSE
			WHERE order_id = $1 AND payment_key = $2 AND reason = $3 AND state = 'rejected'`, string(f.OrderID), f.PaymentKey, string(f.Reason), int64(f.Amount), at(f.DueAt))
		if err != nil {
			return false, fmt.Errorf("owe refund of order %s again: %w", f.OrderID, err)
		}
	}
	if fresh && !f.DoneAt.IsZero() { // it went back before we heard of it
		err = t.markDirty(ctx, f.DoneAt)
	}
	return fresh, err
}

// MoveRefund writes what may change in a refund's life if it still is in the
// state from.
func (t *Tx) MoveRefund(ctx context.Context, f order.Refund, from order.RefundState) (bool, error) {
	moved, err := t.touched(ctx, `UPDATE refunds SET state = $3, approved_by = $4, ends_voucher = $5, disabled_ms = $6, gateway_id = $7, failure = $8, done_ms = $9,
		closed_ms = $10, payout_shift = $11 WHERE id = $1 AND state = $2`, f.ID, string(from), string(f.State), f.ApprovedBy, f.EndsVoucher, at(f.DisabledAt), orNull(f.GatewayID), f.Failure,
		at(f.DoneAt), at(f.ClosedAt), f.PayoutShift)
	if err != nil {
		return false, fmt.Errorf("move refund %s: %w", f.ID, err)
	}
	return moved, nil
}

// ShrinkRefund lowers the amount of a refund that is in the state from, because money of
// its payment is gone already, and requires another approval.
func (t *Tx) ShrinkRefund(ctx context.Context, f order.Refund, from order.RefundState) (bool, error) {
	moved, err := t.touched(ctx, `UPDATE refunds SET amount = $3, state = 'requested', approved_by = '', failure = '' WHERE id = $1 AND state = $2 AND amount > $3`,
		f.ID, string(from), int64(f.Amount))
	if err != nil {
		return false, fmt.Errorf("shrink refund %s: %w", f.ID, err)
	}
	return moved, nil
}

// FinishRefund notes that the money went back; once.
func (t *Tx) FinishRefund(ctx context.Context, id string) (bool, error) {
	done, err := t.touched(ctx, `UPDATE refunds SET state = 'done', done_ms = $2, closed_ms = $2 WHERE id = $1 AND closed_ms IS NULL`, id, at(t.now))
	if err != nil {
		return false, fmt.Errorf("finish refund %s: %w", id, err)
	}
	return done, nil
}

// WithdrawRefunds rejects the refunds that the rules required of an order and that are
// not approved, and returns how many.
func (t *Tx) WithdrawRefunds(ctx context.Context, id order.ID) (int64, error) {
	return t.exec(ctx, `UPDATE refunds SET state = 'rejected', closed_ms = $2 WHERE order_id = $1 AND state = 'requested' AND reason IN ('late', 'cancelled')`, string(id), at(t.now))
}
