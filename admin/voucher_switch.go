package admin

import (
	"gerai/internal/fault"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/templates"
)

// disableVoucherForm shows what ending one voucher would do.
func (d *Handler) disableVoucherForm(k *request) error { return d.confirmSwitchOff(k, nil) }

// enableVoucherForm shows the effects of enabling a voucher again.
func (d *Handler) enableVoucherForm(k *request) error { return d.confirmSwitchOn(k, nil) }

func (d *Handler) confirmSwitchOff(k *request, cause error) error {
	return d.confirmSwitch(k, false, cause)
}

func (d *Handler) confirmSwitchOn(k *request, cause error) error {
	return d.confirmSwitch(k, true, cause)
}

// disableVoucher ends one voucher. To give its money back as well, it redirects to the
// refund form.
func (d *Handler) disableVoucher(k *request) error {
	f, in, err := d.switching(k)
	if err != nil {
		return err
	}
	err = d.Shop.Vouchers.DisableVoucher(k.ctx(), in)
	if fault.Is(err, fault.Invalid) {
		return d.confirmSwitchOff(k, err)
	}
	if err == nil && f.HasOrder() && in.Money == vouchers.AskBack {
		return k.seeOther(orderPath(f.Order), "m", "voucher.disabled.ask")
	}
	return k.back("/vouchers/"+f.Voucher.ID, "voucher.disabled", err)
}

// enableVoucher enables it again.
func (d *Handler) enableVoucher(k *request) error {
	f, in, err := d.switching(k)
	if err != nil {
		return err
	}
	err = d.Shop.Vouchers.EnableVoucher(k.ctx(), in)
	if fault.Is(err, fault.Invalid) {
		return d.confirmSwitchOn(k, err)
	}
	return k.back("/vouchers/"+f.Voucher.ID, "voucher.enabled", err)
}

func (d *Handler) switching(k *request) (vouchers.VoucherDetail, vouchers.SwitchIn, error) {
	f, err := d.voucherOf(k)
	return f, vouchers.SwitchIn{ID: f.Voucher.ID, Sites: k.principal.Sites, Typed: k.FormValue("typed"), Reason: k.reason(), Money: k.FormValue("money"), Actor: k.actor()}, err
}

func (d *Handler) confirmSwitch(k *request, on bool, cause error) error {
	f, err := d.voucherOf(k)
	if err != nil {
		return err
	}
	status, form, err := k.confirmationForm(cause, "money")
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
		if f.Extensions > 0 {
			page.Effects = append(page.Effects, p.T("adm.refund.effect_longer", "n", f.Extensions))
		}
	}
	if !v.ValidUntil.IsZero() {
		page.Effects = append(page.Effects, p.T("adm.voucher.effect.clock"))
	}
	if page.Bought = f.HasOrder() && !on; page.Bought {
		page.Order, page.Paid = f.Order.Code, f.Order.Total
	}
	page.Token = k.confirmationToken(page.Action())
	return k.send(status, p.Theme, page)
}
