package reports

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/backup"
	"gerai/internal/shop/reports"
	"gerai/internal/staff"
	"gerai/templates"
)

// slowWebhook is the limit beyond which the gateway's state is coloured.
const slowWebhook = 5 * time.Second

// dashboard shows what is going on today: the shop's takings to who may see reports, the
// own till to who sells, routers first to who looks after them.
func dashboard(k *web.Request) error {
	p, err := k.Panel("board")
	if err != nil {
		return err
	}
	if p.Guide != nil && p.Guide.Done == 0 {
		return k.SeeOther("/setup") // there is nothing to show yet
	}
	today, err := k.Shop.Reports.Dashboard(k.AuditContext(), k.Principal.Sites, k.Principal.AlertKinds())
	if err != nil {
		return err
	}
	page := templates.DashboardPage{Panel: p, At: today.At, First: !k.Principal.May(staff.SeeMoney)}
	switch {
	case k.Principal.May(staff.Reports):
		err = takings(k, &page, today)
	case k.Principal.May(staff.OwnShift):
		err = ownTill(k, &page)
	}
	if err != nil {
		return err
	}
	if page.Takings == nil {
		page.Figures = counts(p, today)
	}
	page.Needs = needs(k, p, today)
	for _, a := range today.Alerts {
		page.Alerts = append(page.Alerts, web.AlertLine(k, p, a))
	}
	page.More = today.MoreAlerts
	routerStrip(k, &page, today)
	if k.Principal.May(staff.PrintVouchers) {
		for _, s := range today.Stock {
			page.Stock = append(page.Stock, templates.StockDot{Plan: s.Plan, Left: s.Left, Low: s.Low})
		}
	}
	page.States = states(k, p, today)
	page.Shortcuts = shortcuts(k, p)
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// counts are the orders of today where no money is shown.
func counts(p templates.Panel, t reports.Dashboard) (out []templates.SmallFigure) {
	for _, c := range []struct {
		key string
		n   int64
	}{{"pending", t.Open}, {"paid", t.Activating}, {"activated", t.Activated}, {"attention_orders", t.Attention}} {
		out = append(out, templates.SmallFigure{Name: p.T("reports.dashboard." + c.key), Value: p.Count(c.n)})
	}
	return out
}

// needs are the orders and rows that wait for a person.
func needs(k *web.Request, p templates.Panel, t reports.Dashboard) (out []templates.Need) {
	add := func(n int64, key, act, path, tone string) {
		if n > 0 {
			out = append(out, templates.Need{Count: n, Text: p.T("reports.dashboard." + key), Act: p.T("reports.dashboard.act." + act), Href: web.Root + path, Tone: tone})
		}
	}
	add(t.Attention, "attention_orders", "decide", "/orders?view=attention", "bad")
	add(t.Activating, "paid", "look", "/orders?view=activating", "warn")
	add(t.Open, "pending", "look", "/orders?view=waiting", "")
	if k.Principal.AllSites() && k.Principal.May(staff.Reconcile) {
		add(t.Reconciliations, "reconciliation", "explain", "/reconciliation", "bad")
	}
	return out
}

// routerStrip adds the routers and how many are online on them.
func routerStrip(k *web.Request, page *templates.DashboardPage, t reports.Dashboard) {
	for _, r := range t.Routers {
		dot := templates.RouterDot{Name: r.Name, Up: r.Up()}
		if k.Principal.May(staff.SeeRouters) {
			dot.Href = web.Root + "/routers/" + r.ID
		}
		switch {
		case r.Failure != "":
			dot.Note = page.T("reports.dashboard.router_down")
		case r.SeenAt.IsZero():
			dot.Note = page.T("routers.never")
		case r.Sampled:
			dot.Note = page.T("reports.dashboard.router", "cpu", r.CPU, "n", r.Active)
			page.Online, page.Sampled = page.Online+r.Active, true
		default:
			dot.Note = page.T("routers.up")
		}
		if r.Up() && r.Latency > 0 {
			dot.Note += " · " + page.T("reports.dashboard.latency", "ms", max(r.Latency.Milliseconds(), 1))
		}
		page.Routers = append(page.Routers, dot)
	}
}

// states are those of the machinery, which belongs to no site.
func states(k *web.Request, p templates.Panel, t reports.Dashboard) []templates.Tile {
	if !k.Principal.AllSites() {
		return nil
	}
	hook := templates.Tile{Name: p.T("reports.dashboard.webhook"), Value: p.T("web.never_yet")}
	if t.AnyWebhook {
		hook.Value = p.T("reports.dashboard.ago", "span", p.Span(web.Since(t.At, t.Newest)))
		hook.Note, hook.Tone = p.T("reports.dashboard.median", "ms", t.Median.Milliseconds()), web.Tone(t.Median > slowWebhook, "warn")
	}
	return []templates.Tile{hook, backupTile(k, p, t)}
}

// backupTile is the age of the newest backup, or that none are made.
func backupTile(k *web.Request, p templates.Panel, t reports.Dashboard) templates.Tile {
	tile := templates.Tile{Name: p.T("reports.dashboard.backup"), Value: p.T("web.never_yet"), Tone: "warn"}
	if k.Principal.May(staff.Backups) {
		tile.Href = web.Root + "/backups"
	}
	if !t.BackupAt.IsZero() {
		age := web.Since(t.At, t.BackupAt)
		tile.Value, tile.Tone = p.T("reports.dashboard.ago", "span", p.Span(age)), web.Tone(age > backup.OldAfter, "bad")
	}
	if !k.Shop.Backups.Configured() {
		tile.Value, tile.Tone = p.T("reports.dashboard.backup_off"), "warn"
	}
	return tile
}

// shortcuts are the acts that a role does often.
func shortcuts(k *web.Request, p templates.Panel) (out []templates.Shortcut) {
	for _, s := range []struct {
		icon, key, path string
		right           staff.Right
	}{
		{"shopping-cart", "sell", "/sell", staff.Sell},
		{"ticket", "batch", "/vouchers/new", staff.Vouchers},
		{"search", "voucher", "/vouchers/find", staff.SeeVouchers},
		{"wifi", "online", "/online", staff.Kick},
		{"plus", "router", "/routers/new", staff.EditRouters},
		{"chart-column", "reports", "/reports", staff.Reports},
	} {
		if k.Principal.May(s.right) {
			out = append(out, templates.Shortcut{Icon: s.icon, Text: p.T("reports.dashboard.short." + s.key), Href: web.Root + s.path})
		}
	}
	return out
}
