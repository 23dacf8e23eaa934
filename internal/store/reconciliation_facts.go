package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/reconcile"
)

const (
	comparedPayments = `SELECT p.gateway, p.key, COALESCE(p.order_id, ''), p.attempt_no, p.reference, p.method, p.amount, p.currency, p.paid_ms, p.recorded_ms, p.disputed, p.written_ms,
		COALESCE(o.site_id, ''), COALESCE(o.status, ''), COALESCE(o.flags, ''), COALESCE(o.attention, ''), o.activate_ms,
		CAST(COALESCE((SELECT SUM(f.amount) FROM refunds f WHERE f.payment_key = p.key AND f.gateway = p.gateway AND f.state = 'done'), 0) AS BIGINT),
		CASE WHEN EXISTS (SELECT 1 FROM refunds f WHERE f.payment_key = p.key AND f.gateway = p.gateway AND f.closed_ms IS NULL) THEN 1 ELSE 0 END,
		CASE WHEN c.key IS NOT NULL AND c.confirmed_ms IS NULL THEN 0 ELSE 1 END
		FROM payments p LEFT JOIN orders o ON o.id = p.order_id LEFT JOIN counter_payments c ON c.key = p.key AND p.gateway = 'counter'
		WHERE (o.id IS NULL OR o.test = $1) AND `
	comparedRefunds = `SELECT f.id, COALESCE(f.order_id, ''), f.gateway, f.payment_key, f.amount, f.reason, f.state, COALESCE(f.gateway_id, ''), f.done_ms, COALESCE(o.site_id, ''),
		COALESCE((SELECT MIN(p.method) FROM payments p WHERE p.key = f.payment_key AND (p.gateway = f.gateway OR f.gateway = '')), '')
		FROM refunds f LEFT JOIN orders o ON o.id = f.order_id WHERE (o.id IS NULL OR o.test = $1) AND `
)

var (
	sqlComparedPayments = request(comparedPayments + `p.paid_ms >= $2 AND p.paid_ms < $3`)
	sqlComparedRefunds  = request(comparedRefunds + `f.done_ms >= $2 AND f.done_ms < $3`)
	// Payments that were recorded, given up or given back since an instant although they
	// were made before another.
	sqlChangedPayments = background(`SELECT paid_ms FROM payments WHERE (recorded_ms >= $1 OR written_ms >= $1) AND paid_ms < $2
		UNION ALL SELECT p.paid_ms FROM refunds f JOIN payments p ON p.key = f.payment_key AND p.gateway = f.gateway WHERE f.done_ms >= $1 AND p.paid_ms < $2`)
)

func scanComparedPayment(r scanner) (reconcile.Payment, error) {
	var p reconcile.Payment
	var amount, given, returning, confirmed int64
	var paid, recorded, written, activate unixMillis
	var flags, attention string
	err := r.Scan(&p.Gateway, &p.Key, &p.OrderID, &p.AttemptNo, &p.Reference, &p.Method, &amount, &p.Currency, &paid, &recorded, &p.Disputed, &written,
		&p.SiteID, &p.Status, &flags, &attention, &activate, &given, &returning, &confirmed)
	p.Amount, p.Given, p.Returning, p.Confirmed = money.Rupiah(amount), money.Rupiah(given), returning == 1, confirmed == 1
	p.PaidAt, p.RecordedAt, p.WrittenOffAt, p.ActivateAt = paid.Time, recorded.Time, written.Time, activate.Time
	p.Late, p.Undecided = slices.Contains(split(flags), string(order.FlagLate)), attention != ""
	return p, err
}

func scanComparedRefund(r scanner) (reconcile.Refund, error) {
	var f reconcile.Refund
	var amount int64
	var done unixMillis
	err := r.Scan(&f.ID, &f.OrderID, &f.Gateway, &f.PaymentKey, &amount, &f.Reason, &f.State, &f.GatewayID, &done, &f.SiteID, &f.Method)
	f.Amount, f.DoneAt = money.Rupiah(amount), done.Time
	return f, err
}

// ComparedPayments lists the payments made in a span, with what their orders say; those of
// test orders are compared with test keys only.
func (r reads) ComparedPayments(ctx context.Context, test bool, from, until time.Time) ([]reconcile.Payment, error) {
	return queryAll(ctx, r.q, scanComparedPayment, sqlComparedPayments, test, at(from), at(until))
}

// ComparedPaymentsOf lists the payments of a gateway under some charges, and those of our
// orders under some references.
func (r reads) ComparedPaymentsOf(ctx context.Context, test bool, gateway string, charges, references []string) ([]reconcile.Payment, error) {
	out, err := eachIn(ctx, r, charges, scanComparedPayment, comparedPayments+`p.gateway = $2 AND p.key IN `, test, gateway)
	if err != nil {
		return nil, fmt.Errorf("payments of %d charges: %w", len(charges), err)
	}
	orders, err := eachIn(ctx, r, references, scanString, `SELECT order_id FROM attempts WHERE reference IN `)
	if err != nil {
		return nil, fmt.Errorf("orders of %d references: %w", len(references), err)
	}
	theirs, err := eachIn(ctx, r, orders, scanComparedPayment, comparedPayments+`p.gateway = $2 AND p.order_id IN `, test, gateway)
	if err != nil {
		return nil, fmt.Errorf("payments of %d references: %w", len(references), err)
	}
	for _, p := range theirs {
		if slices.Contains(references, p.Reference) {
			out = append(out, p)
		}
	}
	return out, nil
}

// ComparedRefunds lists the refunds done in a span.
func (r reads) ComparedRefunds(ctx context.Context, test bool, from, until time.Time) ([]reconcile.Refund, error) {
	return queryAll(ctx, r.q, scanComparedRefund, sqlComparedRefunds, test, at(from), at(until))
}

// ComparedRefundsOf lists refunds by the gateway's ids and by ours.
func (r reads) ComparedRefundsOf(ctx context.Context, test bool, gatewayIDs, ids []string) ([]reconcile.Refund, error) {
	out, err := eachIn(ctx, r, gatewayIDs, scanComparedRefund, comparedRefunds+`f.gateway_id IN `, test)
	if err != nil {
		return nil, fmt.Errorf("refunds of %d ids of the gateway: %w", len(gatewayIDs), err)
	}
	more, err := eachIn(ctx, r, ids, scanComparedRefund, comparedRefunds+`f.id IN `, test)
	if err != nil {
		return nil, fmt.Errorf("%d refunds: %w", len(ids), err)
	}
	return append(out, more...), nil
}

// ChangedPayments lists when payments were made that changed since an instant although
// they were made before another: recorded late, given up, given back.
func (r reads) ChangedPayments(ctx context.Context, since, before time.Time) ([]time.Time, error) {
	return queryAll(ctx, r.q, scanUnixMillisOnly, sqlChangedPayments, at(since), at(before))
}
