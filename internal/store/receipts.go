package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

// Receipt is the number under which an order's money is in the books, and what
// the price held of tax at that moment.
type Receipt struct {
	OrderID    order.ID
	Year       int // of its issue, in the operator's time zone
	No         int // 1, 2, 3 … within the year; only a restore leaves numbers out
	TaxPercent int
	Tax        money.Rupiah // included in the price
	IssuedAt   time.Time
}

// Number is the receipt's number as people read it: 2026-000123.
func (r Receipt) Number() string { return fmt.Sprintf("%04d-%06d", r.Year, r.No) }

const receiptColumns = `order_id, year, no, tax_percent, tax, issued_ms`

func scanReceipt(r scanner) (Receipt, error) {
	var x Receipt
	var tax int64
	var issued unixMillis
	err := r.Scan(&x.OrderID, &x.Year, &x.No, &x.TaxPercent, &tax, &issued)
	x.Tax, x.IssuedAt = money.Rupiah(tax), issued.Time
	return x, err
}

var (
	sqlReceipt    = request(`SELECT ` + receiptColumns + ` FROM receipts WHERE order_id = $1`)
	sqlReceipts   = background(`SELECT ` + receiptColumns + ` FROM receipts WHERE year = $1 AND no > $2 ORDER BY no LIMIT 500`)
	sqlUnreceived = background(`SELECT ` + orderColumns + ` FROM orders WHERE paid_ms IS NOT NULL AND (cancelled_ms IS NULL OR forced_ms IS NOT NULL)
		AND id NOT IN (SELECT order_id FROM receipts) ORDER BY paid_ms, id LIMIT 200`)
)

// Receipt reads an order's receipt, if it has one.
func (r reads) Receipt(ctx context.Context, id order.ID) (Receipt, bool, error) {
	return queryOptional(ctx, r.q, scanReceipt, sqlReceipt, string(id))
}

// Receipts lists a year's receipts whose number is greater than after, by
// number, at most 500.
func (r reads) Receipts(ctx context.Context, year, after int) ([]Receipt, error) {
	return queryAll(ctx, r.q, scanReceipt, sqlReceipts, year, after)
}

// PaidWithoutReceipt lists orders that were paid before there were receipts,
// in the order they were paid, at most 200.
func (r reads) PaidWithoutReceipt(ctx context.Context) ([]order.Order, error) {
	return queryAll(ctx, r.q, r.scanOrder, sqlUnreceived)
}

// IssueReceipt gives an order the year's next number, once: fresh is false
// when it had one. The year's row stays locked until the commit; call it last.
func (t *Tx) IssueReceipt(ctx context.Context, r Receipt) (_ Receipt, fresh bool, err error) {
	had, found, err := t.Receipt(ctx, r.OrderID)
	if err != nil || found {
		return had, false, err
	}
	return t.NumberReceipt(ctx, r)
}

// NumberReceipt is IssueReceipt for an order that had none a moment ago.
func (t *Tx) NumberReceipt(ctx context.Context, r Receipt) (_ Receipt, fresh bool, err error) {
	next, err := queryOne(ctx, t.q, scanInt, `INSERT INTO receipt_years (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = receipt_years.last + 1 RETURNING last`, r.Year)
	if err != nil {
		return r, false, fmt.Errorf("number receipt of order %s: %w", r.OrderID, err)
	}
	r.No, r.IssuedAt = int(next), t.now
	fresh, err = t.touched(ctx, `INSERT INTO receipts (`+receiptColumns+`) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (order_id) DO NOTHING`,
		string(r.OrderID), r.Year, r.No, r.TaxPercent, int64(r.Tax), at(r.IssuedAt))
	if err != nil {
		return r, false, fmt.Errorf("insert receipt of order %s: %w", r.OrderID, err)
	}
	if fresh {
		return r, true, nil
	}
	// Another transaction has issued it while this one waited for the number.
	if _, err := t.exec(ctx, `UPDATE receipt_years SET last = last - 1 WHERE year = $1`, r.Year); err != nil {
		return r, false, fmt.Errorf("give back number of receipt of order %s: %w", r.OrderID, err)
	}
	had, _, err := t.Receipt(ctx, r.OrderID)
	return had, false, err
}

// receiptsFrom has a year's next number come after one.
func (t *Tx) receiptsFrom(ctx context.Context, year, last int) error {
	_, err := t.exec(ctx, `INSERT INTO receipt_years (year, last) VALUES ($1, $2)
		ON CONFLICT (year) DO UPDATE SET last = CASE WHEN receipt_years.last < excluded.last THEN excluded.last ELSE receipt_years.last END`, year, last)
	if err != nil {
		return fmt.Errorf("number receipts of %d: %w", year, err)
	}
	return nil
}
