package store

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/secret"
)

// The audit trail is signed, part by part: a part ends when another key is put into
// force, and each keeps its key sealed, so that all of them can be proved for ever. Who
// has the database and not the key cannot compute a chain again.

type auditHead struct {
	seq         int64
	hash, keyID string // keyID "": the chain is not signed yet
}

func scanAuditHead(r scanner) (auditHead, error) {
	var h auditHead
	err := r.Scan(&h.seq, &h.hash, &h.keyID)
	return h, err
}

func auditKeyPurpose(from int64) string { return fmt.Sprintf("audit_key:%d", from) }

// signer is what signs the rows after the head: the key of the part, or the one in force
// where a part begins.
func (t *Tx) signer(ctx context.Context, h auditHead) (secret.Signer, error) {
	switch {
	case t.beginAudit && h.keyID != t.keys.First(), h.keyID == "" && h.seq == 0:
		return t.beginAuditPart(ctx, h.seq+1)
	case h.keyID == "":
		return secret.Signer{}, errors.New("the audit trail is not signed yet: run 'gerai migrate'")
	}
	signer, known := t.keys.Signer(h.keyID)
	if !known {
		return signer, errUnreadable(fmt.Errorf("the key %s that signs the audit trail is not in GERAI_SECRET_KEY", h.keyID))
	}
	return signer, nil
}

// beginAuditPart has the key in force sign from a row on.
func (t *Tx) beginAuditPart(ctx context.Context, from int64) (secret.Signer, error) {
	signer, known := t.keys.Signer(t.keys.First())
	if !known {
		return signer, errUnreadable(errors.New("no key is configured"))
	}
	sealed, err := t.sealer.seal(signer.Text(), auditKeyPurpose(from))
	if err != nil {
		return signer, err
	}
	if _, err := t.exec(ctx, `INSERT INTO audit_keys (from_seq, key_id, key_sealed) VALUES ($1, $2, $3)`, from, t.keys.First(), sealed); err != nil {
		return signer, err
	}
	_, err = t.exec(ctx, `UPDATE audit_head SET key_id = $1 WHERE id = 1`, t.keys.First())
	return signer, err
}

// auditKey signs the rows from one on.
type auditKey struct {
	from   int64
	id     string
	sealed string
	signer secret.Signer
}

// auditKeys are all parts, the first one first.
type auditKeys []auditKey

// of is what signs a row; nothing signs rows from before the first part.
func (k auditKeys) of(seq int64) (signer secret.Signer) {
	for _, part := range k {
		if part.from <= seq {
			signer = part.signer
		}
	}
	return signer
}

func (r reads) auditKeys(ctx context.Context) (auditKeys, error) {
	all, err := queryAll(ctx, r.q, func(row scanner) (auditKey, error) {
		var k auditKey
		err := row.Scan(&k.from, &k.id, &k.sealed)
		return k, err
	}, `SELECT from_seq, key_id, key_sealed FROM audit_keys ORDER BY from_seq`)
	if err != nil {
		return nil, fmt.Errorf("read keys of the audit trail: %w", err)
	}
	for i, k := range all {
		plain, _, err := r.keys.Open(k.sealed, auditKeyPurpose(k.from))
		if err != nil {
			return nil, errUnreadable(fmt.Errorf("key of the audit trail from row %d: %w", k.from, err))
		}
		if all[i].signer, err = secret.ParseSigner(plain); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// signsSince is the step of migration since which the trail is signed.
const signsSince = 34

// signsAudit reports whether the schema knows signatures: a backup of an older shop is
// proved before it is migrated. It is asked of the schema's number and not of the tables,
// so that a shop without its keys of the trail is not taken for an older one.
func (r reads) signsAudit(ctx context.Context) (bool, error) {
	version, err := queryOne(ctx, r.q, scanInt, `SELECT COALESCE(MAX(version_id), 0) FROM `+versions+` WHERE is_applied`)
	if err != nil {
		return false, fmt.Errorf("read schema version: %w", err)
	}
	return version >= signsSince, nil
}

// auditSigned reports whether the end of the trail is signed as its head says.
func (r reads) auditSigned(ctx context.Context) error {
	h, err := queryRow(ctx, r.q, scanAuditHead, ErrNoAuditHead, `SELECT seq, hash, key_id FROM audit_head WHERE id = 1`)
	if err != nil || h.seq == 0 {
		return err
	}
	keys, err := r.auditKeys(ctx)
	if err != nil {
		return err
	}
	if len(keys) == 0 || keys[len(keys)-1].id != h.keyID {
		return fmt.Errorf("audit rows are there and their end is not signed by the key %q of its head: the chain was made anew", h.keyID)
	}
	return nil
}

// resealAuditKeys brings the keys of the audit trail under the key in force.
func (t *Tx) resealAuditKeys(ctx context.Context) (n int, err error) {
	all, err := t.auditKeys(ctx)
	if err != nil {
		return 0, err
	}
	for _, k := range all {
		value := &k.sealed
		before := k.sealed
		if _, err := t.sealer.reseal(&value, auditKeyPurpose(k.from)); err != nil {
			return n, err
		}
		if *value == before {
			continue
		}
		if _, err := t.exec(ctx, `UPDATE audit_keys SET key_sealed = $2 WHERE from_seq = $1`, k.from, *value); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
