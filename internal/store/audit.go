package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gerai/internal/secret"
)

// AuditRow is one row of the audit trail: who did what to what. Every row carries the
// hash of the one before, so that changing or removing one is detected.
type AuditRow struct {
	Seq      int64
	At       time.Time
	Actor    string // as the person was called then
	StaffID  string // "" for what is no person of the panel, and in rows from before there were ids
	Role     string // of the person, then
	Action   string
	Subject  string
	Detail   string // JSON
	PrevHash string
	Hash     string
}

type entry struct {
	action, subject string
	detail          map[string]any
}

// Audit notes an act; it is written just before the commit. Secrets, phone
// numbers and credentials must not be passed in. "from" and "session" in the
// detail belong to the origin.
func (t *Tx) Audit(action, subject string, detail map[string]any) {
	t.pendingAudit = append(t.pendingAudit, entry{action, subject, detail})
}

// Origin is who acts and from where: the network address, the session, named
// by the first characters of its hash, and the account with its role.
type Origin struct{ Address, Session, StaffID, Role string }

type originKey struct{}

// WithOrigin makes every act under the context carry where it came from.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// As names the account that acts where it is only made, or found out, in this
// transaction.
func (t *Tx) As(s Staff) { t.who.StaffID, t.who.Role = s.ID, s.Role }

// located adds the origin to an act's detail, which cannot hide it.
func located(ctx context.Context, detail map[string]any) map[string]any {
	o, known := ctx.Value(originKey{}).(Origin)
	if !known {
		return detail
	}
	out := map[string]any{}
	maps.Copy(out, detail)
	out["from"], out["session"] = o.Address, o.Session
	return out
}

// writeAudit appends the noted acts to the chain. The head row is locked last
// and briefly: it is the one place where transactions queue.
func (t *Tx) writeAudit(ctx context.Context) error {
	if len(t.pendingAudit) == 0 {
		return nil
	}
	h, err := queryRow(ctx, t.q, scanAuditHead, ErrNoAuditHead, t.s.db.rebind(sqlLockAuditHead))
	if err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	signer, err := t.signer(ctx, h)
	if err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	rows := make([]AuditRow, 0, len(t.pendingAudit))
	for _, e := range t.pendingAudit {
		detail, err := json.Marshal(located(ctx, e.detail))
		if err != nil {
			return fmt.Errorf("write audit: %w", err)
		}
		row := AuditRow{Seq: h.seq + 1, At: t.now, Actor: t.actor, StaffID: t.who.StaffID, Role: t.who.Role, Action: e.action, Subject: e.subject, Detail: string(detail), PrevHash: h.hash}
		row.Hash = row.sum(signer)
		rows = append(rows, row)
		h.seq, h.hash = row.Seq, row.Hash
	}
	for part := range slices.Chunk(rows, auditPart) {
		if err := t.insertAudit(ctx, part); err != nil {
			return fmt.Errorf("write audit: %w", err)
		}
	}
	return nil
}

var sqlLockAuditHead = request(`SELECT seq, hash, key_id FROM audit_head WHERE id = 1 /*pg FOR UPDATE pg*/`)

// auditPart is how many rows one statement writes: the acts of an order's step, so that
// few texts are prepared.
const auditPart = 4

// insertAudit appends rows and moves the head to the last one. On PostgreSQL both are one
// statement: until the commit every other transaction with acts waits for the head.
func (t *Tx) insertAudit(ctx context.Context, rows []AuditRow) error {
	const move = `UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1`
	last := rows[len(rows)-1]
	args, with := []any{last.Seq, last.Hash}, `WITH head AS (`+move+`) `
	if !t.s.db.postgres {
		if _, err := t.exec(ctx, move, args...); err != nil {
			return err
		}
		args, with = nil, ""
	}
	marks := make([]string, len(rows))
	for i, row := range rows {
		n := len(args)
		marks[i] = fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4, n+5, n+6, n+7, n+8, n+9, n+10)
		args = append(args, row.Seq, at(row.At), row.Actor, row.StaffID, row.Role, row.Action, row.Subject, row.Detail, row.PrevHash, row.Hash)
	}
	_, err := t.exec(ctx, with+`INSERT INTO audit (`+auditColumns+`) VALUES `+strings.Join(marks, ", "), args...)
	return err
}

// sum is the row's hash: signed, or plain in a chain from before chains were signed. A row without an account has the shape that every row had
// before accounts were part of it, so that old chains stay sound; the two shapes differ
// in length and none can be passed off as the other.
func (a AuditRow) sum(signer secret.Signer) string {
	parts := []any{a.Seq, a.At.UnixMilli(), a.Actor, a.Action, a.Subject, a.Detail, a.PrevHash}
	if a.StaffID != "" || a.Role != "" {
		parts = append(parts, a.StaffID, a.Role)
	}
	text, _ := json.Marshal(parts) // plain values always encode
	if !signer.Empty() {
		return signer.Sign(text)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

const auditColumns = `seq, at_ms, actor, staff_id, role, action, subject, detail, prev_hash, hash`

func scanAudit(r scanner) (AuditRow, error) {
	var a AuditRow
	var when unixMillis
	err := r.Scan(&a.Seq, &when, &a.Actor, &a.StaffID, &a.Role, &a.Action, &a.Subject, &a.Detail, &a.PrevHash, &a.Hash)
	a.At = when.Time
	return a, err
}

var sqlAuditOf = request(`SELECT ` + auditColumns + ` FROM audit WHERE subject = $1 ORDER BY seq`)

// AuditOf lists what happened to one subject, for example "order:01H…".
func (r reads) AuditOf(ctx context.Context, subject string) ([]AuditRow, error) {
	return queryAll(ctx, r.q, scanAudit, sqlAuditOf, subject)
}

// VerifyAudit walks the whole chain and returns how many rows are sound. The
// error names the first row that is not.
func (r reads) VerifyAudit(ctx context.Context) (int64, error) {
	signed, err := r.signsAudit(ctx)
	if err != nil {
		return 0, err
	}
	var seq int64
	prev := ""
	for {
		// Other transactions append during the walk: the head is read first, and rows up
		// to it have to be there.
		end, hash, err := r.AuditEnd(ctx)
		if err != nil {
			return seq, err
		}
		// A concurrent rotation may begin another part of the chain: its key is there by then.
		page, err := queryAll(ctx, r.q, scanAudit, `SELECT `+auditColumns+` FROM audit WHERE seq > $1 ORDER BY seq LIMIT 1000`, seq)
		if err != nil {
			return seq, err
		}
		if len(page) == 0 && (end != seq || hash != prev) {
			return seq, fmt.Errorf("audit ends at row %d but its head says otherwise: rows are missing", seq)
		}
		if len(page) == 0 && !signed {
			return seq, nil
		}
		if len(page) == 0 {
			return seq, r.auditSigned(ctx)
		}
		var keys auditKeys
		if signed {
			if keys, err = r.auditKeys(ctx); err != nil {
				return seq, err
			}
		}
		for _, row := range page {
			if row.Seq != seq+1 || row.PrevHash != prev || row.Hash != row.sum(keys.of(row.Seq)) {
				return seq, fmt.Errorf("audit row %d does not follow from row %d: changed, added or removed", row.Seq, seq)
			}
			seq, prev = row.Seq, row.Hash
		}
	}
}
