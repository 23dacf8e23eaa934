package admin

import (
	"net/url"

	"gerai/internal/fault"
	"gerai/internal/shop"
	"gerai/internal/store"
	"gerai/templates"
)

func owedPath(c store.CounterPayment) string {
	return root + "/money/owed/" + url.PathEscape(c.Key) + "/off"
}

// owed is the counter's payment that the address names, while it is owed.
// Errors: NotFound "payment.not_found".
func (d *Door) owed(k *desk) (store.CounterPayment, error) {
	c, err := d.Store.CounterPayment(k.ctx(), k.param("key"))
	if err == nil && !k.person.Serves(c.SiteID) {
		err = fault.New(fault.NotFound, "payment.not_found")
	}
	return c, err
}

// writeOffForm shows what giving money up would do.
func (d *Door) writeOffForm(k *desk) error { return d.askWriteOff(k, nil) }

// writeOff gives money up that never came.
func (d *Door) writeOff(k *desk) error {
	c, err := d.owed(k)
	if err != nil {
		return err
	}
	err = d.Shop.WriteOff(k.ctx(), shop.WriteOffIn{Key: c.Key, Sites: k.person.Sites, Typed: k.FormValue("typed"), Reason: k.reason(), By: k.clerk()})
	if fault.Is(err, fault.Invalid) {
		return d.askWriteOff(k, err)
	}
	return k.back("/money", "owed.off", err)
}

func (d *Door) askWriteOff(k *desk, cause error) error {
	c, err := d.owed(k)
	if err != nil {
		return err
	}
	status, form, err := k.asking(cause)
	if err != nil {
		return err
	}
	p, err := k.panel("money")
	if err != nil {
		return err
	}
	p.Form = form
	v, found, err := d.Store.Voucher(k.ctx(), c.OrderID)
	if err != nil {
		return err
	}
	effects := []string{p.T("adm.owed.effect_money", "amount", c.Amount, "method", methodName(p, c.Method), "code", c.Code.Pretty())}
	if found && (v.State == store.VoucherSold || v.State == store.VoucherActive) {
		effects = append(effects, p.T("adm.owed.effect_voucher", "n", 1))
	}
	effects = append(effects, p.T("adm.owed.effect_later"))
	return k.sendSure(status, templates.SurePage{Panel: p, Name: p.T("adm.owed.off_title"), Effects: effects, Action: owedPath(c), Back: root + "/money", Want: c.Amount.String(),
		Button: p.T("adm.money.write_off")})
}
