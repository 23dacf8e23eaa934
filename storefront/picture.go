package storefront

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/picture"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// qr draws the payment code: alone for the page (?plain=1), else as the ticket
// that a customer saves and can come back with (?save=1 downloads it). There
// is no picture unless there is a code that may be paid.
func (d *Handler) qr(c *fiber.Ctx) error {
	v, err := d.Shop.Orders.View(c.UserContext(), token(c))
	if err != nil {
		return err
	}
	if stateOf(v) != templates.StatePayQR {
		return fiber.ErrNotFound
	}
	var png []byte
	if c.Query("plain") == "1" {
		png, err = d.imageCache.image("plain "+v.QR, func() ([]byte, error) { return picture.QR(v.QR) })
	} else {
		t := ticket(lang(c), v)
		png, err = d.imageCache.image(fmt.Sprintf("%q", t), t.PNG)
	}
	if err != nil {
		return err
	}
	httpx.NoStore(c)
	if c.Query("save") == "1" {
		c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="QRIS-Rp%d-%s.png"`, v.Remaining, v.Order.Code))
	}
	c.Set(fiber.HeaderContentType, "image/png")
	return c.Send(png)
}

func ticket(l templates.Lang, v orders.View) picture.Ticket {
	b := templates.Base{Lang: l, Zone: v.Zone, Now: v.Now}
	t := picture.Ticket{
		Payload: v.QR, Site: v.Site.Name, Amount: v.Remaining.String(), Until: b.T("storefront.ticket.before", "time", b.Stamp(deadline(v))),
		OrderLabel: b.T("storefront.code.order"), OrderCode: v.Order.Code.Pretty(), ClaimLabel: b.T("storefront.code.claim"), ClaimCode: v.ClaimCode,
		URL: address(v.BaseURL),
	}
	if v.Merchant != "" {
		t.Merchant = b.T("storefront.ticket.merchant", "name", v.Merchant)
	}
	if !v.Live {
		t.Note = b.T("storefront.ticket.test")
	}
	return t
}
