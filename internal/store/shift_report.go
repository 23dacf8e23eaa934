package store

import (
	"context"
	"fmt"

	"gerai/internal/money"
	"gerai/payments"
)

// ShiftSale is what one plan brought by one method during a shift. Open is the part that
// is not confirmed: transfers and credit.
type ShiftSale struct {
	SiteID, PlanID, Plan string // Plan is its name as it was sold
	Method               payments.Method
	N, OpenN             int64
	Amount, Open         money.Rupiah
}

var (
	// The name is the one on the receipt: a plan may have been renamed since.
	sqlShiftSales = request(`SELECT o.site_id, o.plan_id, ` + itemText("o.item", "Name") + `, c.method, COUNT(*), CAST(SUM(c.amount) AS BIGINT),
		SUM(CASE WHEN c.confirmed_ms IS NULL THEN 1 ELSE 0 END), CAST(SUM(CASE WHEN c.confirmed_ms IS NULL THEN c.amount ELSE 0 END) AS BIGINT)
		FROM counter_payments c JOIN orders o ON o.id = c.order_id WHERE c.shift_id = $1 AND c.written_ms IS NULL GROUP BY 1, 2, 3, 4 ORDER BY 3, 2, 4`)
	sqlShiftUndone = request(`SELECT COUNT(*), CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) FROM counter_payments c JOIN refunds f ON f.order_id = c.order_id
		AND f.payment_key = c.key AND f.reason = 'staff' AND f.state <> 'rejected' WHERE c.shift_id = $1`)
)

// ShiftSales adds up what was sold during a shift, by plan and way to pay,
// without what was given up since.
func (r reads) ShiftSales(ctx context.Context, shiftID string) ([]ShiftSale, error) {
	out, err := queryAll(ctx, r.q, func(row scanner) (ShiftSale, error) {
		var s ShiftSale
		var amount, open int64
		err := row.Scan(&s.SiteID, &s.PlanID, &s.Plan, &s.Method, &s.N, &amount, &s.OpenN, &open)
		s.Amount, s.Open = money.Rupiah(amount), money.Rupiah(open)
		return s, err
	}, r.rebind(sqlShiftSales), shiftID)
	if err != nil {
		return nil, fmt.Errorf("sales of shift %s: %w", shiftID, err)
	}
	return out, nil
}

// ShiftUndone counts the refunds that staff asked for on what was sold during a
// shift, whenever that was: the corrections of its sales.
func (r reads) ShiftUndone(ctx context.Context, shiftID string) (TillSum, error) {
	return queryOne(ctx, r.q, func(row scanner) (TillSum, error) {
		var s TillSum
		var amount int64
		err := row.Scan(&s.Count, &amount)
		s.Amount = money.Rupiah(amount)
		return s, err
	}, sqlShiftUndone, shiftID)
}
