package stock

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/payments"
	"gerai/templates"
)

// sellStockForm offers what is in stock, and the voucher of a code that was typed.
func sellStockForm(k *web.Request) error {
	return showStock(k, fiber.StatusOK, k.Query("code"), templates.Typed{})
}

// sellStock sells one voucher for cash or a transfer, into the seller's open shift.
func sellStock(k *web.Request) error {
	price, err := money.ParseTyped(k.FormValue("price"))
	if err != nil {
		price = -1 // matches no voucher
	}
	in := counter.StockSaleIn{Sites: k.Principal.Sites, PlanID: k.FormValue("plan"), Code: k.FormValue("code"), Price: price, Nonce: k.FormValue("nonce"),
		Method: payments.Method(k.FormValue("method")), Reference: k.FormValue("reference"), Actor: k.Actor()}
	var o order.Order
	if in.Given, err = k.Amount("given"); err == nil {
		o, err = k.Shop.Counter.SellFromStock(k.AuditContext(), in)
	}
	if err != nil {
		form, ok := k.Typed(err, "plan", "code", "method", "given", "reference")
		if !ok {
			return err
		}
		code := ""
		if form.Field == "given" || form.Field == "reference" || form.Field == "method" {
			code = in.Code // it can still be sold
		}
		return showStock(k, httpx.Status(err), code, form)
	}
	return k.SeeOther("/vouchers/sales/" + string(o.ID))
}

func showStock(k *web.Request, status int, code string, form templates.Typed) error {
	p, err := k.Panel("sell")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.StockSellPage{Panel: p, Code: web.Truncate(code)}
	if _, page.Open, err = k.Store.OpenShift(k.AuditContext(), k.Principal.ID); err != nil {
		return err
	}
	if code != "" {
		v, b, err := k.Shop.Counter.StockByCode(k.AuditContext(), k.Principal.Sites, code)
		switch {
		case err == nil:
			names, err := web.VoucherPlaces(k.Handler, k.AuditContext())
			if err != nil {
				return err
			}
			page.Found = &templates.SellOffer{Panel: p, Plan: b.Item.Name, Site: names.Sites[v.SiteID], Code: v.Username, Serial: web.Serial(b, v), Price: b.Item.Price, Nonce: web.Nonce()}
		case fault.Is(err, fault.Internal):
			return err
		default:
			page.Fail = templates.FaultText(p.Lang, err)
		}
	}
	offers, err := k.Shop.Counter.StockOffers(k.AuditContext(), k.Principal.Sites)
	if err != nil {
		return err
	}
	for _, o := range offers {
		offer := templates.SellOffer{Panel: p, PlanID: o.Plan.ID, Plan: o.Plan.Name, Site: o.Site.Name, Price: o.Price, Printed: o.Stock.Printed, Nonce: web.Nonce()}
		if o.Ready {
			offer.Free = max(o.Stock.Free(), 1)
		}
		if form.Value("plan", "") != o.Plan.ID || form.Value("code", "") != "" {
			offer.Form = templates.Typed{}
		}
		if o.Ready || o.Stock.Printed > 0 {
			page.Offers = append(page.Offers, offer)
		}
	}
	return k.SendPage(status, p.Theme, page)
}
