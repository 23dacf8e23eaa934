package routers

import (
	"strconv"
	"time"

	"gerai/admin/web"
	"gerai/templates"
)

// rebootForm shows the confirmation to restart a router.
func rebootForm(k *web.Request) error { return confirmReboot(k, nil) }

// reboot restarts a router; the page after it waits until the router is back.
func reboot(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	err = k.TypedName(r.Name)
	if err == nil {
		err = k.Shop.Routers.RebootRouter(k.AuditContext(), k.Principal.Actor(), r, k.Reason())
	}
	if err == nil {
		return k.SeeOther("/routers/"+r.ID+"/back", "since", strconv.FormatInt(k.Clock.Now().UnixMilli(), 10))
	}
	if ours(err) {
		return err
	}
	return confirmReboot(k, err)
}

func confirmReboot(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	ctx, cancel := soon(k)
	defer cancel()
	o, askErr := k.Shop.Routers.Overview(ctx, r)
	return sendRouterConfirmation(k, r, "board", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		page := templates.RouterConfirmationPage{Act: "reboot", Want: r.Name, Back: p.At(""), Action: p.At("/reboot")}
		if askErr == nil {
			page.Effects = append(page.Effects, p.T("routers.effect.active", "n", strconv.Itoa(o.Active)))
		} else {
			page.Effects = append(page.Effects, p.T("routers.silent", "why", trouble(p.Panel, askErr)))
		}
		page.Effects = append(page.Effects, p.T("routers.effect.reboot"))
		return page
	})
}

// While a router restarts, the page reloads every backPace seconds. After backLate it
// says that the router needs a look.
const (
	backPace = "3"
	backLate = 3 * time.Minute
)
