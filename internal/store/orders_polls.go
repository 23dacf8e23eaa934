package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
)

var (
	sqlLeasePolls = request(`UPDATE orders SET check_ms = $2, check_set_ms = $1 WHERE check_ms <= $1 AND id IN
		(SELECT id FROM orders WHERE check_ms IS NOT NULL AND check_ms <= $1 ORDER BY check_ms, id LIMIT $3 /*pg FOR UPDATE SKIP LOCKED pg*/)
		RETURNING ` + orderColumns)
	sqlTouchPoll  = request(`UPDATE orders SET check_ms = $2, check_set_ms = $2 WHERE id = $1 AND check_ms > $2 AND (checked_ms IS NULL OR checked_ms <= $3 OR checked_ms > $2)`)
	sqlPollsDue   = request(`SELECT check_ms FROM orders WHERE check_ms IS NOT NULL AND check_ms <= $1 LIMIT 1`)
	sqlPollsAhead = request(`SELECT check_set_ms FROM orders WHERE check_ms IS NOT NULL AND check_set_ms IS NOT NULL ORDER BY check_set_ms DESC LIMIT 1`)
)

// TouchPoll brings the next gateway read of a watched order to now, unless
// the last one is more recent than notBefore.
func (t *Tx) TouchPoll(ctx context.Context, id order.ID, notBefore time.Duration) (bool, error) {
	return t.touched(ctx, sqlTouchPoll, string(id), at(t.now), at(t.now.Add(-notBefore)))
}

// PollsDue reports whether LeasePolls would find an order.
func (r reads) PollsDue(ctx context.Context, now time.Time) (bool, error) {
	_, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlPollsDue, at(now))
	if err != nil {
		return false, fmt.Errorf("look for due gateway reads: %w", err)
	}
	return found, nil
}

// LeasePolls takes orders whose gateway read is due and moves their next one to next, so
// that no other replica takes them during the read.
func (t *Tx) LeasePolls(ctx context.Context, now, next time.Time, limit int) ([]order.Order, error) {
	out, err := queryAll(ctx, t.q, t.scanOrder, t.s.db.rebind(sqlLeasePolls), at(now), at(next), limit)
	if err != nil {
		return nil, fmt.Errorf("claim checks: %w", err)
	}
	return out, nil
}

// PollsAhead reports whether a gateway read was scheduled after an instant.
func (r reads) PollsAhead(ctx context.Context, after time.Time) (bool, error) {
	last, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlPollsAhead)
	if err != nil {
		return false, fmt.Errorf("look for checks ahead of the clock: %w", err)
	}
	return found && last.After(after), nil
}

// PullPolls makes every gateway read due that was scheduled after an instant.
func (t *Tx) PullPolls(ctx context.Context, after time.Time) error {
	if _, err := t.exec(ctx, `UPDATE orders SET check_ms = $1, check_set_ms = $1 WHERE check_ms IS NOT NULL AND check_set_ms > $2`, at(t.now), at(after)); err != nil {
		return fmt.Errorf("pull checks forward: %w", err)
	}
	return nil
}
