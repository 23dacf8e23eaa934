package storefront

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/order"
)

// hintNames are the parameters a hotspot's login page passes along.
var hintNames = []string{"mac", "ip", "link-login-only", "link-orig", "server-name"}

// longestHint bounds a hint in bytes; the shop refuses longer links anyway.
const longestHint = 500

// hints reads the parameters with the given reader. They are only carried from
// page to page here; the shop checks their form and believes none of them.
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

// along are the hints as pairs of name and value, for the page that a form
// leads to.
func along(h order.Hints) []string {
	return []string{hintNames[0], h.MAC, hintNames[1], h.IP, hintNames[2], h.LoginURL, hintNames[3], h.OrigURL, hintNames[4], h.ServerName}
}
