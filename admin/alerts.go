package admin

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/alerts"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// alertsPerPage is how many alerts a page lists.
const alertsPerPage = 30

// alertsPage lists open or closed alerts that the account may see.
func alertsPage(k *request) error {
	return showAlerts(k, fiber.StatusOK, templates.Typed{}, "")
}

func showAlerts(k *request, status int, form templates.Typed, refused string) error {
	p, err := k.panel("alerts")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.AlertsPage{Panel: p, Closed: k.Query("state") == "closed", Refused: refused}
	f := store.AlertFilter{Sites: k.principal.Sites, Kinds: k.principal.AlertKinds(), Closed: page.Closed, Limit: alertsPerPage + 1}
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
	found, err := k.Shop.Alerts.Alerts(k.ctx(), f)
	if err != nil {
		return err
	}
	if len(found) > alertsPerPage {
		found = found[:alertsPerPage]
		last := found[alertsPerPage-1]
		page.Next = page.At(page.Kind, page.Closed, strconv.FormatInt(last.OpenedAt.UnixMilli(), 10)+"."+last.ID)
	}
	sites, err := k.sites(k)
	if err != nil {
		return err
	}
	names := siteNames(sites)
	for _, a := range found {
		line := alertLine(k, p, a)
		line.Site = names[a.SiteID]
		page.Alerts = append(page.Alerts, line)
	}
	return k.send(status, p.Theme, page)
}

// alertLine is an alert as lists show it.
func alertLine(k *request, p templates.Panel, a alerts.AlertView) templates.AlertLine {
	line := templates.AlertLine{ID: a.ID, What: p.Alert(a.Kind), Since: a.OpenedAt, Age: since(k.Clock.Now(), a.OpenedAt), Subject: a.Name, Href: alertLink(k, a), Closed: a.ClosedAt,
		By: a.AckedBy, AckedAt: a.AckedAt, Note: a.Note, SeenIs: a.SeenIs}
	if a.Order != "" {
		line.Subject = a.Order.Pretty()
	}
	return line
}

// alertLink is the page where the subject of an alert is dealt with.
func alertLink(k *request, a alerts.AlertView) string {
	switch {
	case a.Order != "" && k.principal.May(staff.SeeOrders):
		return root + "/orders/" + string(a.Order)
	case a.Router != "" && k.principal.May(staff.SeeRouters):
		return root + "/routers/" + a.Router
	case a.Batch != "" && k.principal.May(staff.PrintVouchers):
		return root + "/vouchers/batches/" + a.Batch
	case a.Kind == "stock_low" && k.principal.May(staff.PrintVouchers):
		return root + "/vouchers"
	case a.Staff != "" && k.principal.May(staff.ManageStaff):
		return root + "/staff/" + a.Staff
	case (a.Kind == "unmatched_money" || a.Kind == "refund_due" || a.Kind == "external_refund") && k.principal.May(staff.ApproveRefund):
		return root + "/money"
	}
	return ""
}

// ackAlert acknowledges an alert.
func ackAlert(k *request) error {
	a, err := k.Store.Alert(k.ctx(), k.param("id"))
	if err == nil && !(k.principal.Serves(a.SiteID) && slices.Contains(k.principal.AlertKinds(), a.Kind)) {
		err = fault.New(fault.NotFound, "alert.not_found")
	}
	if err != nil {
		return err
	}
	err = k.Shop.Alerts.AckAlert(k.ctx(), k.actor(), a.ID, k.FormValue("note"))
	if form, refused := k.typed(err, "note"); refused && form.Field != "" {
		return showAlerts(k, httpx.Status(err), form, a.ID)
	}
	return k.back("/alerts", "alert.ack", err)
}
