package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/typed"
	"gerai/payments"
)

// CounterPayment is what the counter knows of a payment that it took. While ConfirmedAt
// is zero the money is a receivable: a transfer that is not confirmed at the bank, or
// credit.
type CounterPayment struct {
	Key                string
	OrderID            order.ID
	Code               order.Code // of the order
	SiteID             string
	Method             payments.Method
	Amount, Given      money.Rupiah
	Reference          string
	StaffID, StaffName string
	ShiftID            string
	TakenAt            time.Time
	ConfirmedAt        time.Time
	ConfirmedBy        string
	WrittenOffAt       time.Time // given up: it never came
	// SaleKey is the key of the first payment of a sale of several vouchers, "" where there is one.
	SaleKey string
}

// Receivable is what decides about the money.
func (c CounterPayment) Receivable() order.Receivable {
	return order.Receivable{Method: c.Method, ConfirmedAt: c.ConfirmedAt, WrittenOffAt: c.WrittenOffAt}
}

const counterQuery = `SELECT c.key, c.order_id, o.code, o.site_id, c.method, c.amount, c.given, c.reference, c.staff_id, c.staff_name, COALESCE(c.shift_id, ''), c.taken_ms,
	c.confirmed_ms, c.confirmed_by, c.written_ms, c.sale_key FROM counter_payments c JOIN orders o ON o.id = c.order_id `

func scanCounter(r scanner) (CounterPayment, error) {
	var c CounterPayment
	var amount, given int64
	var taken, confirmed, written unixMillis
	err := r.Scan(&c.Key, &c.OrderID, &c.Code, &c.SiteID, &c.Method, &amount, &given, &c.Reference, &c.StaffID, &c.StaffName, &c.ShiftID, &taken, &confirmed, &c.ConfirmedBy, &written, &c.SaleKey)
	c.Amount, c.Given, c.TakenAt, c.ConfirmedAt, c.WrittenOffAt = money.Rupiah(amount), money.Rupiah(given), taken.Time, confirmed.Time, written.Time
	return c, err
}

var (
	sqlCounter           = request(counterQuery + `WHERE c.key = $1`)
	sqlCounterOf         = request(counterQuery + `WHERE c.order_id = $1 ORDER BY c.taken_ms, c.key`)
	sqlReceivables       = request(counterQuery + `WHERE c.confirmed_ms IS NULL AND c.written_ms IS NULL ORDER BY c.taken_ms, c.key LIMIT 500`)
	sqlReceivablesOfSite = request(counterQuery + `WHERE c.confirmed_ms IS NULL AND c.written_ms IS NULL AND o.site_id = $1 ORDER BY c.taken_ms, c.key LIMIT 500`)
	sqlOverdue           = request(counterQuery + `WHERE c.confirmed_ms IS NULL AND c.written_ms IS NULL AND c.method IN ('transfer', 'qris_static') AND c.taken_ms < $1 ORDER BY c.taken_ms, c.key LIMIT 500`)
	sqlByReference       = request(counterQuery + `WHERE c.reference_key = $1`)
	sqlUnkeyed           = request(counterQuery + `WHERE c.reference <> '' AND c.reference_key IS NULL ORDER BY c.taken_ms, c.key LIMIT 500`)
	sqlKeyReference      = request(`UPDATE counter_payments SET reference_key = $2 WHERE key = $1 AND reference_key IS NULL`)
	sqlCounterSale       = request(counterQuery + `WHERE c.sale_key = $1 AND c.sale_key <> '' ORDER BY c.order_id`)
	sqlReferenceTaken    = request(`SELECT COUNT(*) FROM counter_payments WHERE reference_key = $1`)
)

// CounterPayment reads one payment of the counter. Errors: ErrPaymentNotFound.
func (r reads) CounterPayment(ctx context.Context, key string) (CounterPayment, error) {
	return queryRow(ctx, r.q, scanCounter, ErrPaymentNotFound, sqlCounter, key)
}

// CounterPayments lists what the counter took for an order.
func (r reads) CounterPayments(ctx context.Context, id order.ID) ([]CounterPayment, error) {
	return queryAll(ctx, r.q, scanCounter, sqlCounterOf, string(id))
}

// CounterSale lists the payments of a sale of several vouchers, in the order of the vouchers.
func (r reads) CounterSale(ctx context.Context, saleKey string) ([]CounterPayment, error) {
	return queryAll(ctx, r.q, scanCounter, sqlCounterSale, saleKey)
}

// LockCounterSale keeps other transactions from deciding about a sale of several vouchers until
// this one ends.
func (t *Tx) LockCounterSale(ctx context.Context, saleKey string) error {
	if saleKey == "" {
		return nil
	}
	_, err := t.touched(ctx, `UPDATE counter_payments SET sale_key = sale_key WHERE key = $1`, saleKey)
	return err
}

