package reconciliation

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/reconcile"
	"gerai/internal/shop/reconciliation"
	"gerai/templates"
)

// closeForm asks before a month is closed.
func closeForm(k *web.Request) error { return confirmClose(k, nil) }

// closeMonth closes it.
func closeMonth(k *web.Request) error {
	m, err := month(k)
	if err != nil {
		return err
	}
	err = k.Shop.Reconciliation.CloseMonth(k.AuditContext(), reconciliation.CloseIn{Month: m, Typed: k.FormValue("typed"), Reason: k.Reason(), Actor: k.Actor()})
	if fault.Is(err, fault.Invalid) {
		return confirmClose(k, err)
	}
	return k.Back("/reconciliation", "reconciliation.close_month", err)
}

// month is the month that the address names.
func month(k *web.Request) (reconcile.Month, error) {
	m, err := reconcile.ParseMonth(k.Param("month"))
	if err != nil {
		return m, reconciliation.ErrNoMonth
	}
	return m, nil
}

func confirmClose(k *web.Request, cause error) error {
	m, err := month(k)
	if err != nil {
		return err
	}
	v, err := k.Shop.Reconciliation.Month(k.AuditContext(), m)
	if err != nil {
		return err
	}
	status, form, err := k.ConfirmationForm(cause)
	if err != nil {
		return err
	}
	switch {
	case v.May != nil && cause != nil: // closed since the form was shown
		return v.May
	case v.May != nil:
		return k.Back("/reconciliation", "", v.May)
	}
	p, err := k.Panel("reconciliation")
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("reconciliation.close.title", "month", p.Month(m.First().Date())),
		Effects: []string{p.T("reconciliation.close.rows", "n", v.Figures.Rows), p.T("reconciliation.close.figures", "in", v.Figures.In, "back", v.Figures.Back, "fee", v.Figures.Fee), p.T("reconciliation.close.later")},
		Action:  web.Root + "/reconciliation/months/" + string(m) + "/close", Back: web.Root + "/reconciliation", Want: string(m), Button: p.T("reconciliation.close.button")})
}
