package storefront

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// receipt is the proof of a paid order, for paper or (?format=text) for a
// chat. An order that is not paid has none and shows its own page.
func (d *Handler) receipt(c *fiber.Ctx) error {
	h := hints(query(c))
	v, err := d.Shop.Orders.Receipt(c.UserContext(), token(c))
	if errors.Is(err, orders.ErrNotPaid) {
		return see(c, orderPath(token(c)), append(along(h), "m", fault.CodeOf(err))...)
	}
	if err != nil {
		return err
	}
	base, err := d.base(c, orderPath(v.Order.Token)+"/receipt")
	if err != nil {
		return err
	}
	base.Now, base.Test, base.Hints, base.Zone = v.Now, !v.Live, h, v.Zone
	o := v.Order
	page := templates.ReceiptPage{Base: base, Paper: templates.ParsePaper(c.Query("paper"), templates.A4), Token: o.Token, Number: v.Receipt.Number(),
		Code: o.Code, PaidAt: o.PaidAt, Site: v.Site.Name, Item: o.Item, Extension: o.Status == order.Activated && v.Extends, Total: o.Total,
		TaxPercent: v.Receipt.TaxPercent, Tax: v.Receipt.Tax, Payments: v.Payments, Refunds: v.Refunds}
	page.Query = map[string][]string{"paper": {string(page.Paper)}}
	if c.Query("format") == "text" {
		httpx.NoStore(c)
		c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		return c.SendString(page.Text())
	}
	return sendPaper(c, page.Sheet(), page)
}

// sendPaper sends a page made to be printed.
func sendPaper(c *fiber.Ctx, sheet templates.Sheet, p templates.Page) error {
	html, err := templates.Render(p)
	if err != nil {
		return err
	}
	httpx.NoStore(c)
	frame(c, sheet.Hash)
	return c.Send(html)
}
