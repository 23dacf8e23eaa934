package storefront

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// wifiCode is the code that joins the hotspot's open Wi-Fi.
func (d *Handler) wifiCode(c *fiber.Ctx) error {
	site, err := d.site(c)
	if err != nil {
		return err
	}
	if site.Portal.SSID == "" {
		return fiber.ErrNotFound
	}
	return d.sendCode(c, wifi(site.Portal.SSID))
}

var wifiEscapes = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, `:`, `\:`, `"`, `\"`)

// wifi is the text phones join an open network by.
func wifi(ssid string) string { return "WIFI:T:nopass;S:" + wifiEscapes.Replace(ssid) + ";;" }
