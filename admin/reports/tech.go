package reports

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/report"
	"gerai/internal/shop/reports"
	"gerai/templates"
)

// techReport shows how routers deliver, without money.
func techReport(k *web.Request) error {
	p, q, ok, err := reportQuery(k, "/reports/tech", "tech")
	if err != nil || !ok {
		return err
	}
	p.Section = "tech"
	books, err := k.Shop.Reports.Books(k.AuditContext(), q.Filter)
	if err != nil {
		return err
	}
	t, err := techTable(k, p, q, books)
	if err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, templates.TechPage{Panel: p, Report: reportForm(k.Handler, p, q, "/reports/tech", "tech"), Routers: t.grid(p)})
}

// techTable is what each router delivered, how often it answered on these days
// as far back as that is known, and whether it answers now.
func techTable(k *web.Request, p templates.Panel, q inquiry, books reports.Books) (table, error) {
	t := table{key: "tech", heads: []string{"router", "sites", "activated", "activation", "transaction", "availability", "state"}}
	routers, err := k.Store.Routers(k.AuditContext())
	if err != nil {
		return t, err
	}
	states, err := k.Store.RouterStates(k.AuditContext())
	if err != nil {
		return t, err
	}
	reaches, err := k.Shop.Reports.Reaches(k.AuditContext(), q.Filter)
	if err != nil {
		return t, err
	}
	_, by := report.Gather(books.Flows, func(x report.Flow) string { return x.RouterID })
	for _, r := range routers {
		if !k.Principal.Serves(r.SiteID) || (q.Site != "" && q.Site != r.SiteID) {
			continue
		}
		state := p.T("routers.never")
		for _, s := range states {
			switch {
			case s.ID != r.ID:
			case r.Disabled:
				state = p.T("routers.disabled")
			case s.Failure != "":
				state = p.Trouble(s.Failure)
			case !s.SeenAt.IsZero():
				state = p.T("routers.up")
			}
		}
		n := by[r.ID]
		if n == nil {
			n = &report.Numbers{}
		}
		t.add("", r.Name, nameOf(k.Handler, p, q, "site", r.SiteID), n.Activated, share{n.InMinute, n.Paid}, span(n.Waits, 50), share{reaches[r.ID].Answers, reaches[r.ID].Checks}, state)
	}
	return t, nil
}
