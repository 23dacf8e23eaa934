package routers

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

// routerBack follows a router until it is back. It is when it answers and has
// been up for less time than has passed since the order to restart.
func routerBack(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, "board")
	if err != nil {
		return err
	}
	ms, err := strconv.ParseInt(k.Query("since"), 10, 64)
	now := k.Clock.Now()
	since := time.UnixMilli(ms)
	if err != nil || since.After(now) || now.Sub(since) > time.Hour {
		return k.SeeOther("/routers/" + r.ID)
	}
	p.Query = map[string][]string{"since": {strconv.FormatInt(ms, 10)}}
	page := templates.RouterBackPage{RouterPanel: p, Since: since, Late: now.Sub(since) > backLate}
	ctx, cancel := soon(k)
	defer cancel()
	if h, err := k.Shop.Routers.Answers(ctx, r); err == nil && h.Uptime <= now.Sub(since)+time.Second {
		page.Back, page.Uptime = true, h.Uptime
	} else {
		k.Set("Refresh", backPace)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}
