package store

import (
	"context"
	"fmt"
	"time"
)

// Kinds of instants that a wrong clock wrote.
const (
	ErrorOrder = "order" // an order's creation and the time to pay it; subject: order id
	ErrorSold  = "sold"  // a voucher's sale; subject: voucher id
	ErrorLogin = "login" // a voucher's first login; subject: voucher id
)

// ClockError is a row whose instants are off by so much.
type ClockError struct {
	Kind string
	ID   string
	Off  time.Duration // what the clock told less the right time
	Run  string        // of clock.Verifier, with Base
	Base time.Time
}

var sqlClockErrors = request(`SELECT kind, id, off_ms, run, base_ms FROM clock_errors ORDER BY kind, id LIMIT $1`)

func scanClockError(r scanner) (ClockError, error) {
	var e ClockError
	var off int64
	var base unixMillis
	err := r.Scan(&e.Kind, &e.ID, &off, &e.Run, &base)
	e.Base = base.Time
	e.Off = time.Duration(off) * time.Millisecond
	return e, err
}

// ClockErrors lists rows to be put right.
func (r reads) ClockErrors(ctx context.Context, limit int) ([]ClockError, error) {
	return queryAll(ctx, r.q, scanClockError, sqlClockErrors, limit)
}

// NoteClockError notes a row that this transaction writes by a wrong clock; the
// first note stays.
func (t *Tx) NoteClockError(ctx context.Context, e ClockError) error {
	_, err := t.exec(ctx, `INSERT INTO clock_errors (kind, id, off_ms, noted_ms, run, base_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, id) DO NOTHING`,
		e.Kind, e.ID, e.Off.Milliseconds(), at(t.now), e.Run, at(e.Base))
	if err != nil {
		return fmt.Errorf("note clock error of %s %s: %w", e.Kind, e.ID, err)
	}
	return nil
}

// TakeClockError removes a note; false when another replica did.
func (t *Tx) TakeClockError(ctx context.Context, e ClockError) (bool, error) {
	return t.touched(ctx, `DELETE FROM clock_errors WHERE kind = $1 AND id = $2`, e.Kind, e.ID)
}
