package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
	"gerai/templates"
)

// acting is the voucher of the address and the confirmed form about it.
func acting(k *web.Request) (vouchers.VoucherDetail, vouchers.ActIn, error) {
	f, err := voucherOf(k)
	return f, vouchers.ActIn{ID: f.Voucher.ID, Sites: k.Principal.Sites, Typed: k.FormValue("typed"), Reason: k.Reason(), Actor: k.Actor()}, err
}

// confirmAct asks before an act on one voucher; fill adds what is the act's own.
func confirmAct(k *web.Request, kind templates.VoucherAct, cause error, fill func(*templates.VoucherActPage, vouchers.VoucherDetail) error, fields ...string) error {
	f, err := voucherOf(k)
	if err != nil {
		return err
	}
	status, p, err := k.ConfirmationPanel(cause, "vouchers", fields...)
	if err != nil {
		return err
	}
	page := templates.VoucherActPage{Panel: p, Kind: kind, ID: f.Voucher.ID, Name: f.Name()}
	if err := fill(&page, f); err != nil {
		return err
	}
	page.Token = k.ConfirmationToken(page.Action())
	return k.SendPage(status, p.Theme, page)
}

// acted ends an act: back to the voucher, or to its form with what was typed.
func acted(k *web.Request, f vouchers.VoucherDetail, done string, err error, again func(*web.Request, error) error) error {
	if fault.Is(err, fault.Invalid) {
		return again(k, err)
	}
	return k.Back("/vouchers/"+f.Voucher.ID, done, err)
}

// online adds what becomes of a customer who is online.
func online(page *templates.VoucherActPage, f vouchers.VoucherDetail) {
	if f.Voucher.State == voucher.Active {
		page.Effects = append(page.Effects, page.T("vouchers.effect.online"))
	}
}
