package admin

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
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
func (d *Door) writeOffForm(k *desk) error {
	c, err := d.owed(k)
	if err != nil {
		return err
	}
	return d.showWriteOff(k, fiber.StatusOK, c, templates.Typed{})
}

// writeOff gives money up that never came.
func (d *Door) writeOff(k *desk) error {
	c, err := d.owed(k)
	if err != nil {
		return err
	}
	err = d.Shop.WriteOff(k.ctx(), shop.WriteOffIn{Key: c.Key, Sites: k.person.Sites, Typed: k.FormValue("typed"), Reason: k.FormValue("reason"), By: k.clerk()})
	if fault.Is(err, fault.Invalid) {
		form, _ := k.typed(err, "reason")
		return d.showWriteOff(k, httpx.Status(err), c, form)
	}
	return k.back("/money", "owed.off", err)
}

func (d *Door) showWriteOff(k *desk, status int, c store.CounterPayment, form templates.Typed) error {
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
	return k.send(status, p.Theme, templates.SurePage{Panel: p, Name: p.T("adm.owed.off_title"), Effects: effects, Action: owedPath(c), Back: root + "/money", Want: c.Amount.String(),
		Button: p.T("adm.money.write_off")})
}
