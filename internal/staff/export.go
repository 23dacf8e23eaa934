package staff

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"gerai/internal/store"
)

// exportHead names the columns of an exported trail.
var exportHead = []string{"seq", "time", "actor", "action", "subject", "detail", "address", "session", "staff_id", "name_now", "role", "reason", "prev_hash", "hash"}

// exportStep is how many rows are read at once.
const exportStep = 1000

// ExportAudit writes the trail that a filter finds as CSV in UTF-8, the newest
// row first, and returns how many rows it wrote; most bounds them, 0 is all.
// No cell can be taken for a formula.
func (o *Office) ExportAudit(ctx context.Context, w io.Writer, f store.AuditFilter, most int) (rows int, err error) {
	out := csv.NewWriter(w)
	if err := out.Write(exportHead); err != nil {
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
			if err := out.Write(exported(row, names)); err != nil {
				return rows, fmt.Errorf("export audit: %w", err)
			}
		}
		rows, f.Before = rows+len(page.Rows), page.More
		out.Flush()
		if err := out.Error(); err != nil {
			return rows, fmt.Errorf("export audit: %w", err)
		}
		if page.More == 0 || (most > 0 && rows >= most) {
			return rows, nil
		}
	}
}

func exported(row store.AuditRow, names Names) []string {
	var from struct{ From, Session, Reason string }
	_ = json.Unmarshal([]byte(row.Detail), &from) // a detail without them has none
	cells := []string{strconv.FormatInt(row.Seq, 10), row.At.Format(time.RFC3339Nano), row.Actor, row.Action, row.Subject, row.Detail, from.From, from.Session, row.StaffID, names.Now(row.StaffID), row.Role, from.Reason, row.PrevHash, row.Hash}
	for i, c := range cells {
		cells[i] = harmless(c)
	}
	return cells
}

// harmless keeps spreadsheets from running a cell: what could begin a formula
// gets an apostrophe in front (OWASP, CSV injection).
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// NoteExport writes down that somebody took rows of the trail along.
func (o *Office) NoteExport(ctx context.Context, p Person, rows int) error {
	return o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		tx.Audit("audit.export", "audit", map[string]any{"rows": rows})
		return nil
	})
}