// Receivables lists money that was counted at some sites, none meaning all, and is not
// confirmed, oldest first, at most 500 of each.
func (r reads) Receivables(ctx context.Context, sites ...string) ([]CounterPayment, error) {
	if len(sites) == 0 {
		return queryAll(ctx, r.q, scanCounter, sqlReceivables)
	}
	var out []CounterPayment
	for _, site := range sites {
		part, err := queryAll(ctx, r.q, scanCounter, sqlReceivablesOfSite, site)
		if err != nil {
			return nil, fmt.Errorf("receivables of site %s: %w", site, err)
		}
		out = append(out, part...)
	}
	slices.SortFunc(out, func(a, b CounterPayment) int { return cmp.Or(a.TakenAt.Compare(b.TakenAt), cmp.Compare(a.Key, b.Key)) })
	return out, nil
}

// Overdue lists unconfirmed transfers taken before an instant, oldest first, at most
// 500.
func (r reads) Overdue(ctx context.Context, before time.Time) ([]CounterPayment, error) {
	return queryAll(ctx, r.q, scanCounter, sqlOverdue, at(before))
}

// referenceKey is what tells the reference from others. The later payments of one sale share
// its reference, which is taken by the first.
func (c CounterPayment) referenceKey() string {
	key := typed.Reference(c.Reference)
	if key != "" && c.SaleKey != "" && c.SaleKey != c.Key {
		key += "/" + c.Key
	}
	return key
}

// InsertCounterPayment notes what the counter took; false when another payment
// has its key or its reference.
func (t *Tx) InsertCounterPayment(ctx context.Context, c CounterPayment) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO counter_payments (key, order_id, method, amount, given, reference, staff_id, staff_name, shift_id, taken_ms, confirmed_ms, confirmed_by, reference_key, sale_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`, c.Key, string(c.OrderID), string(c.Method), int64(c.Amount), int64(c.Given),
		c.Reference, c.StaffID, c.StaffName, orNull(c.ShiftID), at(c.TakenAt), at(c.ConfirmedAt), c.ConfirmedBy, orNull(c.referenceKey()), c.SaleKey)
	if err != nil {
		return false, fmt.Errorf("insert counter payment %s: %w", c.Key, err)
	}
	return fresh, nil
}

// ConfirmCounterPayment notes that the money is really here; once. What was
// given up before counts again.
func (t *Tx) ConfirmCounterPayment(ctx context.Context, key, by string) (bool, error) {
	fresh, err := t.touched(ctx, `UPDATE counter_payments SET confirmed_ms = $2, confirmed_by = $3, written_ms = NULL WHERE key = $1 AND confirmed_ms IS NULL`, key, at(t.now), by)
	if err != nil || !fresh {
		return fresh, err
	}
	return true, t.countPayment(ctx, key, unixMillis{})
}

// WriteOff gives up a receivable: its payment does not count any more. false: it is
// confirmed or written off already.
func (t *Tx) WriteOff(ctx context.Context, key string) (bool, error) {
	written, err := t.touched(ctx, `UPDATE counter_payments SET written_ms = $2 WHERE key = $1 AND confirmed_ms IS NULL AND written_ms IS NULL`, key, at(t.now))
	if err != nil || !written {
		return written, err
	}
	return true, t.countPayment(ctx, key, at(t.now))
}

// CounterByReference finds the payment that has a reference, however it was
// written.
func (r reads) CounterByReference(ctx context.Context, reference string) (CounterPayment, bool, error) {
	return queryOptional(ctx, r.q, scanCounter, sqlByReference, typed.Reference(reference))
}

// UnkeyedReferences lists payments from before references had a normal form, the
// oldest first, at most 500.
func (r reads) UnkeyedReferences(ctx context.Context) ([]CounterPayment, error) {
	return queryAll(ctx, r.q, scanCounter, sqlUnkeyed)
}

// KeyReference gives a payment the normal form of its reference. doubled: an
// earlier payment has it already, and both stay.
func (t *Tx) KeyReference(ctx context.Context, c CounterPayment) (doubled bool, err error) {
	key := typed.Reference(c.Reference)
	n, err := queryOne(ctx, t.q, scanInt, sqlReferenceTaken, key)
	if err != nil {
		return false, fmt.Errorf("key reference of %s: %w", c.Key, err)
	}
	if doubled = n > 0; doubled || key == "" {
		key += "/" + c.Key
	}
	if _, err := t.touched(ctx, sqlKeyReference, c.Key, key); err != nil {
		return false, fmt.Errorf("key reference of %s: %w", c.Key, err)
	}
	return doubled, nil
}
