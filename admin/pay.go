package admin

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/money"
	"gerai/internal/shop/counter"
	"gerai/payments"
	"gerai/templates"
)

// payForm takes money for an order that was placed online.
func payForm(k *request) error { return showPay(k, fiber.StatusOK, templates.Typed{}) }

// pay records that money.
func pay(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	given, err := k.amount("given")
	if err == nil {
		shown, parseErr := strconv.ParseInt(k.FormValue("due", "0"), 10, 64)
		if parseErr != nil {
			shown = -1 // no amount: nothing was shown that could be paid
		}
		_, err = k.Shop.Counter.Take(k.ctx(), counter.TakeIn{OrderID: o.ID, Nonce: k.FormValue("nonce"), Shown: money.Rupiah(shown), Method: payments.Method(k.FormValue("method")), Given: given, Reference: k.FormValue("reference"), Actor: k.actor()})
	}
	if err == nil {
		return k.seeOther("/sell/" + string(o.Code))
	}
	form, ok := k.typed(err, "method", "given", "reference")
	if !ok {
		return err
	}
	return showPay(k, httpx.Status(err), form)
}

func showPay(k *request, status int, form templates.Typed) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	s, err := k.Shop.Orders.OrderDetail(k.ctx(), o.Code)
	if err != nil {
		return err
	}
	if s.Remaining == 0 {
		return k.seeOther(orderPath(o), "m", "order.already_paid")
	}
	p, err := k.panel("sell")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.PayPage{Panel: p, Line: k.line(k, s.Order, s.SiteName), Due: s.Remaining, Nonce: nonce()}
	if _, page.Open, err = k.Store.OpenShift(k.ctx(), k.principal.ID); err != nil {
		return err
	}
	return k.send(status, p.Theme, page)
}
