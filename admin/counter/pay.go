package counter

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/payments"
	"gerai/templates"
)

// payForm takes money for an order that was placed online.
func payForm(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	if err := order.MayPayAtCounter(o); err != nil {
		return k.Back(web.OrderPath(o), "", err)
	}
	return showPay(k, fiber.StatusOK, templates.Typed{})
}

// pay records that money.
func pay(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	given, err := k.Amount("given")
	if err == nil {
		shown, parseErr := strconv.ParseInt(k.FormValue("due", "0"), 10, 64)
		if parseErr != nil {
			shown = -1 // no amount: nothing was shown that could be paid
		}
		_, err = k.Shop.Counter.Take(k.AuditContext(), counter.TakeIn{OrderID: o.ID, Nonce: k.FormValue("nonce"), Shown: money.Rupiah(shown), Method: payments.Method(k.FormValue("method")), Given: given, Reference: k.FormValue("reference"), Actor: k.Actor()})
	}
	if err == nil {
		return k.SeeOther("/sell/" + string(o.Code))
	}
	form, ok := k.Typed(err, "method", "given", "reference")
	if !ok {
		return err
	}
	return showPay(k, httpx.Status(err), form)
}

func showPay(k *web.Request, status int, form templates.Typed) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	s, err := k.Shop.Orders.OrderDetail(k.AuditContext(), o.Code)
	if err != nil {
		return err
	}
	if s.Remaining == 0 {
		return k.SeeOther(web.OrderPath(o), "m", "order.already_paid")
	}
	p, err := k.Panel("sell")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.PayPage{Panel: p, Line: k.Line(k, s.Order, s.SiteName), Due: s.Remaining, Nonce: web.Nonce()}
	if _, page.Open, err = k.Store.OpenShift(k.AuditContext(), k.Principal.ID); err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, page)
}
