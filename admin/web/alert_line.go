package web

import (
	"slices"
	"strings"
	"time"

	"gerai/internal/shop/alerts"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/templates"
)

// AlertLine is an alert as lists show it.
func AlertLine(k *Request, p templates.Panel, a alerts.AlertView) templates.AlertLine {
	line := templates.AlertLine{ID: a.ID, What: p.Alert(a.Kind), Since: a.OpenedAt, Age: Since(k.Clock.Now(), a.OpenedAt), Subject: a.Name, Href: alertLink(k, a), Closed: a.ClosedAt,
		By: a.AckedBy, AckedAt: a.AckedAt, Note: a.Note, SeenIs: a.SeenIs}
	switch {
	case a.Order != "":
		line.Subject = a.Order.Pretty()
	case a.Kind == "router_users":
		line.Subject = strings.Join(append([]string{a.Name}, DifferenceCounts(p, vouchers.ReadCounts(a.Detail))...), " · ")
	case a.Kind == "router_failover":
		line.Subject = a.Name + " · " + p.T("routers.stand_in", "router", a.Detail)
	}
	return line
}

// backupAlerts are dealt with on the page about backups.
var backupAlerts = []string{"backup_failed", "backup_old", "drill_failed", "drill_by_hand_due", "recovery"}

// alertLink is the page where the subject of an alert is dealt with.
func alertLink(k *Request, a alerts.AlertView) string {
	switch {
	case a.Order != "" && k.Principal.May(staff.SeeOrders):
		return Root + "/orders/" + string(a.Order)
	case a.Kind == "router_users" && a.Router != "" && k.Principal.May(staff.SeeRouters):
		return Root + "/routers/" + a.Router + "/review"
	case a.Router != "" && k.Principal.May(staff.SeeRouters):
		return Root + "/routers/" + a.Router
	case a.Batch != "" && k.Principal.May(staff.PrintVouchers):
		return Root + "/vouchers/batches/" + a.Batch
	case a.Kind == "stock_low" && k.Principal.May(staff.PrintVouchers):
		return Root + "/vouchers"
	case a.Staff != "" && k.Principal.May(staff.ManageStaff):
		return Root + "/staff/" + a.Staff
	case (a.Kind == "unmatched_money" || a.Kind == "refund_due" || a.Kind == "external_refund") && k.Principal.May(staff.ApproveRefund):
		return Root + "/money"
	case slices.Contains(backupAlerts, a.Kind) && k.Principal.May(staff.Backups) && k.Principal.AllSites():
		return Root + "/backups"
	case (a.Kind == "reconciliation_open" || a.Kind == "reconciliation_unread") && k.Principal.May(staff.Reconcile) && k.Principal.AllSites():
		return Root + "/reconciliation"
	}
	return ""
}

// Since is how long ago something was, never negative.
func Since(now, at time.Time) time.Duration { return max(now.Sub(at), 0) }
