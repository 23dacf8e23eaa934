package stock

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop/stock"
	"gerai/templates"
)

// newBatchForm asks what new vouchers should be like.
func newBatchForm(k *web.Request) error {
	return showNewBatch(k, fiber.StatusOK, templates.Typed{}, web.Nonce())
}

// newBatch orders vouchers; they are made in the background.
func newBatch(k *web.Request) error {
	routers := all(k, "router")
	batches, err := batchFrom(k, routers)
	if err != nil {
		form, ok := k.Typed(err, "plan", "count", "mode", "charset", "length", "prefix", "note", "server", "uptime", "uptime_unit", "data", "data_unit")
		if !ok {
			return err
		}
		form.Values["router"] = strings.Join(routers, ",")
		again := web.Truncate(k.FormValue("nonce"))
		if form.Field == "nonce" {
			again = web.Nonce()
		}
		return showNewBatch(k, httpx.Status(err), form, again)
	}
	if len(batches) > 1 {
		return k.SeeOther("/vouchers", "m", "batch.created")
	}
	return k.SeeOther("/vouchers/batches/"+batches[0], "m", "batch.created")
}

func batchFrom(k *web.Request, routers []string) (ids []string, err error) {
	in := stock.BatchIn{Sites: k.Principal.Sites, PlanID: k.FormValue("plan"), RouterIDs: routers, Nonce: k.FormValue("nonce"),
		Batch: catalog.Batch{Server: k.FormValue("server"), Note: k.FormValue("note"), UptimeLimit: -1, DataLimit: -1,
			Codes: catalog.Codes{Mode: k.FormValue("mode"), Charset: order.Charset(k.FormValue("charset")), Prefix: k.FormValue("prefix")}}}
	if in.Count, err = web.Number(k, "count", "batch.count"); err != nil {
		return nil, err
	}
	if in.Length, err = web.Number(k, "length", "batch.length"); err != nil {
		return nil, err
	}
	if k.FormValue("uptime") != "" {
		n, err := web.Number(k, "uptime", "batch.uptime")
		if err != nil {
			return nil, err
		}
		unit := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[k.FormValue("uptime_unit")]
		if n < 0 || n > 99_999 || unit == 0 {
			return nil, fault.AtField("uptime", "batch.uptime")
		}
		in.UptimeLimit = time.Duration(n) * unit
	}
	if k.FormValue("data") != "" {
		n, err := web.Number(k, "data", "batch.data")
		if err != nil {
			return nil, err
		}
		unit := map[string]int64{"MB": 1_000_000, "GB": 1_000_000_000}[k.FormValue("data_unit")]
		if n < 0 || n > 999_999 || unit == 0 {
			return nil, fault.AtField("data", "batch.data")
		}
		in.DataLimit = int64(n) * unit
	}
	batches, err := k.Shop.Stock.CreateBatches(k.AuditContext(), k.Principal.Actor(), in)
	for _, b := range batches {
		ids = append(ids, b.ID)
	}
	return ids, err
}

func showNewBatch(k *web.Request, status int, form templates.Typed, nonce string) error {
	p, err := k.Panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.NewBatchPage{Panel: p, Nonce: nonce}
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return err
	}
	for _, s := range sites {
		if k.Principal.Serves(s.ID) && (page.SiteID == "" || s.ID == k.Query("site")) {
			page.SiteID = s.ID
		}
	}
	for _, s := range sites {
		if k.Principal.Serves(s.ID) {
			page.Sites = append(page.Sites, templates.Choice{Value: s.ID, Name: s.Name, Chosen: s.ID == page.SiteID})
		}
	}
	if len(page.Sites) < 2 {
		page.Sites = nil
	}
	plans, err := k.Store.Plans(k.AuditContext(), page.SiteID)
	if err != nil {
		return err
	}
	for _, x := range plans {
		if x.Retired() {
			continue
		}
		page.Plans = append(page.Plans, templates.Choice{Value: x.ID, Name: x.Name + " · " + x.Price.String(), Chosen: p.Picked("plan", x.ID, "")})
	}
	routers, err := k.Store.RoutersOf(k.AuditContext(), page.SiteID)
	if err != nil {
		return err
	}
	for i, r := range routers {
		page.Routers = append(page.Routers, templates.Choice{Value: r.ID, Name: r.Name, Chosen: p.PickedAny("router", r.ID, i == 0)})
	}
	for _, c := range order.Charsets {
		page.Charsets = append(page.Charsets, templates.Choice{Value: string(c), Chosen: p.Picked("charset", string(c), string(order.Charsets[0]))})
	}
	return k.SendPage(status, p.Theme, page)
}

// all are the values of a field that may be there more than once.
func all(k *web.Request, field string) (out []string) {
	for _, v := range k.Request().PostArgs().PeekMulti(field) {
		out = append(out, string(v))
	}
	return out
}
