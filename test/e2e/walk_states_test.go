package e2e

import "testing"

// family is a set of states that a page can show, one for each thing on it.
type family struct {
	page  string            // its route
	at    string            // selector of what says the state
	words string            // beginning of the sentences' keys
	of    []string          // the ends of their keys
	never map[string]string // states that do not occur on the walk, and why
}

// families lists the states by the pages that show them. The states are read from the
// product's source and sentences: a new one fails until it occurs on the walk or is listed
// as an exception.
func families(t *testing.T) []family {
	t.Helper()
	const order = "../../internal/order"
	status, flags, reasons := values(t, order, "Status"), values(t, order, "Flag"), values(t, order, "Reason")
	vouchers, batches := ends("vouchers.state."), ends("stock.batch.state.")
	// Both are shown in another form.
	unflagged := map[string]string{"test": "every order of the demo is a test order; the page's head says so", "attention": "its reason is shown instead"}
	noReason := map[string]string{
		"late_refund":   "no site of the demo refunds late payments",
		"out_of_stock":  "no plan of the demo is delivered from stock only",
		"patience_over": "needs a router that is down for a day while the shop runs",
	}
	return []family{
		{"/admin/orders", "td .tag", "orders.status.", status, nil},
		{"/admin/orders", "td .tag", "orders.flag.", flags, unflagged},
		{"/admin/orders", "td .tag", "orders.reason.", reasons, noReason},
		{"/admin/orders/:code", "p > .tag", "orders.status.", status, nil},
		{"/admin/orders/:code", "p > .tag", "orders.flag.", flags, unflagged},
		{"/admin/orders/:code", "p > .tag", "orders.reason.", reasons, noReason},
		{"/admin/orders/:code", "dd a", "vouchers.", []string{"sold", "active", "expired", "disabled"}, nil},
		{"/admin/refunds/:id", "p > .tag", "refunds.refund.state.", values(t, order, "RefundState"), nil},
		{"/admin/vouchers/find", "td .tag", "vouchers.state.", vouchers, nil},
		{"/admin/vouchers/:id", "p > .tag", "vouchers.state.", vouchers, nil},
		{"/admin/vouchers/batches/:id", "#progress .tag", "stock.batch.state.", batches, nil},
		{"/admin/vouchers", "td .tag", "stock.batch.state.", batches, nil},
		{"/admin/alerts", "li h2", "alert.", ends("alert."), absentAlerts},
		{"/admin/routers", "td .tag", "routers.", []string{"disabled", "up", "never"}, map[string]string{"never": "a new router is checked within seconds and then shows the failure"}},
		{"/admin/routers", "li .tag", "routers.failover.", []string{"on", "off"}, nil},
		{"/admin/shift", "td .tag", "counter.shift.", []string{"still_open"}, nil},
		{"/admin/staff", "th .tag", "staff.", []string{"self", "disabled", "invited", "link_dead"}, nil},
		{"/admin/staff", "td .tag", "staff.two_factor_settings.", []string{"on", "off"}, nil},
		{"/admin/account", ".tag", "staff.two_factor_settings.", []string{"on", "off"}, nil},
	}
}

// absentAlerts are kinds of alerts that do not occur on the walk. Kinds differ in their heading only.
var absentAlerts = map[string]string{
	"backup_failed":         "the demo keeps no backups",
	"router_failover":       moment,
	"backup_old":            "the demo keeps no backups",
	"charge_unusable":       "with a test key an invalid QRIS code is accepted, and the demo's gateway makes no other kind of unusable charge",
	"clock_unverified":      "the demo's gateway answers with its time",
	"clock_wrong":           "the demo's gateway has the same clock",
	"drill_by_hand_due":     "the demo keeps no backups",
	"drill_failed":          "the demo keeps no backups",
	"gateway_down":          "needs a gateway that fails every call for a minute",
	"gateway_mismatch":      "the demo's gateway never answers for another order",
	"gateway_unreadable":    "the demo's gateway answers valid JSON",
	"job_dead":              "needs a defect of the program",
	"recovery":              "the demo was not restored",
	"reconciliation_open":   "needs a row that stayed open for days",
	"reconciliation_unread": "the demo's gateway lists every day",
	"sign_in_failed":        "needs many failed sign-ins from the address that all roles share",
	"stock_missing":         "older versions told it",
	"stuck":                 "needs an order that is not delivered for minutes",
	"till_out":              "needs more cash out of a till than the walk takes",
	"transfer_doubled":      "the counter refuses a second transfer with the same reference unless both are sent at once",
	"user_missing":          "older versions told it",
}

// states fails where a state of a page did not occur on the walk.
func (f *floor) states(t *testing.T) {
	t.Helper()
	for _, fam := range families(t) {
		for _, end := range fam.of {
			why, excused := fam.never[end]
			switch shown := f.seen.shows(fam.page, fam.at, fam.words+end); {
			case !shown && !excused:
				t.Errorf("no %s of the walk shows %s: add data to busy", fam.page, fam.words+end)
			case shown && excused && why != moment:
				t.Errorf("%s shows %s, which is listed as absent: %s", fam.page, fam.words+end, why)
			}
		}
	}
	for _, key := range templateKeys(t) {
		why, excused := absentSentences[key]
		switch said := f.seen.says(key); {
		case !said && !excused:
			t.Errorf("no page of the walk says %s: add data to busy", key)
		case said && excused && why != moment && why != dated:
			t.Errorf("a page of the walk says %s, which is listed as absent: %s", key, why)
		}
	}
}
