package routers

import (
	"context"

	"gerai/admin/web"
)

// confirmProvisioning shows it again.
func confirmProvisioning(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	return showPlan(k, r, refusal(cause), cause)
}

// provisioningApply does what was agreed to.
func provisioningApply(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	if err := k.TypedName(r.Name); err != nil {
		return showPlan(k, r, refusal(err), err)
	}
	o, err := provisioningOptions(k)
	if err != nil {
		return showPlan(k, r, refusal(err), err)
	}
	ctx, cancel := context.WithTimeout(k.AuditContext(), provisioningTimeout)
	defer cancel()
	_, err = k.Shop.Routers.ProvisionFromPanel(ctx, k.Principal.Actor(), r, o, k.FormValue("digest"), k.Reason())
	switch {
	case err == nil:
		return k.Back("/routers/"+r.ID+"/kit", "kit_applied", nil)
	case ours(err):
		return err
	}
	return showPlan(k, r, refusal(err), err)
}
