package routers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
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
	err := k.OnlyWith(k.FormValue("user") != "", fault.AtField("password", "router.password_alone"))
	return routers.ProvisioningOptions{User: k.FormValue("user"), Password: k.FormValue("password"), TLSAddress: k.FormValue("tls_address"),
		Reboot: k.FormValue("reboot") == "yes", Bare: k.FormValue("bare") == "yes"}, err
}
