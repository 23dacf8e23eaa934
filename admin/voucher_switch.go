package admin

import (
	"gerai/internal/fault"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
	"gerai/templates"
)

// disableVoucherForm shows what ending one voucher would do.
func disableVoucherForm(k *request) error { return confirmSwitchOff(k, nil) }

// enableVoucherForm shows the effects of enabling a voucher again.
func enableVoucherForm(k *request) error { return confirmSwitchOn(k, nil) }

func confirmSwitchOff(k *request, cause error) error {
	return confirmSwitch(k, false, cause)
}

func confirmSwitchOn(k *request, cause error) error {
	return confirmSwitch(k, true, cause)
}

// disableVoucher ends one voucher. To give its money back as well, it redirects to the
// refund form.
func disableVoucher(k *request) error {
	f, in, err := switching(k)
	if err != nil {
		return err
	}
	err = k.Shop.Vouchers.DisableVoucher(k.ctx(), in)
	if fault.Is(err, fault.Invalid) {
		return confirmSwitchOff(k, err)
	}
	if err == nil && f.HasOrder() && in.Money == vouchers.AskBack {
		return k.seeOther(orderPath(f.Order), "m", "voucher.disabled.ask")
	}
	return k.back("/vouchers/"+f.Voucher.ID, "voucher.disabled", err)
}

// enableVoucher enables it again.
func enableVoucher(k *request) error {
	f, in, err := switching(k)
	if err != nil {
		return err
	}
	err = k.Shop.Vouchers.EnableVoucher(k.ctx(), in)
	if fault.Is(err, fault.Invalid) {
		return confirmSwitchOn(k, err)
	}
	return k.back("/vouchers/"+f.Voucher.ID, "voucher.enabled", err)
}

func switching(k *request) (vouchers.VoucherDetail, vouchers.SwitchIn, error) {
	f, err := voucherOf(k)
	return f, vouchers.SwitchIn{ID: f.Voucher.ID, Sites: k.principal.Sites, Typed: k.FormValue("typed"), Reason: k.reason(), Money: k.FormValue("money"), Actor: k.actor()}, err
}

func confirmSwitch(k *request, on bool, cause error) error {
	f, err := voucherOf(k)
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
