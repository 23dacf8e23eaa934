package store

import (
	"context"
	"fmt"
	"time"
)

// Proof shows that a refund was handed over.
type Proof struct {
	MediaType, AddedBy string
	Body               []byte
	AddedAt            time.Time
}

var sqlProof = request(`SELECT media_type, body, added_by, added_ms FROM refund_proofs WHERE refund_id = $1`)

// Proof reads a refund's proof, if there is one.
func (r reads) Proof(ctx context.Context, refundID string) (Proof, bool, error) {
	return queryOptional(ctx, r.q, func(row scanner) (Proof, error) {
		var p Proof
		var added unixMillis
		err := row.Scan(&p.MediaType, &p.Body, &p.AddedBy, &added)
		p.AddedAt = added.Time
		return p, err
	}, sqlProof, refundID)
}

// InsertProof keeps a refund's proof, once.
func (t *Tx) InsertProof(ctx context.Context, refundID string, p Proof) error {
	if _, err := t.exec(ctx, `INSERT INTO refund_proofs (refund_id, media_type, body, added_by, added_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (refund_id) DO NOTHING`,
		refundID, p.MediaType, p.Body, p.AddedBy, at(t.now)); err != nil {
		return fmt.Errorf("keep proof of refund %s: %w", refundID, err)
	}
	return nil
}
