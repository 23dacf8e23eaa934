package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

// Shift is one person's till from opening to counting.
type Shift struct {
	ID, StaffID, StaffName string
	OpenedAt, ClosedAt     time.Time
	Opening                money.Rupiah
	Counted, Expected      money.Rupiah // of a closed one
	Note                   string
}

// Kinds of moves of a till.
const (
	TillSale   = "sale"
	TillCredit = "credit"
	TillRefund = "refund"
)

// TillMove is money in (positive) or out of a till. Source makes it happen
// once: "payment:KEY", "credit:KEY" or "refund:ID".
type TillMove struct {
	Source, ShiftID, Kind string
	Amount                money.Rupiah
	OrderID               order.ID
	Code                  order.Code
	At                    time.Time
}

const shiftQuery = `SELECT h.id, h.staff_id, s.name, h.opened_ms, h.closed_ms, h.opening, COALESCE(h.counted, 0), COALESCE(h.expected, 0), h.note
	FROM shifts h JOIN staff s ON s.id = h.staff_id `

func scanShift(r scanner) (Shift, error) {
	var s Shift
	var opened, closed unixMillis
	var opening, counted, expected int64
	err := r.Scan(&s.ID, &s.StaffID, &s.StaffName, &opened, &closed, &opening, &counted, &expected, &s.Note)
	s.OpenedAt, s.ClosedAt = opened.Time, closed.Time
	s.Opening, s.Counted, s.Expected = money.Rupiah(opening), money.Rupiah(counted), money.Rupiah(expected)
	return s, err
}

var (
	sqlShift     = request(shiftQuery + `WHERE h.id = $1`)
	sqlOpenShift = request(shiftQuery + `WHERE h.staff_id = $1 AND h.closed_ms IS NULL`)
	sqlShifts    = request(shiftQuery + `WHERE (h.opened_ms, h.id) < ($1, $2) ORDER BY h.opened_ms DESC, h.id DESC LIMIT $3`)
	sqlShiftsOf  = request(shiftQuery + `WHERE h.staff_id = $4 AND (h.opened_ms, h.id) < ($1, $2) ORDER BY h.opened_ms DESC, h.id DESC LIMIT $3`)
	sqlTill      = request(`SELECT source, shift_id, kind, amount, order_id, code, at_ms FROM till WHERE shift_id = $1 ORDER BY at_ms, source`)
	sqlTillSites = request(`SELECT o.site_id FROM till m JOIN orders o ON o.id = m.order_id WHERE m.shift_id = $1
		UNION SELECT o.site_id FROM counter_payments c JOIN orders o ON o.id = c.order_id WHERE c.shift_id = $1`)
	sqlTillSums = request(`SELECT kind, COUNT(*), SUM(amount) FROM till WHERE shift_id = $1 GROUP BY kind`)
)

const noShift = "shift.not_found"

// Shift reads one shift. Errors: NotFound "shift.not_found".
func (r reads) Shift(ctx context.Context, id string) (Shift, error) {
	return queryRow(ctx, r.q, scanShift, noShift, sqlShift, id)
}

// OpenShift reads a person's open shift, if there is one.
func (r reads) OpenShift(ctx context.Context, staffID string) (Shift, bool, error) {
	return queryOptional(ctx, r.q, scanShift, sqlOpenShift, staffID)
}

// ShiftCursor is where a listing of shifts goes on: strictly older than this one.
type ShiftCursor struct {
	OpenedAt time.Time
	ID       string
}

// Shifts lists shifts, the last first; staffID "" means those of all accounts.
func (r reads) Shifts(ctx context.Context, staffID string, before ShiftCursor, limit int) ([]Shift, error) {
	if staffID == "" {
		return queryAll(ctx, r.q, scanShift, sqlShifts, at(before.OpenedAt), before.ID, limit)
	}
	return queryAll(ctx, r.q, scanShift, sqlShiftsOf, at(before.OpenedAt), before.ID, limit, staffID)
}

// Till lists the moves of a shift.
func (r reads) Till(ctx context.Context, shiftID string) ([]TillMove, error) {
	return queryAll(ctx, r.q, func(row scanner) (TillMove, error) {
		var m TillMove
		var id *string
		var amount int64
		var when unixMillis
		err := row.Scan(&m.Source, &m.ShiftID, &m.Kind, &amount, &id, &m.Code, &when)
		m.Amount, m.OrderID, m.At = money.Rupiah(amount), order.ID(orEmpty(id)), when.Time
		return m, err
	}, sqlTill, shiftID)
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

// InsertShift opens a shift; false when the person has one.
func (t *Tx) InsertShift(ctx context.Context, s Shift) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO shifts (id, staff_id, opened_ms, opening) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		s.ID, s.StaffID, at(s.OpenedAt), int64(s.Opening))
	if err != nil {
		return false, fmt.Errorf("open shift of %s: %w", s.StaffID, err)
	}
	return fresh, nil
}

// CloseShift writes what was counted; false when it is closed already.
func (t *Tx) CloseShift(ctx context.Context, s Shift) (bool, error) {
	return t.touched(ctx, `UPDATE shifts SET closed_ms = $2, counted = $3, expected = $4, note = $5 WHERE id = $1 AND closed_ms IS NULL`,
		s.ID, at(s.ClosedAt), int64(s.Counted), int64(s.Expected), s.Note)
}

// LockShift keeps an open shift from being closed until the transaction ends;
// false when it is closed.
func (t *Tx) LockShift(ctx context.Context, id string) (bool, error) {
	return t.touched(ctx, `UPDATE shifts SET note = note WHERE id = $1 AND closed_ms IS NULL`, id)
}

// MoveTill adds a move to a till, once per source.
func (t *Tx) MoveTill(ctx context.Context, m TillMove) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO till (source, shift_id, kind, amount, order_id, code, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		m.Source, m.ShiftID, m.Kind, int64(m.Amount), orNull(string(m.OrderID)), string(m.Code), at(t.now))
	if err != nil {
		return false, fmt.Errorf("move till: %s: %w", m.Source, err)
	}
	return fresh, nil
}
