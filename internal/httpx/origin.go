package httpx

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
)

// OriginOptions say whose forms may reach the routes behind SameOrigin.
type OriginOptions struct {
	// Origins that count as ourselves besides the host asked, "https://host".
	Origins []string
	// AllowMissing lets requests pass that name no origin: old captive-portal browsers,
	// and every browser under "no-referrer" over plain http. Right for routes without
	// cookies, where a foreign page gains nothing; handlers with cookies leave it off.
	AllowMissing bool
}

// SameOrigin refuses unsafe methods that a foreign page caused, with a fault
// of kind Denied. It trusts Sec-Fetch-Site where the browser sends it, else
// compares Origin with the host asked for.
func SameOrigin(o OriginOptions) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if safe(c.Method()) || o.allows(c) {
			return c.Next()
		}
		return fault.New(fault.Denied, "origin.foreign")
	}
}

func (o OriginOptions) allows(c *fiber.Ctx) bool {
	origin := strings.TrimSpace(c.Get(fiber.HeaderOrigin))
	named := origin != "" && origin != "null"
	if named && slices.Contains(o.Origins, origin) {
		return true
	}
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	if !named {
		return o.AllowMissing
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, string(c.Request().Host()))
}

func safe(method string) bool {
	return method == fiber.MethodGet || method == fiber.MethodHead || method == fiber.MethodOptions
}
