package routers

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/shop/routers"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// ways are how users are searched for; other menus look in every column.
var ways = []string{"prefix", "name", "comment", "profile"}

// longestSearch bounds what is searched for, in bytes.
const longestSearch = 80

// routerList shows one page of a menu. It never waits long: what is known is
// shown with its age while the router is read again.
func routerList(k *web.Request, m hotspot.Menu) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, string(m))
	if err != nil {
		return err
	}
	spec, _ := hotspot.SpecOf(m)
	q := routers.ListQuery{Menu: m, Text: web.Truncate(k.Query("q")), After: k.Query("after"), Fresh: k.Query("fresh") == "1"}
	if len(q.Text) > longestSearch {
		q.Text = ""
	}
	page := templates.RouterListPage{RouterPanel: p, List: m, Text: q.Text, CanAdd: spec.Add, CanChange: k.Principal.May(staff.HotspotUsers),
		Opened: q.After != "", WalledGardenHints: m == hotspot.MenuWalledGarden || m == hotspot.MenuWalledGardenIP}
	if m == hotspot.MenuUsers {
		page.Ways, page.By = ways, ways[0]
		if by := k.Query("by"); slices.Contains(ways, by) {
			page.By = by
		}
		q.By = page.By
	}
	ctx, cancel := soon(k)
	defer cancel()
	list, err := k.Shop.Routers.ListItems(ctx, r, q)
	if err != nil {
		return err
	}
	if ours(list.Err) {
		return list.Err
	}
	page.Trouble, page.Matches, page.All, page.ReadAt, page.Reading, page.Cut = trouble(p.Panel, list.Err), list.Matches, list.All, list.At, list.Reading, list.Cut
	keep := url.Values{}
	for _, name := range []string{"q", "by"} {
		if v := k.Query(name); v != "" {
			keep.Set(name, v)
		}
	}
	page.Query = keep
	if list.Next != "" {
		page.Next = page.Self("after", list.Next)
	}
	if err := fillRows(k, r, &page, spec, list.Items); err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// mostCounted is how many users a router may have for its list to show what
// each has used: the router looks through all of them for every page. On a
// larger one only a user's own page tells.
const mostCounted = 5000

// shownColumns leaves out what a tag says instead.
func shownColumns(spec hotspot.Spec, counted bool) []string {
	out := slices.DeleteFunc(slices.Clone(spec.Columns), func(c string) bool { return c == "disabled" })
	if counted {
		out = append(out, "used-time", "used-data")
	}
	return out
}

// fillRows turns items into rows: users get what they have used and whose they
// are.
func fillRows(k *web.Request, r catalog.Router, page *templates.RouterListPage, spec hotspot.Spec, items []hotspot.Item) error {
	counted := page.List == hotspot.MenuUsers && page.All <= mostCounted
	page.Columns = shownColumns(spec, counted)
	var sales map[string]store.Sale
	var used map[string]hotspot.Counters
	if page.List == hotspot.MenuUsers && len(items) > 0 {
		names := make([]string, len(items))
		for i, x := range items {
			names[i] = x.Values[0]
		}
		var err error
		if sales, err = k.Store.Sales(k.AuditContext(), names); err != nil {
			return err
		}
		if counted && page.Trouble == "" { // a router that just did not answer is not asked again
			ctx, cancel := soon(k)
			defer cancel()
			if used, err = k.Shop.Routers.UserCounters(ctx, r, names); err != nil {
				page.Trouble = trouble(page.Panel, err)
			}
		}
	}
	for _, x := range items {
		of := func(column string) string { return spec.Of(x, column) }
		name := spec.Name(of)
		row := templates.RouterRow{ID: x.ID, Name: hotspot.Shown(name), Was: spec.Mark(of), Disabled: of("disabled") == "true"}
		if k.Principal.May(staff.SeeOrders) {
			row.Order = string(sales[name].Code)
		}
		for _, c := range page.Columns {
			text := valueText(page.Panel, c, of(c))
			if u, known := used[x.Values[0]]; known && (c == "used-time" || c == "used-data") {
				text = usedText(page.Panel, c, u)
			}
			row.Cells = append(row.Cells, templates.RouterCell{Column: c, Text: text})
		}
		decorate(page, spec, &row, of)
		page.Rows = append(page.Rows, row)
	}
	return nil
}

// usedText is what was used, and of how much.
func usedText(p templates.Panel, column string, u hotspot.Counters) string {
	if column == "used-time" {
		if u.LimitUptime > 0 {
			return p.Hours(u.Uptime) + " / " + p.Hours(u.LimitUptime)
		}
		return p.Hours(u.Uptime)
	}
	if u.LimitBytes > 0 {
		return p.Data(u.Bytes) + " / " + p.Data(u.LimitBytes)
	}
	return p.Data(u.Bytes)
}

// valueText says in words what the router says in its own.
func valueText(p templates.Panel, column, v string) string {
	switch column {
	case "bytes-in", "bytes-out", "limit-bytes-total":
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n > 0 {
			return p.Data(n)
		}
	case "authorized", "bypassed", "invalid":
		return p.Answer(v == "true")
	case "action", "type":
		if templates.HasText("routers.choice." + v) {
			return p.T("routers.choice." + v)
		}
	case hotspot.FieldExpiry:
		if v != "" {
			return p.T("routers.expiry." + v)
		}
	case hotspot.FieldCost, hotspot.FieldSelling:
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n > 0 {
			return money.Rupiah(n).String()
		}
	}
	return hotspot.Shown(v)
}

// decorate gives a row its link and its button.
func decorate(page *templates.RouterListPage, spec hotspot.Spec, row *templates.RouterRow, of func(string) string) {
	at := page.At("/" + string(page.List) + "/" + row.ID)
	switch {
	case page.List == hotspot.MenuActive:
		row.Act, row.Action = "kick", at+"/kick"
	case !page.CanChange:
	case page.List == hotspot.MenuCookies:
		row.Act, row.Action = "forget", at+"/forget"
	case len(spec.Form) > 0:
		row.Href = at
	case spec.Toggle:
		row.Act, row.Action = "disable", at+"/toggle"
		if row.Disabled {
			row.Act = "enable"
		}
	}
	if routers.OpensProbes(page.List, of) && !row.Disabled {
		row.Warn = page.T("routers.walled_garden.probe")
	}
}
