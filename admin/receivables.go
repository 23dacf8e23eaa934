package admin

import (
	"net/url"

	"gerai/internal/fault"
	"gerai/internal/shop/refunds"
	"gerai/internal/store"
	"gerai/templates"
)

func receivablePath(c store.CounterPayment) string {
	return root + "/money/owed/" + url.PathEscape(c.Key) + "/off"
}

// receivable is the counter's payment that the address names, while it is a receivable.
// Errors: NotFound "payment.not_found".
func receivable(k *request) (store.CounterPayment, error) {
	c, err := k.Store.CounterPayment(k.ctx(), k.param("key"))
	if err == nil && !k.principal.Serves(c.SiteID) {
		err = fault.New(fault.NotFound, "payment.not_found")
	}
	return c, err
}

// writeOffForm shows what giving money up would do.
func writeOffForm(k *request) error { return confirmWriteOff(k, nil) }

// writeOff gives money up that never came.
func writeOff(k *request) error {
	c, err := receivable(k)
	if err != nil {
		return err
	}
	err = k.Shop.Refunds.WriteOff(k.ctx(), refunds.WriteOffIn{Key: c.Key, Sites: k.principal.Sites, Typed: k.FormValue("typed"), Reason: k.reason(), Actor: k.actor()})
	if fault.Is(err, fault.Invalid) {
		return confirmWriteOff(k, err)
	}
	return k.back("/money", "owed.off", err)
}

func confirmWriteOff(k *request, cause error) error {
	c, err := receivable(k)
	if err != nil {
		return err
	}
	status, form, err := k.confirmationForm(cause)
	if err != nil {
		return err
	}
	p, err := k.panel("money")
	if err != nil {
		return err
	}
	p.Form = form
	v, found, err := k.Store.Voucher(k.ctx(), c.OrderID)
	if err != nil {
		return err
	}
	effects := []string{p.T("adm.owed.effect_money", "amount", c.Amount, "method", methodName(p, c.Method), "code", c.Code.Pretty())}
	if found && (v.State == store.VoucherSold || v.State == store.VoucherActive) {
		effects = append(effects, p.T("adm.owed.effect_voucher", "n", 1))
	}
	effects = append(effects, p.T("adm.owed.effect_later"))
	return k.sendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("adm.owed.off_title"), Effects: effects, Action: receivablePath(c), Back: root + "/money", Want: c.Amount.String(),
		Button: p.T("adm.money.write_off")})
}
