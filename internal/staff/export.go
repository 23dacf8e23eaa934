package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"gerai/internal/sheet"
	"gerai/internal/store"
)

// exportHead names the columns of an exported trail.
var exportHead = []any{"seq", "time", "actor", "action", "subject", "detail", "address", "session", "staff_id", "name_now", "role", "reason", "prev_hash", "hash"}

// exportStep is how many rows are read at once.
const exportStep = 1000

// ExportAudit writes the audit rows that match a filter as CSV in UTF-8, the newest
// row first, and returns how many rows it wrote; most bounds them, 0 is all.
// No cell can be taken for a formula.
func (o *Accounts) ExportAudit(ctx context.Context, w io.Writer, f store.AuditFilter, most int) (rows int, err error) {
	out, err := sheet.New(w, sheet.Options{})
	if err == nil {
		err = out.Row(exportHead...)
	}
	if err != nil {
		return 0, fmt.Errorf("export audit: %w", err)
	}
	names, err := o.Names(ctx)
	if err != nil {
		return 0, err
	}
	for {
		f.Limit = exportStep
		if most > 0 {
			f.Limit = min(f.Limit, most-rows)
		}
		page, err := o.Store.SearchAudit(ctx, f)
		if err != nil {
			return rows, err
		}
		for _, row := range page.Rows {
			if err := out.Row(exported(row, names)...); err != nil {
				return rows, fmt.Errorf("export audit: %w", err)
			}
		}
		rows, f.Before = rows+len(page.Rows), page.More
		if page.More > 0 && (most == 0 || rows < most) {
			continue
		}
		if err := out.Close(); err != nil {
			return rows, fmt.Errorf("export audit: %w", err)
		}
		return rows, nil
	}
}

func exported(row store.AuditRow, names Names) []any {
	var from struct{ From, Session, Reason string }
	_ = json.Unmarshal([]byte(row.Detail), &from) // a detail without them has none
	return []any{row.Seq, row.At.Format(time.RFC3339Nano), row.Actor, row.Action, row.Subject, row.Detail, from.From, from.Session, row.StaffID, names.Now(row.StaffID), row.Role, from.Reason, row.PrevHash, row.Hash}
}

// NoteExport records in the audit trail that rows of it were exported.
func (o *Accounts) NoteExport(ctx context.Context, p Principal, rows int) error {
	return o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		tx.Audit("audit.export", "audit", map[string]any{"rows": rows})
		return nil
	})
}
