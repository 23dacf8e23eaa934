package reports

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/backup"
	"gerai/internal/money"
	"gerai/internal/shop/reports"
	"gerai/internal/staff"
	"gerai/templates"
)

// slowWebhook is the limit beyond which the gateway's tile is coloured.
const slowWebhook = 5 * time.Second

// dashboard shows what is going on today.
func dashboard(k *web.Request) error {
	p, err := k.Panel("board")
	if err != nil {
		return err
	}
	today, err := k.Shop.Reports.Dashboard(k.AuditContext(), k.Principal.Sites, k.Principal.AlertKinds())
	if err != nil {
		return err
	}
	page := templates.DashboardPage{Panel: p, At: today.At}
	page.Tiles = tiles(k, p, today)
	for _, a := range today.Alerts {
		page.Alerts = append(page.Alerts, web.AlertLine(k, p, a))
	}
	page.More = today.MoreAlerts
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func tiles(k *web.Request, p templates.Panel, t reports.Dashboard) (out []templates.Tile) {
	count := func(key string, n int64, tone, href string) {
		if n == 0 {
			tone = ""
		}
		out = append(out, templates.Tile{Name: p.T(key), Value: strconv.FormatInt(n, 10), Tone: tone, Href: href})
	}
	if k.Principal.May(staff.SeeMoney) {
		var sum money.Rupiah
		var n int64
		note := ""
		for _, s := range t.Sales {
			sum, n = sum+s.Amount, n+s.Count
			if note != "" {
				note += " · "
			}
			note += p.T("orders.channel."+string(s.Channel)) + " " + s.Amount.String()
		}
		out = append(out, templates.Tile{Name: p.T("reports.dashboard.sales", "n", n), Value: sum.String(), Note: note, Tone: web.Tone(n > 0, "good")})
	}
	count("reports.dashboard.pending", t.Open, "", web.Root+"/orders?view=waiting")
	count("reports.dashboard.paid", t.Activating, "warn", web.Root+"/orders?view=activating")
	count("reports.dashboard.activated", t.Activated, "good", web.Root+"/orders")
	count("reports.dashboard.attention_orders", t.Attention, "bad", web.Root+"/orders?view=attention")
	routers := templates.Tile{Name: p.T("reports.dashboard.routers"), Value: p.T("reports.dashboard.updown", "up", t.Up, "down", t.Down), Tone: web.Tone(t.Down > 0, "bad")}
	if k.Principal.May(staff.SeeRouters) {
		routers.Href = web.Root + "/routers"
	}
	out = append(out, routers)
	if !k.Principal.AllSites() { // the gateway and the backup belong to no site
		return out
	}
	hook := templates.Tile{Name: p.T("reports.dashboard.webhook"), Value: p.T("web.never_yet")}
	if t.AnyWebhook {
		hook.Value = p.T("reports.dashboard.ago", "span", p.Span(max(t.At.Sub(t.Newest), 0)))
		hook.Note, hook.Tone = p.T("reports.dashboard.median", "ms", t.Median.Milliseconds()), web.Tone(t.Median > slowWebhook, "warn")
	}
	out = append(out, hook, backupTile(k, p, t))
	if k.Principal.May(staff.Reconcile) {
		count("reports.dashboard.reconciliation", t.Reconciliations, "bad", web.Root+"/reconciliation")
	}
	return out
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
