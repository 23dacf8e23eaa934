package admin

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/shop"
	"gerai/internal/staff"
	"gerai/templates"
)

// kitWait bounds an audit or a plan, kitWork an installation: small boards
// take their time to sign a certificate.
const (
	kitWait = 45 * time.Second
	kitWork = 3 * time.Minute
)

// kit shows what setup did to a router and offers the rest.
func (d *Door) kit(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	return d.showKit(k, r, fiber.StatusOK, templates.RouterKitPage{}, nil)
}

// kitCheck audits a router; nothing is changed.
func (d *Door) kitCheck(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(k.ctx(), kitWait)
	defer cancel()
	found, err := d.Shop.CheckKit(ctx, r.ID, shop.KitOptions{})
	if ours(err) {
		return err
	}
	page := templates.RouterKitPage{Checked: err == nil, Findings: findingLines(k.lang(), found)}
	return d.showKit(k, r, kitStatus(err), page, err)
}

func kitStatus(err error) int {
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

func (d *Door) showKit(k *desk, r catalog.Router, status int, page templates.RouterKitPage, cause error) error {
	p, err := k.onRouter(r, "kit")
	if err != nil {
		return err
	}
	if cause != nil {
		p.Form = k.refusedForm(p.Panel, cause, "user", "tls_address", "reboot", "bare")
		p.Form.Message = templates.KitFaultText(p.Lang, cause)
	}
	page.RouterPanel, page.CanSetUp = p, k.person.May(staff.SetupRouter)
	steps, err := d.Shop.KitState(k.ctx(), r)
	if err != nil {
		return err
	}
	for _, st := range steps {
		page.Done = append(page.Done, templates.StepText(p.Lang, st))
	}
	return k.send(status, p.Theme, page)
}

// kitOptions are the wishes of a form. Errors: Invalid "router.password_alone" at
// "password".
func (k *desk) kitOptions() (shop.KitOptions, error) {
	err := k.onlyWith(k.FormValue("user") != "", "password", "router.password_alone")
	return shop.KitOptions{User: k.FormValue("user"), Password: k.FormValue("password"), TLSAddress: k.FormValue("tls_address"),
		Reboot: k.FormValue("reboot") == "yes", Bare: k.FormValue("bare") == "yes"}, err
}

// kitPlan shows what setup would change; nothing is changed.
func (d *Door) kitPlan(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	return d.showPlan(k, r, fiber.StatusOK, nil)
}

// askKit shows it again.
func (d *Door) askKit(k *desk, cause error) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	return d.showPlan(k, r, refusal(cause), cause)
}

func (d *Door) showPlan(k *desk, r catalog.Router, status int, cause error) error {
	o, err := k.kitOptions()
	if err != nil {
		return d.showKit(k, r, refusal(err), templates.RouterKitPage{}, err)
	}
	ctx, cancel := context.WithTimeout(k.ctx(), kitWait)
	defer cancel()
	plan, err := d.Shop.PlanKit(ctx, r.ID, o)
	if ours(err) {
		return err
	}
	if err != nil {
		return d.showKit(k, r, refusal(err), templates.RouterKitPage{}, err)
	}
	p, err := k.onRouter(r, "kit")
	if err != nil {
		return err
	}
	if cause != nil {
		p.Form = k.refusedForm(p.Panel, cause, "typed", "reason")
		if p.Form.Field == "" {
			p.Form.Message = templates.KitFaultText(p.Lang, cause)
		}
	}
	page := templates.RouterPlanPage{RouterPanel: p, Blocked: findingLines(p.Lang, plan.Blocked), Account: o.User, TLSAddress: o.TLSAddress, Reboot: o.Reboot, Bare: o.Bare,
		Digest: plan.Digest(), Token: k.consentToken(p.At("/kit/apply"))}
	for _, st := range plan.Steps {
		page.Steps = append(page.Steps, templates.PlanLine{What: templates.StepText(p.Lang, st), Changes: templates.StepChanges(p.Lang, st)})
	}
	return k.send(status, p.Theme, page)
}

// kitApply does what was agreed to.
func (d *Door) kitApply(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	if err := k.typedName(r.Name); err != nil {
		return d.showPlan(k, r, refusal(err), err)
	}
	o, err := k.kitOptions()
	if err != nil {
		return d.showPlan(k, r, refusal(err), err)
	}
	ctx, cancel := context.WithTimeout(k.ctx(), kitWork)
	defer cancel()
	_, err = d.Shop.SetUp(ctx, k.person.Actor(), r, o, k.FormValue("digest"), k.reason())
	switch {
	case err == nil:
		return k.back("/routers/"+r.ID+"/kit", "kit_applied", nil)
	case ours(err):
		return err
	}
	return d.showPlan(k, r, refusal(err), err)
}
