package reconciliation

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// shownDays is how many of the latest days the page says how far they are.
const shownDays = 7

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
	page := templates.ReconciliationPage{Panel: p, All: !q.Open, From: string(q.from), To: string(q.to)}
	if wrong == nil {
		for _, fill := range []func(*web.Request, inquiry, *templates.ReconciliationPage) error{fillRows, fillSums, fillChoices} {
			if err := fill(k, q, &page); err != nil {
				return err
			}
		}
	}
	for _, fill := range []func(*web.Request, *templates.ReconciliationPage) error{fillDays, fillMonths} {
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
	names, err := owners(k)
	if err != nil {
		return err
	}
	for _, r := range found {
		page.Rows = append(page.Rows, line(k, page.Panel, r, names))
	}
	return nil
}

// owners are the names of accounts by id.
func owners(k *web.Request) (map[string]string, error) {
	all, err := k.Store.ListStaff(k.AuditContext())
	out := map[string]string{}
	for _, s := range all {
		out[s.ID] = s.Name
	}
	return out, err
}

// line is a row as lists show it.
func line(k *web.Request, p templates.Panel, r store.ReconciliationRow, names map[string]string) templates.ReconciliationLine {
	l := templates.ReconciliationLine{Href: web.Root + "/reconciliation/" + r.ID, Day: p.Date(r.Day.Date()), Kind: p.T("reconciliation.kind." + string(r.Kind)), State: p.T("reconciliation.state." + string(r.State)),
		Tone: tone(r), Name: nameOf(p, r), There: r.There, Here: r.Here, Fee: r.Fee, Owner: names[r.OwnerID], Open: r.IsOpen(), Explained: !r.ClosedAt.IsZero(), Carried: r.Month != reconcile.MonthOf(r.Day)}
	if r.Kind == reconcile.PaymentRow && r.Method != "" {
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

func nameOf(p templates.Panel, r store.ReconciliationRow) string {
	switch {
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

func fillSums(k *web.Request, q inquiry, page *templates.ReconciliationPage) error {
	sum, err := k.Store.ReconciliationTotals(k.AuditContext(), store.ReconciliationFilter{From: q.from, To: q.to})
	if err != nil {
		return err
	}
	books, err := k.Shop.Reconciliation.Revenue(k.AuditContext(), q.from, q.to)
	if err != nil {
		return err
	}
	for _, x := range []templates.Tile{
		{Name: page.T("reconciliation.sum.in"), Value: sum.In.String(), Note: page.T("reconciliation.sum.beside", "amount", sum.Beside)},
		{Name: page.T("reconciliation.sum.back"), Value: sum.Back.String(), Note: page.T("reconciliation.sum.beside", "amount", sum.BackBeside)},
		{Name: page.T("reconciliation.sum.gateway_in"), Value: sum.GatewayIn.String(), Note: page.T("reconciliation.sum.settled", "amount", sum.Settled)},
		{Name: page.T("reconciliation.sum.gateway_back"), Value: sum.GatewayBack.String()},
		{Name: page.T("reconciliation.sum.difference"), Value: sum.Difference().String(), Tone: web.Tone(sum.Difference() != 0, "bad")},
		{Name: page.T("reconciliation.sum.fee"), Value: sum.Fee.String(), Note: page.T("reconciliation.sum.expected", "amount", sum.FeeExpected)},
	} {
		page.Tiles = append(page.Tiles, x)
	}
	page.Ties = sum.In == books.In && sum.Back == books.Back
	page.ReportIn, page.ReportBack = books.In, books.Back
	page.Report = page.Href(web.Root+"/reports", "from", string(q.from), "to", string(q.to))
	return nil
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

func fillDays(k *web.Request, page *templates.ReconciliationPage) error {
	today := k.Shop.Reports.ThisDay()
	days, err := k.Store.ReconciliationDays(k.AuditContext(), today.Add(1-shownDays), today)
	for _, d := range days {
		l := templates.ReconciliationDayLine{Day: page.Date(d.Day.Date()), State: page.T("reconciliation.day." + d.State), Done: d.DoneAt, Tone: web.Tone(d.State == store.DayDone, "good")}
		if d.Failure != "" {
			l.Tone, l.Failure = "bad", page.Trouble(d.Failure)
			if key := "fault." + d.Failure; templates.HasText(key) {
				l.Failure = page.T(key)
			}
		}
		page.Days = append(page.Days, l)
	}
	return err
}

func fillMonths(k *web.Request, page *templates.ReconciliationPage) error {
	all, err := k.Shop.Reconciliation.Months(k.AuditContext())
	for _, m := range all {
		l := templates.ReconciliationMonthLine{Month: page.Month(m.Month.First().Date()), In: m.Figures.In, Back: m.Figures.Back, Fee: m.Figures.Fee, Difference: m.Figures.Difference(), Open: m.State.Open,
			ClosedAt: m.ClosedAt, ClosedBy: web.Who(page.Panel, m.ClosedBy), Why: m.Why}
		switch {
		case m.May == nil:
			l.Close = web.Root + "/reconciliation/months/" + string(m.Month) + "/close"
		case m.ClosedAt.IsZero():
			l.Waits = templates.FaultText(page.Lang, m.May)
		}
		page.Months = append(page.Months, l)
	}
	return err
}
