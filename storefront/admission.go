package storefront

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/admission"
	"gerai/internal/fault"
	"gerai/internal/httpx"
)

// errBusy: more acts than can be served at once; nothing was written and nothing asked of the gateway.
var errBusy = &fault.Error{Kind: fault.Unavailable, Code: "shop.busy", After: firstPause}

// ActRule is how many acts of customers that write are at work at once in a process, and
// how many wait: about as many as are served within the patience. On SQLite one
// transaction writes at a time, and more acts would only stand in its queue; on PostgreSQL they
// leave one of the turns for work that is not urgent (internal/store) to the panel.
func ActRule(engine string) admission.Rule {
	rule := admission.Rule{AtOnce: 4, Waiting: 100, Patience: time.Second}
	if engine == "postgres" {
		rule.AtOnce = 6
	}
	return rule
}

// admitted runs the handlers behind it once there is a place for them. Clients take turns.
// Errors: Unavailable "shop.busy".
func (d *Handler) admitted(c *fiber.Ctx) error {
	ctx, leave, err := d.Acts.Enter(c.UserContext(), httpx.ClientNet(c))
	if err != nil {
		return err
	}
	defer leave()
	c.SetUserContext(ctx)
	return c.Next()
}
