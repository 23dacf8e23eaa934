package orders

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/templates"
)

// lookBack bounds filters that no index serves, unless the filter has dates.
const lookBack = 31 * 24 * time.Hour

// views are the named filters of the list, in the order shown.
var views = []struct {
	name string
	f    store.OrderFilter
}{
	{"all", store.OrderFilter{}}, {"waiting", store.OrderFilter{Status: order.Pending}}, {"activating", store.OrderFilter{Status: order.Paid, Calm: true}},
	{"attention", store.OrderFilter{Attention: true}}, {"late", store.OrderFilter{Flag: order.FlagLate}}, {"under", store.OrderFilter{Flag: order.FlagUnderpaid}},
	{"over", store.OrderFilter{Flag: order.FlagOverpaid}}, {"duplicate", store.OrderFilter{Flag: order.FlagDuplicate}}, {"expired", store.OrderFilter{Status: order.Expired}},
	{"refund", store.OrderFilter{RefundDue: true}},
}

// moneyViews need the right to see money.
var moneyViews = []string{"under", "over", "duplicate", "refund"}

// keepable are the parameters that make a filter, without the place in it.
func keepable(q url.Values) string {
	out := url.Values{}
	for _, name := range []string{"q", "view", "site", "plan", "channel", "voucher", "valid", "redeem", "validity", "from", "until"} {
		if v := q.Get(name); v != "" {
			out.Set(name, v)
		}
	}
	return out.Encode()
}

// filter reads the parameters; values that the page does not offer are ignored.
func filter(k *web.Request, page *templates.OrdersPage, q url.Values, sites []catalog.Site) store.OrderFilter {
	f := store.OrderFilter{}
	page.View = "all"
	for _, v := range views {
		if v.name == q.Get("view") && slices.Contains(page.Views, v.name) {
			f, page.View = v.f, v.name
		}
	}
	f.Limit, f.Search, f.Sites, f.NoPhone = PageSize, q.Get("q"), k.Principal.Sites, !page.Money
	if slices.ContainsFunc(sites, func(s catalog.Site) bool { return s.ID == q.Get("site") }) {
		page.Site, f.Sites = q.Get("site"), []string{q.Get("site")}
	}
	if slices.ContainsFunc(page.Plans, func(c templates.Choice) bool { return c.Value == q.Get("plan") }) {
		page.Plan, f.PlanID = q.Get("plan"), q.Get("plan")
	}
	if slices.Contains(page.Channels(), order.Channel(q.Get("channel"))) {
		page.Channel, f.Channel = q.Get("channel"), order.Channel(q.Get("channel"))
	}
	now := k.Clock.Now()
	if slices.Contains(page.VoucherStates(), q.Get("voucher")) {
		page.Voucher, f.Voucher = q.Get("voucher"), voucher.State(q.Get("voucher"))
	}
	switch page.Valid = q.Get("valid"); page.Valid {
	case "live":
		f.ValidAt = now
	case "over":
		f.EndedAt = now
	default:
		page.Valid = ""
	}
	if r := report.Redeem(q.Get("redeem")); slices.Contains(report.Redeems, r) {
		page.Redeem, f.Redeem, f.Now = string(r), r, now
	}
	if v, ok := web.ParseValidity(q.Get("validity")); ok {
		page.Validity, f.Validity = q.Get("validity"), &v
	}
	if day, ok := day(k.Handler, q.Get("from")); ok {
		page.From, f.From = q.Get("from"), day
	}
	if day, ok := day(k.Handler, q.Get("until")); ok {
		page.Until, f.Until = q.Get("until"), day.AddDate(0, 0, 1)
	}
	if f.From.IsZero() && f.Search == "" && (f.Voucher != "" || page.Valid != "" || f.Redeem != "" || f.Validity != nil) {
		f.From = now.Add(-lookBack)
	}
	if ms, id, ok := strings.Cut(q.Get("before"), "."); ok {
		if n, err := strconv.ParseInt(ms, 10, 64); err == nil && n > 0 {
			f.Before = store.Cursor{CreatedAt: time.UnixMilli(n), ID: order.ID(id)}
		}
	}
	return f
}

// day reads a date of a form: the first instant of that day at the operator's.
func day(d *web.Handler, s string) (time.Time, bool) {
	t, err := time.ParseInLocation("2006-01-02", s, d.Zone)
	return t, err == nil
}
