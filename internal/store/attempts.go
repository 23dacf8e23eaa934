package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

const attemptColumns = `id, order_id, no, method, amount, reference, idem_key, state, gateway_id, method_id, qr, va, expires_ms, failure, created_ms, asked_ms, seen_ms`

func scanAttempt(r scanner) (order.Attempt, error) {
	var a order.Attempt
	var amount int64
	var gateway *string
	var expires, created, asked, seen unixMillis
	err := r.Scan(&a.ID, &a.OrderID, &a.No, &a.Method, &amount, &a.Reference, &a.Key, &a.State, &gateway, &a.MethodID, &a.QR, &a.VA, &expires, &a.Failure, &created, &asked, &seen)
	a.Amount, a.ExpiresAt, a.CreatedAt = money.Rupiah(amount), expires.Time, created.Time
	a.AskedAt, a.SeenAt = asked.Time, seen.Time
	if gateway != nil {
		a.GatewayID = *gateway
	}
	return a, err
}

var (
	sqlAttempts    = request(`SELECT ` + attemptColumns + ` FROM attempts WHERE order_id = $1 ORDER BY no`)
	sqlAttempt     = request(`SELECT ` + attemptColumns + ` FROM attempts WHERE order_id = $1 AND no = $2`)
	sqlAttemptByID = request(`SELECT ` + attemptColumns + ` FROM attempts WHERE id = $1`)
	sqlOfReference = request(`SELECT order_id FROM attempts WHERE reference = $1`)
	sqlOfGateway   = request(`SELECT order_id FROM attempts WHERE gateway_id = $1`)
	// Subqueries for one value, which no engine turns into a look through all attempts.
	sqlCharged    = request(`SELECT COUNT(*) FROM orders o WHERE o.status = 'pending' AND (SELECT MAX(a.no) FROM attempts a WHERE a.order_id = o.id AND a.gateway_id IS NOT NULL) > 0`)
	sqlLastCharge = request(`SELECT (SELECT a.gateway_id FROM attempts a WHERE a.order_id = o.id AND a.gateway_id IS NOT NULL ORDER BY a.no DESC LIMIT 1) FROM orders o
		WHERE o.status = 'pending' AND (SELECT MAX(a.no) FROM attempts a WHERE a.order_id = o.id AND a.gateway_id IS NOT NULL) > 0 ORDER BY o.created_ms DESC, o.id DESC LIMIT 1`)
	sqlAttemptSeen = request(`UPDATE attempts SET seen_ms = $2 WHERE id = $1 AND state = 'creating'`)
)

// Attempts lists an order's attempts, first one first.
func (r reads) Attempts(ctx context.Context, id order.ID) ([]order.Attempt, error) {
	return queryAll(ctx, r.q, scanAttempt, sqlAttempts, string(id))
}

// Attempt reads one attempt. Errors: ErrAttemptNotFound.
func (r reads) Attempt(ctx context.Context, id order.ID, no int) (order.Attempt, error) {
	return queryRow(ctx, r.q, scanAttempt, ErrAttemptNotFound, sqlAttempt, string(id), no)
}

// AttemptByID reads one attempt. Errors: ErrAttemptNotFound.
func (r reads) AttemptByID(ctx context.Context, id string) (order.Attempt, error) {
	return queryRow(ctx, r.q, scanAttempt, ErrAttemptNotFound, sqlAttemptByID, id)
}

// OrderOfReference finds whose attempt has the reference in a gateway's message, if it is ours.
func (r reads) OrderOfReference(ctx context.Context, reference string) (order.ID, bool, error) {
	id, found, err := queryOptional(ctx, r.q, scanString, sqlOfReference, reference)
	return order.ID(id), found, err
}

// OrderOfGatewayID finds whose attempt has a gateway charge, if it is ours.
func (r reads) OrderOfGatewayID(ctx context.Context, gatewayID string) (order.ID, bool, error) {
	id, found, err := queryOptional(ctx, r.q, scanString, sqlOfGateway, gatewayID)
	return order.ID(id), found, err
}

