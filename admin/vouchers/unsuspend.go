package vouchers

import (
	"gerai/admin/web"
	"gerai/internal/shop/vouchers"
	"gerai/templates"
)

// unsuspendVoucherForm shows what letting a suspended voucher in again does.
func unsuspendVoucherForm(k *web.Request) error { return confirmUnsuspend(k, nil) }

func confirmUnsuspend(k *web.Request, cause error) error {
	return confirmAct(k, templates.ActUnsuspend, cause, func(page *templates.VoucherActPage, f vouchers.VoucherDetail) error {
		page.Effects = append(page.Effects, page.T("vouchers.effect.on", "n", 1, "router", f.Router))
		if until := f.Voucher.ValidUntil; !until.IsZero() {
			page.Effects = append(page.Effects, page.T("vouchers.effect.until", "when", page.Stamp(until)))
		}
		return nil
	})
}

// unsuspendVoucher lets it in again.
func unsuspendVoucher(k *web.Request) error {
	f, in, err := acting(k)
	if err != nil {
		return err
	}
	return acted(k, f, "voucher.unsuspended", k.Shop.Vouchers.UnsuspendVoucher(k.AuditContext(), in), confirmUnsuspend)
}
