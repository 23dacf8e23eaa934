package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

// Kinds of moves of a till.
const (
	TillSale   = "sale"
	TillCredit = "credit"
	TillRefund = "refund"
	TillIn     = "in"  // put in by hand
	TillOut    = "out" // taken out by hand
)

// TillMove is money in (positive) or out of a till. Source makes it happen
// once: "payment:KEY", "credit:KEY", "refund:ID" or "hand:NONCE".
type TillMove struct {
	Source, ShiftID, Kind string
	Amount                money.Rupiah
	OrderID               order.ID
	Code                  order.Code
	At                    time.Time
	Reason                string // of a move by hand
}

var (
	sqlTill      = request(`SELECT source, shift_id, kind, amount, order_id, code, at_ms, reason FROM till WHERE shift_id = $1 ORDER BY at_ms, source`)
	sqlTillMove  = request(`SELECT source, shift_id, kind, amount, order_id, code, at_ms, reason FROM till WHERE source = $1`)
	sqlTillSites = request(`SELECT o.site_id FROM till m JOIN orders o ON o.id = m.order_id WHERE m.shift_id = $1
		UNION SELECT o.site_id FROM counter_payments c JOIN orders o ON o.id = c.order_id WHERE c.shift_id = $1`)
	sqlTillSums = request(`SELECT kind, COUNT(*), SUM(amount) FROM till WHERE shift_id = $1 GROUP BY kind`)
)

func scanTillMove(row scanner) (TillMove, error) {
	var m TillMove
	var id *string
	var amount int64
	var when unixMillis
	err := row.Scan(&m.Source, &m.ShiftID, &m.Kind, &amount, &id, &m.Code, &when, &m.Reason)
	m.Amount, m.OrderID, m.At = money.Rupiah(amount), order.ID(orEmpty(id)), when.Time
	return m, err
}

// Till lists the moves of a shift.
func (r reads) Till(ctx context.Context, shiftID string) ([]TillMove, error) {
	return queryAll(ctx, r.q, scanTillMove, sqlTill, shiftID)
}

// TillMove reads the move of a source.
func (r reads) TillMove(ctx context.Context, source string) (TillMove, bool, error) {
	return queryOptional(ctx, r.q, scanTillMove, sqlTillMove, source)
}

// TillSum is what one kind of move added up to.
type TillSum struct {
	Kind   string
	Count  int64
	Amount money.Rupiah
}

// TillSums adds up a shift's moves by kind.
func (r reads) TillSums(ctx context.Context, shiftID string) ([]TillSum, error) {
	return queryAll(ctx, r.q, func(row scanner) (TillSum, error) {
		var s TillSum
		var amount int64
		err := row.Scan(&s.Kind, &s.Count, &amount)
		s.Amount = money.Rupiah(amount)
		return s, err
	}, sqlTillSums, shiftID)
}

// ShiftSites lists the sites that a shift's money came from, transfers too.
func (r reads) ShiftSites(ctx context.Context, shiftID string) ([]string, error) {
	return queryAll(ctx, r.q, scanString, sqlTillSites, shiftID)
}

// MoveTill adds a move to a till, once per source.
func (t *Tx) MoveTill(ctx context.Context, m TillMove) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO till (source, shift_id, kind, amount, order_id, code, at_ms, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		m.Source, m.ShiftID, m.Kind, int64(m.Amount), orNull(string(m.OrderID)), string(m.Code), at(t.now), m.Reason)
	if err != nil {
		return false, fmt.Errorf("move till: %s: %w", m.Source, err)
	}
	return fresh, nil
}
