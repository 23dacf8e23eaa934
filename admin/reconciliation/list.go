package reconciliation

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// list shows the rows that need a person, or those of some days.
func list(k *web.Request) error { return showList(k, nil) }

// showList shows the page, with a form that was refused because of cause.
func showList(k *web.Request, cause error) error {
	p, err := k.Panel("reconciliation")
	if err != nil {
		return err
	}
	q, wrong := inquire(k, k.Query)
	status := fiber.StatusOK
	if cause == nil {
		cause = wrong
	}
	if cause != nil {
		form, ok := k.Typed(cause, "from", "to")
		if !ok {
			return cause
		}
		p.Form, status = form, httpx.Status(cause)
	}
	page := templates.ReconciliationPage{Panel: p, All: !q.Open, From: string(q.from), To: string(q.to), Today: string(k.Shop.Reports.ThisDay()),
		Ranged: q.From != "", Filtered: q.Open && q.From != "" || q.Kind != "" || q.State != "" || q.Owner != ""}
	if wrong == nil {
		for _, fill := range []func(*web.Request, inquiry, *templates.ReconciliationPage) error{fillRows, fillSums, fillChoices} {
			if err := fill(k, q, &page); err != nil {
				return err
			}
		}
	}
	for _, fill := range []func(*web.Request, *templates.ReconciliationPage) error{fillDays, fillRouters, fillMonths} {
		if err := fill(k, &page); err != nil {
			return err
		}
	}
	return k.SendPage(status, p.Theme, page)
}

func fillRows(k *web.Request, q inquiry, page *templates.ReconciliationPage) error {
	f := q.ReconciliationFilter
	f.Limit = rowsPerPage + 1
	found, err := k.Store.ReconciliationRows(k.AuditContext(), f)
	if err != nil {
		return err
	}
	if len(found) > rowsPerPage {
		found = found[:rowsPerPage]
		last := found[rowsPerPage-1]
		page.Next = page.Href(web.Root+"/reconciliation", q.pairs("before", string(last.Day)+"."+last.ID)...)
	}
	names, err := readNames(k)
	if err != nil {
		return err
	}
	for _, r := range found {
		page.Rows = append(page.Rows, line(k, page.Panel, r, names))
	}
	return nil
}

// names say what accounts and routers are called, by id.
type names struct{ staff, routers map[string]string }

func readNames(k *web.Request) (names, error) {
	out := names{staff: map[string]string{}, routers: map[string]string{}}
	accounts, err := k.Store.ListStaff(k.AuditContext())
	if err != nil {
		return out, err
	}
	for _, s := range accounts {
		out.staff[s.ID] = s.Name
	}
	routers, err := k.Store.RouterStates(k.AuditContext())
	for _, r := range routers {
		out.routers[r.ID] = r.Name
	}
	return out, err
}

// line is a row as lists show it.
func line(k *web.Request, p templates.Panel, r store.ReconciliationRow, n names) templates.ReconciliationLine {
	l := templates.ReconciliationLine{Href: web.Root + "/reconciliation/" + r.ID, Day: p.Date(r.Day.Date()), Kind: p.T("reconciliation.kind." + string(r.Kind)), State: p.T("reconciliation.state." + string(r.State)),
		Tone: tone(r), Name: nameOf(p, r), There: r.There, Here: r.Here, Fee: r.Fee, Owner: n.staff[r.OwnerID], Open: r.IsOpen(), Explained: !r.ClosedAt.IsZero(), Carried: r.Month != reconcile.MonthOf(r.Day)}
	switch {
	case r.Kind == reconcile.AccessRow:
		l.Access, l.Method = true, n.routers[r.RouterID]
		l.Differs, l.Reason = access(p, r)
	case r.Kind == reconcile.PaymentRow && r.Method != "":
		l.Method = p.Method(string(r.Method))
	}
	if r.IsOpen() {
		l.Age = web.Since(k.Clock.Now(), r.OpenedAt)
	}
	if !r.SettlesAt.IsZero() {
		l.Settles = p.Date(report.DayOf(r.SettlesAt, k.Zone).Date())
	}
	return l
}

// access says how a router differs about a voucher, and why that is left to a person.
func access(p templates.Panel, r store.ReconciliationRow) (differs []string, reason string) {
	kinds, why := r.Access()
	d := web.DifferenceLine(p, vouchers.DifferenceLine{Kinds: vouchers.ReadKinds(kinds), Why: why})
	return d.Kinds, d.Why
}

func nameOf(p templates.Panel, r store.ReconciliationRow) string {
	switch {
	case r.Kind == reconcile.AccessRow:
		return r.Reference
	case r.Code != "":
		return r.Code.Pretty()
	case r.Reference != "":
		return r.Reference
	case r.Key != "":
		return r.Key
	}
	return p.T("reconciliation.no_name")
}

func tone(r store.ReconciliationRow) string {
	switch {
	case r.IsOpen():
		return "bad"
	case r.Awaits():
		return "warn"
	}
	return "good"
}

func fillChoices(k *web.Request, q inquiry, page *templates.ReconciliationPage) error {
	for _, kind := range reconcile.Kinds {
		page.Kinds = append(page.Kinds, templates.Choice{Value: string(kind), Name: page.T("reconciliation.kind." + string(kind)), Chosen: kind == q.Kind})
	}
	for _, s := range reconcile.States {
		page.States = append(page.States, templates.Choice{Value: string(s), Name: page.T("reconciliation.state." + string(s)), Chosen: s == q.State})
	}
	page.Owners = append(page.Owners, templates.Choice{Value: "-", Name: page.T("reconciliation.no_owner"), Chosen: q.Owner == "-"})
	choices, err := ownerChoices(k, q.Owner)
	page.Owners = append(page.Owners, choices...)
	return err
}

// ownerChoices are the accounts that may look into a row.
func ownerChoices(k *web.Request, chosen string) (out []templates.Choice, err error) {
	all, err := k.Store.ListStaff(k.AuditContext())
	for _, s := range all {
		if !s.Disabled && staff.Allowed(s.Role, staff.Reconcile) && len(s.Sites) == 0 || s.ID == chosen {
			out = append(out, templates.Choice{Value: s.ID, Name: s.Name, Chosen: s.ID == chosen})
		}
	}
	return out, err
}
