package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/fault"
)

// ErrTrialNotFound: there is no such trial.
var ErrTrialNotFound = fault.New(fault.NotFound, "trial.not_found")

// Trial is a sale that was tried out on a router.
type Trial struct {
	ID, Nonce        string
	RouterID, PlanID string
	Username         string
	By               string // as the audit trail names people
	At               time.Time
	SeenAt           time.Time // when the router showed the user, zero while it has not
	RemovedAt        time.Time // when the user was gone again, zero while it may be there
	Failure          string    // fault code of why it is not seen, "" for none
}

// OK reports whether a sale would have worked, and left nothing.
func (t Trial) OK() bool { return !t.SeenAt.IsZero() && !t.RemovedAt.IsZero() && t.Failure == "" }

const trialColumns = `id, nonce, router_id, plan_id, username, asked_by, at_ms, seen_ms, removed_ms, failure`

var (
	sqlTrial        = request(`SELECT ` + trialColumns + ` FROM trials WHERE id = $1`)
	sqlTrialByNonce = request(`SELECT ` + trialColumns + ` FROM trials WHERE nonce = $1`)
	sqlLastTrial    = request(`SELECT ` + trialColumns + ` FROM trials WHERE router_id = $1 ORDER BY id DESC LIMIT 1`)
)

func scanTrial(row scanner) (Trial, error) {
	var t Trial
	var at, seen, removed unixMillis
	err := row.Scan(&t.ID, &t.Nonce, &t.RouterID, &t.PlanID, &t.Username, &t.By, &at, &seen, &removed, &t.Failure)
	t.At, t.SeenAt, t.RemovedAt = at.Time, seen.Time, removed.Time
	return t, err
}

// Trial reads one. Errors: ErrTrialNotFound.
func (r reads) Trial(ctx context.Context, id string) (Trial, error) {
	return queryRow(ctx, r.q, scanTrial, ErrTrialNotFound, sqlTrial, id)
}

// TrialByNonce finds the one of a form.
func (r reads) TrialByNonce(ctx context.Context, nonce string) (Trial, bool, error) {
	return queryOptional(ctx, r.q, scanTrial, sqlTrialByNonce, nonce)
}

// LastTrial is the last one of a router.
func (r reads) LastTrial(ctx context.Context, routerID string) (Trial, bool, error) {
	return queryOptional(ctx, r.q, scanTrial, sqlLastTrial, routerID)
}

// InsertTrial keeps one that begins.
func (t *Tx) InsertTrial(ctx context.Context, x Trial) error {
	if _, err := t.exec(ctx, `INSERT INTO trials (id, nonce, router_id, plan_id, username, asked_by, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		x.ID, x.Nonce, x.RouterID, x.PlanID, x.Username, x.By, at(x.At)); err != nil {
		return fmt.Errorf("insert trial on %s: %w", x.RouterID, err)
	}
	return nil
}

// SaveTrial keeps how far one has come. What is there already stays.
func (t *Tx) SaveTrial(ctx context.Context, x Trial) error {
	if _, err := t.exec(ctx, `UPDATE trials SET seen_ms = COALESCE(seen_ms, $2), removed_ms = COALESCE(removed_ms, $3), failure = $4 WHERE id = $1`,
		x.ID, at(x.SeenAt), at(x.RemovedAt), x.Failure); err != nil {
		return fmt.Errorf("save trial %s: %w", x.ID, err)
	}
	return nil
}
