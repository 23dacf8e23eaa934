package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
	"gerai/templates"
)

func switching(k *web.Request) (vouchers.VoucherDetail, vouchers.SwitchIn, error) {
	f, err := voucherOf(k)
	return f, vouchers.SwitchIn{ID: f.Voucher.ID, Sites: k.Principal.Sites, Typed: k.FormValue("typed"), Reason: k.Reason(), Money: k.FormValue("money"), Actor: k.Actor()}, err
}

func confirmSwitch(k *web.Request, on bool, cause error) error {
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	status, p, err := k.ConfirmationPanel(cause, "vouchers", "money")
	if err != nil {
		return err
	}
	v := f.Voucher
	page := templates.SwitchVoucherPage{Panel: p, ID: v.ID, Name: f.Name(), On: on}
	if on {
		page.Effects = []string{p.T("vouchers.effect.on", "n", 1, "router", f.Router)}
	} else {
		page.Effects = []string{p.T("vouchers.effect.off", "n", 1, "router", f.Router)}
		if v.State == voucher.Active {
			page.Effects = append(page.Effects, p.T("vouchers.effect.online"))
		}
		if f.Extensions > 0 {
			page.Effects = append(page.Effects, p.T("refunds.refund.effect_longer", "n", f.Extensions))
		}
	}
	if !v.ValidUntil.IsZero() {
		page.Effects = append(page.Effects, p.T("vouchers.effect.clock"))
	}
	if page.Bought = f.HasOrder() && !on; page.Bought {
		page.Order, page.Paid = f.Order.Code, f.Order.Total
	}
	page.Token = k.ConfirmationToken(page.Action())
	return k.SendPage(status, p.Theme, page)
}
