package admin

import (
	"gerai/internal/fault"
	"gerai/internal/shop"
	"gerai/internal/store"
	"gerai/templates"
)

// disableVoucherForm shows what ending one voucher would do.
func (d *Door) disableVoucherForm(k *desk) error { return d.askSwitchOff(k, nil) }

// enableVoucherForm shows what letting it live again would do.
func (d *Door) enableVoucherForm(k *desk) error { return d.askSwitchOn(k, nil) }

func (d *Door) askSwitchOff(k *desk, cause error) error { return d.askSwitch(k, false, cause) }

func (d *Door) askSwitchOn(k *desk, cause error) error { return d.askSwitch(k, true, cause) }

// disableVoucher ends one voucher. Whoever wants its money to go back is led to
// where that is asked for.
func (d *Door) disableVoucher(k *desk) error {
	f, in, err := d.switching(k)
	if err != nil {
		return err
	}
	err = d.Shop.DisableVoucher(k.ctx(), in)
	if fault.Is(err, fault.Invalid) {
		return d.askSwitchOff(k, err)
	}
	if err == nil && f.HasOrder() && in.Money == shop.AskBack {
		return k.see(orderPath(f.Order), "m", "voucher.disabled.ask")
	}
	return k.back("/vouchers/"+f.Voucher.ID, "voucher.disabled", err)
}

// enableVoucher lets it live again.
func (d *Door) enableVoucher(k *desk) error {
	f, in, err := d.switching(k)
	if err != nil {
		return err
	}
	err = d.Shop.EnableVoucher(k.ctx(), in)
	if fault.Is(err, fault.Invalid) {
		return d.askSwitchOn(k, err)
	}
	return k.back("/vouchers/"+f.Voucher.ID, "voucher.enabled", err)
}

func (d *Door) switching(k *desk) (shop.VoucherFile, shop.SwitchIn, error) {
	f, err := d.voucherOf(k)
	return f, shop.SwitchIn{ID: f.Voucher.ID, Sites: k.person.Sites, Typed: k.FormValue("typed"), Reason: k.reason(), Money: k.FormValue("money"), By: k.clerk()}, err
}

func (d *Door) askSwitch(k *desk, on bool, cause error) error {
	f, err := d.voucherOf(k)
	if err != nil {
		return err
	}
	status, form, err := k.asking(cause, "money")
	if err != nil {
		return err
	}
	p, err := k.panel("vouchers")
	if err != nil {
		return err
	}
	p.Form = form
	v := f.Voucher
	page := templates.SwitchVoucherPage{Panel: p, ID: v.ID, Name: f.Name(), On: on}
	if on {
		page.Effects = []string{p.T("adm.voucher.effect.on", "n", 1, "router", f.Router)}
	} else {
		page.Effects = []string{p.T("adm.voucher.effect.off", "n", 1, "router", f.Router)}
		if v.State == store.VoucherActive {
			page.Effects = append(page.Effects, p.T("adm.voucher.effect.online"))
		}
		if f.Longer > 0 {
			page.Effects = append(page.Effects, p.T("adm.refund.effect_longer", "n", f.Longer))
		}
	}
	if !v.ValidUntil.IsZero() {
		page.Effects = append(page.Effects, p.T("adm.voucher.effect.clock"))
	}
	if page.Bought = f.HasOrder() && !on; page.Bought {
		page.Order, page.Paid = f.Order.Code, f.Order.Total
	}
	page.Token = k.consentToken(page.Action())
	return k.send(status, p.Theme, page)
}
