package routers

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

// online is the page from which an account with the right to end sessions picks a router.
func online(k *web.Request) error {
	p, err := k.Panel("online")
	if err != nil {
		return err
	}
	page := templates.OnlinePage{Panel: p}
	if page.Routers, err = routerLines(k, p); err != nil {
		return err
	}
	if len(page.Routers) == 1 {
		return k.SeeOther("/routers/" + page.Routers[0].ID + "/active")
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}
