package refunds

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/refunds"
	"gerai/templates"
)

// writeOffForm shows what giving money up would do.
func writeOffForm(k *web.Request) error { return confirmWriteOff(k, nil) }

// writeOff gives money up that never came.
func writeOff(k *web.Request) error {
	c, err := receivable(k)
	if err != nil {
		return err
	}
	err = k.Shop.Refunds.WriteOff(k.AuditContext(), refunds.WriteOffIn{Key: c.Key, Sites: k.Principal.Sites, Typed: k.FormValue("typed"), Reason: k.Reason(), Actor: k.Actor()})
	if fault.Is(err, fault.Invalid) {
		return confirmWriteOff(k, err)
	}
	return k.Back("/money", "owed.off", err)
}

func confirmWriteOff(k *web.Request, cause error) error {
	c, err := receivable(k)
	if err != nil {
		return err
	}
	status, p, err := k.ConfirmationPanel(cause, "money")
	if err != nil {
		return err
	}
	v, _, err := k.Store.Voucher(k.AuditContext(), c.OrderID)
	if err != nil {
		return err
	}
	effects := []string{p.T("refunds.receivables.effect_money", "amount", c.Amount, "method", web.MethodName(p, c.Method), "code", c.Code.Pretty())}
	if v.State.Living() {
		effects = append(effects, p.T("refunds.receivables.effect_voucher", "n", 1))
	}
	effects = append(effects, p.T("refunds.receivables.effect_later"))
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("refunds.receivables.off_title"), Effects: effects, Action: receivablePath(c), Back: web.Root + "/money", Want: c.Amount.String(),
		Button: p.T("refunds.money.write_off")})
}
