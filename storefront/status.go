package storefront

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/payments"
)

// statusBody is what programs, and the page's script, learn about an order.
type statusBody struct {
	Order     order.Code      `json:"order"`
	Status    order.Status    `json:"status"`
	Flags     []order.Flag    `json:"flags"`
	Attention order.Reason    `json:"attention"`
	Amount    money.Rupiah    `json:"amount"`
	Method    payments.Method `json:"method"`
	ExpiresAt time.Time       `json:"expires_at"`
	Voucher   *statusVoucher  `json:"voucher"`
}

type statusVoucher struct {
	Username   string     `json:"username"`
	Password   string     `json:"password"`
	ValidUntil *time.Time `json:"valid_until"` // null while unknown or for ever
}

// status answers with the order as JSON, or 304 when the caller has seen it.
func (d *Handler) status(c *fiber.Ctx) error {
	v, err := d.Shop.Orders.View(c.UserContext(), token(c))
	if err != nil {
		return err
	}
	body := statusOf(v)
	tag := statusTag(body)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderETag, tag)
	for seen := range strings.SplitSeq(c.Get(fiber.HeaderIfNoneMatch), ",") {
		if strings.TrimPrefix(strings.TrimSpace(seen), "W/") == tag {
			c.Status(fiber.StatusNotModified)
			return nil
		}
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(body)
}

// statusOf writes the JSON. The voucher is null until the order is activated,
// whatever else is known, and again when it works no more.
func statusOf(v orders.View) []byte {
	o := v.Order
	s := statusBody{Order: o.Code, Status: o.Status, Flags: o.Flags, Attention: o.Attention, Amount: o.Total, Method: v.Attempt.Method, ExpiresAt: o.ExpiresAt.UTC()}
	if s.Flags == nil {
		s.Flags = []order.Flag{}
	}
	if o.Status == order.Activated && !ended(v) {
		s.Voucher = &statusVoucher{Username: o.Username, Password: o.Password}
		if until := validUntil(v); !until.IsZero() {
			until = until.UTC()
			s.Voucher.ValidUntil = &until
		}
	}
	body, err := json.Marshal(s)
	if err != nil { // strings, numbers and times between year 0 and 9999 always marshal
		panic(err)
	}
	return body
}

// statusTag names a status answer: its ETag and its event's id.
func statusTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:9]) + `"`
}
