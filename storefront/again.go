package storefront

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// again places an order like an earlier one. Where price or terms changed since
// the form was shown, the page comes back with both and a form for today's.
func (d *Handler) again(c *fiber.Ctx, place func(context.Context, order.Token, orders.AgainIn) (order.Order, error)) error {
	in := orders.AgainIn{Nonce: c.FormValue("nonce"), Terms: c.FormValue("terms"), Client: httpx.ClientNet(c), Hints: hints(form(c))}
	o, err := place(c.UserContext(), token(c), in)
	switch {
	case err == nil:
		return see(c, orderPath(o.Token), along(in.Hints)...)
	case !errors.Is(err, orders.ErrTermsChanged):
		return d.back(c, err, "")
	}
	v, viewErr := d.Shop.Orders.Fresh(c.UserContext(), token(c))
	if viewErr != nil {
		return viewErr
	}
	page, pageErr := d.orderPage(c, v, in.Hints)
	if pageErr != nil {
		return pageErr
	}
	page.Notice = &templates.Notice{Text: templates.FaultText(page.Lang, err)}
	if now := (*orders.TermsNow)(nil); errors.As(err, &now) { // what it costs this customer
		page.MoreItem, page.Terms = now.Item, now.Item.Terms()
	}
	page.Changed = page.ChangedTerms(in.Terms, page.MoreItem)
	return send(c, httpx.Status(err), page.Theme, page)
}
