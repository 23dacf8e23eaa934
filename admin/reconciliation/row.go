package reconciliation

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/reconcile"
	"gerai/internal/store"
	"gerai/templates"
)

// row shows one row: both sides of it, where it is dealt with, and who looks into it.
func row(k *web.Request) error { return showRow(k, nil) }

// showRow shows the page, with a form that was refused because of cause.
func showRow(k *web.Request, cause error, fields ...string) error {
	r, err := k.Store.ReconciliationRow(k.AuditContext(), k.Param("id"))
	if err != nil {
		return err
	}
	p, err := k.Panel("reconciliation")
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if cause != nil {
		form, ok := k.Typed(cause, fields...)
		if !ok {
			return cause
		}
		p.Form, status = form, httpx.Status(cause)
	}
	names, err := readNames(k)
	if err != nil {
		return err
	}
	page := templates.ReconciliationRowPage{Panel: p, ReconciliationLine: line(k, p, r, names), ID: r.ID, At: r.At, Month: p.Month(r.Month.First().Date()), Gateway: r.Gateway, Key: r.Key, Reference: r.Reference, Lines: r.Lines,
		Expected: r.FeeExpected, FeeFinal: r.FeeFinal, Settled: p.T("reconciliation.settlement." + string(r.Settled)), SettlesAt: r.SettlesAt, FoundAt: r.FoundAt, ChangedAt: r.ChangedAt, OpenedAt: r.OpenedAt,
		ClosedAt: r.ClosedAt, ClosedBy: web.Who(p, r.ClosedBy), Why: r.Why, Help: p.T("reconciliation.help." + string(r.State))}
	if r.Settled == "" {
		page.Settled = ""
	}
	page.Act, page.ActName = act(p, r)
	if page.Ask = r.IsOpen(); page.Ask && r.Kind == reconcile.AccessRow && names.routers[r.RouterID] != "" {
		page.Router = web.Root + "/routers/" + r.RouterID + "/review"
	}
	if page.Owners, err = ownerChoices(k, r.OwnerID); err != nil {
		return err
	}
	notes, err := k.Store.ReconciliationNotes(k.AuditContext(), r.ID)
	for _, n := range notes {
		page.Notes = append(page.Notes, templates.ReconciliationNote{Text: n.Text, By: n.StaffName, At: n.At})
	}
	if err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, page)
}

// act is the page where a row is dealt with, and what it is called.
func act(p templates.Panel, r store.ReconciliationRow) (href, name string) {
	to := r.Act()
	switch to {
	case reconcile.ToMoney:
		href = web.Root + "/money"
	case reconcile.ToFees:
		href = web.Root + "/reports/fees"
	case reconcile.ToRefund:
		href = web.Root + "/refunds/" + r.RefundID
	case reconcile.ToVoucher:
		href = web.Root + "/vouchers/" + r.VoucherID
	case reconcile.ToOrder:
		href = web.Root + "/orders/" + string(r.Code)
	default:
		return "", ""
	}
	return href, p.T("reconciliation.act." + string(to))
}

// assign gives the row to an account.
func assign(k *web.Request) error {
	err := k.Shop.Reconciliation.Assign(k.AuditContext(), k.Actor(), k.Param("id"), k.FormValue("owner"))
	return rowDone(k, "reconciliation.assign", err, "owner")
}

// note writes something down about the row.
func note(k *web.Request) error {
	err := k.Shop.Reconciliation.Note(k.AuditContext(), k.Actor(), k.Param("id"), k.FormValue("note"))
	return rowDone(k, "reconciliation.note", err, "note")
}

// explain closes the row with a reason.
func explain(k *web.Request) error {
	err := k.Shop.Reconciliation.Explain(k.AuditContext(), k.Actor(), k.Param("id"), k.FormValue("reason"))
	return rowDone(k, "reconciliation.explain", err, "reason")
}

// ask has the row looked up again.
func ask(k *web.Request) error {
	return rowDone(k, "reconciliation.ask", k.Shop.Reconciliation.AskAgain(k.AuditContext(), k.Actor(), k.Param("id")))
}

// rowDone shows the row with what was done, or with the form that was refused.
func rowDone(k *web.Request, done string, err error, fields ...string) error {
	if err != nil {
		return showRow(k, err, fields...)
	}
	return k.SeeOther("/reconciliation/"+k.Param("id"), "m", done)
}
