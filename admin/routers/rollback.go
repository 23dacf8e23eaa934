package routers

import (
	"context"

	"gerai/admin/web"
	"gerai/templates"
)

// rollbackForm shows the confirmation to roll the provisioning back.
func rollbackForm(k *web.Request) error { return confirmRollback(k, nil) }

// rollback takes back what setup did.
func rollback(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	o, err := provisioningOptions(k)
	if err == nil {
		err = k.TypedName(r.Name)
	}
	if err == nil {
		ctx, cancel := context.WithTimeout(k.AuditContext(), provisioningTimeout)
		defer cancel()
		_, err = k.Shop.Routers.RollbackFromPanel(ctx, k.Principal.Actor(), r, o, k.Reason())
	}
	switch {
	case err == nil:
		return k.Back("/routers/"+r.ID+"/kit", "kit_undone", nil)
	case ours(err):
		return err
	}
	return confirmRollback(k, err)
}

func confirmRollback(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	steps, err := k.Shop.Routers.ProvisioningState(k.AuditContext(), r)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		if cause != nil {
			return cause
		}
		return k.SeeOther("/routers/" + r.ID + "/kit")
	}
	return sendRouterConfirmation(k, r, "kit", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		page := templates.RouterConfirmationPage{Act: "undo_kit", Want: r.Name, Back: p.At("/kit"), Action: p.At("/kit/undo"), Account: true}
		for _, st := range steps {
			page.Effects = append(page.Effects, p.T("routers.effect.step", "what", templates.StepText(p.Lang, st)))
		}
		return page
	})
}
