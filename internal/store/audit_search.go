package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AuditFilter narrows the audit trail; zero values mean "any".
type AuditFilter struct {
	Actor string // as written: "staff:siti", "cli:root", "server"
	// Staff are account ids. Names are actors as written that stand for a
	// person in rows from before accounts were noted. Either finds.
	Staff, Names []string
	Action       string // "staff.add", or a family: "staff."
	Subject      string // as written: "order:01H…"
	From, To     time.Time
	Text         string // anywhere in the detail, whatever the case
	Before       int64  // strictly older than this row; 0: from the end
	Limit        int    // at most 1000
}

// reach is how many rows one page looks through for a text or a family of acts:
// no index knows what is inside them, and no request may read the whole trail.
const reach = 20_000

// AuditPage is one page of the audit trail, newest first. More is where the next one
// continues, 0 at the end; with a text or a family a page may be empty and still have
// more.
type AuditPage struct {
	Rows []AuditRow
	More int64
}

var sqlHead = request(`SELECT seq FROM audit_head WHERE id = 1`)

// SearchAudit reads a page of the audit trail. Pages are cut by row number.
func (r reads) SearchAudit(ctx context.Context, f AuditFilter) (AuditPage, error) {
	if f.Limit <= 0 || f.Limit > 1000 {
		f.Limit = 1000
	}
	if f.Before <= 0 {
		head, err := queryRow(ctx, r.q, scanInt, ErrNoAuditHead, sqlHead)
		if err != nil {
			return AuditPage{}, err
		}
		f.Before = head + 1
	}
	var found []AuditRow
	floor := f.floor()
	// One walk down an index for each person and old name; they are merged.
	for _, w := range f.walks() {
		query, args := f.statement(w, floor)
		rows, err := queryAll(ctx, r.q, scanAudit, query, args...)
		if err != nil {
			return AuditPage{}, fmt.Errorf("search audit: %w", err)
		}
		found = append(found, rows...)
	}
	slices.SortFunc(found, func(a, b AuditRow) int { return cmp.Compare(b.Seq, a.Seq) })
	if len(found) > f.Limit {
		return AuditPage{Rows: found[:f.Limit], More: found[f.Limit-1].Seq}, nil
	}
	page := AuditPage{Rows: found}
	if floor > 0 {
		page.More = floor + 1
	}
	return page, nil
}

// walk is one way to whose rows are wanted.
type walk struct{ clause, value string }

func (f AuditFilter) walks() (out []walk) {
	for _, id := range f.Staff {
		out = append(out, walk{"staff_id = ?", id})
	}
	for _, name := range f.Names {
		out = append(out, walk{"staff_id = '' AND actor = ?", name})
	}
	if len(out) == 0 {
		out = append(out, walk{})
	}
	return out
}

func (f AuditFilter) family() bool { return strings.HasSuffix(f.Action, ".") }

// floor is the row number below which a page does not search, 0 for none.
func (f AuditFilter) floor() int64 {
	if f.Text != "" || f.family() {
		return max(0, f.Before-1-reach)
	}
	return 0
}

// statement is the text and the values of one walk.
func (f AuditFilter) statement(w walk, floor int64) (string, []any) {
	where, args := []string{}, []any{}
	add := func(clause string, v any) {
		args = append(args, v)
		where = append(where, strings.ReplaceAll(clause, "?", fmt.Sprintf("$%d", len(args))))
	}
	add("seq < ?", f.Before)
	if w.clause != "" {
		add(w.clause, w.value)
	}
	if f.Actor != "" {
		add("actor = ?", f.Actor)
	}
	switch {
	case f.family(): // no range: collations of PostgreSQL do not sort by character
		add(`action LIKE ? ESCAPE '\'`, literally(f.Action)+"%")
	case f.Action != "":
		add("action = ?", f.Action)
	}
	if f.Subject != "" {
		add("subject = ?", f.Subject)
	}
	if !f.From.IsZero() {
		add("at_ms >= ?", at(f.From))
	}
	if !f.To.IsZero() {
		add("at_ms < ?", at(f.To))
	}
	if floor > 0 {
		add("seq > ?", floor)
	}
	if f.Text != "" {
		add(`LOWER(detail) LIKE ? ESCAPE '\'`, inDetail(f.Text))
	}
	args = append(args, f.Limit+1)
	return `SELECT ` + auditColumns + ` FROM audit WHERE ` + strings.Join(where, " AND ") + fmt.Sprintf(` ORDER BY seq DESC LIMIT $%d`, len(args)), args
}

// inDetail is the pattern that finds a text in a detail, which is JSON.
func inDetail(text string) string {
	quoted, _ := json.Marshal(strings.ToLower(text)) // a string always encodes
	inner := string(quoted[1 : len(quoted)-1])
	return "%" + literally(inner) + "%"
}

// AuditAfter lists audit rows in order, for exports and anchors.
func (r reads) AuditAfter(ctx context.Context, seq int64, limit int) ([]AuditRow, error) {
	return queryAll(ctx, r.q, scanAudit, sqlAuditAfter, seq, limit)
}

// AuditAt reads one row. Errors: ErrAuditRowNotFound.
func (r reads) AuditAt(ctx context.Context, seq int64) (AuditRow, error) {
	return queryRow(ctx, r.q, scanAudit, ErrAuditRowNotFound, sqlAuditAt, seq)
}

// AuditEnd reads the newest row's number and hash; 0 and "" when there is none.
func (r reads) AuditEnd(ctx context.Context) (seq int64, hash string, err error) {
	_, err = queryRow(ctx, r.q, func(row scanner) (struct{}, error) { return struct{}{}, row.Scan(&seq, &hash) }, ErrNoAuditHead, sqlAuditEnd)
	return seq, hash, err
}

var (
	sqlAuditAfter = request(`SELECT ` + auditColumns + ` FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`)
	sqlAuditAt    = request(`SELECT ` + auditColumns + ` FROM audit WHERE seq = $1`)
	sqlAuditEnd   = request(`SELECT seq, hash FROM audit_head WHERE id = 1`)
)