// OpenCharges counts the unpaid orders that a gateway has a charge of, and names the newest
// charge.
func (r reads) OpenCharges(ctx context.Context) (orders int, newest string, err error) {
	n, _, err := queryOptional(ctx, r.q, scanInt, sqlCharged)
	if err == nil {
		newest, _, err = queryOptional(ctx, r.q, scanString, sqlLastCharge)
	}
	return int(n), newest, err
}

// InsertAttempt writes a new attempt.
func (t *Tx) InsertAttempt(ctx context.Context, a order.Attempt) error {
	return t.insertAttempt(ctx, a, 0)
}

// InsertLeasedAttempt writes a new attempt that is leased, as by LeaseAttempt, to a caller who
// asks the gateway from a.AskedAt on.
func (t *Tx) InsertLeasedAttempt(ctx context.Context, a order.Attempt, until time.Time) error {
	return t.insertAttempt(ctx, a, until.UnixMilli())
}

func (t *Tx) insertAttempt(ctx context.Context, a order.Attempt, busyUntil int64) error {
	_, err := t.exec(ctx, `INSERT INTO attempts (`+attemptColumns+`, busy_until_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		a.ID, string(a.OrderID), a.No, string(a.Method), int64(a.Amount), a.Reference, a.Key, string(a.State), orNull(a.GatewayID), a.MethodID, a.QR, a.VA,
		at(a.ExpiresAt), a.Failure, at(a.CreatedAt), at(a.AskedAt), at(a.SeenAt), busyUntil)
	if err != nil {
		return fmt.Errorf("insert attempt %s: %w", a.Reference, err)
	}
	return nil
}

// SaveAttempt writes what the gateway told us. A settled attempt stays settled.
func (t *Tx) SaveAttempt(ctx context.Context, a order.Attempt) error {
	_, err := t.exec(ctx, `UPDATE attempts SET state = $2, gateway_id = $3, method_id = $4, qr = $5, va = $6, failure = $7
		WHERE id = $1 AND (state <> 'settled' OR $2 = 'settled')`,
		a.ID, string(a.State), orNull(a.GatewayID), a.MethodID, a.QR, a.VA, a.Failure)
	if err != nil {
		return fmt.Errorf("save attempt %s: %w", a.Reference, err)
	}
	return nil
}

// LeaseAttempt lets one caller talk to the gateway about an attempt that has no
// charge yet, and notes that from now on the gateway may know one. leased is
// false while another caller holds the lease; asked reports whether the gateway
// might have known one before. A lease that ends after latest was made by a
// clock that was ahead and holds nothing.
func (t *Tx) LeaseAttempt(ctx context.Context, id string, now, until, latest time.Time) (leased, asked bool, err error) {
	leased, err = t.touched(ctx, `UPDATE attempts SET busy_until_ms = $3 WHERE id = $1 AND state = 'creating' AND (busy_until_ms <= $2 OR busy_until_ms > $4)`, id, at(now), at(until), at(latest))
	if err == nil && leased {
		var fresh bool
		fresh, err = t.touched(ctx, `UPDATE attempts SET asked_ms = $2 WHERE id = $1 AND asked_ms IS NULL`, id, at(now))
		asked = !fresh
	}
	if err != nil {
		return false, false, fmt.Errorf("lease attempt %s: %w", id, err)
	}
	return leased, asked, nil
}

// ReleaseAttempt shortens a lease that ends at leased to until, if no other
// caller has the attempt by now. none says that the gateway certainly made no
// charge and was never asked for one before.
func (t *Tx) ReleaseAttempt(ctx context.Context, id string, leased, until time.Time, none bool) error {
	_, err := t.exec(ctx, `UPDATE attempts SET busy_until_ms = $2, asked_ms = CASE WHEN $3 THEN NULL ELSE asked_ms END WHERE id = $1 AND gateway_id IS NULL AND busy_until_ms = $4`,
		id, at(until), none, at(leased))
	if err != nil {
		return fmt.Errorf("release attempt %s: %w", id, err)
	}
	return nil
}

// AttemptSeen notes that a page of the order is open while the attempt has no
// charge.
func (t *Tx) AttemptSeen(ctx context.Context, id string) error {
	if _, err := t.exec(ctx, sqlAttemptSeen, id, at(t.now)); err != nil {
		return fmt.Errorf("note open page of attempt %s: %w", id, err)
	}
	return nil
}
