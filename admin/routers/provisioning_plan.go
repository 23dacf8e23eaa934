package routers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/templates"
)

// provisioningPlan shows what setup would change; nothing is changed.
func provisioningPlan(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	return showPlan(k, r, fiber.StatusOK, nil)
}

func showPlan(k *web.Request, r catalog.Router, status int, cause error) error {
	o, err := provisioningOptions(k)
	if err != nil {
		return showProvisioning(k, r, refusal(err), templates.RouterProvisioningPage{}, err)
	}
	ctx, cancel := context.WithTimeout(k.AuditContext(), provisioningWait)
	defer cancel()
	plan, err := k.Shop.Routers.PlanProvisioning(ctx, r.ID, o)
	if ours(err) {
		return err
	}
	if err != nil {
		return showProvisioning(k, r, refusal(err), templates.RouterProvisioningPage{}, err)
	}
	p, err := withRouter(k, r, "kit")
	if err != nil {
		return err
	}
	if cause != nil {
		p.Form = refusedForm(k, p.Panel, cause, "typed", "reason")
		if p.Form.Field == "" {
			p.Form.Message = templates.ProvisioningFaultText(p.Lang, cause)
		}
	}
	page := templates.RouterPlanPage{RouterPanel: p, Blocked: findingLines(p.Lang, plan.Blocked), Account: o.User, TLSAddress: o.TLSAddress, Reboot: o.Reboot, Bare: o.Bare,
		Digest: plan.Digest(), Token: k.ConfirmationToken(p.At("/kit/apply"))}
	for _, st := range plan.Steps {
		page.Steps = append(page.Steps, templates.PlanLine{What: templates.StepText(p.Lang, st), Changes: templates.StepChanges(p.Lang, st)})
	}
	return k.SendPage(status, p.Theme, page)
}
