package web

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// Installable serves what makes the panel a program of a phone or a computer: its manifest,
// the worker that keeps one page for the time without a connection, and that page. Nothing
// of it needs a session, and nothing of it is of the shop's money.
func (d *Handler) Installable(g fiber.Router) {
	g.Get("/manifest.webmanifest", d.installs(func(k *Request, b templates.Base) error {
		text, err := templates.Manifest(b)
		if err != nil {
			return err
		}
		k.Set(fiber.HeaderContentType, "application/manifest+json")
		return k.Send(text)
	}))
	g.Get("/sw.js", d.installs(func(k *Request, b templates.Base) error {
		text, err := templates.Worker(b)
		if err != nil {
			return err
		}
		k.Set(fiber.HeaderContentType, "text/javascript; charset=utf-8")
		k.Set("Service-Worker-Allowed", Root)
		return k.SendString(text)
	}))
	g.Get("/offline", d.installs(func(k *Request, b templates.Base) error {
		return k.SendPage(http.StatusOK, b.Theme, templates.OfflinePage{Panel: templates.Panel{Base: b}})
	}))
}

// installs serves what is the same for everyone.
func (d *Handler) installs(serve func(*Request, templates.Base) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		httpx.NoStore(c)
		theme, err := d.theme(c)
		if err != nil {
			return err
		}
		return serve(&Request{Ctx: c, Handler: d}, templates.Base{Lang: templates.Indonesian, Theme: theme, Zone: d.Zone, Path: Root + "/offline", Private: true})
	}
}
