package web

import (
	"slices"

	"gerai/internal/staff"
	"gerai/templates"
)

// menuEntry is a section of the panel: where it is, who has it, and how it is drawn.
type menuEntry struct {
	group, key, path, icon string
	right                  staff.Right
	allSites               bool        // see Route
	unless                 staff.Right // who has it gets there by another entry
}

// menu lists the sections in order, those of one group one after the other.
var menu = []menuEntry{
	{"", "board", "", "house", staff.SeeDashboard, false, ""},
	{"", "alerts", "/alerts", "triangle-alert", staff.SeeDashboard, false, ""},
	{"sales", "sell", "/sell", "shopping-cart", staff.Sell, false, ""},
	{"sales", "orders", "/orders", "receipt-text", staff.SeeOrders, false, ""},
	{"sales", "shift", "/shift", "clock", staff.OwnShift, false, ""},
	{"sales", "money", "/money", "wallet", staff.ApproveRefund, false, ""},
	{"vouchers", "vouchers", "/vouchers", "ticket", staff.PrintVouchers, false, ""},
	{"vouchers", "vouchers", "/vouchers/find", "ticket", staff.SeeVouchers, false, staff.PrintVouchers},
	{"network", "online", "/online", "wifi", staff.Kick, false, ""},
	{"network", "routers", "/routers", "router", staff.SeeRouters, false, ""},
	{"network", "tech", "/reports/tech", "wrench", staff.TechReports, false, ""},
	{"reports", "reports", "/reports", "chart-column", staff.Reports, false, ""},
	{"reports", "reconciliation", "/reconciliation", "scale", staff.Reconcile, true, ""},
	{"shop", "catalogue", "/catalogue", "tag", staff.EditPlans, false, ""},
	{"shop", "promotions", "/catalogue/promotions", "badge-percent", staff.EditPlans, false, ""},
	{"shop", "staff", "/staff", "users", staff.ManageStaff, false, ""},
	{"shop", "policy", "/policy", "shield-check", staff.Settings, true, ""},
	{"shop", "audit", "/audit", "scroll-text", staff.SeeAudit, true, ""},
	{"shop", "backups", "/backups", "database-backup", staff.Backups, true, ""},
}

// docks are the sections that a role needs most, for the lower edge of a phone.
var docks = map[string][]string{
	staff.Admin:   {"board", "orders", "sell", "routers"},
	staff.Kasir:   {"sell", "orders", "shift", "online"},
	staff.Teknisi: {"board", "routers", "online", "alerts"},
}

// menuOf is what a person finds in the menu, and at a phone's lower edge.
func menuOf(who staff.Principal) (groups []templates.MenuGroup, dock []templates.MenuItem) {
	items := map[string]templates.MenuItem{}
	for _, m := range menu {
		if !who.May(m.right) || who.May(m.unless) || (m.allSites && !who.AllSites()) {
			continue
		}
		item := templates.MenuItem{Key: m.key, Path: Root + m.path, Icon: m.icon}
		items[m.key] = item
		i := slices.IndexFunc(groups, func(g templates.MenuGroup) bool { return g.Key == m.group })
		if i < 0 {
			groups, i = append(groups, templates.MenuGroup{Key: m.group}), len(groups)
		}
		groups[i].Items = append(groups[i].Items, item)
	}
	for _, key := range docks[who.Role] {
		if item, has := items[key]; has {
			dock = append(dock, item)
		}
	}
	return groups, dock
}
