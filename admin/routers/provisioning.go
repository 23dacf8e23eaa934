package routers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/shop/routers"
	"gerai/internal/staff"
	"gerai/templates"
)

// provisioningWait bounds an audit or a plan, provisioningTimeout an installation: small boards
// take their time to sign a certificate.
const (
	provisioningWait    = 45 * time.Second
	provisioningTimeout = 3 * time.Minute
)

// provisioning shows what setup did to a router and offers the rest.
func provisioning(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	return showProvisioning(k, r, fiber.StatusOK, templates.RouterProvisioningPage{}, nil)
}

// provisioningCheck audits a router; nothing is changed.
func provisioningCheck(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(k.AuditContext(), provisioningWait)
	defer cancel()
	found, err := k.Shop.Routers.CheckProvisioning(ctx, r.ID, routers.ProvisioningOptions{})
	if ours(err) {
		return err
	}
	page := templates.RouterProvisioningPage{Checked: err == nil, Findings: findingLines(k.Lang(), found)}
	return showProvisioning(k, r, provisioningStatus(err), page, err)
}

func provisioningStatus(err error) int {
	if err == nil {
		return fiber.StatusOK
	}
	return refusal(err)
}

func findingLines(l templates.Lang, found []hotspot.Finding) []templates.FindingLine {
	var out []templates.FindingLine
	for _, f := range found {
		what, mend := templates.FindingText(l, f)
		out = append(out, templates.FindingLine{Severity: string(f.Severity), Word: templates.SeverityText(l, f.Severity), What: what, Mend: mend})
	}
	return out
}

func showProvisioning(k *web.Request, r catalog.Router, status int, page templates.RouterProvisioningPage, cause error) error {
	p, err := withRouter(k, r, "kit")
	if err != nil {
		return err
	}
	if cause != nil {
		p.Form = refusedForm(k, p.Panel, cause, "user", "tls_address", "reboot", "bare")
		p.Form.Message = templates.ProvisioningFaultText(p.Lang, cause)
	}
	page.RouterPanel, page.CanSetUp = p, k.Principal.May(staff.SetupRouter)
	steps, err := k.Shop.Routers.ProvisioningState(k.AuditContext(), r)
	if err != nil {
		return err
	}
	for _, st := range steps {
		page.Done = append(page.Done, templates.StepText(p.Lang, st))
	}
	return k.SendPage(status, p.Theme, page)
}

// provisioningOptions are the wishes of a form. Errors: Invalid "router.password_alone" at
// "password".
func provisioningOptions(k *web.Request) (routers.ProvisioningOptions, error) {
	err := k.OnlyWith(k.FormValue("user") != "", "password", "router.password_alone")
	return routers.ProvisioningOptions{User: k.FormValue("user"), Password: k.FormValue("password"), TLSAddress: k.FormValue("tls_address"),
		Reboot: k.FormValue("reboot") == "yes", Bare: k.FormValue("bare") == "yes"}, err
}

// provisioningPlan shows what setup would change; nothing is changed.
func provisioningPlan(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	return showPlan(k, r, fiber.StatusOK, nil)
}

// confirmProvisioning shows it again.
func confirmProvisioning(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	return showPlan(k, r, refusal(cause), cause)
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
