package reconciliation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/reconcile"
	"gerai/internal/sheet"
	"gerai/internal/store"
	"gerai/templates"
)

// columns are the heads of a file, below "reconciliation.column.".
var columns = []string{"day", "month", "kind", "state", "order", "reference", "method", "here", "there", "difference", "fee", "fee_expected", "settlement", "settles", "opened", "owner", "closed", "why", "key", "lines", "router", "differs"}

// export writes the rows of the page's filter, all of them, into a file.
func export(k *web.Request) error {
	q, err := inquire(k, k.FormValue)
	if err != nil {
		return err
	}
	p, err := k.Panel("reconciliation")
	if err != nil {
		return err
	}
	names, err := readNames(k)
	if err != nil {
		return err
	}
	local := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.In(k.Zone)
	}
	f := q.ReconciliationFilter
	f.Before = store.ReconciliationCursor{}
	o := web.SheetOptions(k, p.T("web.menu.reconciliation"))
	fill := func(ctx context.Context, w sheet.Writer) error {
		var head []any
		for _, c := range columns {
			head = append(head, p.T("reconciliation.column."+c))
		}
		if err := w.Row(head...); err != nil {
			return err
		}
		return k.Store.EachReconciliation(ctx, f, func(r store.ReconciliationRow) error {
			settled := ""
			if r.Settled != "" {
				settled = p.T("reconciliation.settlement." + string(r.Settled))
			}
			return w.Row(sheet.Date(r.Day), string(r.Month), p.T("reconciliation.kind."+string(r.Kind)), p.T("reconciliation.state."+string(r.State)), r.Code.Pretty(), r.Reference, p.Method(string(r.Method)), r.Here, r.There,
				r.There-r.Here, r.Fee, r.FeeExpected, settled, local(r.SettlesAt), local(r.OpenedAt), names.staff[r.OwnerID], local(r.ClosedAt), r.Why, r.Key, strings.Join(r.Lines, " "), names.routers[r.RouterID], differs(p, r))
		})
	}
	name := fmt.Sprintf("gerai-reconciliation-%s-%s.%s", q.from, q.to, o.Format)
	return web.Stream(k, name, o, fill, func() error {
		return k.Shop.Reconciliation.Export(k.AuditContext(), k.Actor(), string(o.Format), f)
	})
}

// differs is how a router differs about a voucher, or what the gateway calls a movement.
func differs(p templates.Panel, r store.ReconciliationRow) string {
	if r.Kind != reconcile.AccessRow {
		return r.Note
	}
	kinds, _ := access(p, r)
	return strings.Join(kinds, ", ")
}
