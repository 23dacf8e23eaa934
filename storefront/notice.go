package storefront

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/store"
	"gerai/templates"
)

// back returns to the order page after an action, with the hints that the form
// brought. What went wrong travels as a
// short key; only keys with a sentence of their own are ever shown. An order
// that does not exist stays an error.
func (d *Handler) back(c *fiber.Ctx, err error, done string) error {
	switch {
	case errors.Is(err, store.ErrOrderNotFound), fault.Is(err, fault.Internal):
		return err
	case err != nil && templates.HasText("fault."+fault.CodeOf(err)):
		done = fault.CodeOf(err)
	case err != nil:
		done = "kind." + string(fault.KindOf(err))
	}
	auto := ""
	if c.Query("auto") == "1" {
		auto = "1"
	}
	return see(c, orderPath(token(c)), append(along(hints(form(c))), "m", done, "auto", auto)...)
}

// notice turns the key of the address into a message, if it is one we know and
// it still fits the page.
func notice(p templates.OrderPage, key string) *templates.Notice {
	switch {
	case key == "" || len(key) > 40:
		return nil
	case key == "checked":
		if !p.CanCheck() {
			return nil
		}
		return &templates.Notice{Text: p.T("storefront.notice.checked")}
	case key == "connected":
		if p.State != templates.StateActive {
			return nil
		}
		return &templates.Notice{Text: p.T("storefront.notice.connected"), Good: true}
	case key == "moved":
		if p.State != templates.StateActive {
			return nil
		}
		return &templates.Notice{Text: p.T("storefront.notice.moved"), Good: true}
	case key == "pass":
		if p.Pass == nil || p.Pass.State != templates.PassRunning {
			return nil
		}
		return &templates.Notice{Text: p.T("storefront.notice.pass"), Good: true}
	case key == "unseen":
		if p.Pass == nil {
			return nil
		}
		return &templates.Notice{Text: p.T("storefront.notice.unseen")}
	case key == "forgotten":
		if p.Erasable {
			return nil
		}
		return &templates.Notice{Text: p.T("storefront.notice.forgotten"), Good: true}
	case key == hotspot.ErrUsedUp.Code && p.State == templates.StateUsedUp:
		return nil // the page says it
	case key == hotspot.ErrTooMany.Code:
		if p.State != templates.StateActive {
			return nil
		}
		return &templates.Notice{Text: p.T("fault." + key), Move: true}
	case templates.HasText("fault." + key):
		return &templates.Notice{Text: p.T("fault." + key)}
	}
	return nil
}

// tellWait sets Retry-After on an answer that says "too often".
func tellWait(c *fiber.Ctx, err error) {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Limited {
		c.Set(fiber.HeaderRetryAfter, retrySeconds(f.After))
	}
}
