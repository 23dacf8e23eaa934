package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/voucher"
)

// Batch is many vouchers of one plan for one router.
type Batch struct {
	ID, Code, Nonce string
	SiteID          string
	RouterID        string
	PlanID          string
	Item            order.Item // the plan as it was
	catalog.Codes
	Server    string
	Note      string
	Comment   string // what the router keeps with each user
	Count     int
	Drawn     int // rows that exist
	State     voucher.BatchState
	Problem   string // fault code
	CreatedBy string
	CreatedAt time.Time
	DoneAt    time.Time
}

const batchColumns = `id, code, nonce, site_id, router_id, plan_id, item, server, mode, charset, length, prefix, note, comment, count, drawn, state, problem,
	created_by, created_ms, done_ms`

func scanBatch(r scanner) (Batch, error) {
	var b Batch
	var item string
	var created, done unixMillis
	err := r.Scan(&b.ID, &b.Code, &b.Nonce, &b.SiteID, &b.RouterID, &b.PlanID, &item, &b.Server, &b.Mode, &b.Charset, &b.Length, &b.Prefix, &b.Note, &b.Comment,
		&b.Count, &b.Drawn, &b.State, &b.Problem, &b.CreatedBy, &created, &done)
	if err != nil {
		return b, err
	}
	b.CreatedAt, b.DoneAt = created.Time, done.Time
	if err := json.Unmarshal([]byte(item), &b.Item); err != nil {
		return b, fmt.Errorf("batch %s: item: %w", b.ID, err)
	}
	return b, nil
}

var (
	sqlBatch          = request(`SELECT ` + batchColumns + ` FROM batches WHERE id = $1`)
	sqlBatchByCode    = request(`SELECT ` + batchColumns + ` FROM batches WHERE code = $1`)
	sqlBatchesOfNonce = request(`SELECT ` + batchColumns + ` FROM batches WHERE nonce = $1 ORDER BY id`)
	sqlRunningBatches = background(`SELECT ` + batchColumns + ` FROM batches WHERE state = 'running' ORDER BY id`)
)

// Batch reads one batch. Errors: ErrBatchNotFound.
func (r reads) Batch(ctx context.Context, id string) (Batch, error) {
	return queryRow(ctx, r.q, scanBatch, ErrBatchNotFound, sqlBatch, id)
}

// BatchByCode reads the batch people name, if there is one.
func (r reads) BatchByCode(ctx context.Context, code string) (Batch, bool, error) {
	return queryOptional(ctx, r.q, scanBatch, sqlBatchByCode, code)
}

// BatchesOfNonce lists the batches that one form made.
func (r reads) BatchesOfNonce(ctx context.Context, nonce string) ([]Batch, error) {
	return queryAll(ctx, r.q, scanBatch, sqlBatchesOfNonce, nonce)
}

// RunningBatches lists the batches that are being made.
func (r reads) RunningBatches(ctx context.Context) ([]Batch, error) {
	return queryAll(ctx, r.q, scanBatch, sqlRunningBatches)
}

// ListBatches lists batches of the sites, all for none, newest first, older
// than the batch before.
func (r reads) ListBatches(ctx context.Context, sites []string, before string, limit int) ([]Batch, error) {
	if len(sites) == 0 {
		sites = []string{""}
	}
	var out []Batch
	for _, site := range sites { // one walk down the index of each site
		query, args := batchStatement(site, before, limit)
		found, err := queryAll(ctx, r.q, scanBatch, query, args...)
		if err != nil {
			return nil, fmt.Errorf("list batches: %w", err)
		}
		out = append(out, found...)
	}
	slices.SortFunc(out, func(a, b Batch) int { return cmp.Compare(b.ID, a.ID) })
	return out[:min(len(out), limit)], nil
}

// batchStatement is the text and the values of a listing of one site, or of all.
func batchStatement(site, before string, limit int) (string, []any) {
	var q clauses
	if site != "" {
		q.add("site_id = ", site)
	}
	if before != "" {
		q.add("id < ", before)
	}
	return `SELECT ` + batchColumns + ` FROM batches WHERE ` + q.where() + ` ORDER BY id DESC LIMIT ` + q.arg(limit), q.args
}

// InsertBatch writes a new batch. Errors: Conflict "batch.taken" when its code
// is in use, or its form already made one for this router.
func (t *Tx) InsertBatch(ctx context.Context, b Batch) error {
	item, err := json.Marshal(b.Item)
	if err != nil {
		return err
	}
	fresh, err := t.touched(ctx, `INSERT INTO batches (`+batchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT DO NOTHING`, b.ID, b.Code, b.Nonce, b.SiteID, b.RouterID, b.PlanID, string(item), b.Server, b.Mode, string(b.Charset), b.Length, b.Prefix, b.Note, b.Comment,
		b.Count, b.Drawn, string(b.State), b.Problem, b.CreatedBy, at(b.CreatedAt), at(b.DoneAt))
	if err == nil && !fresh {
		err = ErrBatchTaken.With(errors.New("code or form"))
	}
	if err != nil {
		return fmt.Errorf("insert batch %s: %w", b.Code, err)
	}
	return nil
}

// GrowBatch notes that n more rows exist, if the batch still runs and no other
// worker added any since b was read.
func (t *Tx) GrowBatch(ctx context.Context, b Batch, n int) (bool, error) {
	return t.touched(ctx, `UPDATE batches SET drawn = drawn + $3 WHERE id = $1 AND drawn = $2 AND state = 'running'`, b.ID, b.Drawn, n)
}

// ShrinkBatch makes a cancelled batch want no more than what it has.
func (t *Tx) ShrinkBatch(ctx context.Context, id string) error {
	_, err := t.exec(ctx, `UPDATE batches SET count = drawn WHERE id = $1 AND state = 'cancelled' AND drawn > 0`, id)
	return err
}

// MoveBatch gives a batch another state if it is in one of from.
func (t *Tx) MoveBatch(ctx context.Context, id string, state voucher.BatchState, problem string, from ...voucher.BatchState) (bool, error) {
	done := unixMillis{}
	if state == voucher.BatchDone {
		done = at(t.now)
	}
	args := []any{id, string(state), problem, done}
	marks := in(&args, from)
	moved, err := t.touched(ctx, `UPDATE batches SET state = $2, problem = $3, done_ms = COALESCE($4, done_ms) WHERE id = $1 AND state IN (`+marks+`)`, args...)
	if err != nil {
		return false, fmt.Errorf("move batch %s to %s: %w", id, state, err)
	}
	return moved, nil
}
