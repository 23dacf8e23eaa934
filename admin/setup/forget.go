package setup

import (
	"gerai/admin/web"
	"gerai/internal/shop/setup"
	"gerai/templates"
)

// forgetForm shows what forgetting the keys does.
func forgetForm(k *web.Request) error { return confirmForget(k, nil) }

// forget forgets them.
func forget(k *web.Request) error {
	if err := k.Shop.Setup.ForgetKeys(k.AuditContext(), k.Actor(), k.FormValue("typed"), k.Reason()); err != nil {
		return confirmForget(k, err)
	}
	return k.SeeOther("/setup", "m", "setup.forget")
}

func confirmForget(k *web.Request, cause error) error {
	st, err := k.Shop.Setup.GatewayState(k.AuditContext())
	switch {
	case err == nil && st.FromEnvironment:
		err = setup.ErrFromEnvironment
	case err == nil && !st.Stored:
		err = setup.ErrNoKeys
	}
	if err != nil {
		return err
	}
	status, p, err := k.ConfirmationPanel(cause, "catalogue")
	if err != nil {
		return err
	}
	orders, refunds, err := k.Shop.Setup.OpenAtGateway(k.AuditContext())
	if err != nil {
		return err
	}
	page := templates.ConfirmationPage{Panel: p, Name: p.T("setup.gateway.forget"), Want: "xendit", Button: p.T("setup.gateway.forget.yes"), Action: web.Root + "/setup/gateway/forget", Back: web.Root + "/setup/gateway",
		Effects: []string{p.T("setup.gateway.forget.pages"), p.T("setup.gateway.forget.waits"), p.T("setup.gateway.forget.open", "n", orders), p.T("setup.gateway.forget.refunds", "n", refunds), p.T("setup.gateway.forget.real")}}
	return k.SendConfirmation(status, page)
}
