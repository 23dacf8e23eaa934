package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// Anchor is the end of the audit chain at one moment. Kept outside the database it
// proves that no earlier row was changed, even if the whole chain was computed
// again.
type Anchor struct {
	At   time.Time `json:"at"`
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"`
}

// keptAnchors is a quarter of a year.
const keptAnchors = 92

// Anchors lists the kept ones, the oldest first.
func (o *Accounts) Anchors(ctx context.Context) ([]Anchor, error) { return anchors(ctx, o.Store) }

func anchors(ctx context.Context, r interface {
	AuditAnchors(context.Context) (string, bool, error)
}) (all []Anchor, err error) {
	text, found, err := r.AuditAnchors(ctx)
	if err != nil || !found {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("read audit anchors: %w", err)
	}
	return all, nil
}

// Anchor keeps the end of the audit chain, once each day (UTC) on which
// something was added.
func (o *Accounts) Anchor(ctx context.Context) error {
	now := o.Clock.Now()
	due := func(all []Anchor) bool {
		return len(all) == 0 || all[len(all)-1].At.Format(time.DateOnly) != now.Format(time.DateOnly)
	}
	if all, err := o.Anchors(ctx); err != nil || !due(all) {
		return err
	}
	err := o.Store.InTx(ctx, actor.Named("server"), func(tx *store.Tx) error {
		all, err := anchors(ctx, tx)
		if err != nil || !due(all) {
			return err
		}
		seq, hash, err := tx.AuditEnd(ctx)
		if err != nil || seq == 0 || (len(all) > 0 && all[len(all)-1].Seq == seq) {
			return err
		}
		all = append(all, Anchor{At: now, Seq: seq, Hash: hash})
		text, err := json.Marshal(all[max(0, len(all)-keptAnchors):])
		if err != nil {
			return err
		}
		return tx.PutAuditAnchors(ctx, string(text))
	})
	if err != nil {
		return fmt.Errorf("anchor the audit trail: %w", err)
	}
	return nil
}

// VerifyAudit walks the whole audit chain and holds it against the kept anchors
// and those noted elsewhere. It returns how many rows are sound; the error
// names the first thing that is not.
func (o *Accounts) VerifyAudit(ctx context.Context, noted ...Anchor) (rows int64, err error) {
	if rows, err = o.Store.VerifyAudit(ctx); err != nil {
		return rows, err
	}
	kept, err := o.Anchors(ctx)
	if err != nil {
		return rows, err
	}
	for _, a := range append(kept, noted...) {
		row, err := o.Store.AuditAt(ctx, a.Seq)
		if err != nil {
			return rows, fmt.Errorf("the row %d of an anchor is gone: %w", a.Seq, err)
		}
		if row.Hash != a.Hash {
			return rows, fmt.Errorf("row %d is not the one that was anchored: the chain was made anew", a.Seq)
		}
	}
	return rows, nil
}
