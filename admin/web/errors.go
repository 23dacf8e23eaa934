package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/templates"
)

// ErrorPage renders an error; the server calls it with the status for addresses below
// the panel's root.
func (d *Handler) ErrorPage(c *fiber.Ctx, status int, err error) error {
	k := &Request{Ctx: c, Handler: d}
	// A request that the IP allowlist refuses is shown nothing of the panel.
	if !errors.Is(err, errNotFromHere) {
		if who, whoErr := d.Accounts.Peek(c.UserContext(), d.Token(c)); whoErr == nil {
			k.Principal = who
		}
	}
	p, panelErr := k.Panel("")
	if panelErr != nil { // the database is what failed
		p = templates.Panel{Base: templates.Base{Lang: k.Lang(), Theme: templates.NewTheme(catalog.DefaultBrand), Zone: d.Zone, Now: d.Clock.Now(), Path: Root, Private: true}}
	}
	page := templates.PanelErrorPage{Panel: p, Code: status}
	// What failed inside is for staff; a visitor is told that it failed.
	if code := fault.CodeOf(err); templates.HasText("fault."+code) && (status < fiber.StatusInternalServerError || k.Principal.ID != "") {
		page.Text = templates.FaultText(p.Lang, err)
	}
	if errors.Is(err, errWrongAddress) {
		page.Address = d.BaseURL + Root // configured, and nothing that the request claims
	}
	if page.Busy = errors.Is(err, errComputing); page.Busy && c.Method() == fiber.MethodGet {
		c.Set("Refresh", string(c.Response().Header.Peek(fiber.HeaderRetryAfter)))
	}
	return k.SendPage(status, p.Theme, page)
}
