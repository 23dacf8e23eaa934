package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
)

// Shift is one person's till from opening to counting.
type Shift struct {
	ID, StaffID, StaffName string
	OpenedAt, ClosedAt     time.Time
	Opening                money.Rupiah
	Counted, Expected      money.Rupiah // of a closed one
	Note                   string
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
)

// Shift reads one shift. Errors: ErrShiftNotFound.
func (r reads) Shift(ctx context.Context, id string) (Shift, error) {
	return queryRow(ctx, r.q, scanShift, ErrShiftNotFound, sqlShift, id)
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
