package orders

import (
	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/order"
)

// note writes down what the next one should know.
func note(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	if err := k.Shop.Orders.AddNote(k.AuditContext(), k.Actor(), o.ID, k.FormValue("text")); err != nil {
		return orderAgain(k, o, err, "text")
	}
	return k.SeeOther(web.OrderPath(o), "m", "order.note")
}

// orderAgain shows the page with a form that was refused.
func orderAgain(k *web.Request, o order.Order, err error, fields ...string) error {
	form, ok := k.Typed(err, fields...)
	if !ok {
		return err
	}
	return showOrder(k, httpx.Status(err), o, form, nothing)
}
