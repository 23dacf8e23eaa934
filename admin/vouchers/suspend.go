package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/shop/vouchers"
	"gerai/templates"
)

// suspendVoucherForm shows what keeping a voucher out for a while does.
func suspendVoucherForm(k *web.Request) error { return confirmSuspend(k, nil) }

func confirmSuspend(k *web.Request, cause error) error {
	return confirmAct(k, templates.ActSuspend, cause, func(page *templates.VoucherActPage, f vouchers.VoucherDetail) error {
		page.Effects = append(page.Effects, page.T("vouchers.effect.suspend", "router", f.Router))
		online(page, f)
		if !f.Voucher.ValidUntil.IsZero() {
			page.Effects = append(page.Effects, page.T("vouchers.effect.clock"))
		}
		page.Effects = append(page.Effects, page.T("vouchers.effect.told"))
		return nil
	})
}

// suspendVoucher keeps a voucher out for a while.
func suspendVoucher(k *web.Request) error {
	f, in, err := acting(k)
	if err != nil {
		return err
	}
	return acted(k, f, "voucher.suspended", k.Shop.Vouchers.SuspendVoucher(k.AuditContext(), in), confirmSuspend)
}
