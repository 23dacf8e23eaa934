package alerts

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/store"
	"gerai/templates"
)

// AlertsPerPage is how many alerts a page lists.
const AlertsPerPage = 30

// alertsPage lists open or closed alerts that the account may see.
func alertsPage(k *web.Request) error {
	return showAlerts(k, fiber.StatusOK, templates.Typed{}, "")
}

func showAlerts(k *web.Request, status int, form templates.Typed, refused string) error {
	p, err := k.Panel("alerts")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.AlertsPage{Panel: p, Closed: k.Query("state") == "closed", Refused: refused}
	f := store.AlertFilter{Sites: k.Principal.Sites, Kinds: k.Principal.AlertKinds(), Closed: page.Closed, Limit: AlertsPerPage + 1}
	for _, kind := range f.Kinds {
		page.Kinds = append(page.Kinds, templates.Choice{Value: kind, Name: p.Alert(kind), Chosen: kind == k.Query("kind")})
	}
	if kind := k.Query("kind"); slices.Contains(f.Kinds, kind) {
		page.Kind, f.Kinds = strings.Clone(kind), []string{kind}
	}
	if ms, id, ok := strings.Cut(k.Query("before"), "."); ok {
		if n, err := strconv.ParseInt(ms, 10, 64); err == nil && n > 0 {
			f.Before = store.AlertCursor{OpenedAt: time.UnixMilli(n), ID: id}
		}
	}
	found, err := k.Shop.Alerts.Alerts(k.AuditContext(), f)
	if err != nil {
		return err
	}
	if len(found) > AlertsPerPage {
		found = found[:AlertsPerPage]
		last := found[AlertsPerPage-1]
		page.Next = page.At(page.Kind, page.Closed, strconv.FormatInt(last.OpenedAt.UnixMilli(), 10)+"."+last.ID)
	}
	sites, err := k.Sites(k)
	if err != nil {
		return err
	}
	names := web.SiteNames(sites)
	for _, a := range found {
		line := web.AlertLine(k, p, a)
		line.Site = names[a.SiteID]
		page.Alerts = append(page.Alerts, line)
	}
	return k.SendPage(status, p.Theme, page)
}
