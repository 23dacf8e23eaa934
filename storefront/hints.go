package storefront

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/order"
)

// hintNames are the parameters a hotspot's login page passes along.
var hintNames = []string{"mac", "ip", "link-login-only", "link-orig", "server-name"}

// longestHint bounds a hint in bytes; the shop refuses longer links anyway.
const longestHint = 500

// hints reads the parameters with the given reader. They are only carried to
// the order form here; the shop checks their form and believes none of them.
func hints(get func(name string) string) order.Hints {
	read := func(name string) string {
		s := get(name)
		if len(s) > longestHint || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return ""
		}
		return s
	}
	return order.Hints{MAC: read("mac"), IP: read("ip"), LoginURL: read("link-login-only"), OrigURL: read("link-orig"), ServerName: read("server-name")}
}

func query(c *fiber.Ctx) func(string) string {
	return func(name string) string { return c.Query(name) }
}
func form(c *fiber.Ctx) func(string) string {
	return func(name string) string { return c.FormValue(name) }
}

// kept are the hints as parameters, for links back to the same page.
func kept(h order.Hints) url.Values {
	q := url.Values{}
	for i, value := range []string{h.MAC, h.IP, h.LoginURL, h.OrigURL, h.ServerName} {
		if value != "" {
			q.Set(hintNames[i], value)
		}
	}
	return q
}
